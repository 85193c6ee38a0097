"""A session taken from a wizard that lives: its last calls are awaited before any is repeated."""

from pathlib import Path

import pytest

from tests.engine.stage import ACTOR, Stage, item_is, play
from tests.engine.test_crashes import intend
from wizard.effects import Effect
from wizard.engine import doubts
from wizard.engine.commands import Approve, Settle
from wizard.engine.doubts import ITS_LAST_CALLS
from wizard.engine.engine import Engine
from wizard.engine.snapshot import Snapshot
from wizard.gateway.clients import Timeouts
from wizard.gateway.departures import LEAVES_WITHIN
from wizard.session.calls import LONGEST_CALL
from wizard.session.events import SessionResumed, WaitStarted
from wizard.session.state import Status

THING = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
"""
STARTED = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.started}
"""


def taken_over(stage: Stage) -> Engine:
    """What `resume --take-over` begins, while the old wizard lives."""
    pin = stage.state().pin
    assert pin is not None
    writer = stage.journal.open(stage.session, ACTOR, takeover=True)
    writer.append(SessionResumed(tool_version="0", pin=pin, took_over="ada on host"))
    return stage._engine(writer)


def lands_after(stage: Stage, seconds: float) -> None:
    """The old wizard's call does its work so many seconds after the takeover."""
    due = stage.clock.monotonic() + seconds

    def land(_: Effect) -> None:
        if stage.clock.monotonic() >= due:
            stage.world.things["one"] = "right"

    stage.world.before.append(land)


@pytest.mark.parametrize("after", [1.0, 50.0, LONGEST_CALL - 1])
def test_a_call_in_flight_when_it_was_taken_over_is_not_made_again(
    tmp_path: Path, after: float
) -> None:
    stage = Stage(tmp_path, THING)
    intend(stage, "PutThing")
    engine = taken_over(stage)
    lands_after(stage, after)
    seen: list[str] = []
    engine.subscribe(lambda now: seen.extend(look.waiting_for for look in now.looks))
    play(engine, Approve(), until=lambda state: bool(state.finished_at))
    assert stage.world.things["one"] == "right"
    assert stage.world.written() == []  # it was found, so it was not made a second time
    assert ITS_LAST_CALLS in seen  # and the operator saw what was waited for
    [call] = [call for call in stage.state().item("a").calls if call.mutating]
    assert call.outcome == "settled: happened"


def test_what_did_not_happen_is_made_once_after_the_wait(tmp_path: Path) -> None:
    stage = Stage(tmp_path, THING)
    intend(stage, "PutThing")
    began = stage.clock.monotonic()
    play(taken_over(stage), Approve(), until=lambda state: bool(state.finished_at))
    assert stage.world.written() == ["PutThing"]
    assert stage.clock.monotonic() - began >= LONGEST_CALL


def test_a_crash_after_the_takeover_does_not_shorten_the_wait(tmp_path: Path) -> None:
    stage = Stage(tmp_path, THING)
    intend(stage, "PutThing")
    began = stage.clock.monotonic()
    play(taken_over(stage), until=item_is("a", Status.SETTLING))
    play(stage.engine(), Approve(), until=lambda state: bool(state.finished_at))
    assert stage.world.written() == ["PutThing"]
    assert stage.clock.monotonic() - began >= LONGEST_CALL


def test_nobody_is_asked_about_a_call_that_may_still_happen(tmp_path: Path) -> None:
    stage = Stage(tmp_path, STARTED)
    intend(stage, "POST", again="ask")
    began = stage.clock.monotonic()
    engine = taken_over(stage)
    asked: list[float] = []

    def operator(now: Snapshot) -> None:
        if now.state.item("a").status is Status.IN_DOUBT and not asked:
            asked.append(stage.clock.monotonic() - began)
            engine.send(Settle(op="killed", happened=True, note="seen in its log"))

    engine.subscribe(operator)
    play(engine, Approve(), until=lambda state: bool(state.finished_at))
    assert asked[0] >= LONGEST_CALL
    assert "requested" not in stage.world.things


def test_a_call_that_is_long_over_is_not_waited_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path, THING)
    intend(stage, "PutThing")
    stage.clock.pass_(LONGEST_CALL + doubts.SKEW)
    began = stage.clock.monotonic()
    play(taken_over(stage), Approve(), until=lambda state: bool(state.finished_at))
    waits = [
        entry.event
        for entry in stage.journal.entries("s1")
        if isinstance(entry.event, WaitStarted) and entry.event.waiting_for == ITS_LAST_CALLS
    ]
    assert not waits
    assert stage.clock.monotonic() - began < LONGEST_CALL


def test_no_call_of_the_gateway_takes_longer() -> None:
    times = Timeouts()
    assert LEAVES_WITHIN + times.connect + times.read <= LONGEST_CALL
