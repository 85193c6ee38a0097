"""Answers that are changed while items use them."""

from pathlib import Path

import pytest

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_awkward_moments import when
from tests.engine.world import once
from wizard.effects import Effect, Read, Write
from wizard.engine.commands import Answer, Approve, Retry
from wizard.engine.snapshot import Snapshot
from wizard.errors import CallError, UnknownOutcomeError
from wizard.session.state import SessionState, Status

NAMED = """
inputs:
  name: {label: Name, default: x}
  note: {label: Note, optional: true, default: ''}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: "${inputs.name}",
     value: "${inputs.note || 'right'}"}}
  - {id: b, title: B, letter: B, step: test.thing, needs: [a], with: {name: "b-${inputs.name}"}}
"""
FIRST, SECOND = Answer(input="name", value="one"), Answer(input="name", value="two")
LOST = UnknownOutcomeError("The answer was lost.", code="ConnectionReset")


def is_write(effect: Effect) -> bool:
    return isinstance(effect, Write)


def waits(snapshot: Snapshot) -> bool:
    return snapshot.state.item("a").status is Status.NEEDS_APPROVAL


def plans(name: str) -> object:
    def holds(state: SessionState) -> bool:
        item = state.item("a")
        return item.status is Status.NEEDS_APPROVAL and item.planned[0].params["Name"] == name

    return holds


def test_an_item_that_waits_begins_anew_with_the_new_answer(tmp_path: Path) -> None:
    stage = Stage(tmp_path, NAMED)
    engine = stage.engine()
    when(engine, waits, lambda: engine.send(SECOND))
    when(engine, lambda s: plans("two")(s.state), lambda: engine.send(Approve()))  # type: ignore[operator]
    play(engine, FIRST, until=lambda state: bool(state.finished_at))
    assert stage.world.things == {"two": "right", "b-two": "right"}


def test_an_answer_is_kept_while_calls_that_rest_on_it_are_under_way(tmp_path: Path) -> None:
    stage = Stage(tmp_path, NAMED)
    engine = stage.engine()
    told: list[str] = []

    def as_it_leaves(effect: Effect) -> None:
        if is_write(effect) and not told:
            engine.send(SECOND)

    stage.world.before.append(as_it_leaves)
    engine.subscribe(lambda snapshot: told.append(snapshot.notice) if snapshot.notice else None)
    play(engine, FIRST, Approve(), until=lambda state: bool(state.finished_at))
    assert stage.world.things == {"one": "right", "b-one": "right"}
    assert stage.state().answers["name"].value == "one"
    assert "Name is in use by a" in told[0]


def test_an_answer_is_kept_until_a_lost_call_that_rests_on_it_is_settled(tmp_path: Path) -> None:
    stage = Stage(tmp_path, NAMED)
    down = CallError("no network", code="EndpointConnectionError")
    stage.world.after.append(once(is_write, LOST))
    stage.world.before.append(
        once(lambda effect: isinstance(effect, Read) and len(stage.world.calls) > 1, down)
    )
    stage.run(FIRST, until=item_is("a", Status.FAILED))
    state = stage.run(SECOND, Retry(item="a"), until=lambda state: bool(state.finished_at))
    assert stage.world.things == {"one": "right", "b-one": "right"}
    assert [call.outcome for call in state.item("a").calls if call.mutating] == [
        "settled: happened"
    ]


@pytest.mark.parametrize("late", [Answer(input="note", value="late"), SECOND])
def test_what_a_done_item_used_is_not_changed(tmp_path: Path, late: Answer) -> None:
    stage = Stage(tmp_path, NAMED)
    stage.run(FIRST, until=item_is("a", Status.DONE))
    state = stage.run(late, until=lambda state: bool(state.finished_at))
    assert state.inputs() == {"name": "one"}


def test_choices_of_another_answer_do_not_judge(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
inputs:
  list: {label: List, default: x}
  name: {label: Name, type: choice, choices: {source: test.of, with: {list: "${inputs.list}"}}}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: "${inputs.name}"}}
""",
    )
    stage.world.things |= {"l1": ["one"], "l2": ["two"]}
    engine = stage.engine()
    engine.send(Answer(input="list", value="l1"))
    dropdown = engine.dropdown("name")
    when(
        engine,
        lambda _: dropdown.done(),
        lambda: engine.send(Answer(input="list", value="l2")),
        lambda: engine.send(Answer(input="name", value="two")),
    )
    play(engine, until=lambda state: "name" in state.answers, seconds=5)
    assert stage.state().inputs() == {"list": "l2", "name": "two"}
