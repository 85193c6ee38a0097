"""Sets an engine up over the small world, and plays the operator."""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

from tests.engine.steps_of_test import REGISTRY
from tests.engine.world import PIN, JumpingClock, World
from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.engine.commands import Approve, Command, Stop
from wizard.engine.engine import Engine
from wizard.engine.snapshot import Snapshot
from wizard.gateway.read_only import ReadOnly
from wizard.session.base import Actor
from wizard.session.events import SessionResumed, SessionStarted
from wizard.session.journal import Journal
from wizard.session.memory import MemoryJournal
from wizard.session.rechecks import RecheckStarted
from wizard.session.reduce import fold
from wizard.session.state import SessionState, Status
from wizard.session.stores import FileStore
from wizard.session.writer import SessionJournal

ACTOR = Actor(caller_arn=PIN.caller_arn, host="host", user="ada")
ADVICE = """
E1: {severity: WARN, says: the letter, fact: the fact, wizard: what it does, reason: because}
"""
HEAD = """
schema: st-wizard/1
id: test
title: Test
source: test
"""


def pinned(text: str) -> Pinned:
    return load_text(HEAD + text, "test.yaml", advice=ADVICE)


class Stage:
    """One world, one journal, and engines over them, one after another as after crashes."""

    def __init__(self, home: Path, text: str) -> None:
        self.clock = JumpingClock()
        self.world = World(self.clock)
        self.pinned = pinned(text)
        self.store = FileStore(home)
        self.journal = Journal(self.store, self.clock)
        self._ids = itertools.count(1)
        self._home = home
        self.session = "s1"
        self._begun = False

    def engine(self) -> Engine:
        """A new engine; the first one begins the session, later ones resume it."""
        if not self._begun:
            self._begun = True
            writer = self._created(self.session)
        else:
            writer = self.journal.open(self.session, ACTOR)
            writer.append(SessionResumed(tool_version="0", pin=PIN))
        return self._engine(writer)

    def preview(self) -> Engine:
        started = SessionStarted(
            session="preview",
            number=0,
            checklist_id="test",
            checklist_sha256="",
            tool_version="0",
            pin=PIN,
        )
        writer = MemoryJournal(self.clock, ACTOR, SessionState())
        writer.append(started)
        return self._engine(writer, preview=True)

    def recheck(self, session: str = "again") -> Engine:
        """An engine of another session, which reads again what this one asserted."""
        before = self.state()
        writer = self._created(session)
        writer.append(
            RecheckStarted(
                session=before.session,
                number=before.number,
                head_sha256=before.head_sha256,
                caller_arn=PIN.caller_arn,
                tool_version="0",
            )
        )
        return Engine(
            pinned=self.pinned,
            registry=REGISTRY,
            gateway=ReadOnly(self.world),
            journal=writer,
            clock=self.clock,
            ids=lambda: f"op{next(self._ids)}",
            recheck=before,
            workers=4,
        )

    def _created(self, session: str) -> SessionJournal:
        return self.journal.create(
            session=session,
            checklist_id="test",
            checklist_text=self.pinned.text,
            advice_text=ADVICE,
            checklist_sha256=self.pinned.sha256,
            tool_version="0",
            pin=PIN,
            actor=ACTOR,
        )

    def _engine(self, writer: object, *, preview: bool = False) -> Engine:
        return Engine(
            pinned=self.pinned,
            registry=REGISTRY,
            gateway=self.world,
            journal=writer,  # type: ignore[arg-type]
            clock=self.clock,
            ids=lambda: f"op{next(self._ids)}",
            preview=preview,
            workers=4,
        )

    def run(
        self,
        *commands: Command,
        until: Callable[[SessionState], bool] | None = None,
        approve: bool = True,
    ) -> SessionState:
        """Run an engine with these commands until it ends, or until `until` holds and then stop."""
        engine = self.engine()
        play(engine, *([Approve()] if approve else []), *commands, until=until)
        return self.state()

    def state(self) -> SessionState:
        """As a later process reads it from the disk."""
        return fold(self.journal.entries(self.session))

    def statuses(self) -> dict[str, Status]:
        return {name: item.status for name, item in self.state().items.items()}


def play(
    engine: Engine,
    *commands: Command,
    until: Callable[[SessionState], bool] | None = None,
    seconds: float = 20,
) -> None:
    """Start, send, wait, stop. `seconds` is a bound for a broken engine, never waited for."""
    reached = threading.Event()

    def watch(snapshot: Snapshot) -> None:
        if until is not None and until(snapshot.state):
            reached.set()
        if not snapshot.running:
            reached.set()

    engine.subscribe(watch)
    for command in commands:
        engine.send(command)
    engine.start()
    assert reached.wait(seconds), engine.snapshot
    engine.send(Stop(reason="test"))
    assert engine.join(seconds), engine.snapshot
    assert not engine.snapshot.error, engine.snapshot.error


def item_is(item: str, status: Status) -> Callable[[SessionState], bool]:
    return lambda state: state.item(item).status is status


def must_attest(item: str) -> Callable[[SessionState], bool]:
    def holds(state: SessionState) -> bool:
        pause = state.item(item).pause
        return pause is not None and pause.must_attest

    return holds
