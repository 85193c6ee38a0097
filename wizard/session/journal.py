"""The journal: every session's events, each line chained to the one before by its SHA-256.

SQLite in one file by default, with one writer for each session. A line is committed, flushed to
the disk, before what it announces happens.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from wizard.clock import Clock, iso
from wizard.errors import RefusedError, UsageError, WizardError
from wizard.session.base import Actor, Pin
from wizard.session.events import AnyEvent, Entry, SessionStarted
from wizard.session.home import prepare
from wizard.session.lease import Holder, Lease, holder
from wizard.session.lines import FIRST, Line, chain, checked
from wizard.session.reduce import fold
from wizard.session.state import SessionState

SCHEMA = 1
"""Version of the tables and of the events in them."""

_metadata = sa.MetaData()
_meta = sa.Table("meta", _metadata, sa.Column("schema", sa.Integer, nullable=False))
_sessions = sa.Table(
    "sessions",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("session", sa.String(64), nullable=False, unique=True),
    sa.Column("checklist_id", sa.String(80), nullable=False),
    sa.Column("checklist_text", sa.Text, nullable=False),
    sa.Column("advice_text", sa.Text, nullable=False),
)
_events = sa.Table(
    "events",
    _metadata,
    sa.Column("session", sa.String(64), sa.ForeignKey("sessions.session"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)


class StoredSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as the journal keeps it, with the checklist text it is pinned to."""

    number: int
    session: str
    checklist_id: str
    checklist_text: str
    advice_text: str


class Journal:
    """All sessions of one home directory (created 0700, the file 0600)."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self.path = prepare(home)
        self._engine = sa.create_engine(f"sqlite:///{self.path}", poolclass=NullPool)
        sa.event.listen(self._engine, "connect", _durable)
        try:
            self._prepare()
        except sa.exc.DatabaseError as error:
            raise WizardError(
                f"The journal cannot be opened: {error.orig}.",
                where=str(self.path),
                todo="Put back a good copy of it, or begin anew with another --home.",
            ) from error

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            _metadata.create_all(connection)
            found = connection.execute(sa.select(_meta.c.schema)).scalar()
            if found is None:
                connection.execute(_meta.insert().values(schema=SCHEMA))
            elif found > SCHEMA:
                raise RefusedError(
                    f"This journal was written by a newer st-wizard (format {found}, "
                    f"this one reads {SCHEMA}).",
                    where=str(self.path),
                    todo="Update st-wizard; the journal was not touched.",
                )

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
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            last = connection.execute(sa.select(sa.func.max(_sessions.c.number))).scalar()
            number = (last or 0) + 1
            connection.execute(
                _sessions.insert().values(
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
                tool_version=tool_version,
                pin=pin,
            )
            at = iso(self._clock.utc())
            lines = chain([started], seq=0, previous=FIRST, at=at, actor=actor)
            connection.execute(_events.insert(), _rows(session, lines))
        return self._writer(session, actor)

    def open(self, session: str, actor: Actor) -> "SessionJournal":
        """The right to write to a session; `RefusedError` names who has it."""
        return self._writer(self.find(session).session, actor)

    def _writer(self, session: str, actor: Actor) -> "SessionJournal":
        lease = Lease(
            self._lock(session),
            Holder(user=actor.user, host=actor.host, pid=os.getpid(), since=iso(self._clock.utc())),
        )
        lease.take()
        try:
            return SessionJournal(
                self._engine,
                self._clock,
                session=session,
                actor=actor,
                lease=lease,
                entries=self.entries(session),
            )
        except BaseException:
            lease.release()
            raise

    def sessions(self) -> list[StoredSession]:
        """Every session, the oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_sessions).order_by(_sessions.c.number))
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
                where=str(self.path),
                todo="`st-wizard sessions` lists them.",
            )
        return found[0]

    def entries(self, session: str) -> list[Entry]:
        """All lines of a session, the chain checked."""
        return checked(self._rows(session), str(self.path), session)

    def lines(self, session: str) -> list[str]:
        """The lines as they are kept, which an export repeats to the letter."""
        return [line for line, _ in self._rows(session)]

    def _rows(self, session: str) -> list[tuple[str, str]]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.select(_events.c.line, _events.c.sha256)
                .where(_events.c.session == session)
                .order_by(_events.c.seq)
            ).all()
        return [(row.line, row.sha256) for row in rows]

    def state(self, session: str) -> SessionState:
        """The fold of a session's lines."""
        return fold(self.entries(session))

    def holder(self, session: str) -> Holder | None:
        """Who writes to it now."""
        return holder(self._lock(session))

    def _lock(self, session: str) -> Path:
        return self._home / f"{session}.lock"


class SessionJournal:
    """The one writer of a session."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        *,
        session: str,
        actor: Actor,
        lease: Lease,
        entries: Sequence[Entry],
    ) -> None:
        self._clock = clock
        self._actor = actor
        self._lease = lease
        self.session = session
        self._state = fold(entries)
        self._connection = engine.connect()

    @property
    def state(self) -> SessionState:
        return self._state

    def append(self, *events: AnyEvent) -> SessionState:
        """Commit the events together, in order; on the disk when this returns."""
        state = self._state
        lines = chain(
            events,
            seq=state.seq,
            previous=state.head_sha256,
            at=iso(self._clock.utc()),
            actor=self._actor,
        )
        with self._connection.begin():
            self._connection.execute(_events.insert(), _rows(self.session, lines))
        self._state = fold((line.entry for line in lines), state)
        return self._state

    def act_as(self, actor: Actor) -> None:
        """Who the next events are written by, after a new log-in of the same caller."""
        self._actor = actor

    def close(self) -> None:
        """Release the connection and the lease."""
        self._connection.close()
        self._lease.release()


def _rows(session: str, lines: Sequence[Line]) -> list[dict[str, object]]:
    return [
        {
            "session": session,
            "seq": line.entry.seq,
            "line": line.text,
            "sha256": line.entry.sha256,
        }
        for line in lines
    ]


def _durable(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # Without WAL: SQLite before 3.51.3 can reset a WAL that two connections share.
    cursor.execute("PRAGMA journal_mode=DELETE")
    cursor.execute("PRAGMA synchronous=EXTRA")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
