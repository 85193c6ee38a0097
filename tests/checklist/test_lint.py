"""Lint finds each way in which a checklist can refer to what is not there."""

from typing import Any

import pytest

from tests.checklist.fakes import REGISTRY
from tests.checklist.sample import ADVICE, CHECKLIST
from wizard.checklist.lint import lint
from wizard.checklist.load import load_text
from wizard.checklist.schema import schema
from wizard.errors import ChecklistError

CLEAN = CHECKLIST.replace(
    "with: {name: 'x-${steps.first.arn}'}",
    "with: {name: 'x-${steps.first.arn}', tags: {a: '${inputs.zone}', b: '${inputs.tls_policy}'}}",
)

DEFAULT = "default: '${alb_name(''sample'')}'"
TAG = "b: '${inputs.tls_policy}'"


def found(text: str) -> list[str]:
    return lint(load_text(text, "sample.yaml", advice=ADVICE), REGISTRY)


def test_a_sound_checklist_has_nothing_wrong() -> None:
    assert found(CLEAN) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "step: fake.thing",
            "step: fake.thong",
            "item first: uses the unknown step fake.thong; do you mean fake.thing?",
        ),
        (
            "size: 3",
            "sise: 3",
            "item first: gives fake.thing the unknown field sise; do you mean size?",
        ),
        ("size: 3", "size: 0", "item first: gives fake.thing a wrong size: Expected `int` >= 1"),
        (
            "name: '${inputs.name}', size",
            "size",
            "item first: does not give fake.thing the field name",
        ),
        (
            "needs: [first]",
            "needs: [frist]",
            "item second: needs the unknown item frist; do you mean first?",
        ),
        (
            "        needs: [first]\n",
            "",
            "item second: refers to the item first and does not need it",
        ),
        (
            "        needs: [first]\n",
            "",
            "item second: uses the input zone, asked after first, and does not need that item",
        ),
        ("lines: L1", "lines: L1\n        needs: [second]", "item first: needs itself"),
        ("id: second", "id: first", "item first: another item has the same id"),
        ("advice: [E11]", "advice: [E12]", "item second: shows the unknown advice E12"),
        ("advice: E11", "advice: E12", "input tls_policy: shows the unknown advice E12"),
        ("    advice: E11\n", "", "input tls_policy: has a letter and no advice"),
        (
            "    letter: ELBSecurityPolicy-2016-08\n",
            "",
            "input tls_policy: has advice and no letter",
        ),
        (
            "source: fake.zones",
            "source: fake.zonse",
            "input zone: uses the unknown dropdown fake.zonse; do you mean fake.zones?",
        ),
        (
            "with: {name: '${inputs.name}'}}",
            "with: {nam: a, name: b}}",
            "input zone: gives fake.zones the unknown parameter nam; do you mean name?",
        ),
        (
            ", with: {name: '${inputs.name}'}}",
            "}",
            "input zone: does not give fake.zones the parameter name",
        ),
        (
            "after: first",
            "after: frist",
            "input zone: is asked after the unknown item frist; do you mean first?",
        ),
        (
            DEFAULT,
            "default: '${steps.first.arn}'",
            "input name: refers to the item first and is not asked after it",
        ),
        (DEFAULT, "default: '${inputs.name}'", "input name: depends on itself"),
        (DEFAULT, "type: choice", "input name: is of type choice and has no choices"),
        (DEFAULT, "port: 3", "input name: has a port and is of type text"),
        (
            DEFAULT,
            "type: integer\n    default: x",
            "input name: has a default that is no answer to it: x is not a whole number.",
        ),
        (DEFAULT, "default: '${alb_nam(`1`)}'", "there is no function alb_nam"),
        (TAG, "b: c", "input tls_policy: nothing uses it"),
        (TAG, "b: '${inputs.tls}'", "item second: refers to the unknown input tls"),
        (
            TAG,
            "b: '${steps.frist.x}'",
            "item second: refers to the unknown item frist; do you mean first?",
        ),
        (
            TAG,
            "b: '${session.regoin}'",
            "item second: refers to session.regoin; do you mean region?",
        ),
        (TAG, "b: '${input.x}'", "item second: refers to input, and not to a name"),
        (TAG, "b: '${inputs.'", "item second: `${inputs.` opens"),
        ("lines: L1", "when: inputs.name", "item first: `inputs.name` must be one"),
        (
            "lines: L1",
            "controls: [CC7.9]",
            "item first: names the unknown criterion CC7.9; do you mean CC7",
        ),
        ("lines: L1", "controls: [A1.1, A1.1]", "item first: names the criterion A1.1 twice"),
        (
            "lines: L1",
            "vanta: [load-balancer-confg]",
            "item first: names the unknown Vanta test load-balancer-confg; "
            "do you mean load-balancer-config?",
        ),
        ("inputs:", "controls: [CC8.9]\ninputs:", "line 5: controls: names the unknown criterion"),
        (
            "letter: ELBSecurityPolicy-2016-08",
            "letter: a\n    choices: [{value: b, label: B}]",
            "input tls_policy: has a letter that cannot be chosen",
        ),
        (
            "letter: ELBSecurityPolicy-2016-08",
            "letter: b\n    consent: {value: c, phrase: yes}\n    choices: [{value: b, label: B}]",
            "input tls_policy: asks consent for what cannot be chosen",
        ),
    ],
)
def test_each_problem_is_found(old: str, new: str, problem: str) -> None:
    text = CLEAN.replace(old, new, 1)
    assert text != CLEAN
    problems = found(text)
    assert any(problem in each for each in problems), problems


def test_problems_carry_the_line_of_their_item() -> None:
    text = CLEAN.replace("size: 3", "sise: 3")
    line = text[: text.index("- id: first")].count("\n") + 1
    assert found(text)[0].startswith(f"line {line}: item first: ")


def test_loading_with_a_registry_refuses_what_lint_finds() -> None:
    with pytest.raises(ChecklistError, match="do you mean size"):
        load_text(CLEAN.replace("size: 3", "sise: 3"), "s.yaml", advice=ADVICE, registry=REGISTRY)
    assert load_text(CLEAN, "s.yaml", advice=ADVICE, registry=REGISTRY).checklist.id == "sample"


def test_the_schema_knows_each_steps_fields() -> None:
    whole: dict[str, Any] = schema(REGISTRY)
    assert whole["$ref"] == "#/$defs/Checklist"
    item = whole["$defs"]["Item"]
    assert item["properties"]["step"] == {"enum": ["fake.thing"]}
    with_ = item["allOf"][0]["then"]["properties"]["with"]
    assert with_["required"] == ["name"]
    assert set(with_["properties"]) == {"name", "size", "tags"}
    size = with_["properties"]["size"]["anyOf"][0]
    assert (size["type"], size["minimum"]) == ("integer", 1)
    assert with_["additionalProperties"] is False
    assert {"CC6.1", "A1.2"} <= set(item["properties"]["controls"]["items"]["enum"])
    assert "load-balancer-config" in item["properties"]["vanta"]["items"]["enum"]
    assert whole["$defs"]["LiveChoices"]["properties"]["source"] == {"enum": ["fake.zones"]}
