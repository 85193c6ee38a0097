"""Answers are checked for what the input asks, and what is wrong is said in plain words."""

from typing import Any

import pytest

from wizard.checklist.inputs import check_answer, deviation, parse_answer
from wizard.checklist.model import FixedChoice, Input, LiveChoices
from wizard.effects import Json
from wizard.step import Option

LIVE = LiveChoices(source="fake.zones")
OPTIONS = (
    Option("a", "A"),
    Option("b", "B", disabled="it is full"),
    Option(3, "three"),
    Option("i-1", "one"),
    Option("i-2", "two", disabled="it is stopped"),
)
FIXED = (FixedChoice(value=1, label="One"), FixedChoice(value="two", label="Two"))


def asked(**fields: Any) -> Input:
    return Input(label="Thing", **fields)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (asked(), "x"),
        (asked(optional=True), None),
        (asked(optional=True), ""),
        (asked(pattern="a+"), "aaa"),
        (asked(type="integer", minimum=1, maximum=3), 3),
        (asked(type="number"), 1.5),
        (asked(type="number"), 2),
        (asked(type="choice", choices=FIXED), 1),
        (asked(type="choice", choices=LIVE), "a"),
        (asked(type="choice", choices=LIVE), 3),
        (asked(type="choices", choices=LIVE, minimum=1), ["a", 3]),
        (asked(type="ports", choices=LIVE, port=3567), ["i-1:3567"]),
        (asked(type="integer", choices=LIVE), 4),
        (asked(type="secret", default="scale-api-password"), "scale-api-password"),
        (asked(type="url"), "https://api.example.com/x"),
        (asked(type="url"), "http://127.0.0.1:8080/x"),
        (asked(type="url"), "http://[::1]:8080"),
        (asked(type="url"), "http://localhost"),
        (asked(type="url", pattern="(postgresql|sqlite):.*"), "postgresql://me@db/app"),
        (asked(type="url", pattern="(postgresql|sqlite):.*"), "sqlite:///app.db"),
    ],
)
def test_a_right_answer_is_taken(question: Input, value: Json) -> None:
    assert check_answer(question, value, OPTIONS) == ""


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        (asked(), None, "Thing is needed"),
        (asked(), "", "Thing is needed"),
        (asked(type="choices", choices=LIVE), [], "Thing is needed"),
        (asked(), 3, "3 is not text"),
        (asked(), "a\x1b[2J", "control characters"),
        (asked(), "a\nb", "control characters"),
        (asked(), " a", "begins or ends with a space"),
        (asked(), "a" * 4001, "At most 4000"),
        (asked(pattern="a+", pattern_help="Only the letter a."), "ab", "Only the letter a."),
        (asked(pattern="a+"), "ab", "does not match a+"),
        (asked(type="integer"), "3", "not a whole number"),
        (asked(type="integer"), True, "not a whole number"),
        (asked(type="integer"), 1.5, "not a whole number"),
        (asked(type="number"), float("nan"), "not a number"),
        (asked(type="integer", minimum=2), 1, "At least 2"),
        (asked(type="integer", maximum=2), 10**400, "At most 2"),
        (asked(type="number"), float("inf"), "not a number"),
        (asked(type="texts"), [f"a{n}" for n in range(1001)], "At most 1000 entries"),
        (asked(type="integer", maximum=2), 3, "At most 2"),
        (asked(type="integer", choices=LIVE), "3", "not a whole number"),
        (asked(type="choice", choices=FIXED), True, "not one of the choices"),
        (asked(type="choice", choices=FIXED), "three", "not one of the choices"),
        (asked(type="choice", choices=LIVE), "z", "z is not one of the choices"),
        (asked(type="choice", choices=LIVE), "b", "B cannot be chosen: it is full"),
        (asked(type="choices", choices=LIVE), "a", "A list is needed"),
        (asked(type="choices", choices=LIVE), ["a", "b"], "it is full"),
        (asked(type="choices", choices=LIVE), ["a", "a"], "a is chosen twice"),
        (asked(type="choices", choices=LIVE, minimum=2), ["a"], "at least 2, 1 chosen"),
        (asked(type="choices", choices=LIVE, maximum=1), ["a", 3], "at most 1, 2 chosen"),
        (asked(type="ports", choices=LIVE, port=3567), ["i-1"], "as in i-1:3567"),
        (asked(type="ports", choices=LIVE), ["i-1:0"], "not a port"),
        (asked(type="ports", choices=LIVE), ["i-1:70000"], "not a port"),
        (asked(type="ports", choices=LIVE), ["i-9:3567"], "i-9 is not one of the choices"),
        (asked(type="ports", choices=LIVE), ["i-2:3567"], "it is stopped"),
        (asked(type="url"), "http://api.example.com", "use https"),
        (asked(type="url"), "http://127.0.0.1.example.com", "use https"),
        (asked(type="url"), "https://me:pw@api.example.com", "Leave the password out"),
        (asked(type="url", pattern=".*"), "postgresql://me:pw@db/app", "Leave the password out"),
        (asked(type="url"), "postgresql://db/app", "begins with https://"),
        (asked(type="url"), "https://", "not an address"),
        (asked(type="url"), "api.example.com", "not an address"),
        (asked(type="url"), "https://x:99999/", "not an address"),
    ],
)
def test_a_wrong_answer_is_explained(question: Input, value: Json, words: str) -> None:
    assert words in check_answer(question, value, OPTIONS)


