"""The tables that sessions are kept in, the same on every store, and how older ones grow."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from wizard.errors import RefusedError

SCHEMA = 2
"""Version of the tables and of the events in them."""

metadata = sa.MetaData()
meta = sa.Table("meta", metadata, sa.Column("schema", sa.Integer, nullable=False))
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
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("session", sa.String(64), sa.ForeignKey("sessions.session"), primary_key=True),
    # Grows with every writer: a line is committed only under the newest one.
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("beat", sa.Float, nullable=False),
)


def _add_leases(connection: sa.Connection) -> None:
    leases.create(connection)
    connection.execute(
        leases.insert().from_select(
            ["session", "epoch", "holder", "beat"],
            sa.select(sessions.c.session, sa.literal(0), sa.literal(""), sa.literal(0.0)),
        )
    )


MIGRATIONS: Mapping[int, Callable[[sa.Connection], None]] = {1: _add_leases}
"""From each older version to the next."""


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
        connection.execute(meta.insert().values(schema=SCHEMA))
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
