"""Leaving: no new call, the one in flight awaited and written down, `suspended` the last line."""

import threading
from pathlib import Path

import pytest

from tests.engine.stage import Stage, play
from tests.engine.test_crashes import ONE, intend, is_write
from wizard.effects import Effect, Read, Write
from wizard.engine.commands import Approve, Stop
from wizard.engine.engine import Engine
from wizard.session.calls import CallSucceeded
from wizard.session.events import ItemFailed, SessionSuspended
from wizard.session.state import Status


def stops_in(stage: Stage, kind: type[Effect]) -> Engine:
    """An engine that is told to stop while its first call of that kind is under way."""
    engine = stage.engine()
    told: list[Effect] = []
    handled = threading.Event()

    def leave(effect: Effect) -> None:
        if isinstance(effect, kind) and not told:
            told.append(effect)
            sent = engine.send(Stop(reason="the operator left"))
            engine.subscribe(lambda now: handled.set() if now.handled >= sent else None)
            if engine.snapshot.handled >= sent:
                handled.set()
            # Its answer comes only once the engine knows that it is to end.
            assert handled.wait(20)

    stage.world.before.append(leave)
    return engine


def test_no_call_leaves_once_it_is_to_end(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    engine = stops_in(stage, Read)
    play(engine, Approve(), until=lambda _: False)
    assert len(stage.world.calls) == 1
    last = stage.journal.entries("s1")[-1].event
    assert last == SessionSuspended(reason="the operator left")


def test_a_call_in_flight_is_awaited_and_its_receipt_kept(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    engine = stops_in(stage, Write)
    play(engine, Approve(), until=lambda _: False)
    assert stage.world.written() == ["PutThing"]
    *_, result, _ = [
        entry.event
        for entry in stage.journal.entries("s1")
        if isinstance(entry.event, CallSucceeded | SessionSuspended)
    ]
    assert isinstance(result, CallSucceeded)
    assert result.request_id == f"r{len(stage.world.calls)}"
    assert isinstance(stage.journal.entries("s1")[-1].event, SessionSuspended)
    assert stage.run().finished_at
    assert stage.world.written() == ["PutThing"]


@pytest.mark.parametrize("late", [5.0, 25.0])
def test_what_aws_shows_late_is_not_made_again(tmp_path: Path, late: float) -> None:
    """Killed after the call: it happened, and a first look does not show it yet."""
    stage = Stage(tmp_path, ONE)
    intend(stage, "PutThing")
    due = stage.clock.monotonic() + late

    def show(_: Effect) -> None:
        if stage.clock.monotonic() >= due:
            stage.world.things["one"] = "right"

    stage.world.before.append(show)
    assert stage.run().finished_at
    assert stage.world.written() == []


def test_a_change_that_does_not_show_is_no_change(tmp_path: Path) -> None:
    """AWS says 200, and what was to be is not there."""
    stage = Stage(tmp_path, ONE)
    stage.world.after.append(
        lambda effect: stage.world.things.clear() if is_write(effect) else None
    )
    stage.run(until=lambda state: state.item("a").status in {Status.FAILED, Status.DONE})
    failed = [
        entry.event for entry in stage.journal.entries("s1") if isinstance(entry.event, ItemFailed)
    ]
    assert len(failed) == 1
    assert "still reads" in failed[0].what
