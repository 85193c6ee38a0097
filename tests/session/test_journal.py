"""The journal: numbered, chained, private, refused when damaged or newer."""

import sqlite3
import stat
from pathlib import Path

import pytest

from tests.engine.stage import ACTOR, Stage
from wizard.errors import RefusedError, StorageError, WizardError
from wizard.session.events import Approved
from wizard.session.stores import FileStore

ONE = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
"""


def test_the_directory_and_the_file_are_the_owners_alone(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "home", ONE)
    stage.run()
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    assert stat.S_IMODE(stage.store.path.stat().st_mode) == 0o600


def test_a_directory_that_was_there_keeps_its_mode_and_a_shared_one_is_refused(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    Stage(home, ONE)
    assert stat.S_IMODE(home.stat().st_mode) == 0o755
    home.chmod(0o777)
    with pytest.raises(RefusedError, match="Others can write"):
        FileStore(home)


def test_numbers_have_no_gap_and_names_find(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    for name in ("aaaa1", "aaaa2", "bbbb3"):
        stage.session, stage._begun = name, False
        stage.run()
    assert [stored.number for stored in stage.journal.sessions()] == [1, 2, 3]
    assert stage.journal.find("2").session == "aaaa2"
    assert stage.journal.find("bbbb").number == 3
    with pytest.raises(WizardError, match="More than one"):
        stage.journal.find("aaaa")
    with pytest.raises(WizardError, match="No session"):
        stage.journal.find("9")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE events SET line = replace(line, 'us-east-1', 'eu-west-1') WHERE seq = 1",
        "DELETE FROM events WHERE seq = 2",
        "UPDATE events SET sha256 = 'x' WHERE seq = 2",
        "UPDATE events SET line = '{' WHERE seq = 2",
    ],
)
def test_damage_is_found_and_its_line_named(tmp_path: Path, damage: str) -> None:
    stage = Stage(tmp_path, ONE)
    stage.run()
    with sqlite3.connect(stage.store.path) as connection:
        connection.execute(damage)
    with pytest.raises(RefusedError, match=r"Line [123] of session s1 is damaged"):
        stage.journal.entries("s1")


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        ("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "last lines"),
        ("UPDATE sessions SET checklist_text = checklist_text || ' '", "the checklist"),
        ("UPDATE sessions SET advice_text = checklist_text || ' '", "the checklist"),
        ("UPDATE sessions SET number = 7", "missing from the list"),
    ],
)
def test_what_was_cut_or_put_beside_the_chain_is_found(tmp_path: Path, cut: str, said: str) -> None:
    stage = Stage(tmp_path, ONE)
    stage.run()
    with sqlite3.connect(stage.store.path) as connection:
        connection.execute(cut)
    with pytest.raises(StorageError, match=said):
        stage.journal.open(stage.journal.find("1").session, ACTOR)


def test_a_newer_journal_is_refused_untouched(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    with sqlite3.connect(stage.store.path) as connection:
        connection.execute("UPDATE meta SET schema = 99")
    before = stage.store.path.read_bytes()
    with pytest.raises(RefusedError, match="newer st-wizard"):
        FileStore(tmp_path)
    assert stage.store.path.read_bytes() == before


def test_events_of_one_commit_keep_their_order(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    stage.run()
    writer = stage.journal.open("s1", ACTOR)
    seq = writer.state.seq
    writer.append(Approved(items=("a",)), Approved(items=("b",)))
    writer.close()
    last = stage.journal.entries("s1")[-2:]
    assert [entry.seq for entry in last] == [seq + 1, seq + 2]
    assert last[1].previous_sha256 == last[0].sha256
    assert writer.state == stage.state()
