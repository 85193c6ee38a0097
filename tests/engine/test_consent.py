"""What is written is what was consented to, and what was seen a moment ago."""

from collections.abc import Callable
from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from tests.engine.world import JumpingClock, World, once
from wizard.effects import Effect, Read, Write
from wizard.engine.commands import Answer, Approve, Continue, Pause, Retry
from wizard.engine.engine import Engine
from wizard.engine.snapshot import Snapshot
from wizard.errors import CallError, CredentialsError
from wizard.session.state import SessionState, Status

ASKED = """
inputs:
  value: {label: Value, default: x}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one, value: "${inputs.value}"}}
"""
DOCUMENT = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.document, with: {name: doc, line: ours}}
"""


def is_write(effect: Effect) -> bool:
    return isinstance(effect, Write)


def when(engine: Engine, holds: Callable[[Snapshot], bool], *deeds: Callable[[], object]) -> None:
    """Do these things, once, as soon as a snapshot is so."""
    done: list[bool] = []

    def watch(snapshot: Snapshot) -> None:
        if not done and holds(snapshot):
            done.append(True)
            for deed in deeds:
                deed()

    engine.subscribe(watch)


def waits(snapshot: Snapshot) -> bool:
    return snapshot.state.item("a").status is Status.NEEDS_APPROVAL


def planned(value: str) -> Callable[[SessionState], bool]:
    def holds(state: SessionState) -> bool:
        item = state.item("a")
        return item.status is Status.NEEDS_APPROVAL and item.planned[0].params["Value"] == value

    return holds


def test_another_plan_after_a_failure_asks_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ASKED)
    stage.world.before.append(once(is_write, CallError("refused", code="No")))
    one = Answer(input="value", value="one")
    stage.run(one, Approve(items=("a",)), approve=False, until=item_is("a", Status.FAILED))
    state = stage.run(
        Answer(input="value", value="two"), Retry(item="a"), approve=False, until=planned("two")
    )
    assert state.item("a").status is Status.NEEDS_APPROVAL
    assert stage.world.written() == []


def test_the_same_plan_after_a_failure_does_not(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ASKED)
    stage.world.before.append(once(is_write, CallError("refused", code="No")))
    one = Answer(input="value", value="one")
    stage.run(one, Approve(items=("a",)), approve=False, until=item_is("a", Status.FAILED))
    stage.run(Retry(item="a"), approve=False, until=lambda state: bool(state.finished_at))
    assert stage.world.things == {"one": "one"}


def test_what_changed_before_the_consent_is_seen_and_asked_about_anew(tmp_path: Path) -> None:
    stage = Stage(tmp_path, DOCUMENT)
    stage.world.things["doc"] = ["theirs"]
    engine = stage.engine()

    def meanwhile() -> None:
        stage.clock.pass_(1)
        stage.world.things["doc"] = ["theirs", "more of theirs"]
        engine.send(Approve(items=("a",)))

    when(engine, waits, meanwhile)
    play(
        engine,
        until=lambda state: (
            state.item("a").status is Status.NEEDS_APPROVAL
            and state.item("a").planned[0].params["Value"] == ["theirs", "more of theirs", "ours"]
        ),
    )
    assert stage.world.written() == []
    stage.run(Approve(items=("a",)), approve=False, until=lambda state: bool(state.finished_at))
    assert stage.world.things["doc"] == ["theirs", "more of theirs", "ours"]


def test_a_write_that_was_held_back_looks_again_before_it_leaves(tmp_path: Path) -> None:
    stage = Stage(tmp_path, DOCUMENT)
    stage.world.things["doc"] = ["theirs"]
    expired = CredentialsError("Your AWS session ended.", code="ExpiredToken")
    stage.world.before.append(once(is_write, expired))
    engine = stage.engine()

    def next_morning() -> None:
        stage.clock.pass_(8 * 3600)
        stage.world.things["doc"] = ["theirs", "of the night"]
        engine.send(Continue())

    when(engine, lambda snapshot: bool(snapshot.state.paused), next_morning)
    play(engine, Approve(), until=lambda state: bool(state.finished_at))
    assert stage.world.things["doc"] == ["theirs", "of the night", "ours"]


def test_a_write_that_waited_in_a_pause_looks_again_before_it_leaves(tmp_path: Path) -> None:
    stage = Stage(tmp_path, DOCUMENT)
    stage.world.things["doc"] = ["theirs"]
    engine = stage.engine()

    def paused_as_it_looks(effect: Effect) -> None:
        if isinstance(effect, Read) and len(stage.world.calls) == 1:
            engine.send(Pause())

    def later() -> None:
        stage.clock.pass_(3600)
        stage.world.things["doc"] = ["theirs", "meanwhile"]
        engine.send(Continue())

    stage.world.after.append(paused_as_it_looks)
    when(engine, lambda s: bool(s.state.paused) and not s.in_flight, later)
    play(engine, Approve(), until=lambda state: bool(state.finished_at))
    assert stage.world.things["doc"] == ["theirs", "meanwhile", "ours"]


SWITCHED = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.switched, with: {since: SINCE}}
"""


def test_a_wait_after_the_write_has_a_limit_of_its_own(tmp_path: Path) -> None:
    since = World(JumpingClock()).now()
    stage = Stage(tmp_path, SWITCHED.replace("SINCE", str(since)))
    ended = {Status.DONE, Status.FAILED}
    state = stage.run(until=lambda state: state.item("a").status in ended)
    assert state.item("a").problem is None
    assert state.item("a").status is Status.DONE
