"""Operators in processes of their own race for a session: never two writers at a time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.engine.world import PIN
from wizard.clock import SystemClock
from wizard.session.base import Actor
from wizard.session.events import Approved
from wizard.session.journal import Journal
from wizard.session.stores import open_store

RACES = int(os.environ.get("ST_WIZARD_RACES", "8"))
"""`make crash` has a thousand of each kind."""
EACH = 50
"""Races for one session: each reads all lines of those before."""
NAMES = ("ada", "bob", "eve")


class Operator:
    """One racer, as its process."""

    def __init__(self, home: Path, store: str, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.session.racer", str(home), store, name],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def told(self, order: str) -> None:
        """Hand an order in."""
        assert self.process.stdin is not None
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()

    def said(self) -> str:
        """What came of it."""
        assert self.process.stdout is not None
        answer = self.process.stdout.readline().strip()
        assert answer, "it ended"
        return answer


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest) -> str:
    """The address of a store; none is a file."""
    return "" if request.param == "file" else str(request.getfixturevalue("store_url"))


@pytest.fixture
def journal(tmp_path: Path, store: str) -> Journal:
    return Journal(open_store(tmp_path, store), SystemClock())


@contextmanager
def operators(home: Path, store: str, names: tuple[str, ...] = NAMES) -> Iterator[list[Operator]]:
    with ExitStack() as stack:
        racers = [Operator(home, store, name) for name in names]
        for racer in racers:
            stack.enter_context(racer.process)
            stack.callback(racer.process.kill)
        assert {racer.said() for racer in racers} == {"ready"}
        yield racers


def everybody(racers: list[Operator], order: str) -> list[str]:
    """All are told the same at once; what came of it for each."""
    for racer in racers:
        racer.told(order)
    return [racer.said() for racer in racers]


def begin(journal: Journal, session: str) -> None:
    journal.create(
        session=session,
        checklist_id="test",
        checklist_text="",
        advice_text="",
        checklist_sha256="",
        tool_version="0",
        pin=PIN,
        actor=Actor(caller_arn=PIN.caller_arn, host="host", user="ada"),
    ).close()


def written(journal: Journal, session: str) -> list[str]:
    """The lines of racers, in order; the chain is checked as they are read."""
    events = [entry.event for entry in journal.entries(session)]
    return [event.items[0] for event in events if isinstance(event, Approved)]


def test_of_those_who_race_for_a_session_one_gets_in(
    tmp_path: Path, store: str, journal: Journal
) -> None:
    with operators(tmp_path, store) as racers:
        for race in range(RACES):
            session = f"session-{race // EACH}"
            if race % EACH == 0:
                begin(journal, session)
            answers = everybody(racers, f"open {session}")
            inside = [answer for answer in answers if answer.startswith("wrote")]
            assert len(inside) == 1, answers
            others = [answer for answer in answers if answer not in inside]
            assert all("open elsewhere" in answer for answer in others), answers
            line = inside[0].split(" ", 2)[2]
            assert written(journal, session)[-1] == line
            everybody(racers, "leave")
        assert len(written(journal, session)) == (RACES - 1) % EACH + 1


def test_of_those_who_take_over_at_once_the_last_one_writes(
    tmp_path: Path, store: str, journal: Journal
) -> None:
    """Whoever was taken over writes nothing more, whatever was said to be written is there, and no
    line of an older epoch stands after one of a newer."""
    with operators(tmp_path, store) as racers:
        for race in range(RACES):
            session = f"session-{race // EACH}"
            if race % EACH == 0:
                begin(journal, session)
            before = len(written(journal, session))
            answers = everybody(racers, f"take {session}")
            answers += everybody(racers, "write")
            there = {answer.split(" ", 2)[2]: int(answer.split()[1])
                     for answer in answers if answer.startswith("wrote")}  # fmt: skip
            lines = written(journal, session)[before:]
            assert sorted(lines) == sorted(there)
            epochs = [there[line] for line in lines]
            assert epochs == sorted(epochs), answers
            # After the last takeover one of them is left, and it writes on.
            last = [answer for answer in answers[len(racers) :] if answer.startswith("wrote")]
            assert len(last) == 1, answers
            everybody(racers, "leave")


def test_a_dead_holders_lock_is_free_at_once(tmp_path: Path) -> None:
    journal = Journal(open_store(tmp_path), SystemClock())
    begin(journal, "session-0")
    for _ in range(2):
        with operators(tmp_path, "", ("ada", "bob")) as (ada, bob):
            ada.told("open session-0")
            assert ada.said().startswith("wrote")
            bob.told("open session-0")
            assert "ada on host-ada" in bob.said()
            ada.process.send_signal(signal.SIGKILL)
            ada.process.wait()
            assert journal.holder("session-0") is None
            bob.told("open session-0")
            assert bob.said().startswith("wrote")


def test_who_only_looks_who_has_it_keeps_nobody_out(tmp_path: Path) -> None:
    """`st-wizard sessions` looks at every lock there is, at any moment."""
    import fcntl

    journal = Journal(open_store(tmp_path), SystemClock())
    begin(journal, "session-0")
    actor = Actor(caller_arn=PIN.caller_arn, host="host", user="ada")
    flock = fcntl.flock
    looked: list[object] = []

    def look_meanwhile(file: object, how: int) -> None:
        if how & fcntl.LOCK_EX and not looked:
            with (tmp_path / "session-0.lock").open("rb") as other:
                looked.append(flock(other, fcntl.LOCK_SH))
                flock(file, how)  # type: ignore[arg-type]
        flock(file, how)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", look_meanwhile)
        journal.open("session-0", actor).close()
    assert looked
