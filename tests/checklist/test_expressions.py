"""Expressions give what they name, say what is missing, and never guess what is not known yet."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.checklist.expressions import ExpressionError, condition, evaluate, references
from wizard.effects import UNKNOWN, Json

SCOPE: dict[str, Json] = {
    "inputs": {
        "app": "acme",
        "count": 3,
        "share": 0.5,
        "whole": 2.0,
        "yes": True,
        "prefix": None,
        "targets": ["i-1:3567", "i-2:3570"],
    },
    "steps": {
        "lb.tg.create": {"arn": "arn:aws:elb:targetgroup/x/1", "old": None},
        "list": {"instances": [{"id": "a", "up": True}, {"id": "b", "up": False}]},
        "skipped": {},
    },
    "session": {"region": "us-east-1", "account_id": "000011112222"},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        (7, 7),
        (None, None),
        ("${inputs.count}", 3),
        ("${inputs.targets}", ["i-1:3567", "i-2:3570"]),
        ("${ inputs.app }", "acme"),
        ("${inputs.app}-${inputs.count}-${inputs.share}", "acme-3-0.5"),
        ("n${inputs.whole}${inputs.yes}${inputs.prefix}", "n2true"),
        ('${steps."lb.tg.create".arn}', "arn:aws:elb:targetgroup/x/1"),
        ('${steps."lb.tg.create".old}', None),
        ("${inputs.prefix}", None),
        ("${inputs.prefix || 'none'}", "none"),
        ("${steps.skipped.arn || 'none'}", "none"),
        ("$${inputs.app} ${inputs.app}", "${inputs.app} acme"),
        ("costs $5", "costs $5"),
        ('${\'}\'}${`{"a": "}"}`.a}', "}}"),
        ("${{a: inputs.app, b: {c: inputs.count}}}", {"a": "acme", "b": {"c": 3}}),
        ("${steps.list.instances[?up].id}", ["a"]),
        ("${length(inputs.targets)}", 2),
        ("${without_port(inputs.targets)}", ["i-1", "i-2"]),
        ("T_${region_label(session.region)}_ELB", "T_US_East_1_ELB"),
        ({"${inputs.app}_id": 1, "": 2}, {"acme_id": 1, "": 2}),
        (
            {"a": ["${inputs.app}", {"b": "${inputs.count}"}], "c": True},
            {"a": ["acme", {"b": 3}], "c": True},
        ),
    ],
)
def test_what_an_expression_gives(value: Json, expected: Json) -> None:
    found = evaluate(value, SCOPE)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("${inputs.nme}", "the input nme is not answered"),
        ("x-${inputs.nme}", "the input nme is not answered"),
        ("${steps.nowhere.arn}", "the item nowhere has given nothing yet"),
        ("${steps.skipped.arn}", "the item skipped gave no arn, it gave nothing"),
        ('${steps."lb.tg.create".anr}', "gave no anr, it gave arn, old"),
        ("${session.zone}", "the session has no zone, it has account_id, region"),
        ("${region_label(inputs.nme)}", "the input nme is not answered"),
        ("${input.app}", "there is no input, there are inputs, steps, session"),
        ("${steps.list.instances[?id=='c'] | [0].id}", "what it looks for is not there"),
        ("${region_label(inputs.count)}", "region_label"),
        ("${arn_tail(inputs.app, ':x/')}", "acme is not an ARN with :x/ in it"),
        ("x${inputs.targets}", "is a list or an object"),
        ("${inputs.app", "does not close it"),
        ("${inputs..app}", "is not an expression"),
        ("${}", "is not an expression"),
        ("${uper(inputs.app)}", "there is no function uper, there are alb_name"),
        ("${region_label('a', 'b')}", "region_label takes 1, not 2 arguments"),
        ("${" + "a" * 1001 + "}", "longer than 1000"),
    ],
)
def test_what_is_missing_or_wrong_is_named(value: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(value, SCOPE)
    assert words in str(caught.value)
    assert value.partition("${")[2].partition("}")[0][:40].strip() in str(caught.value)


PENDING: dict[str, Json] = {
    "inputs": {"app": "acme", "pick": UNKNOWN},
    "steps": {"later": UNKNOWN, "half": {"arn": UNKNOWN, "name": "n", "ids": ["a", UNKNOWN]}},
    "session": {},
}


@pytest.mark.parametrize(
    "value",
    [
        "${steps.later.arn}",
        "${steps.later.a.b.c[0].d}",
        "${steps.half.arn}",
        "${region_label(steps.half.arn)}",
        "${join(',', steps.half.ids)}",
        "${steps.half.arn == 'x'}",
        "${contains(steps.half.ids, 'x')}",
        "${steps.half.arn && inputs.app}",
        "${!(steps.half.arn)}",
        "${steps.half.ids[?@ == 'a']}",
        "${steps.half.arn || 'none'}",
        "${inputs.pick}",
    ],
)
def test_what_depends_on_the_unknown_is_unknown(value: str) -> None:
    assert evaluate(value, PENDING) is UNKNOWN


def test_what_is_known_around_the_unknown_is_kept() -> None:
    assert evaluate("x-${steps.half.arn}-${inputs.app}", PENDING) == f"x-{UNKNOWN}-acme"
    assert evaluate({"a": "${steps.later.b}", "n": "${steps.half.name}"}, PENDING) == {
        "a": UNKNOWN,
        "n": "n",
    }
    assert evaluate("${steps.half.ids}", PENDING) == ["a", UNKNOWN]
    assert evaluate("${inputs.app || steps.later.x}", PENDING) == "acme"


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("${inputs.yes}", "holds"),
        ("${inputs.prefix}", "does not"),
        ("${inputs.count > `2`}", "holds"),
        ("${inputs.count > `5`}", "does not"),
        ("${steps.skipped.arn || ''}", "does not"),
    ],
)
def test_a_condition_holds_or_does_not(when: str, expected: str) -> None:
    assert condition(when, SCOPE) is (expected == "holds")


def test_a_condition_on_the_unknown_is_unknown_and_must_stand_alone() -> None:
    assert condition("${steps.later.x}", PENDING) is UNKNOWN
    with pytest.raises(ExpressionError, match="nothing around it"):
        condition("inputs.yes", SCOPE)


@pytest.mark.parametrize(
    ("value", "inputs", "steps", "session", "other"),
    [
        ("no", set(), set(), set(), set()),
        ('a${steps."lb.tg.create".arn}', set(), {"lb.tg.create"}, set(), set()),
        ({"a": ["${inputs.x}"], "b": "${inputs.y[0].z}"}, {"x", "y"}, set(), set(), set()),
        ("${join('-', [inputs.x, session.region])}", {"x"}, set(), {"region"}, set()),
        ("${inputs.x || steps.a.b && !(inputs.z)}", {"x", "z"}, {"a"}, set(), set()),
        ("${steps.a.list[?id == 'x'].{n: name, s: steps.no}}", set(), {"a"}, set(), set()),
        ("${steps.{x: a.b}}", set(), {"a"}, set(), set()),
        ("${inputs | x}", {"x"}, set(), set(), set()),
        ("${sort_by(inputs.x, &name)}", {"x"}, set(), set(), set()),
        ({"${inputs.x}": 1}, {"x"}, set(), set(), set()),
        ("${input.x}", set(), set(), set(), {"input"}),
        ("${keys(inputs)}", set(), set(), set(), {"inputs"}),
        ("$${inputs.x}", set(), set(), set(), set()),
        ('${`"inputs.x"`}', set(), set(), set(), set()),
    ],
)
def test_references_are_read_from_the_parsed_expression(
    value: Json, inputs: set[str], steps: set[str], session: set[str], other: set[str]
) -> None:
    found = references(value)
    assert set(found.inputs) == inputs
    assert set(found.steps) == steps
    assert set(found.session) == session
    assert set(found.other) == other


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 9999) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(json_values)
def test_a_lone_reference_gives_exactly_what_is_there(value: Json) -> None:
    assert evaluate("${inputs.x}", {"inputs": {"x": value}}) == value


@given(st.text(max_size=40))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert evaluate(text.replace("${", "$${"), SCOPE) == text.replace("$$${", "$${")
