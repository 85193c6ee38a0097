"""One value has one spelling, and a line read back and written again is the same line."""

import json
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from wizard.effects import UNKNOWN
from wizard.session.base import Actor
from wizard.session.calls import CallSucceeded
from wizard.session.canonical import canonical, entry_line, is_canonical
from wizard.session.events import AnyEvent, InputAnswered, Observed
from wizard.session.lines import FIRST, chain
from wizard.step import Difference

ACTOR = Actor(caller_arn="arn:aws:iam::000011112222:user/ada", host="desk", user="ädä")

text = st.text(st.characters(codec="utf-8"))
any_text = text | st.text()
"""Half surrogate pairs, too: an answer in JSON may have them as escapes."""
DOUBLES = 2**53
doubles = st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(-(2**53), 2**53)


def values(texts: Any, numbers: Any) -> Any:
    """Everything that facts can hold."""
    return st.recursive(
        st.none() | st.booleans() | numbers | texts,
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
        max_leaves=12,
    )


plain = values(text, whole | doubles)
everything = values(any_text, st.integers() | doubles)


def by_the_reference(line: bytes) -> bytes:
    """The line as the reference library of RFC 8785 writes it, numbers read as doubles."""
    written: bytes = rfc8785.dumps(read(line))
    return written


def read(line: bytes) -> Any:
    """As readers that know only doubles do."""

    def number(digits: str) -> float:
        return int(digits) if abs(int(digits)) < DOUBLES else float(digits)

    return json.loads(line, parse_int=number)


@given(plain)
def test_what_was_read_back_is_written_the_same(value: object) -> None:
    line = canonical(value)
    assert canonical(msgspec.json.decode(line)) == line
    assert read(line) == value


@given(everything)
def test_the_form_is_that_of_rfc_8785(value: object) -> None:
    line = canonical(value)
    assert by_the_reference(line) == line
    assert canonical(msgspec.json.decode(line)) == line
    assert is_canonical(line)


@given(st.dictionaries(any_text, everything), everything, doubles, any_text)
def test_every_event_with_facts_is_written_so(
    facts: dict[str, Any], response: object, number: float, said: str
) -> None:
    happened: list[AnyEvent] = [
        Observed(item=said, found=facts, differences=(Difference(said, response, facts),)),
        CallSucceeded(
            item="a",
            op="1",
            request_id=said,
            date=said,
            ms=number,
            response=response,
            response_sha256="",
        ),
        InputAnswered(input="a", value=response, source="operator", label=said),
    ]
    chained = chain(happened, seq=0, previous=FIRST, at="2026-11-22T17:00:00Z", actor=ACTOR)
    for line in chained:
        assert by_the_reference(line.text.encode()) == line.text.encode()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (123456789012345680000.0, "123456789012345680000"),
        (-9021801430602912.0, "-9021801430602912"),
        (1e-6, "0.000001"),
        (1.5e-7, "1.5e-7"),
        (5e-324, "5e-324"),
        (-1.7976931348623157e308, "-1.7976931348623157e+308"),
        (-0.0, "0"),
        (2**53 + 1, '"9007199254740993"'),
        (-(2**60), '"-1152921504606846976"'),
        (10**400, f'"1{"0" * 400}"'),
        (10**20, "100000000000000000000"),
    ],
)
def test_numbers_read_as_in_ecmascript(number: float, text: str) -> None:
    assert canonical(number).decode() == text


def test_keys_are_in_the_order_of_their_utf_16_units() -> None:
    line = canonical({"\ufb33": 1, "\U0001f600": 2})
    assert line.decode() == '{"\U0001f600":2,"\ufb33":1}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\ud800b", '"a\ufffdb"'),
        ({"\udc00": ["\ud800", 1]}, '{"\ufffd":["\ufffd",1]}'),
    ],
)
def test_half_a_surrogate_pair_is_replaced(value: object, text: str) -> None:
    assert canonical(value).decode() == text


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":"\\u0041"}',
        b"[1.0]",
        b"[\xff]",
        b"{",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_canonical(line: bytes) -> None:
    assert not is_canonical(line)


@pytest.mark.parametrize("line", [b"[1e20]", b'{"\xef\xac\xb3":1,"\xf0\x9f\x98\x80":2}', b"[1e-6]"])
def test_what_was_written_before_0_3_still_is(line: bytes) -> None:
    assert is_canonical(line)
    assert canonical(msgspec.json.decode(line)) != line


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [2.0, 2.5]}, '{"a":[2,2.5],"b":1}'),
        ({"ü": "ä"}, '{"ü":"ä"}'),
        ((1, "x"), '[1,"x"]'),
        ({"a": UNKNOWN}, '{"a":"(known after apply)"}'),
        (Difference("port", None, 443.0), None),
    ],
)
def test_spelling(value: object, text: str | None) -> None:
    line = canonical(value).decode()
    assert line == (
        text
        or '{"field":"port","fixable":true,"found":null,"person":false,"reason":"",'
        '"settles":false,"wanted":443}'
    )


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold a object"):
        canonical({"a": object()})


def test_a_line_has_its_keys_in_order_and_names_the_line_before() -> None:
    line = entry_line(
        seq=1,
        at="2026-11-22T17:00:00.000000Z",
        actor=ACTOR,
        event=Observed(item="a", found={"n": 1.0}, differences=()),
        previous_sha256=FIRST,
    )
    assert b"\n" not in line
    assert list(json.loads(line)) == ["actor", "at", "event", "previous_sha256", "seq"]
    assert line.endswith(f'"previous_sha256":"{FIRST}","seq":1}}'.encode())


def test_half_a_character_is_written_as_one_that_says_so() -> None:
    event = Observed(item="a", found={"\ud800": ["x\udfff", UNKNOWN]}, differences=())
    line = entry_line(seq=1, at="", actor=ACTOR, event=event, previous_sha256=FIRST)
    found = {"\ufffd": ["x\ufffd", "(known after apply)"]}
    assert json.loads(line)["event"]["found"] == found
