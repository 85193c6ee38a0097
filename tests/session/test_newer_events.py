"""A line that tells of what this version has no word for is a newer version's, not damage."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from tests.engine.stage import Stage
from tests.session.test_journal import ONE
from wizard.errors import RefusedError


def test_an_event_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    stage.run()
    with sqlite3.connect(stage.store.path) as connection:
        (line,) = connection.execute("SELECT line FROM events ORDER BY seq DESC").fetchone()
        newer = line.replace('"event":"session_finished"', '"event":"session_blessed"')
        assert newer != line
        sha256 = hashlib.sha256(newer.encode()).hexdigest()
        connection.execute(
            "UPDATE events SET line = ?, sha256 = ? WHERE line = ?", (newer, sha256, line)
        )
        connection.execute("UPDATE heads SET sha256 = ?", (sha256,))
    before = stage.store.path.read_bytes()
    with pytest.raises(RefusedError, match="written by a newer st-wizard"):
        stage.journal.entries("s1")
    assert stage.store.path.read_bytes() == before
