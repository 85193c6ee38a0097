"""HTTP requests: secrets go out and never come back, lost answers are in doubt."""

import logging
import traceback

import pytest

from tests.gateway.scripted import Break, Reply, closed_port, http, serving
from wizard.effects import UNKNOWN, Json, Request, Secret
from wizard.errors import CallError, UnknownOutcomeError, UnreachableError
from wizard.gateway.backoff import Backoff
from wizard.gateway.http import Http
from wizard.gateway.network import AccountNetwork
from wizard.gateway.secrets import Secrets

PASSWORD = "correct-horse-battery"


def room(timeout: float = 5) -> Http:
    secrets = Secrets({"ST_WIZARD_SECRET_SCALE_PASSWORD": PASSWORD}, keyring=object())
    return Http(
        AccountNetwork(""),
        secret=lambda name: secrets.get(name) or "",
        scrub=secrets.scrub,
        timeout=timeout,
        backoff=Backoff(sleep=lambda _: None),
    )


def post(url: str, body: Json = None) -> Request:
    body = {"password": Secret("scale-password"), "scaleTo": 3} if body is None else body
    return Request("POST", f"{url}/scale", body, mutating=True)


def test_the_secret_goes_out_and_does_not_come_back() -> None:
    with serving(http(401, f'{{"message": "no such password: {PASSWORD}"}}')) as server:
        answer = room().call(post(server.url))
        assert server.json_body() == {"password": PASSWORD, "scaleTo": 3}
    assert answer.value == {"status": 401, "body": {"message": "no such password: ***"}}
    assert PASSWORD not in repr(answer)
    assert answer.date


def test_redirects_stay() -> None:
    with serving(http(302, "there", headers="Location: http://127.0.0.1:1/\r\n")) as server:
        assert room().call(post(server.url)).value == {"status": 302, "body": "there"}
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [Break.RESET, Break.SILENCE, http(200, "{}", missing=5), http(502, "bad"), http(504, "late")],
    ids=["reset", "silence", "truncated", "502", "504"],
)
def test_a_lost_answer_is_in_doubt_and_names_no_secret(
    fault: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(fault, http(200, "{}")) as server:
        with pytest.raises(UnknownOutcomeError) as caught:
            room(timeout=0.3).call(post(server.url))
        assert len(server.requests) == 1
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text
    assert PASSWORD not in shown
    assert caught.value.__context__ is None


def test_other_statuses_are_answers() -> None:
    with serving(http(500, "broken")) as server:
        assert room().call(post(server.url)).value == {"status": 500, "body": "broken"}


def test_a_read_is_made_again() -> None:
    with serving(Break.RESET, Break.RESET, http(200, '{"ok": true}')) as server:
        answer = room().call(Request("GET", server.url))
        assert answer.value == {"status": 200, "body": {"ok": True}}
        assert len(server.requests) == 3


def test_a_read_gives_up_in_the_end() -> None:
    with serving(Break.RESET) as server:
        with pytest.raises(CallError, match="answer was lost"):
            room().call(Request("GET", server.url))
        assert len(server.requests) == 4


def test_nothing_there_did_not_happen() -> None:
    with pytest.raises(UnreachableError, match="Nothing was sent"):
        room().call(post(closed_port()))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://api.example.com/scale", "Plain HTTP"),
        ("http://127.0.0.1.example.com/scale", "Plain HTTP"),
        ("ftp://example.com/", "https://"),
        ("https://user:pass@example.com/", "user or password"),
        ("https://[bad", "not a URL"),
        ("http://127.1/", "Plain HTTP"),
        ("http://2130706433/", "Plain HTTP"),
        ("http://0x7f000001/", "Plain HTTP"),
        ("http://[::ffff:8.8.8.8]/", "Plain HTTP"),
        ("http://api.localhost/", "Plain HTTP"),
        ("file:///etc/passwd", "https://"),
        ("gopher://127.0.0.1/", "https://"),
        ("http://127.0.0.1\\@example.com/", "Plain HTTP"),
        (f"https://{UNKNOWN}.example.com/", "not known yet"),
    ],
)
def test_unsafe_addresses_are_refused(url: str, why: str) -> None:
    with pytest.raises(CallError, match=why):
        room().call(Request("POST", url, {}, mutating=True))


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(CallError) as caught:
        room().call(Request("GET", "https://user:hunter2@example.com/"))
    assert "hunter2" not in repr(caught.value) + str(caught.value)
