"""Journals of every older version are brought forward, and those of newer ones left alone."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.engine.stage import ACTOR
from tests.engine.world import JumpingClock
from tests.session.test_stores import begin
from wizard.session.events import Approved
from wizard.session.journal import Journal
from wizard.session.state import Status
from wizard.session.stores import FileStore, ServerStore
from wizard.session.tables import MIGRATIONS, SCHEMA, meta, seals

GOLDEN = Path(__file__).parents[1] / "data" / "journals"
"""One journal as each version wrote it."""


def test_each_version_has_its_golden_file_and_its_way_forward() -> None:
    assert sorted(int(file.stem) for file in GOLDEN.iterdir()) == list(range(1, SCHEMA + 1))
    assert sorted(MIGRATIONS) == list(range(1, SCHEMA))


@pytest.mark.parametrize("version", range(1, SCHEMA + 1))
def test_a_session_of_that_version_is_read_and_gone_on_with(tmp_path: Path, version: int) -> None:
    file = tmp_path / "journal.db"
    shutil.copy(GOLDEN / f"{version}.db", file)
    before = _lines(file)
    journal = Journal(FileStore(tmp_path), JumpingClock())
    state = journal.state("s1")
    assert {item.id: item.status for item in state.items.values()} == {
        "a": Status.DONE,
        "b": Status.DONE,
    }
    writer = journal.open("s1", ACTOR)
    writer.append(Approved(items=("a",)))
    writer.close()
    assert journal.lines("s1")[:-1] == before
    assert journal.entries("s1")[-1].seq == state.seq + 1
    # A second opening finds nothing left to do.
    assert Journal(FileStore(tmp_path), JumpingClock()).state("s1").approved >= {"a"}


@pytest.mark.parametrize("version", range(1, SCHEMA + 1))
def test_a_session_of_that_version_keeps_one_seal(tmp_path: Path, version: int) -> None:
    shutil.copy(GOLDEN / f"{version}.db", tmp_path / "journal.db")
    commits = {
        Journal(FileStore(tmp_path), JumpingClock()).seal("s1").commit("password", b"hunter2")
        for _ in range(2)
    }
    assert len(commits) == 1
    if version == SCHEMA:
        assert commits == {"3a9598bf66d464e7fff3efb8fe9e267c44aac6ee6a3179622297d78e1f0135fd"}


def test_a_server_of_an_older_version_is_brought_forward(tmp_path: Path, store_url: str) -> None:
    home = tmp_path / "home"
    store = ServerStore(home, store_url)
    writer = begin(Journal(store, JumpingClock()), "s1")
    writer.close()
    with store.engine.begin() as connection:
        seals.drop(connection)
        connection.execute(meta.update().values(schema=2))
    commits = {
        Journal(ServerStore(home, store_url), JumpingClock()).seal("s1").commit("a", b"b")
        for _ in range(2)
    }
    assert len(commits) == 1


def test_older_sessions_do_not_share_a_seal(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "other")]
    for home in homes:
        home.mkdir(mode=0o700)
        shutil.copy(GOLDEN / "2.db", home / "journal.db")
    seals = [Journal(FileStore(home), JumpingClock()).seal("s1") for home in homes]
    assert seals[0].commit("password", b"hunter2") != seals[1].commit("password", b"hunter2")


def _lines(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT line FROM events ORDER BY seq").fetchall()
    return [row[0] for row in rows]
