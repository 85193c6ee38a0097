"""The application database of the simulated company: a SQLite file with the runbook's table."""

import sqlite3
from contextlib import closing
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS apps_with_load_balancer (
    app_id VARCHAR(36) NOT NULL PRIMARY KEY,
    load_balancer_name VARCHAR(32),
    region VARCHAR(32),
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)
"""
# The app of the seed that has a load balancer already, and two customers who have left AWS since.
_ROWS = (
    ("app-vandelay", "vandelay-prod", "us-east-1", "2022-03-14 09:12:44"),
    ("app-pendant", "pendant-prod", "eu-west-1", "2022-07-02 16:40:05"),
    ("app-initech", "initech-prod", "us-east-1", "2023-01-19 11:03:27"),
)


def create(file: Path) -> str:
    """Make the table with its rows, unless the file has them; returns the SQLAlchemy URL."""
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(_SCHEMA)
        connection.executemany(
            "INSERT OR IGNORE INTO apps_with_load_balancer "
            "(app_id, load_balancer_name, region, created_at) VALUES (?, ?, ?, ?)",
            _ROWS,
        )
    return f"sqlite:///{file.absolute()}"
