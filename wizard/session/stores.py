"""Where sessions are kept: in one file of this machine, or on a PostgreSQL server for a team."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.pool import NullPool

from wizard.errors import RefusedError, UsageError, WizardError
from wizard.session.home import prepare
from wizard.session.lease import FileLease, Held, Holder, ServerLease
from wizard.session.tables import metadata, readable
from wizard.session.tables import prepare as prepare_tables

BEAT, SHORTEST_BEAT, LONGEST_BEAT = 10.0, 0.1, 300.0
"""Seconds between the signs of life of a writer on a server, and their bounds."""


class Store(Protocol):
    """A database with the tables of sessions, and its way to let one writer in at a time."""

    home: Path
    """This machine's own directory: results that the store does not take are kept there."""
    where: str
    """For messages; without a password."""
    engine: sa.Engine

    def take(self, session: str, holder: Holder, *, takeover: bool) -> Held:
        """The right to write; `RefusedError` names who has it, unless it is taken over."""
        ...

    def holder(self, session: str) -> Holder | None:
        """Who has it now."""
        ...

    def exclusive(self, connection: sa.Connection) -> None:
        """Let nobody else number a session until this transaction ends."""
        ...


class FileStore:
    """SQLite in one file of a home directory (0700, the file 0600)."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = prepare(home)
        self.where = str(self.path)
        self.engine = sa.create_engine(f"sqlite:///{self.path}", poolclass=NullPool)
        sa.event.listen(self.engine, "connect", _durable)
        with readable(self.where), self.engine.begin() as connection:
            self.exclusive(connection)
            prepare_tables(connection, self.where)

    def take(self, session: str, holder: Holder, *, takeover: bool) -> Held:
        return FileLease(self.engine, self._lock(session), session, holder).take(takeover=takeover)

    def holder(self, session: str) -> Holder | None:
        return FileLease.holder(self._lock(session))

    def exclusive(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _lock(self, session: str) -> Path:
        return self.home / f"{session}.lock"


class ServerStore:
    """PostgreSQL, shared by a team: a colleague resumes what another began."""

    def __init__(self, home: Path, url: str, *, beat: float | None = None) -> None:
        """`beat`: seconds between a writer's signs of life; three missed ones are its death. It
        may stand in the address, as `?beat=5`."""
        prepare(home)
        self.home = home
        address = server_address(url)
        self._beat = beat if beat is not None else _beat(address)
        address = address.difference_update_query(["beat"])
        self.where = address.render_as_string(hide_password=True)
        self.engine = sa.create_engine(address, poolclass=NullPool)
        try:
            with self.engine.begin() as connection:
                # Two that begin at once would both make the tables.
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(0x5357495A)))
                prepare_tables(connection, self.where)
        except sa.exc.DatabaseError as error:
            raise WizardError(
                f"The store cannot be opened: {_first_line(error)}.",
                where=self.where,
                todo="Check the address, the network and your password (PGPASSWORD or "
                "~/.pgpass); without --store, sessions are kept on this machine.",
            ) from error

    def take(self, session: str, holder: Holder, *, takeover: bool) -> Held:
        living = replace(holder, beat=self._beat)
        return ServerLease(self.engine, session, living).take(takeover=takeover)

    def holder(self, session: str) -> Holder | None:
        return ServerLease.holder(self.engine, session)

    def exclusive(self, connection: sa.Connection) -> None:
        table = metadata.tables["sessions"].name
        connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def open_store(home: Path, url: str = "") -> FileStore | ServerStore:
    """The store at `url`, or the file in `home`."""
    return ServerStore(home, url) if url else FileStore(home)


def server_address(url: str) -> sa.URL:
    """The address of a store: a PostgreSQL URL without a password in it, TLS asked for and the
    server's name checked unless it is this machine or the URL says otherwise (`?sslmode=`).

    https://www.postgresql.org/docs/current/libpq-ssl.html
    """
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise UsageError(
            "It is not the address of a store.",
            where="--store",
            todo="Give one such as postgresql://user@host/database.",
        ) from error
    if address.drivername not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise UsageError(
            f"A store is a PostgreSQL server, not {address.drivername}.",
            where="--store",
            todo="Give an address such as postgresql://user@host/database.",
        )
    if address.password is not None:
        raise RefusedError(
            "The address holds a password, which other programs on this machine could read.",
            where="--store",
            todo="Leave it out: put it into ~/.pgpass or the environment variable PGPASSWORD.",
        )
    return address.set(drivername="postgresql+psycopg").update_query_dict(_guarded(address))


def _beat(address: sa.URL) -> float:
    text = str(address.query.get("beat", BEAT))
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not SHORTEST_BEAT <= seconds <= LONGEST_BEAT:
        raise UsageError(
            f"The seconds between signs of life cannot be {text}.",
            where="--store",
            todo=f"Give ?beat= from {SHORTEST_BEAT:g} to {LONGEST_BEAT:g}, or leave it out.",
        )
    return seconds


def _guarded(address: sa.URL) -> Mapping[str, str]:
    asked: dict[str, str] = {"connect_timeout": "10", "application_name": "st-wizard"}
    local = (address.host or "localhost") in {"localhost", "127.0.0.1", "::1"}
    if not local and "host" not in address.query:
        asked |= {"sslmode": "verify-full", "sslrootcert": "system"}
    return {name: value for name, value in asked.items() if name not in address.query}


def _first_line(error: sa.exc.DatabaseError) -> str:
    return str(error.orig).strip().partition("\n")[0].rstrip(".")


def _durable(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # Without WAL: SQLite before 3.51.3 can reset a WAL that two connections share.
    cursor.execute("PRAGMA journal_mode=DELETE")
    cursor.execute("PRAGMA synchronous=EXTRA")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
