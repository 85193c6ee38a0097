"""Inputs: asked for, checked, recorded with their deviation; dropdowns read through the engine."""

from pathlib import Path

import pytest

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_items import TWO
from tests.engine.world import once
from wizard.engine.commands import Answer
from wizard.errors import CallError
from wizard.session.state import Status


def test_inputs_are_asked_for_checked_and_recorded_with_their_deviation(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
inputs:
  name: {label: Name, pattern: "[a-z]+", pattern_help: lower case}
  value: {label: Value, letter: wrong, advice: E1, default: right}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing,
     with: {name: "${inputs.name}", value: "${inputs.value}"}}
""",
    )
    state = stage.run(until=item_is("a", Status.NEEDS_ANSWER))
    assert state.item("a").needed_inputs == ("name", "value")
    state = stage.run(
        Answer(input="name", value="UPPER"),
        Answer(input="value", value="right"),
        until=lambda state: "value" in state.answers,
    )
    assert "name" not in state.answers
    state = stage.run(Answer(input="name", value="one"))
    assert state.finished_at
    (deviation,) = state.deviations.values()
    assert (deviation.advice, deviation.letter, deviation.chosen, deviation.reason) == (
        "E1",
        "wrong",
        "right",
        "because",
    )


def test_dropdowns_and_defaults_are_read_through_the_engine(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
inputs:
  name: {label: Name, type: choice, choices: {source: test.names}}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: "${inputs.name}"}}
""",
    )
    stage.world.things["names"] = ["one"]
    engine = stage.engine()
    dropdown, default = engine.dropdown("name"), engine.default("name")
    play(engine, until=item_is("a", Status.NEEDS_ANSWER))
    assert [option.label for option in dropdown.result(5).options] == ["The one"]
    assert dropdown.result(5).source == "things:GetThing in us-east-1"
    assert default.result(5) == "one"
    engine = stage.engine()
    denied = once(lambda _: True, CallError("denied", code="AccessDenied"))
    stage.world.before.append(denied)
    dropdown = engine.dropdown("name")
    play(engine, until=item_is("a", Status.NEEDS_ANSWER))
    assert dropdown.result(5).problem == "denied"


@pytest.mark.parametrize("wrong", ["nobody", ""])
def test_a_command_that_cannot_be_taken_says_why(tmp_path: Path, wrong: str) -> None:
    stage = Stage(tmp_path, TWO)
    notices: list[str] = []
    engine = stage.engine()
    engine.subscribe(lambda snapshot: notices.append(snapshot.notice))
    play(engine, Answer(input=wrong, value=1), until=item_is("a", Status.NEEDS_APPROVAL))
    assert any("asks no question" in notice for notice in notices)