@pytest.mark.parametrize("default", ["scale-api-password", "${inputs.x}", None])
def test_a_secret_is_refused_and_not_repeated(default: str | None) -> None:
    wrong = check_answer(asked(type="secret", default=default), "hunter2 Hunter2!")
    assert "masked field" in wrong
    assert "hunter2" not in wrong


def test_when_choices_cannot_be_read_what_is_typed_is_taken_if_its_form_is_right() -> None:
    question = asked(type="choice", choices=LIVE, pattern="vpc-[0-9a-f]+")
    assert check_answer(question, "vpc-0a1", None) == ""
    assert check_answer(question, "my vpc", None) != ""
    assert check_answer(question, "vpc-0a1", ()) == "vpc-0a1 is not one of the choices."
    ports = asked(type="ports", choices=LIVE, pattern="i-[0-9a-f]+")
    assert check_answer(ports, ["i-9:3567"], None) == ""
    assert check_answer(ports, ["x:3567"], None) != ""


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        (asked(), " x ", "x"),
        (asked(), "", ""),
        (asked(optional=True), "  ", None),
        (asked(type="integer"), "3", 3),
        (asked(type="integer"), "3.5", 3.5),
        (asked(type="number"), "3.5", 3.5),
        (asked(type="integer"), "many", "many"),
        (asked(type="choice", choices=FIXED), "1", 1),
        (asked(type="choice", choices=FIXED), "Two", "two"),
        (asked(type="choice", choices=LIVE), "vpc-1", "vpc-1"),
        (asked(type="choices", choices=LIVE), "a, b\nc", ["a", "b", "c"]),
        (asked(type="choices", choices=LIVE), "", []),
        (asked(type="ports", port=3567), "i-1 i-2:3570", ["i-1:3567", "i-2:3570"]),
        (asked(type="ports"), "i-1", ["i-1"]),
    ],
)
def test_text_is_read_as_the_input_asks(question: Input, text: str, value: Json) -> None:
    found = parse_answer(question, text)
    assert found == value
    assert type(found) is type(value)


def test_a_deviation_is_any_answer_but_the_letter() -> None:
    question = asked(letter="2016-08", advice="E11")
    assert deviation(question, "2021-06")
    assert not deviation(question, "2016-08")
    assert not deviation(asked(), "anything")
    assert deviation(asked(letter=1), "1")


def test_the_letter_of_ports_is_the_port_of_every_instance() -> None:
    question = asked(type="ports", port=3567, letter=3567, advice="E14")
    assert not deviation(question, ["i-0123456789abcdef0:3567", "i-0123456789abcdef1:3567"])
    assert deviation(question, ["i-0123456789abcdef0:3567", "i-0123456789abcdef1:3568"])


@pytest.mark.parametrize("text", ["9" * 400, "9" * 5000, "1_000", "\u0661\u0662", "1e400", "nan"])
def test_what_is_not_written_as_a_number_is_none(text: str) -> None:
    question = asked(type="integer")
    assert "not a whole number" in check_answer(question, parse_answer(question, text))


@pytest.mark.parametrize(
    "address",
    [
        "https://ada@api.example.com/",
        "https://ada:secret@api.example.com/",
        "https://api.example.com\\@evil.example/",
        "https://\uff41pi.example.com/",
        "https://api.example.com\u2044x/",
        "https://api.example.com/?api_key=x",
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://[::ffff:8.8.8.8]/",
        "http://0.0.0.0/",
        "http://x.localhost/",
        "http://localhost./",
        "http://127.0.0.1.example.com/",
        "http://api.example.com#@127.0.0.1",
        "http://127.0.0.1@api.example.com/",
        "https:///x",
        "https://api.example.com:99999/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//api.example.com",
    ],
)
def test_an_address_that_leads_elsewhere_than_it_seems_is_refused(address: str) -> None:
    assert check_answer(asked(type="url"), address)


def test_a_password_in_a_databases_address_is_refused_wherever_it_stands() -> None:
    question = asked(type="url", pattern=".*")
    assert check_answer(question, "postgresql://ada@db/x?sslmode=require") == ""
    for address in ("postgresql://ada@db/x?password=hunter2", "mysql://a@d/x?a=b&passwd=hunter2"):
        assert "password" in check_answer(question, address)
