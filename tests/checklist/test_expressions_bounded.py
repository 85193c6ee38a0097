"""An expression of a few characters cannot fill the machine, nor keep it busy."""

import time

import pytest

from wizard.checklist.bounded import MAX_WORK
from wizard.checklist.expressions import ExpressionError, evaluate, template

DOUBLING = {
    "projections": "[a,a,a][]" + ".[@,@,@][]" * 20,
    "flattened": "[a,a][]" + " | [@,@][]" * 60,
    "nested": "[a,a]" + " | [@,@]" * 80,
    "nested and compared": "[a,a]" + " | [@,@]" * 60 + " | @[0] == @[1]",
    "nested and asked": "[a,a]" + " | [@,@]" * 60 + " | length(@)",
    "nested and written": "[a,a]" + " | [@,@]" * 60 + " | to_string(@)",
    "joined": "a" + " | join('', [@,@])" * 45,
    "as objects": "{x:a,y:a}" + " | {x:@,y:@}" * 60,
}


@pytest.mark.parametrize("text", DOUBLING.values(), ids=list(DOUBLING))
def test_what_doubles_itself_is_stopped(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ExpressionError, match="more than an expression may"):
        evaluate(f"${{{text}}}", {"a": "xxxxxxxxxxxxxxxx"})
    assert time.process_time() - began < 20


def test_a_chain_too_deep_is_an_error_with_its_reason() -> None:
    with pytest.raises(ExpressionError, match="recursion"):
        evaluate("${" + "a" + "|@" * 480 + "}", {"a": {}})


def test_a_company_is_not_too_much() -> None:
    groups = [{"name": f"/aws/lambda/{n}", "days": n, "tags": {"a": "b" * 40}} for n in range(5000)]
    found = evaluate(
        "${sort_by(groups, &days)[?days > `10`].{n: name, t: tags}}", {"groups": groups}
    )
    assert len(found) == 4989
    assert len(groups) * 12 < MAX_WORK


@pytest.mark.parametrize("text", ["x" * 400_000, "$${" * 100_000, "a$${b" * 80_000])
def test_long_texts_are_taken_apart_in_time(text: str) -> None:
    began = time.process_time()
    assert template(text) == (text.replace("$${", "${"),)
    assert time.process_time() - began < 5
