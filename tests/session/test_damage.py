"""Every byte of a journal matters or does not: a changed one is found, or changes nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.stage import ACTOR
from tests.engine.world import JumpingClock
from wizard.errors import RefusedError, WizardError
from wizard.session.journal import Journal
from wizard.session.stores import FileStore

GOLDEN = Path(__file__).parents[1] / "data" / "journals" / "3.db"
STRIDE = int(os.environ.get("ST_WIZARD_STRIDE", "251"))
"""Every so many bytes are tried: `make crash` tries them all."""
WHOLE = GOLDEN.read_bytes()


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return read(tmp_path_factory.mktemp("whole"), WHOLE)


def read(home: Path, content: bytes) -> list[str]:
    """What a later process reads and goes on with; `WizardError` when it finds it damaged."""
    (home / "journal.db").write_bytes(content)
    journal = Journal(FileStore(home), JumpingClock())
    stored = journal.sessions()
    if [one.session for one in stored] != ["s1"]:
        # That a session is gone shows in the gap-free list, not in the session.
        raise RefusedError("another list of sessions")
    journal.entries("s1")
    journal.open("s1", ACTOR).close()
    return [*journal.lines("s1"), journal.seal("s1").commit("password", b"hunter2")]


def flips() -> Iterator[tuple[int, bytes]]:
    for place in range(0, len(WHOLE), STRIDE):
        for change in (0xFF, 0x01):
            yield place, WHOLE[:place] + bytes([WHOLE[place] ^ change]) + WHOLE[place + 1 :]


def test_every_byte_flipped_is_found_or_harmless(tmp_path: Path, lines: list[str]) -> None:
    found = 0
    for place, content in flips():
        try:
            seen = read(tmp_path, content)
        except WizardError:
            found += 1
        else:
            assert seen == lines, f"byte {place} changed what is read, and nobody noticed"
    assert found


def test_every_cut_is_found(tmp_path: Path, lines: list[str]) -> None:
    for end in range(1, len(WHOLE), STRIDE * 8):
        try:
            seen = read(tmp_path, WHOLE[:end])
        except WizardError:
            continue
        assert seen == lines, f"cut at {end}"
