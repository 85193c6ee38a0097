"""The list of all sessions as a file: whole, gap-free, the same every time, never over another."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.engine.stage import ACTOR, ADVICE, Stage
from tests.engine.world import PIN
from wizard.cli import run
from wizard.cli.kept import population
from wizard.session.events import (
    AnyEvent,
    Approved,
    ItemSkipped,
    SessionAborted,
    SessionFinished,
)
from wizard.session.tables import heads

ONE = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
  - {id: b, title: B, letter: B, step: test.thing, with: {name: two}}
"""


def begin(stage: Stage, name: str, *told: AnyEvent) -> None:
    writer = stage.journal.create(
        session=name,
        checklist_id="test",
        checklist_text=stage.pinned.text,
        advice_text=ADVICE,
        checklist_sha256=stage.pinned.sha256,
        tool_version="0",
        pin=PIN,
        actor=ACTOR,
    )
    writer.append(Approved(), *told)
    writer.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One session that waits, one that was aborted, one whose lines are damaged."""
    home = tmp_path / "home"
    stage = Stage(home, ONE)
    begin(stage, "waits", ItemSkipped(item="a", reason="later"))
    begin(stage, "=aborted()", SessionAborted(reason="wrong\naccount"))
    begin(stage, "damaged", SessionFinished())
    with sqlite3.connect(home / "journal.db") as database:
        database.execute("DELETE FROM events WHERE session = 'damaged' AND seq = 2")
    database.close()
    return home


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(), newline="")))


def test_every_session_is_listed_with_its_end(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "all.csv"
    assert run(["sessions", "--export", str(file), "--home", str(home)]) == 0
    said = capsys.readouterr().out
    assert "3 sessions, numbered without a gap" in said
    assert "1 aborted, 1 open, 1 unreadable" in said
    waits, aborted, damaged = rows(file)
    assert [row["number"] for row in rows(file)] == ["1", "2", "3"]
    assert (waits["how"], waits["ended_utc"], waits["items_open"]) == ("open", "", "1")
    assert (aborted["how"], aborted["why"]) == ("aborted", "wrong\naccount")
    assert aborted["session"] == "'=aborted()"
    assert aborted["ended_utc"]
    assert len(aborted["head_sha256"]) == 64
    assert (damaged["how"], damaged["session"]) == ("unreadable", "damaged")
    assert "Line 2" in damaged["why"]


def test_two_exports_are_the_same_and_none_is_overwritten(home: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    for file in (one, two):
        assert run(["sessions", "--export", str(file), "--home", str(home)]) == 0
    assert one.read_bytes() == two.read_bytes()
    told = json.loads(one.read_bytes())
    assert (told["count"], told["gap_free"]) == (3, True)
    before = one.read_bytes()
    assert run(["sessions", "--export", str(one), "--home", str(home)]) == 4
    assert one.read_bytes() == before
    assert run(["sessions", "--export", str(tmp_path / "x.txt"), "--home", str(home)]) == 2


def test_a_session_that_was_taken_out_is_missed(home: Path, tmp_path: Path) -> None:
    with sqlite3.connect(home / "journal.db") as database:
        database.execute("DELETE FROM sessions WHERE session = '=aborted()'")
    database.close()
    file = tmp_path / "all.csv"
    assert run(["sessions", "--export", str(file), "--home", str(home)]) == 1
    assert not file.exists()


def test_a_start_that_fails_uses_no_number(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "home", ONE)
    begin(stage, "first")

    def fail(_connection: object, clause: object, *_: object) -> None:
        if isinstance(clause, sa.Insert) and clause.table is heads:
            raise OSError("the disk is gone")

    sa.event.listen(stage.store.engine, "before_execute", fail)
    with pytest.raises(OSError, match="gone"):
        begin(stage, "failed")
    sa.event.remove(stage.store.engine, "before_execute", fail)
    begin(stage, "second")
    found = [(one.number, one.session) for one in population(stage.journal)]
    assert found == [(1, "first"), (2, "second")]
