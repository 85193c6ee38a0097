"""Runs every case of every step: answers in, facts out; facts in, differences and writes out."""

from typing import Any

import msgspec
import pytest

import steps
from tests.steps.cases_of_steps import FOLDER, Case, all_cases, complaint, written
from tests.steps.driving import drive, writes
from wizard.effects import Effect, Facts, Json, Write
from wizard.step import Action, Difference, Probe, Registry

READ_AGAIN = {"ec2.flow_log", "ec2.key_pairs", "lambda.function", "lambda.layer"}
"""Actions that read in between their writes, which a case has no answers for: their calls are
looked at where they run on a simulated account."""
REGISTRY = Registry.of(steps)
CASES = list(all_cases())


@pytest.mark.parametrize("case", CASES, ids=[case.case for case in CASES])
def test_case(case: Case) -> None:
    step = msgspec.convert(case.with_, REGISTRY.steps[case.kind])
    assert isinstance(step, Probe)
    found: Facts | None = None if case.found is msgspec.UNSET else case.found
    if case.reads is not None:
        seen = _observe(step, case.reads)
        if case.found is not msgspec.UNSET:
            assert seen == found
        found = seen
    if case.differences is not None:
        _compare(step.differences(found), case.differences)
    if case.writes is not None:
        made = writes(step, found)  # type: ignore[arg-type]  # only actions have writes
        assert [complaint(effect) for effect in made] == [""] * len(made)
        assert [written(effect) for effect in made] == case.writes
    if case.outputs is not None:
        assert step.outputs(found) == case.outputs
    if case.planned is not None:
        assert step.planned(found) == case.planned
    if case.promised is not None:
        assert step.promised(found) == case.promised
    if case.waiting_for is not None:
        assert step.waiting_for(found) == case.waiting_for
    if case.instructions is not None:
        assert case.instructions in step.instructions(found)


def _observe(step: Probe, reads: list[dict[str, Json]]) -> Facts | None:
    left = list(reads)

    def answer(effect: Effect) -> Any:
        assert left, f"one read more than the case has: {written(effect)}"
        expected = left.pop(0)
        asked = written(effect)
        assert asked["call"] == expected["call"]
        if "params" in expected:
            assert asked.get("params", {}) == expected["params"]
        assert complaint(effect) == ""
        return expected["answer"]

    found: Facts | None = drive(step.observe(), answer)
    assert not left, f"reads that nobody made: {left}"
    return found


def _compare(found: tuple[Difference, ...], wanted: list[str | dict[str, Json]]) -> None:
    plain = [{"field": one} if isinstance(one, str) else one for one in wanted]
    assert [one.field for one in found] == [one["field"] for one in plain]
    for difference, expected in zip(found, plain, strict=True):
        assert difference.settles == expected.get("settles", False), difference
        assert difference.fixable == expected.get("fixable", True), difference
        assert str(expected.get("reason", "")) in difference.reason
        for key in ("found", "wanted"):
            if key in expected:
                assert getattr(difference, key) == expected[key], difference


def test_every_folder_of_cases_is_called_like_a_step() -> None:
    assert {path.name for path in FOLDER.iterdir()} <= set(REGISTRY.steps)


def test_every_step_has_cases() -> None:
    assert {case.kind for case in CASES} == set(REGISTRY.steps)


def test_every_action_has_a_case_that_writes() -> None:
    actions = {kind for kind, one in REGISTRY.steps.items() if issubclass(one, Action)}
    assert actions - {case.kind for case in CASES if case.writes} == READ_AGAIN


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"Name": "Deploy", "PermissionType": "Shere"}, "none of Share: 'Shere'"),
        ({"Name": "De ploy", "PermissionType": "Share"}, "Name is not like"),
        (
            {
                "Name": "Deploy",
                "PermissionType": "Share",
                "AccountIdsToAdd": ["123456789012"] * 21,
            },
            "takes at most 20, not 21",
        ),
        ({"Name": "Deploy"}, "Missing required parameter"),
    ],
)
def test_what_aws_would_refuse_is_complained_of(params: dict[str, Json], words: str) -> None:
    assert words in complaint(Write("ssm", "ModifyDocumentPermission", params))
