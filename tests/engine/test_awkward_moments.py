"""Commands, news and answers that come at the worst moment: nothing hangs, nothing is untrue."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.engine.stage import ACTOR, Stage, item_is, play
from tests.engine.world import PIN, once
from wizard.effects import Effect, Read, Write
from wizard.engine.commands import Approve, Continue, Pause, Retry, Skip
from wizard.engine.engine import Engine
from wizard.engine.record import Record
from wizard.engine.snapshot import Snapshot
from wizard.errors import CredentialsError, ThrottledError, UnreachableError
from wizard.session.base import Pin
from wizard.session.state import SessionState, Status

ONE = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
"""
LATER_FIRST = """
sections:
- title: S
  items:
  - {id: b, title: B, letter: B, step: test.thing, needs: [a], with: {name: two}}
  - {id: a, title: A, letter: A, step: test.thing, when: "${`false`}", with: {name: one}}
"""
ASKED = """
inputs:
  name: {label: Name, type: choice, choices: {source: test.names}}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: "${inputs.name}"}}
"""
EXPIRED = CredentialsError("Your AWS session ended.", code="ExpiredToken")


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


def finished(state: SessionState) -> bool:
    return bool(state.finished_at)


def test_what_ends_at_once_lets_an_earlier_line_begin(tmp_path: Path) -> None:
    stage = Stage(tmp_path, LATER_FIRST)
    stage.world.things["two"] = "right"
    state = stage.run(until=finished, approve=False)
    assert state.item("a").status is Status.NOT_APPLICABLE
    assert state.item("b").status is Status.DONE


def test_a_question_that_waits_in_a_pause_ends_with_the_engine(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ASKED)
    engine = stage.engine()
    engine.send(Pause())
    dropdown, default = engine.dropdown("name"), engine.default("name")
    play(engine, until=lambda state: bool(state.paused))
    for future in (dropdown, default, engine.dropdown("name")):
        with pytest.raises(CancelledError):
            future.result(5)


def test_a_listener_that_breaks_does_not_end_the_run(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    engine = stage.engine()
    told: list[Snapshot] = []

    def broken(snapshot: Snapshot) -> None:
        told.append(snapshot)
        raise RuntimeError("the screen is gone")

    engine.subscribe(broken)
    play(engine, Approve(), until=finished)
    assert stage.state().finished_at
    assert len(told) == 1


def test_a_pause_after_go_on_is_obeyed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    engine = stage.engine()
    asked, answer = threading.Event(), threading.Event()

    def identity() -> Pin:
        asked.set()
        assert answer.wait(10)
        return PIN

    stage.world.identity = identity  # type: ignore[method-assign]

    def pause_again() -> None:
        assert asked.wait(10)
        engine.send(Pause(reason="once more"))

    when(engine, lambda snapshot: bool(snapshot.state.paused), lambda: engine.send(Continue()))
    when(engine, lambda snapshot: snapshot.handled == 2, pause_again)
    when(engine, lambda snapshot: snapshot.handled == 3, answer.set)
    settled = threading.Event()
    when(engine, lambda snapshot: "paused again" in snapshot.notice, settled.set)
    play(
        engine,
        Pause(),
        until=lambda state: settled.is_set() or (not state.paused and state.seq > 4),
    )
    assert settled.is_set()
    assert stage.world.written() == []


def test_an_identity_that_breaks_is_told(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    engine = stage.engine()

    def identity() -> Pin:
        raise KeyError("Arn")

    stage.world.identity = identity  # type: ignore[method-assign]
    told = threading.Event()
    when(engine, lambda snapshot: bool(snapshot.state.paused), lambda: engine.send(Continue()))
    when(engine, lambda snapshot: "Still paused" in snapshot.notice, told.set)
    play(engine, Pause(), until=lambda _: told.is_set(), seconds=5)
    assert told.is_set()


def test_who_logged_in_again_signs_what_follows(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    stage.world.before.append(once(is_write, EXPIRED))
    stage.world.pin = replace(PIN, caller_arn=PIN.caller_arn.replace("/ada", "/bob"))
    engine = stage.engine()
    when(engine, lambda snapshot: bool(snapshot.state.paused), lambda: engine.send(Continue()))
    play(engine, Approve(), until=finished)
    entries = stage.journal.entries(stage.session)
    assert entries[0].actor.caller_arn.endswith("/ada")
    assert entries[-1].actor.caller_arn.endswith("/bob")


def test_a_preview_with_expired_credentials_ends_and_says_so(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    stage.world.before.append(once(lambda _: True, EXPIRED))
    engine = stage.preview()
    play(engine, seconds=5)
    problem = engine.snapshot.state.item("a").problem
    assert problem is not None
    assert "session ended" in problem.what


def test_a_throttled_dropdown_is_read_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ASKED)
    stage.world.things["names"] = ["one"]
    slow = ThrottledError("Slow down.", code="Throttling")
    stage.world.before.append(once(lambda effect: isinstance(effect, Read), slow))
    engine = stage.engine()
    dropdown = engine.dropdown("name")
    play(engine, until=lambda _: dropdown.done())
    assert dropdown.result(5).problem == ""


@pytest.mark.parametrize("command", [Skip(item="nobody", reason="x"), Retry(item="nobody")])
def test_an_item_that_there_is_not_is_told(tmp_path: Path, command: Skip | Retry) -> None:
    stage = Stage(tmp_path, ONE)
    engine = stage.engine()
    notices: list[str] = []
    engine.subscribe(lambda snapshot: notices.append(snapshot.notice))
    play(engine, command, until=item_is("a", Status.NEEDS_APPROVAL))
    assert any("no item called nobody" in notice for notice in notices)
    assert "nobody" not in stage.state().items


def test_a_network_that_is_gone_for_a_while_ends_no_wait(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.seen, with: {name: one}}
""",
    )
    looks: list[Effect] = []

    def network(effect: Effect) -> None:
        looks.append(effect)
        if 1 < len(looks) < 5:
            raise UnreachableError("No network.", code="EndpointConnectionError")
        if len(looks) == 6:
            stage.world.things["one"] = "right"

    stage.world.before.append(network)
    state = stage.run()
    assert state.finished_at
    assert len(looks) == 6


def test_when_a_call_was_made_reads_the_same_at_each_look(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    stage.run()
    writer = stage.journal.open(stage.session, ACTOR)
    record = Record(writer, stage.clock, speed=600)
    first = record.made("a", 1_000_000.0)
    stage.clock.pass_(0.01)
    assert record.made("a", 1_000_006.25) == first  # a clock a quarter of a second off
    writer.close()
