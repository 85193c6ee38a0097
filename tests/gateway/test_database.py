"""Tables over SQLAlchemy: reading, one bound insert, and what is refused."""

import sqlite3
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from wizard.effects import UNKNOWN, Columns, Insert, Rows
from wizard.errors import CallError, UnknownOutcomeError, UnreachableError
from wizard.gateway.database import Database
from wizard.gateway.secrets import Secrets

TABLE = "apps_with_load_balancer"
PASSWORD = "tiger-tiger"


@pytest.fixture
def url(tmp_path: Path) -> str:
    path = tmp_path / "a %20 ?b.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(
            f'CREATE TABLE {TABLE} (app_id TEXT PRIMARY KEY NOT NULL, "odd "" name" INTEGER,'
            " size TEXT DEFAULT 'small')"
        )
    connection.close()
    return f"sqlite:///{quote(str(path))}"


@pytest.fixture
def database() -> Database:
    secrets = Secrets({"ST_WIZARD_SECRET_DATABASE_PASSWORD": PASSWORD}, keyring=object())
    return Database(secret=lambda name: secrets.get(name) or "", scrub=secrets.scrub, timeout=1)


def test_columns(database: Database, url: str) -> None:
    found = database.call(Columns(url, TABLE)).value
    assert [column["name"] for column in found] == ["app_id", 'odd " name', "size"]
    assert found[0] == {
        "name": "app_id",
        "type": "TEXT",
        "nullable": False,
        "primary_key": True,
        "default": None,
    }
    assert found[2]["default"] == "'small'"
    assert database.call(Columns(url, "nowhere")).value is None


def test_insert_then_rows(database: Database, url: str) -> None:
    hostile = "'); DROP TABLE apps_with_load_balancer; --"
    answer = database.call(Insert(url, TABLE, {"app_id": hostile, 'odd " name': 7}))
    assert answer.value == answer.redacted == {"rows": 1}
    found = database.call(Rows(url, TABLE, {"app_id": hostile})).value
    assert found == [{"app_id": hostile, 'odd " name': 7, "size": "small"}]
    assert database.call(Rows(url, TABLE, {'odd " name': None})).value == []
    assert len(database.call(Rows(url, TABLE, {})).value) == 1


def test_a_refused_row_is_not_written(database: Database, url: str) -> None:
    database.call(Insert(url, TABLE, {"app_id": "a"}))
    for values in ({"app_id": "a"}, {"app_id": "b", "nocolumn": 1}, {"app_id": UNKNOWN}):
        with pytest.raises(CallError) as caught:
            database.call(Insert(url, TABLE, values))
        assert type(caught.value) is CallError
        assert TABLE in caught.value.where
    assert len(database.call(Rows(url, TABLE, {})).value) == 1


def test_a_locked_database_keeps_the_row_out(url: str) -> None:
    holder = sqlite3.connect(unquote(url.removeprefix("sqlite:///")), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    database = Database(secret=str, scrub=str, timeout=0)
    with pytest.raises(UnreachableError, match="locked"):
        database.call(Insert(url, TABLE, {"app_id": "a"}))
    holder.execute("ROLLBACK")
    holder.close()


def test_a_commit_without_an_answer_is_in_doubt(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import Connection
    from sqlalchemy.exc import OperationalError

    def broken(self: Connection) -> None:
        raise OperationalError("COMMIT", None, Exception(f"gone away, {PASSWORD}"))

    monkeypatch.setattr(Connection, "commit", broken)
    with pytest.raises(UnknownOutcomeError) as caught:
        database.call(Insert(url, TABLE, {"app_id": "a"}))
    assert "gone away" in caught.value.what


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("sqlite:////nowhere/at-all.sqlite", "no SQLite database"),
        ("sqlite://", "no SQLite database"),
        ("mysql://u:hunter2@h/d", "holds a password"),
        ("oracle://h/d", "not known"),
        ("not a url", "not a database URL"),
    ],
)
def test_what_cannot_be_a_database(database: Database, target: str, why: str) -> None:
    with pytest.raises(CallError, match=why) as caught:
        database.call(Columns(target, TABLE))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_server_that_is_not_there(database: Database, kind: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        database.call(Columns(f"{kind}://operator@127.0.0.1:1/app", TABLE))
    shown = repr(caught.value) + str(caught.value) + repr(caught.value.__context__)
    assert PASSWORD not in shown
    assert "127.0.0.1/app" in caught.value.where


def test_no_file_is_created(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        database.call(Columns(f"sqlite:///{tmp_path}/new.sqlite", TABLE))
    assert list(tmp_path.iterdir()) == []
