"""An item for each of many: one consent, everyone's own end, and no reading of its own for each."""

import threading
from collections.abc import Callable
from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from tests.engine.world import once
from wizard.effects import Effect, Read, Write
from wizard.engine.commands import Answer, Approve, MarkDone, Retry, Skip
from wizard.errors import CallError
from wizard.session.events import FannedOut, Planned
from wizard.session.state import SessionState, Status

MANY = """
inputs:
  names: {label: Names, type: texts, default: [one, two, three]}
  value: {label: Value, default: right}
sections:
- title: S
  items:
  - id: many
    title: Many
    letter: Many
    step: test.thing
    foreach: "${inputs.names}"
    with: {name: "${each}", value: "${inputs.value}"}
  - id: after
    title: After
    letter: After
    step: test.thing
    needs: [many]
    with: {name: after, value: "${steps.many.keys[0]}"}
"""
LISTED = """
sections:
- title: S
  items:
  - id: many
    title: Many
    letter: Many
    step: test.thing
    foreach: {source: test.some}
    with: {name: "${each.key}", value: "${each.value}"}
"""
NAMES = Answer(input="names", value=["one", "two", "three"])
VALUE = Answer(input="value", value="right")
REFUSED = CallError("refused", code="No")


def writes(name: str) -> Callable[[Effect], bool]:
    return lambda effect: isinstance(effect, Write) and effect.params["Name"] == name


def failing(stage: Stage, *names: str) -> None:
    for name in names:
        stage.world.before.append(once(writes(name), REFUSED))


def member(state: SessionState, key: str) -> Status:
    return state.item(f"many[{key}]").status


def test_they_are_planned_once_approved_once_and_all_made(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things["two"] = "right"
    state = stage.run(NAMES, VALUE, approve=False, until=item_is("many", Status.NEEDS_APPROVAL))
    assert [call.params["Name"] for call in state.item("many").planned] == ["one", "three"]
    assert member(state, "two") is Status.DONE
    assert stage.world.written() == []
    state = stage.run(
        Approve(items=("many",)), approve=False, until=item_is("after", Status.NEEDS_APPROVAL)
    )
    assert state.item("many").how == "changed"
    assert state.item("many[two]").how == "already"
    assert state.item("many[one]").how == "changed"
    assert state.item("many").outputs == {
        "keys": ["one", "two", "three"],
        "members": {key: {"value": "right", "id": f"id-{key}"} for key in ("one", "two", "three")},
    }
    assert state.item("many").tally == {Status.DONE: 3}
    assert stage.run().finished_at
    assert stage.world.things["after"] == "one"
    shown = [
        entry.event
        for entry in stage.journal.entries("s1")
        if isinstance(entry.event, Planned) and entry.event.item == "many"
    ]
    assert [one.needs_approval for one in shown][-2:] == [True, False]


def test_one_that_fails_stops_no_other_and_is_tried_again_alone(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "two")
    state = stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    assert stage.world.things == {"one": "right", "three": "right"}
    problem = state.item("many").problem
    assert problem is not None
    assert "1 of 3 failed: two" in problem.what
    assert state.item("many[two]").problem is not None
    assert state.item("many").tally == {Status.DONE: 2, Status.FAILED: 1}
    looks = len([one for one in stage.world.calls if isinstance(one, Read)])
    state = stage.run(Retry(item="many[two]"))
    assert state.finished_at
    written = sorted(str(one["Name"]) for one in _params(stage, Write))
    assert written == ["after", "one", "three", "two"]
    again = [one["Name"] for one in _params(stage, Read)[looks:]]
    assert "one" not in again
    assert "three" not in again


def test_all_that_failed_are_tried_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "one", "two")
    stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    state = stage.run(Retry(item="many"))
    assert state.finished_at
    assert sorted(stage.world.things) == ["after", "one", "three", "two"]


def test_those_that_failed_are_left_out_one_by_one(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "one", "two")
    stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    state = stage.run(
        Skip(item="many[one]", reason="not wanted"),
        until=lambda state: (
            (problem := state.item("many").problem) is not None and "1 of 3" in problem.what
        ),
    )
    assert member(state, "one") is Status.SKIPPED
    state = stage.run(MarkDone(item="many[two]", note="by hand"))
    assert state.finished_at
    assert member(state, "two") is Status.MARKED
    assert state.item("many").tally == {Status.SKIPPED: 1, Status.MARKED: 1, Status.DONE: 1}
    assert state.item("many").outputs["members"].keys() == {"three"}


