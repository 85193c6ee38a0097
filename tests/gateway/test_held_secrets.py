"""Secrets held for one deed: put into the call by the gateway, and nowhere else to be seen."""

import json
import subprocess

import pytest

from wizard.effects import Json, Matches, NewSecret, Request, Secret, Write
from wizard.gateway.describe import describe
from wizard.gateway.redact import redact
from wizard.gateway.secrets import Secrets, reveal, scrubbed
from wizard.gateway.world import WorldGateway

CANARY = "canary-0123456789abcdef"


def gateway() -> WorldGateway:
    return WorldGateway(endpoint_url="http://127.0.0.1:9", secrets=Secrets(environ={}))


def described(value: Json) -> Write:
    return Write("sns", "ConfirmSubscription", {"TopicArn": "arn", "Token": value})


def test_a_secret_stands_inside_its_text() -> None:
    secret = Secret("link", text="https://x.test/?a={1}&Token={}")
    assert reveal({"a": [secret]}, lambda name: f"<{name}>") == {
        "a": ["https://x.test/?a={1}&Token=<link>"]
    }


def test_only_its_name_and_the_text_around_it_are_written_down() -> None:
    assert redact({"Token": Secret("link")}) == {"Token": {"$secret": "link"}}
    assert redact({"Url": Secret("link", text="x={}")}) == {
        "Url": {"$secret": "link", "text": "x={}"}
    }


@pytest.mark.parametrize(
    ("value", "expanded"),
    [
        (Secret("my-link"), "VALUE"),
        (Secret("my-link", text="a={}&b='$HOME' `id` \\ \"q\""), "a=VALUE&b='$HOME' `id` \\ \"q\""),
    ],
)
def test_the_command_line_takes_the_secret_from_the_environment(
    value: Secret, expanded: str
) -> None:
    for wrapped in (value, {"inner": value, "it's": ["plain"]}):
        command = describe(described(wrapped), region="us-east-1").cli
        assert "VALUE" not in command
        printed = subprocess.run(
            ["/bin/sh", "-c", command.replace("aws sns", "printf '%s\\n'", 1)],
            env={"MY_LINK": "VALUE"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        given = printed[printed.index("--token") + 1]
        if wrapped is value:
            assert given == expanded
        else:
            assert expanded.partition("VALUE")[2][:1] in given
            assert "VALUE" in given


def test_what_is_held_is_put_in_and_scrubbed() -> None:
    world = gateway()
    world.hold("given-1", CANARY)
    assert reveal(Secret("given-1"), world._secret) == CANARY
    assert world.scrub(f"Invalid token {CANARY}!") == "Invalid token ***!"
    assert CANARY not in repr(world.secrets)
    assert CANARY not in json.dumps(describe(described(Secret("given-1")), region="r").params)


def test_answers_that_repeat_a_secret_are_scrubbed() -> None:
    world = gateway()
    world.hold("given-1", CANARY)
    echoed = {"Url": f"https://x/?t={CANARY}", "List": [CANARY, 3], "Ok": True}
    assert scrubbed(echoed, world.scrub) == {
        "Url": "https://x/?t=***", "List": ["***", 3], "Ok": True,
    }  # fmt: skip


def test_a_word_is_made_up_and_told_when_it_is_typed() -> None:
    world = gateway()
    made = world.call(NewSecret("word")).value
    assert made == Secret("word")
    word = world._secret("word")
    assert len(word) == 8
    assert world.call(Matches(made, f" {word.upper()}\n")).value is True
    assert world.call(Matches(made, "another")).value is False
    again = world.call(NewSecret("word")).value
    assert world._secret(again.name) != word
    assert world.call(Matches(made, word)).value is False


def test_of_a_word_that_this_process_does_not_hold_nothing_is_known() -> None:
    assert gateway().call(Matches(Secret("word"), "anything")).value is None


def test_neither_the_word_nor_what_was_typed_is_described() -> None:
    for effect in (NewSecret("word"), Matches(Secret("word"), CANARY)):
        told = describe(effect, region="us-east-1")
        assert CANARY not in repr(told)
        assert told.params == {}


def test_a_request_takes_a_secret_inside_a_text() -> None:
    body = {"url": Secret("link", text="https://x.test/{}")}
    told = describe(Request("POST", "https://x.test/", body, mutating=True), region="us-east-1")
    assert told.params["json"] == {"url": {"$secret": "link", "text": "https://x.test/{}"}}
    assert "${LINK}" in told.cli
