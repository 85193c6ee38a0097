"""Tables of the company's database: their columns, their rows, and one new row at a time."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wizard.effects import Columns, Insert, Json, Rows, has_unknown
from wizard.errors import CallError, UnknownOutcomeError, UnreachableError
from wizard.gateway.json_answers import to_json
from wizard.gateway.protocol import Answer
from wizard.gateway.redact import hash_of, is_secret_name
from wizard.safe import safe_line

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine, Table

PASSWORD = "database-password"  # noqa: S105  the secret's name, not its value
ROW_LIMIT = 1000
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mysql+pymysql": "mysql+pymysql",
    "sqlite": "sqlite",
}
"""The driver of each kind of URL that is taken."""


class Database:
    """Makes `Columns`, `Rows` and `Insert`. Thread-safe: each call has its own connection."""

    def __init__(
        self,
        *,
        secret: Callable[[str], str],
        scrub: Callable[[str], str],
        timeout: int = 15,
    ) -> None:
        """`timeout` is in seconds, for connecting and for each statement."""
        self._secret = secret
        self._scrub = scrub
        self._timeout = timeout

    def call(self, effect: Columns | Rows | Insert) -> Answer:
        """The answer; CallErrors say which database and what it said."""
        from sqlalchemy import exc  # noqa: PLC0415  costs 0.2 s: not before it is needed

        where = f"table {effect.table}"
        try:
            url = self._url(effect.database)
            where = f"{url.get_backend_name()} {url.host or ''}/{url.database}, {where}"
            return self._answer(effect, self._engine(url))
        except exc.OperationalError as error:
            problem: CallError = UnreachableError(
                f"The database could not do it: {self._said(error.orig or error)}",
                code=type(error).__name__,
                where=where,
                todo="Check address, network and password (a database in a VPC needs a tunnel).",
            )
        except exc.SQLAlchemyError as error:
            said = error.orig if isinstance(error, exc.DBAPIError) and error.orig else error
            problem = CallError(
                f"The database refuses: {self._said(said)}",
                code=type(error).__name__,
                where=where,
                todo="Nothing was written. Check the table, its columns and the values.",
            )
        except CallError as error:
            error.where = error.where or where
            problem = error
        # Raised here so that no driver's exception, which may repeat values, is chained to it.
        raise problem

    def _answer(self, effect: Columns | Rows | Insert, engine: "Engine") -> Answer:
        with engine.connect() as connection:
            match effect:
                case Columns():
                    columns = _columns(connection, effect.table)
                    return Answer(value=columns, entries=len(columns or ()))
                case Rows():
                    rows = _rows(connection, effect)
                    return Answer(value=rows, entries=len(rows))
                case Insert():
                    self._insert(connection, effect)
        value = {"rows": 1}
        return Answer(value=value, redacted=value, response_sha256=hash_of(value))

    def _insert(self, connection: "Connection", effect: Insert) -> None:
        from sqlalchemy import exc, insert  # noqa: PLC0415

        if has_unknown(effect.values):
            raise CallError("A value is not known yet, so no row was written.", code="UnknownValue")
        statement = insert(_table(connection, effect.table)).values(dict(effect.values))
        lost: Exception | None = None
        try:
            connection.execute(statement)
        except exc.DBAPIError as error:
            # A table without transactions may have kept the row of a connection that broke.
            if not error.connection_invalidated:
                raise
            lost = error
        if lost is None:
            try:
                connection.commit()
            except exc.IntegrityError:
                raise
            except exc.DBAPIError as error:
                lost = error
        if lost is not None:
            raise UnknownOutcomeError(
                "The connection broke before the database confirmed the row: "
                f"{self._said(getattr(lost, 'orig', None) or lost)}",
                code=type(lost).__name__,
                todo="Look before it is written again.",
            ) from None

    def _url(self, text: str) -> "URL":
        from sqlalchemy import make_url  # noqa: PLC0415
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

        try:
            url = make_url(text)
        except ArgumentError:
            raise CallError(
                "This is not a database URL.",
                code="DatabaseUrl",
                todo="Write it as postgresql://user@host/database, mysql://… or sqlite:////path.",
            ) from None
        driver = DRIVERS.get(url.drivername)
        if driver is None:
            raise CallError(
                f"Databases of kind {url.drivername} are not known.",
                code="DatabaseUrl",
                todo=f"Known are: {', '.join(DRIVERS)}.",
            )
        if url.password is not None or any(is_secret_name(name) for name in url.query):
            raise CallError(
                "The database URL holds a password, which would be written down.",
                code="DatabaseUrl",
                todo=f"Leave it out, and give it as the secret {PASSWORD}.",
            )
        if url.username:
            url = url.set(password=self._secret(PASSWORD))
        return url.set(drivername=driver)

    def _engine(self, url: "URL") -> "Engine":
        from sqlalchemy import NullPool, create_engine  # noqa: PLC0415

        seconds = self._timeout
        options: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
        match url.get_backend_name():
            case "sqlite":
                path = _existing(url.database or "")
                # mode=rw: SQLite would otherwise make an empty database of a mistyped path.
                target = f"file:{quote(str(path))}?mode=rw"
                return create_engine(
                    "sqlite://",
                    creator=lambda: sqlite3.connect(
                        target, uri=True, timeout=seconds, check_same_thread=False
                    ),
                    **options,
                )
            case "postgresql":
                limits = {
                    "connect_timeout": seconds,
                    "options": f"-c statement_timeout={seconds * 1000}",
                    "application_name": "st-wizard",
                }
            case _:
                limits = {
                    "connect_timeout": seconds,
                    "read_timeout": seconds,
                    "write_timeout": seconds,
                }
        return create_engine(url, connect_args=limits, **options)

    def _said(self, error: BaseException) -> str:
        return safe_line(self._scrub(str(error)), limit=500)


def _existing(database: str) -> Path:
    path = Path(database)
    if not database or database == ":memory:" or not path.is_file():
        raise UnreachableError(
            f"There is no SQLite database at {database or 'an empty path'}.",
            code="NoSuchDatabase",
            todo="Name a file that exists; none is ever created.",
        )
    return path.resolve()


def _split(table: str) -> tuple[str | None, str]:
    schema, _, name = table.rpartition(".")
    return schema or None, name


def _table(connection: "Connection", table: str) -> "Table":
    from sqlalchemy import MetaData, Table, inspect  # noqa: PLC0415

    schema, name = _split(table)
    if not inspect(connection).has_table(name, schema=schema):
        raise CallError(
            "There is no such table.", code="NoSuchTable", todo="Check its name and its schema."
        )
    return Table(name, MetaData(), schema=schema, autoload_with=connection)


def _columns(connection: "Connection", table: str) -> list[Json] | None:
    from sqlalchemy import inspect  # noqa: PLC0415

    schema, name = _split(table)
    inspector = inspect(connection)
    if not inspector.has_table(name, schema=schema):
        return None
    keys = inspector.get_pk_constraint(name, schema=schema)["constrained_columns"]
    return [
        {
            "name": column["name"],
            "type": str(column["type"]),
            "nullable": bool(column["nullable"]),
            "primary_key": column["name"] in keys,
            "default": None if column["default"] is None else str(column["default"]),
        }
        for column in inspector.get_columns(name, schema=schema)
    ]


def _rows(connection: "Connection", effect: Rows) -> list[Json]:
    from sqlalchemy import select  # noqa: PLC0415

    table = _table(connection, effect.table)
    missing = [name for name in effect.where if name not in table.columns]
    if missing:
        raise CallError(
            f"The table has no column {', '.join(missing)}.",
            code="NoSuchColumn",
            todo=f"Its columns are: {', '.join(table.columns.keys())}.",
        )
    statement = select(table).limit(ROW_LIMIT)
    for name, value in effect.where.items():
        statement = statement.where(table.columns[name] == value)
    with closing(connection.execute(statement)) as result:
        return [to_json(dict(row)) for row in result.mappings()]
