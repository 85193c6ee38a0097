"""A disk that takes no more, by the operating system's own refusal, and one that is not ours."""

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.command import COMMAND, environment
from tests.engine.stage import Stage
from tests.engine.test_storage import ITEMS, TEXT, play_to_its_end
from tests.session.test_journal import ONE
from wizard.effects import Write
from wizard.session.calls import CallIntended
from wizard.session.state import Status


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Each file of this process may grow to so many bytes, as where a quota or a disk is full."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.MonkeyPatch.context() as patch:
        # Python itself would keep halves of what it compiles.
        patch.setattr(sys, "dont_write_bytecode", True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@pytest.mark.parametrize("room", [0, 1000, 4000, 8000, 12_000])
def test_what_the_disk_takes_no_more_is_gone_on_with_later(tmp_path: Path, room: int) -> None:
    stage = Stage(tmp_path, TEXT)
    stage.run(approve=False, until=lambda state: state.item("c").status is Status.NEEDS_APPROVAL)
    engine = stage.engine()
    with no_file_beyond(stage.store.path.stat().st_size + room):
        error = play_to_its_end(engine)
    committed = stage.journal.entries("s1")  # each line that was said to be written is there
    intended = [
        str(entry.event.params["Name"])
        for entry in committed
        if isinstance(entry.event, CallIntended)
    ]
    done = [str(one.params["Name"]) for one in stage.world.calls if isinstance(one, Write)]
    assert set(done) <= set(intended)
    assert "st-wizard resume" in error
    stage.run()
    state = stage.state()
    assert {state.item(item).status for item in ITEMS} == {Status.DONE}
    assert sorted(stage.world.written()) == ["PutThing"] * 3


@pytest.mark.parametrize("room", [100, 1000])
def test_no_room_to_begin_with_is_told(tmp_path: Path, room: int) -> None:
    """Neither for the lock, nor, with a little more, for what SQLite needs to undo a change."""
    stage = Stage(tmp_path, ONE)
    stage.run()
    before = stage.journal.lines("s1")
    done = sessions(tmp_path, "-c", "1", limit=room)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be used" in done.stderr
    assert "damaged" not in done.stderr
    assert stage.journal.lines("s1") == before


@pytest.mark.parametrize("kept", ["nothing", "a journal", "a locked journal"])
def test_a_directory_that_is_read_only_is_told(tmp_path: Path, kept: str) -> None:
    home = tmp_path / "home"
    if kept == "nothing":
        home.mkdir()
    else:
        stage = Stage(home, ONE)
        stage.run(approve=False, until=lambda s: s.item("a").status is Status.NEEDS_APPROVAL)
        (home / "s1.lock").unlink()
    if kept == "a locked journal":
        (home / "journal.db").chmod(0o400)
    home.chmod(0o500)
    try:
        done = sessions(home, "-c", "1") if kept == "a journal" else sessions(home, "sessions")
    finally:
        home.chmod(0o700)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be used" in done.stderr or "cannot be kept here" in done.stderr
    assert "--home" in done.stderr
    assert "damaged" not in done.stderr


def test_nobody_else_may_read_what_is_kept(tmp_path: Path) -> None:
    """Whatever the shell's mask is: the journal, its lock, the reserve."""
    before = os.umask(0)
    try:
        stage = Stage(tmp_path / "home", ONE)
        seen: dict[str, int] = {}

        def look(_: object) -> None:
            for file in (tmp_path / "home").iterdir():
                seen[file.name.rpartition(".")[2]] = stat.S_IMODE(file.stat().st_mode)

        engine = stage.engine()
        engine.subscribe(look)
        assert not play_to_its_end(engine)
    finally:
        os.umask(before)
    assert {"db", "lock", "reserve"} <= set(seen)
    assert set(seen.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


OPEN_IT = """
import sys
from pathlib import Path
from tests.engine.stage import ACTOR
from tests.engine.world import JumpingClock
from wizard.errors import WizardError
from wizard.session.journal import Journal
from wizard.session.stores import FileStore
try:
    Journal(FileStore(Path(sys.argv[1])), JumpingClock()).open(sys.argv[2], ACTOR)
except WizardError as error:
    sys.exit(str(error))
"""
"""Tries to go on with a session as `resume` does once it knows the account."""

DAC_OVERRIDE = 1
"""https://man7.org/linux/man-pages/man7/capabilities.7.html"""


def sessions(home: Path, *arguments: str, limit: int = 0) -> "subprocess.CompletedProcess[str]":
    """The command, or Python with `-c` SESSION, as somebody whom the modes of files bind."""

    def bound() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if os.geteuid() == 0:
            import ctypes

            # PR_CAPBSET_DROP: root, too, is refused then.
            ctypes.CDLL(None).prctl(24, DAC_OVERRIDE, 0, 0, 0)

    command = [COMMAND, *arguments, "--home", str(home)]
    if arguments[0] == "-c":
        command = [sys.executable, "-c", OPEN_IT, str(home), arguments[1]]
    return subprocess.run(
        command,
        env={
            **environment(),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        preexec_fn=bound,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
