"""The journal: every session's events, each line chained to the one before by its SHA-256."""

import os
import time

import msgspec
import sqlalchemy as sa

from wizard.clock import Clock, iso
from wizard.errors import UsageError
from wizard.session.base import Actor, Pin
from wizard.session.emergency import Emergency
from wizard.session.events import Entry, SessionStarted
from wizard.session.lease import Holder
from wizard.session.lines import FIRST, chain, checked
from wizard.session.reduce import fold
from wizard.session.state import SessionState
from wizard.session.stores import Store
from wizard.session.tables import events, leases, sessions
from wizard.session.writer import SessionJournal, rows_of


class StoredSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as the journal keeps it, with the checklist text it is pinned to."""

    number: int
    session: str
    checklist_id: str
    checklist_text: str
    advice_text: str


class Journal:
    """All sessions of one store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._engine = store.engine
        self.where = store.where

    def create(
        self,
        *,
        session: str,
        checklist_id: str,
        checklist_text: str,
        advice_text: str,
        checklist_sha256: str,
        tool_version: str,
        pin: Pin,
        actor: Actor,
    ) -> "SessionJournal":
        """A new session with the next number, its first event written, its lease held."""
        with self._engine.begin() as connection:
            self._store.exclusive(connection)
            last = connection.execute(sa.select(sa.func.max(sessions.c.number))).scalar()
            number = (last or 0) + 1
            connection.execute(
                sessions.insert().values(
                    number=number,
                    session=session,
                    checklist_id=checklist_id,
                    checklist_text=checklist_text,
                    advice_text=advice_text,
                )
            )
            connection.execute(
                leases.insert().values(session=session, epoch=0, holder="", beat=0.0)
            )
            started = SessionStarted(
                session=session,
                number=number,
                checklist_id=checklist_id,
                checklist_sha256=checklist_sha256,
                tool_version=tool_version,
                pin=pin,
            )
            at = iso(self._clock.utc())
            lines = chain([started], seq=0, previous=FIRST, at=at, actor=actor)
            connection.execute(events.insert(), rows_of(session, lines))
        return self._writer(session, actor)

    def open(self, session: str, actor: Actor, *, takeover: bool = False) -> "SessionJournal":
        """The right to write to a session; `RefusedError` names who has it.

        With `takeover`, whoever has it loses it: nothing that they write counts from now on."""
        return self._writer(self.find(session).session, actor, takeover=takeover)

    def _writer(self, session: str, actor: Actor, *, takeover: bool = False) -> "SessionJournal":
        me = Holder(user=actor.user, host=actor.host, pid=os.getpid(), since=iso(self._clock.utc()))
        held = self._store.take(session, me, takeover=takeover)
        try:
            return SessionJournal(
                self._engine,
                self._clock,
                session=session,
                actor=actor,
                held=held,
                entries=self.entries(session),
                emergency=Emergency(self._store.home, session),
                pause=time.sleep,
            )
        except BaseException:
            held.release()
            raise

    def sessions(self) -> list[StoredSession]:
        """Every session, the oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(sessions).order_by(sessions.c.number))
            return [
                StoredSession(
                    number=row.number,
                    session=row.session,
                    checklist_id=row.checklist_id,
                    checklist_text=row.checklist_text,
                    advice_text=row.advice_text,
                )
                for row in rows
            ]

    def find(self, name: str) -> StoredSession:
        """By number, by id or by the beginning of an id; `WizardError` when there is not one."""
        found = [
            stored
            for stored in self.sessions()
            if name == str(stored.number)
            or stored.session == name
            or (len(name) >= 4 and stored.session.startswith(name))
        ]
        if len(found) != 1:
            raise UsageError(
                f"{'No session' if not found else 'More than one session'} is called {name}.",
                where=self.where,
                todo="`st-wizard sessions` lists them.",
            )
        return found[0]

    def entries(self, session: str) -> list[Entry]:
        """All lines of a session, the chain checked."""
        return checked(self._rows(session), self.where, session)

    def lines(self, session: str) -> list[str]:
        """The lines as they are kept, which an export repeats to the letter."""
        return [line for line, _ in self._rows(session)]

    def _rows(self, session: str) -> list[tuple[str, str]]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.select(events.c.line, events.c.sha256)
                .where(events.c.session == session)
                .order_by(events.c.seq)
            ).all()
        return [(row.line, row.sha256) for row in rows]

    def state(self, session: str) -> SessionState:
        """The fold of a session's lines."""
        return fold(self.entries(session))

    def holder(self, session: str) -> Holder | None:
        """Who writes to it now."""
        return self._store.holder(session)