def test_a_member_is_tried_again_while_the_others_go_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "one")
    gate = threading.Event()

    def wait_for_it(effect: Effect) -> None:
        if isinstance(effect, Write) and effect.params["Name"] == "three":
            assert gate.wait(20)

    stage.world.before.append(wait_for_it)
    engine = stage.engine()
    asked: list[bool] = []

    def retry(snapshot: object) -> None:
        state = engine.snapshot.state
        if member(state, "one") is Status.FAILED and not asked:
            asked.append(True)
            engine.send(Retry(item="many[one]"))
        elif asked and member(state, "one") is not Status.FAILED:
            gate.set()

    engine.subscribe(retry)
    failed: list[bool] = []
    engine.subscribe(lambda one: failed.append(one.state.item("many").status is Status.FAILED))
    play(engine, NAMES, VALUE, Approve(), until=lambda state: bool(state.finished_at))
    assert not any(failed)
    assert stage.world.things == {"one": "right", "two": "right", "three": "right", "after": "one"}


def test_other_calls_than_were_shown_need_consent_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "one")
    stage.run(
        NAMES, VALUE, Approve(items=("many",)), approve=False, until=item_is("many", Status.FAILED)
    )
    # The same calls as were shown need none.
    state = stage.run(
        Retry(item="many"), approve=False, until=item_is("after", Status.NEEDS_APPROVAL)
    )
    assert state.item("many").status is Status.DONE
    stage = Stage(tmp_path / "other", MANY)
    failing(stage, "one", "two", "three")
    stage.run(
        NAMES, VALUE, Approve(items=("many",)), approve=False, until=item_is("many", Status.FAILED)
    )
    stage.run(
        Answer(input="value", value="other"),
        Retry(item="many"),
        approve=False,
        until=item_is("many", Status.NEEDS_APPROVAL),
    )
    assert stage.world.written() == []


def test_an_empty_list_is_right_already(tmp_path: Path) -> None:
    text = MANY.replace("${steps.many.keys[0]}", "x").replace("texts,", "texts, optional: true,")
    stage = Stage(tmp_path, text)
    state = stage.run(VALUE)
    assert state.finished_at
    assert state.item("many").how == "already"
    assert state.item("many").outputs == {"keys": [], "members": {}}


def test_what_a_dropdown_lists_is_looked_at_anew_once_done(tmp_path: Path) -> None:
    stage = Stage(tmp_path, LISTED + AFTER)
    stage.world.things["some"] = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    stage.run(until=item_is("said", Status.NEEDS_PERSON))
    assert stage.world.things["b"] == "2"
    stage.world.things["some"] = [{"key": "a", "value": "1"}, {"key": "c", "value": "3"}]
    state = stage.run(Retry(item="many"), until=lambda state: member(state, "c") is Status.DONE)
    assert stage.world.things["c"] == "3"
    # What was changed stays in sight, whatever is listed later.
    assert [one.key for one in state.item("many").members] == ["a", "c", "b"]


AFTER = """
  - {id: said, title: Said, letter: Said, step: test.said, needs: [many],
     with: {instructions: Say it.}}
"""


def test_a_choice_that_is_disabled_is_left_out(tmp_path: Path) -> None:
    stage = Stage(tmp_path, LISTED)
    stage.world.things["some"] = [
        {"key": "a", "value": "1"},
        {"key": "b", "value": "2", "disabled": "not now"},
    ]
    assert stage.run().finished_at
    assert "b" not in stage.world.things


def test_a_preview_shows_all_calls_and_makes_none(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things["two"] = "right"
    engine = stage.preview()
    play(engine, NAMES, VALUE)
    state = engine.snapshot.state
    assert state.item("many").status is Status.PLANNED
    assert [call.params["Name"] for call in state.item("many").planned] == ["one", "three"]
    assert member(state, "one") is Status.PLANNED
    assert member(state, "two") is Status.DONE
    assert state.item("after").status is Status.PLANNED
    assert stage.world.written() == []


def test_two_entries_of_one_key_are_refused(tmp_path: Path) -> None:
    stage = Stage(tmp_path, LISTED)
    stage.world.things["some"] = [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]
    state = stage.run(until=item_is("many", Status.FAILED))
    problem = state.item("many").problem
    assert problem is not None
    assert "Two entries of its list are a" in problem.what


def test_what_only_a_person_can_do_fails_that_member_alone(tmp_path: Path) -> None:
    text = MANY.replace("step: test.thing\n    foreach", "step: test.seen\n    foreach").replace(
        ', value: "${inputs.value}"', ""
    )
    stage = Stage(tmp_path, text)
    stage.world.things |= {"one": "right", "three": "right"}
    state = stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    problem = state.item("many[two]").problem
    assert problem is not None
    assert "Put two there." in problem.what
    assert state.item("many[one]").how == "observed"
    stage.world.things["two"] = "right"
    assert stage.run(Retry(item="many")).finished_at


def test_the_journal_names_the_members_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "one")
    stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    stage.run(Retry(item="many"))
    named = [one for one in stage.journal.entries("s1") if isinstance(one.event, FannedOut)]
    assert len(named) == 1


def _params(stage: Stage, kind: type[Read] | type[Write]) -> list[dict[str, object]]:
    return [dict(one.params) for one in stage.world.calls if isinstance(one, kind)]
