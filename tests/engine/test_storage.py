"""A store that stops taking lines: no call leaves unwritten, no result is lost, none is twice."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.engine.stage import ACTOR, Stage
from wizard.effects import Again, Write
from wizard.engine.commands import Approve, Stop
from wizard.engine.engine import Engine
from wizard.errors import FencedError, StorageError
from wizard.session.calls import CallIntended, CallSucceeded
from wizard.session.lines import Line
from wizard.session.state import Status
from wizard.session.writer import SessionJournal

ITEMS = ("a", "b", "c")
TEXT = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
  - {id: b, title: B, letter: B, step: test.thing, with: {name: two}, needs: [a]}
  - {id: c, title: C, letter: C, step: test.thing, with: {name: three}}
"""


def takes(
    commits: int, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> tuple[Callable[[], None], list[int]]:
    """Lets the store take so many commits and then none; returns how to make room, and how many
    were taken."""
    commit = SessionJournal._commit
    taken: list[int] = []

    def take(self: SessionJournal, lines: Sequence[Line]) -> None:
        if len(taken) >= commits:
            raise error
        taken.append(len(lines))
        commit(self, lines)

    monkeypatch.setattr(SessionJournal, "_commit", take)
    return lambda: monkeypatch.setattr(SessionJournal, "_commit", commit), taken


def play_to_its_end(engine: Engine) -> str:
    """Runs it until its thread ends; what it ended of."""
    ended: list[bool] = []
    engine.subscribe(lambda snapshot: ended.append(not snapshot.running))
    engine.send(Approve())
    engine.start()
    if not engine.join(20):
        engine.send(Stop(reason="test"))
        assert engine.join(20)
    assert ended[-1]
    return engine.snapshot.error


FULL = sa.exc.OperationalError("", None, sqlite3.OperationalError("database or disk is full"))


@pytest.mark.parametrize("after", range(30))
def test_wherever_the_disk_gets_full_the_session_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    stage = Stage(tmp_path, TEXT)
    engine = stage.engine()
    make_room, taken = takes(after, monkeypatch, FULL)
    error = play_to_its_end(engine)
    make_room()
    done = [str(one.params["Name"]) for one in stage.world.calls if isinstance(one, Write)]
    intended = [
        str(entry.event.params["Name"])
        for entry in stage.journal.entries("s1")
        if isinstance(entry.event, CallIntended)
    ]
    assert set(done) <= set(intended)  # nothing left without its line
    if error:
        assert "disk is full" in error
        assert "st-wizard resume" in error
        stage.run()
    else:
        assert len(taken) <= after  # it ended before the disk was full
    state = stage.state()
    assert {state.item(item).status for item in ITEMS} == {Status.DONE}
    assert sorted(stage.world.written()) == ["PutThing"] * 3
    # The result that the store did not take was adopted: no call is told as lost.
    outcomes = {call.outcome for item in ITEMS for call in state.item(item).calls}
    assert outcomes == {"ok"}


def test_a_writer_that_was_taken_over_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(tmp_path, TEXT)
    engine = stage.engine()
    takes(4, monkeypatch, FencedError("Somebody else has taken this session over.", todo="Close."))
    assert "taken this session over" in play_to_its_end(engine)


def test_a_full_disk_is_told_and_the_result_kept(tmp_path: Path) -> None:
    """SQLite's own refusal, on a database that may not grow."""
    stage = Stage(tmp_path, TEXT)
    stage.run(approve=False, until=lambda state: state.item("a").status is Status.NEEDS_APPROVAL)
    writer = stage.journal.open("s1", ACTOR)
    writer.append(
        CallIntended(
            item="a",
            op="op-full",
            title="Put",
            service="things",
            operation="PutThing",
            region="us-east-1",
            params={"Name": "one"},
            request_sha256="0",
            cli="",
            again=Again.LOOK,
        )
    )
    writer._connection.exec_driver_sql("PRAGMA max_page_count = 1")
    writer._connection.rollback()
    result = CallSucceeded(
        item="a",
        op="op-full",
        request_id="r1",
        date="",
        ms=1,
        response={"Id": "x" * 20_000},
        response_sha256="0",
    )
    with pytest.raises(StorageError, match="full"):
        writer.append(result)
    with pytest.raises(StorageError, match="full"):
        writer.append()  # nothing comes after a gap
    writer.close()
    [reserve] = tmp_path.glob("s1.*.reserve")
    assert reserve.stat().st_mode & 0o777 == 0o600
    again = stage.journal.open("s1", ACTOR)
    [call] = [one for one in again.state.item("a").calls if one.op == "op-full"]
    assert (call.outcome, call.request_id) == ("ok", "r1")
    again.close()
    # It is adopted once.
    assert not list(tmp_path.glob("s1.*.reserve"))
    stage.journal.open("s1", ACTOR).close()
    results = [
        entry for entry in stage.journal.entries("s1") if isinstance(entry.event, CallSucceeded)
    ]
    assert len(results) == 1
