"""The journal: every session's events, each line chained to the one before by its SHA-256."""

import hashlib
import os
import time
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from wizard.clock import Clock, iso
from wizard.errors import UsageError
from wizard.session.base import Actor, Pin
from wizard.session.emergency import Emergency
from wizard.session.events import ChecklistMoved, Entry, SessionStarted
from wizard.session.lease import Holder
from wizard.session.lines import FIRST, chain, checked
from wizard.session.reduce import fold
from wizard.session.seal import Seal, new_seal
from wizard.session.state import SessionState
from wizard.session.stores import Store
from wizard.session.tables import (
    damaged,
    events,
    heads,
    meta,
    readable,
    sealed,
    seals,
    sessions,
    unsealed,
)
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
            started = SessionStarted(
                session=session,
                number=number,
                checklist_id=checklist_id,
                checklist_sha256=checklist_sha256,
                advice_sha256=hashlib.sha256(advice_text.encode()).hexdigest(),
                tool_version=tool_version,
                pin=pin,
            )
            at = iso(self._clock.utc())
            lines = chain([started], seq=0, previous=FIRST, at=at, actor=actor)
            connection.execute(events.insert(), rows_of(session, lines))
            connection.execute(
                heads.insert().values(
                    session=session,
                    seq=lines[-1].entry.seq,
                    sha256=lines[-1].entry.sha256,
                    epoch=0,
                    holder="",
                    beat=0.0,
                )
            )
            connection.execute(seals.insert().values(**sealed(session, new_seal())))
            connection.execute(meta.update().values(sessions=number))
        return self._writer(session, actor)

    def open(self, session: str, actor: Actor, *, takeover: bool = False) -> "SessionJournal":
        """The right to write to a session; `RefusedError` names who has it.

        With `takeover`, whoever has it loses it: nothing that they write counts from now on."""
        return self._writer(self.find(session).session, actor, takeover=takeover)

    def _writer(self, session: str, actor: Actor, *, takeover: bool = False) -> "SessionJournal":
        me = Holder(user=actor.user, host=actor.host, pid=os.getpid(), since=iso(self._clock.utc()))
        with readable(self.where):
            held = self._store.take(session, me, takeover=takeover)
        try:
            return SessionJournal(
                self._engine,
                self._clock,
                session=session,
                actor=actor,
                held=held,
                entries=self.entries(session),
                emergency=Emergency(self._store.home, session, held.epoch),
                seal=self.seal(session),
                pause=time.sleep,
            )
        except BaseException:
            held.release()
            raise

    def sessions(self) -> list[StoredSession]:
        """Every session, the oldest first."""
        # Counted first, as another process may begin one meanwhile.
        [counted] = self._read(sa.select(meta.c.sessions))
        found = self._stored(sa.select(sessions).order_by(sessions.c.number))
        numbers = [stored.number for stored in found]
        if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < counted["sessions"]:
            raise damaged("sessions are missing from the list", self.where)
        return found

    def _stored(self, query: sa.Select[Any]) -> list[StoredSession]:
        try:
            return [msgspec.convert(row, StoredSession) for row in self._read(query)]
        except msgspec.ValidationError as error:
            raise damaged(f"a session's row: {error}", self.where) from error

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
        """All lines of a session, the chain checked, and that its row says what they say."""
        # Read first, as its writer may go on meanwhile.
        head = self._read(sa.select(heads).where(heads.c.session == session))
        entries = checked(self._rows(session), self.where, session)
        rows = self._stored(sa.select(sessions).where(sessions.c.session == session))
        begun = entries[0].event if entries else None
        if len(rows) != 1 or not isinstance(begun, SessionStarted) or not _agree(rows[0], begun):
            raise damaged(f"the checklist or the number of session {session}", self.where)
        if not head or not any(
            (entry.seq, entry.sha256) == (head[0]["seq"], head[0]["sha256"]) for entry in entries
        ):
            raise damaged(f"the last lines of session {session} are missing", self.where)
        return entries

    def pinned(self, session: str, entries: Sequence[Entry]) -> tuple[str, str]:
        """The texts of checklist and advice that a session with these lines goes by."""
        for entry in reversed(entries):
            if isinstance(entry.event, ChecklistMoved):
                return entry.event.checklist_text, entry.event.advice_text
        stored = self.find(session)
        return stored.checklist_text, stored.advice_text

    def lines(self, session: str) -> list[str]:
        """The lines as they are kept, which an export repeats to the letter."""
        return [line for line, _ in self._rows(session)]

    def _rows(self, session: str) -> list[tuple[str, str]]:
        columns = sa.select(events.c.line, events.c.sha256)
        rows = self._read(columns.where(events.c.session == session).order_by(events.c.seq))
        if not all(isinstance(value, str) for row in rows for value in row.values()):
            raise damaged(f"a line of session {session}", self.where)
        return [(row["line"], row["sha256"]) for row in rows]

    def _read(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with readable(self.where), self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [{str(name): value for name, value in row.items()} for row in rows]

    def state(self, session: str) -> SessionState:
        """The fold of a session's lines."""
        return fold(self.entries(session))

    def seal(self, session: str) -> Seal:
        """What proves single values that are left out of the session's lines."""
        rows = self._read(sa.select(seals).where(seals.c.session == session))
        return unsealed(session, rows, self.where)

    def holder(self, session: str) -> Holder | None:
        """Who writes to it now."""
        return self._store.holder(session)


def _agree(stored: StoredSession, begun: SessionStarted) -> bool:
    """Whether a row holds what the first line, which is in the chain, says of it."""
    return (stored.number, stored.session, stored.checklist_id) == (
        begun.number,
        begun.session,
        begun.checklist_id,
    ) and all(
        said in ("", hashlib.sha256(text.encode()).hexdigest())
        for said, text in (
            (begun.checklist_sha256, stored.checklist_text),
            (begun.advice_sha256, stored.advice_text),
        )
    )
