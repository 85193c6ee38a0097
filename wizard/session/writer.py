"""The one writer of a session: commits lines under its epoch, keeps results that no store takes.

A line is committed, flushed to the disk, before what it announces happens.
"""

import contextlib
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from wizard.clock import Clock, iso
from wizard.errors import FencedError, StorageError
from wizard.session.base import Actor
from wizard.session.calls import CallFailed, CallSucceeded
from wizard.session.emergency import Emergency
from wizard.session.events import AnyEvent, Entry
from wizard.session.lease import Held
from wizard.session.lines import Line, chain
from wizard.session.reduce import fold
from wizard.session.reduce_calls import unsettled
from wizard.session.seal import Seal
from wizard.session.state import SessionState
from wizard.session.tables import events as events_table
from wizard.session.tables import heads

TRIES = 4
"""Times that a commit is tried when the connection to a server breaks."""


class SessionJournal:
    """Appends to one session until it is closed, or somebody takes it over."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        *,
        session: str,
        actor: Actor,
        held: Held,
        entries: Sequence[Entry],
        emergency: Emergency,
        seal: Seal,
        pause: Callable[[float], None],
    ) -> None:
        """`pause` waits so many seconds between tries of a broken connection."""
        self._engine = engine
        self._clock = clock
        self._actor = actor
        self._held = held
        self._emergency = emergency
        self._pause = pause
        self.session = session
        self.seal = seal
        self._state = fold(entries)
        self._connection = engine.connect()
        self._broken: FencedError | StorageError | None = None
        """Once a line was not taken no later one is: there would be a gap."""
        self._adopt()

    @property
    def state(self) -> SessionState:
        return self._state

    @property
    def held(self) -> Held:
        """The right under which it writes."""
        return self._held

    def append(self, *events: AnyEvent) -> SessionState:
        """Commit the events together, in order; on the disk when this returns.

        `FencedError` when somebody else has taken the session over, `StorageError` when the
        store does not take them: results of calls are then in the emergency file.
        """
        lines = chain(
            events,
            seq=self._state.seq,
            previous=self._state.head_sha256,
            at=iso(self._clock.utc()),
            actor=self._actor,
        )
        if self._broken is None:
            try:
                self._commit(lines)
            except FencedError as error:
                self._broken = error
            except sa.exc.DatabaseError as error:
                self._broken = self._refused(error)
        if self._broken is not None:
            self._keep(events)
            raise self._broken
        self._state = fold((line.entry for line in lines), self._state)
        return self._state

    def act_as(self, actor: Actor) -> None:
        """Who the next events are written by, after a new log-in of the same caller."""
        self._actor = actor

    def close(self) -> None:
        """Release the connection and the lease."""
        # A connection that is broken is closed already.
        with contextlib.suppress(sa.exc.DBAPIError):
            self._connection.close()
        self._emergency.close()
        self._held.release()

    def _commit(self, lines: Sequence[Line]) -> None:
        for left in reversed(range(TRIES)):
            try:
                with self._connection.begin():
                    if not self._is_there(lines):
                        # First: another writer's line of that number is no fault of the store.
                        self._move_head(lines[-1])
                        rows = rows_of(self.session, lines)
                        self._connection.execute(events_table.insert(), rows)
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated or not left:
                    raise
                # The commit may have reached the server and its answer not us: look, then repeat.
                self._pause(2.0 ** (TRIES - left - 2))
                self._connection = self._engine.connect()
            else:
                return

    def _is_there(self, lines: Sequence[Line]) -> bool:
        """Whether an earlier try was committed; only a server's answer can be lost."""
        if self._engine.dialect.name == "sqlite":
            return False
        found = self._connection.execute(
            sa.select(events_table.c.sha256).where(
                events_table.c.session == self.session,
                events_table.c.seq == lines[-1].entry.seq,
            )
        ).scalar()
        return bool(found == lines[-1].entry.sha256)

    def _move_head(self, last: Line) -> None:
        """Under its own epoch only: no row of that epoch means that it is not the newest."""
        mine = heads.update().where(
            heads.c.session == self.session, heads.c.epoch == self._held.epoch
        )
        head = {"seq": last.entry.seq, "sha256": last.entry.sha256}
        if self._connection.execute(mine.values(**head)).rowcount != 1:
            raise FencedError(
                "Somebody else has taken this session over: nothing more is written from here.",
                where=self.session,
                todo="Close this wizard. `st-wizard sessions` shows who goes on with it.",
            )

    def _keep(self, events: Sequence[AnyEvent]) -> None:
        results = [event for event in events if isinstance(event, CallSucceeded | CallFailed)]
        if results:
            self._emergency.keep(results)

    def _refused(self, error: sa.exc.DatabaseError) -> StorageError:
        return StorageError(
            f"The journal cannot be written: {_first_line(error)}.",
            where=self.session,
            todo="No call leaves without its line in the journal; results of calls that were "
            f"under way are kept in {self._emergency.where}. Make room, or mend the store, then "
            "`st-wizard resume` goes on from here.",
        )

    def _adopt(self) -> None:
        """Results that the store did not take last time, of calls that have none yet."""
        kept = self._emergency.kept()
        known = [
            event
            for event in kept
            if any(call.op == event.op for call in unsettled(self._state.item(event.item)))
        ]
        if known:
            self.append(*known)
        # One that was taken over may be about to keep its last results in its own.
        if kept or self._held.took_over is None:
            self._emergency.adopted()


def _first_line(error: sa.exc.DatabaseError) -> str:
    return str(error.orig).strip().partition("\n")[0].rstrip(".")


def rows_of(session: str, lines: Sequence[Line]) -> list[dict[str, object]]:
    """Lines as rows of the table of events."""
    return [
        {
            "session": session,
            "seq": line.entry.seq,
            "line": line.text,
            "sha256": line.entry.sha256,
        }
        for line in lines
    ]
