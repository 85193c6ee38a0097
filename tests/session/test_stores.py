"""Both stores let one writer in at a time, and fence out whoever was taken over."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.engine.world import PIN, JumpingClock
from wizard.errors import FencedError, RefusedError, UsageError, WizardError
from wizard.session.base import Actor
from wizard.session.events import Approved
from wizard.session.journal import Journal
from wizard.session.stores import FileStore, ServerStore, server_address
from wizard.session.tables import heads
from wizard.session.writer import SessionJournal

ADA = Actor(caller_arn=PIN.caller_arn, host="laptop", user="ada")
BOB = Actor(caller_arn=PIN.caller_arn, host="desktop", user="bob")

AnyStore = FileStore | ServerStore


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AnyStore:
    if request.param == "file":
        return FileStore(tmp_path)
    return ServerStore(tmp_path, request.getfixturevalue("store_url"))


@pytest.fixture
def on_server(tmp_path: Path, store_url: str) -> ServerStore:
    return ServerStore(tmp_path, store_url)


@pytest.fixture
def journal(store: AnyStore) -> Journal:
    return Journal(store, JumpingClock())


def begin(journal: Journal, session: str = "s1") -> SessionJournal:
    return journal.create(
        session=session,
        checklist_id="test",
        checklist_text="",
        advice_text="",
        checklist_sha256="",
        tool_version="0",
        pin=PIN,
        actor=ADA,
    )


def test_what_is_appended_is_read_by_another(journal: Journal, store: AnyStore) -> None:
    writer = begin(journal)
    writer.append(Approved(items=("a",)))
    writer.close()
    other = Journal(store, JumpingClock()).open("1", BOB)
    assert other.state.approved == {"a"}
    other.append(Approved(items=("b",)))
    other.close()
    assert journal.state("s1").approved == {"a", "b"}


def test_a_second_writer_is_refused_and_told_who_has_it(journal: Journal) -> None:
    writer = begin(journal)
    with pytest.raises(RefusedError, match=r"ada on laptop \(process \d+\) since"):
        journal.open("s1", BOB)
    assert journal.holder("s1") is not None
    writer.close()
    assert journal.holder("s1") is None
    journal.open("s1", BOB).close()


def test_a_takeover_fences_the_old_writer_out(journal: Journal) -> None:
    old = begin(journal)
    new = journal.open("s1", BOB, takeover=True)
    assert new.held.took_over is not None
    assert new.held.took_over.user == "ada"
    with pytest.raises(FencedError, match="taken this session over"):
        old.append(Approved(items=("old",)))
    new.append(Approved(items=("new",)))
    old.close()
    assert journal.holder("s1") is not None  # the old one's end takes nothing from the new one
    new.append(Approved(items=("newer",)))
    new.close()
    assert journal.state("s1").approved == {"new", "newer"}


def test_numbers_have_no_gap_when_many_begin_at_once(store: AnyStore) -> None:
    def one(place: int) -> int:
        writer = begin(Journal(store, JumpingClock()), f"session-{place}")
        writer.close()
        return writer.state.number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(16)))
    assert sorted(numbers) == list(range(1, 17))


def test_a_holder_on_a_server_that_gives_no_sign_of_life_is_dead(on_server: ServerStore) -> None:
    journal = Journal(on_server, JumpingClock())
    writer = begin(journal)
    with on_server.engine.begin() as connection:
        connection.execute(heads.update().values(beat=heads.c.beat - 31))
    assert journal.holder("s1") is None
    other = journal.open("s1", BOB)
    assert other.held.took_over is None
    with pytest.raises(FencedError):
        writer.append(Approved())
    other.close()
    writer.close()


def test_a_holder_on_a_server_gives_signs_of_life(tmp_path: Path, store_url: str) -> None:
    store = ServerStore(tmp_path, store_url, beat=0.01)
    journal = Journal(store, JumpingClock())
    writer = begin(journal)
    with store.engine.connect() as connection:
        first = connection.execute(sa.select(heads.c.beat)).scalar_one()
        later = first
        while later == first:  # ends with the first sign of life
            connection.rollback()
            later = connection.execute(sa.select(heads.c.beat)).scalar_one()
    assert later > first
    writer.close()


@pytest.fixture
def answers_lost(on_server: ServerStore) -> Iterator[list[str]]:
    """What becomes of the next commits: `before` loses the connection first, `after` only the
    answer."""
    todo: list[str] = []
    dialect: Any = on_server.engine.dialect
    commit = dialect.do_commit

    def lossy(connection: Any) -> None:
        fate = todo.pop(0) if todo else ""
        if fate != "before":
            commit(connection)
        if fate:
            connection.dbapi_connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    dialect.do_commit = lossy
    yield todo
    dialect.do_commit = commit


@pytest.mark.parametrize("fates", [["before"], ["after"], ["before", "after"], ["after"] * 2])
def test_a_lost_connection_loses_and_repeats_nothing(
    on_server: ServerStore, answers_lost: list[str], fates: list[str]
) -> None:
    journal = Journal(on_server, JumpingClock())
    begin(journal).close()
    writer = journal.open("s1", BOB)
    writer._pause = lambda _seconds: None
    answers_lost += fates
    writer.append(Approved(items=("a",)))
    writer.append(Approved(items=("b",)))
    writer.close()
    assert answers_lost == []
    assert [entry.seq for entry in journal.entries("s1")] == [1, 2, 3]
    assert journal.state("s1").approved == {"a", "b"}


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("mysql://db/x", UsageError, "PostgreSQL server, not mysql"),
        ("sqlite:///x.db", UsageError, "PostgreSQL server, not sqlite"),
        ("nonsense", UsageError, "not the address"),
        ("postgresql://ada:secret@db/x", RefusedError, "holds a password"),
    ],
)
def test_addresses_that_are_refused(url: str, error: type[WizardError], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        server_address(url)
    assert "secret" not in str(caught.value)


def test_a_server_elsewhere_is_asked_for_its_certificate() -> None:
    assert server_address("postgresql://ada@db/x").query["sslmode"] == "verify-full"
    assert "sslmode" not in server_address("postgresql://ada@localhost/x").query
    assert server_address("postgresql://ada@db/x?sslmode=require").query["sslmode"] == "require"


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WizardError, match="The store cannot be opened") as caught:
        ServerStore(tmp_path, "postgresql://ada@127.0.0.1:1/x")
    assert "PGPASSWORD" in str(caught.value)


def test_signs_of_life_are_judged_by_the_holders_own_measure(
    tmp_path: Path, store_url: str
) -> None:
    """A colleague who has set another beat takes no living writer for dead."""
    slow = Journal(ServerStore(tmp_path, store_url, beat=10), JumpingClock())
    writer = begin(slow)
    quick = ServerStore(tmp_path, f"{store_url}&beat=0.1", beat=None)
    with quick.engine.begin() as connection:
        connection.execute(heads.update().values(beat=heads.c.beat - 15))
    with pytest.raises(RefusedError, match="ada on laptop"):
        Journal(quick, JumpingClock()).open("s1", BOB)
    writer.close()


def test_a_holder_without_signs_of_life_is_named_to_who_comes_next(on_server: ServerStore) -> None:
    """It may be cut off and still at work, so its last calls are awaited as after a takeover."""
    journal = Journal(on_server, JumpingClock())
    writer = begin(journal)
    with on_server.engine.begin() as connection:
        connection.execute(heads.update().values(beat=heads.c.beat - 31))
    other = journal.open("s1", BOB)
    assert other.held.lapsed is not None
    assert other.held.lapsed.user == "ada"
    other.close()
    writer.close()
    after = journal.open("s1", BOB)  # this one was given back in order
    assert (after.held.lapsed, after.held.took_over) == (None, None)
    after.close()


@pytest.mark.parametrize("beat", ["0", "-1", "nan", "soon", "1000"])
def test_a_beat_that_cannot_be_is_refused(tmp_path: Path, beat: str) -> None:
    with pytest.raises(UsageError, match="signs of life"):
        ServerStore(tmp_path, f"postgresql://ada@127.0.0.1:1/x?beat={beat}")


def test_a_fenced_writer_is_told_so_though_its_next_line_is_taken(journal: Journal) -> None:
    old = begin(journal)
    new = journal.open("s1", BOB, takeover=True)
    new.append(Approved(items=("new",)))
    with pytest.raises(FencedError, match="taken this session over"):
        old.append(Approved(items=("old",)))
    new.close()
    old.close()
