"""The tables that sessions are kept in, the same on every store, and how older ones grow."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from wizard.errors import RefusedError, StorageError
from wizard.session.seal import Seal, new_seal

SCHEMA = 3
"""Version of the tables and of the events in them."""

metadata = sa.MetaData()
meta = sa.Table(
    "meta",
    metadata,
    sa.Column("schema", sa.Integer, nullable=False),
    # How many sessions there are: one that is gone is missed.
    sa.Column("sessions", sa.Integer, nullable=False),
)
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("session", sa.String(64), nullable=False, unique=True),
    sa.Column("checklist_id", sa.String(80), nullable=False),
    sa.Column("checklist_text", sa.Text, nullable=False),
    sa.Column("advice_text", sa.Text, nullable=False),
)
events = sa.Table(
    "events",
    metadata,
    sa.Column("session", sa.String(64), sa.ForeignKey("sessions.session"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
heads = sa.Table(
    "heads",
    metadata,
    sa.Column("session", sa.String(64), sa.ForeignKey("sessions.session"), primary_key=True),
    # The last line: a chain that was cut at its end is missed.
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    # Grows with every writer: a line is committed only under the newest one.
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("beat", sa.Float, nullable=False),
)
seals = sa.Table(
    "seals",
    metadata,
    sa.Column("session", sa.String(64), sa.ForeignKey("sessions.session"), primary_key=True),
    # What proves single values that are left out of the lines; nothing else holds it.
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)


def sealed(session: str, seal: Seal) -> Mapping[str, str]:
    """The row that keeps a session's seal, and by which damage to it is noticed."""
    key = seal.kept()
    return {"session": session, "key": key, "sha256": _seen_in(session, key)}


def unsealed(session: str, rows: Sequence[Mapping[str, object]], where: str) -> Seal:
    """The seal that these rows of a session keep."""
    for row in rows:
        key = str(row["key"])
        if row["sha256"] == _seen_in(session, key):
            return Seal(bytes.fromhex(key))
    raise damaged(f"the seal of session {session}", where)


def _seen_in(session: str, key: str) -> str:
    return hashlib.sha256(f"{session} {key}".encode()).hexdigest()


def _add_seals(connection: sa.Connection) -> None:
    seals.create(connection)
    for session in connection.execute(sa.select(sessions.c.session)).scalars().all():
        connection.execute(seals.insert().values(**sealed(session, new_seal())))


def _add_heads(connection: sa.Connection) -> None:
    heads.create(connection)
    nobody = (sa.literal(0), sa.literal(""), sa.literal(0.0))
    last = sa.select(events.c.session, sa.func.max(events.c.seq).label("seq"))
    last_lines = last.group_by(events.c.session).subquery()
    connection.execute(
        heads.insert().from_select(
            ["session", "seq", "sha256", "epoch", "holder", "beat"],
            sa.select(events.c.session, events.c.seq, events.c.sha256, *nobody).join(
                last_lines,
                (events.c.session == last_lines.c.session) & (events.c.seq == last_lines.c.seq),
            ),
        )
    )
    connection.exec_driver_sql("ALTER TABLE meta ADD COLUMN sessions INTEGER NOT NULL DEFAULT 0")
    count = sa.select(sa.func.count()).select_from(sessions).scalar_subquery()
    connection.execute(meta.update().values(sessions=count))


MIGRATIONS: Mapping[int, Callable[[sa.Connection], None]] = {1: _add_heads, 2: _add_seals}
"""From each older version to the next."""


_NO_DAMAGE = (
    "SQLITE_FULL",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_PERM",
    "SQLITE_BUSY",
    "SQLITE_IOERR_WRITE",
)
"""https://www.sqlite.org/rescode.html"""


def _unusable(what: object, where: str) -> StorageError:
    return StorageError(
        f"The journal cannot be used: {what}.",
        where=where,
        todo="Nothing was changed. Make room on its disk and see that you may write to it and to "
        "its directory, then try again; or choose another with --home.",
    )


def damaged(what: object, where: str) -> StorageError:
    """What a store holds cannot be what was put there."""
    return StorageError(
        f"The journal cannot be read: {what}.",
        where=where,
        todo="It is damaged: put back a good copy of it, or begin anew with another --home. What "
        "was exported before can still be verified.",
    )


@contextmanager
def readable(where: str) -> Iterator[None]:
    """Tells damage as what it is, and a disk that is full or not ours as that; what SQLite says
    of damage may itself be unreadable."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        if str(getattr(error.orig, "sqlite_errorname", "")).startswith(_NO_DAMAGE):
            raise _unusable(error.orig, where) from error
        raise damaged(error.orig, where) from error
    except OSError as error:
        raise _unusable(error.strerror or error, where) from error
    except UnicodeDecodeError as error:
        raise damaged(error, where) from error


def version(connection: sa.Connection) -> int | None:
    """The version of the tables that are there; None when there are none."""
    if not sa.inspect(connection).has_table(meta.name):
        return None
    found: int | None = connection.execute(sa.select(meta.c.schema)).scalar()
    return found


def prepare(connection: sa.Connection, where: str) -> None:
    """Make the tables, or bring older ones forward; newer ones are refused, untouched."""
    found = version(connection)
    if found is None:
        metadata.create_all(connection)
        connection.execute(meta.insert().values(schema=SCHEMA, sessions=0))
        return
    if found > SCHEMA:
        raise RefusedError(
            f"This journal was written by a newer st-wizard (format {found}, "
            f"this one reads {SCHEMA}).",
            where=where,
            todo="Update st-wizard; the journal was not touched.",
        )
    for older in range(found, SCHEMA):
        MIGRATIONS[older](connection)
    if found < SCHEMA:
        connection.execute(meta.update().values(schema=SCHEMA))
