"""An item for each of many: what `each` may stand in, and what lint says of it."""

import pytest

from tests.engine.stage import ADVICE, HEAD
from tests.engine.steps_of_test import REGISTRY
from wizard.checklist.expressions import evaluate, references
from wizard.checklist.lint import lint
from wizard.checklist.load import load_text
from wizard.errors import ChecklistError

SOUND = """
inputs:
  names: {label: Names, type: texts}
  list: {label: List}
sections:
- title: S
  items:
  - {id: first, title: First, letter: F, step: test.thing, with: {name: "${inputs.list}"}}
  - id: many
    title: Many
    letter: Many
    step: test.thing
    needs: [first]
    foreach: "${inputs.names}"
    with: {name: "x-${each}", value: "${steps.first.id}"}
  - id: live
    title: Live
    letter: Live
    step: test.thing
    foreach: {source: test.of, with: {list: "${inputs.list}"}}
    with: {name: "${each.key}"}
"""


def found(text: str) -> list[str]:
    return lint(load_text(HEAD + text, "test.yaml", advice=ADVICE), REGISTRY)


def test_each_is_the_member_at_hand() -> None:
    scope = {"inputs": {}, "steps": {}, "session": {}, "each": {"key": "a", "size": 3}}
    assert evaluate({"x": "${each.size}", "y": "n-${each.key}"}, scope) == {"x": 3, "y": "n-a"}
    assert references("${each}").each
    assert not references("${inputs.each}").each


def test_a_sound_one_has_nothing_wrong() -> None:
    assert found(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('name: "${inputs.list}"', 'name: "${each}"', "item first: refers to each, which only"),
        ("label: List", 'label: List, default: "${each}"', "input list: refers to each"),
        ("x-${each}", "x", "item many: fans out, and its `with` does not refer to each"),
        ("${inputs.names}", "a ${inputs.names}", "nothing around it"),
        ("${inputs.names}", "${inputs.namse}", "unknown input namse; do you mean names?"),
        ("    needs: [first]\n", "", "item many: refers to the item first and does not need it"),
        ("test.of", "test.off", "item live: uses the unknown dropdown test.off"),
        ("with: {list:", "with: {lists:", "item live: gives test.of the unknown parameter lists"),
        (
            'foreach: "${inputs.names}"',
            'when: "${each}"\n    foreach: "${inputs.names}"',
            "item many: refers to each, which only",
        ),
        ('foreach: "${inputs.names}"', 'foreach: "${steps.live.keys}"', "does not need it"),
    ],
)
def test_lint_says_what_is_wrong(old: str, new: str, problem: str) -> None:
    assert old in SOUND
    assert any(problem in one for one in found(SOUND.replace(old, new, 1)))


def test_a_persons_word_is_not_given_many_times() -> None:
    text = SOUND.replace("step: test.thing\n    foreach: {", "step: test.said\n    foreach: {")
    text = text.replace('{name: "${each.key}"}', '{instructions: "${each.key}"}')
    assert any("a person's word, which is given once" in one for one in found(text))


def test_a_list_is_an_expression_or_a_dropdown() -> None:
    with pytest.raises(ChecklistError):
        found(SOUND.replace('foreach: "${inputs.names}"', "foreach: [a, b]"))
