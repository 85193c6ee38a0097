"""One value has one spelling, and a line read back and written again is the same line."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.effects import UNKNOWN
from wizard.session.base import Actor
from wizard.session.canonical import canonical, entry_line
from wizard.session.events import Observed
from wizard.session.lines import FIRST
from wizard.step import Difference

ACTOR = Actor(caller_arn="arn:aws:iam::000011112222:user/ada", host="desk", user="ädä")

plain: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=12,
)


@given(plain)
def test_what_was_read_back_is_written_the_same(value: object) -> None:
    line = canonical(value)
    assert canonical(msgspec.json.decode(line)) == line
    assert json.loads(line) == value


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
