"""One writer at a time: who it is, how its death is noticed, and how an older one is fenced out.

Every writer of a session has an epoch, one more than the one before. A line is committed only
under the newest epoch, so that a writer that was taken over cannot write any more.
"""

import contextlib
import fcntl
import os
import threading
from pathlib import Path
from typing import IO, Protocol

import msgspec
import sqlalchemy as sa

from wizard.errors import HeldError, StorageError
from wizard.session.tables import heads

BEATS_MISSED = 3
"""Signs of life that a writer on a server may miss before it counts as dead."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes to a session, where and since when."""

    user: str
    host: str
    pid: int
    since: str
    """UTC, ISO 8601."""
    beat: float = 10.0
    """Seconds between its signs of life on a server: whoever looks goes by the holder's own."""

    def __str__(self) -> str:
        since = self.since[:16].replace("T", " ")
        return f"{self.user} on {self.host} (process {self.pid}) since {since} UTC"


class Held(Protocol):
    """The right to write, held."""

    epoch: int
    took_over: Holder | None
    """Who was alive and writing when it was taken over."""
    lapsed: Holder | None
    """Who gave no more signs of life: dead most likely, or cut off and still at work."""

    def release(self) -> None:
        """Give it back; harmless when it is not held."""
        ...


class FileLease:
    """A lock that the operating system frees when its holder dies."""

    def __init__(self, engine: sa.Engine, path: Path, session: str, holder: Holder) -> None:
        self._engine = engine
        self._path = path
        self._session = session
        self._holder = holder
        self._file: IO[bytes] | None = None
        self.epoch = 0
        self.took_over: Holder | None = None
        self.lapsed: Holder | None = None

    def take(self, *, takeover: bool = False) -> "FileLease":
        """Hold it, or raise `HeldError` naming who does. Never waits."""
        file = _locked(self._path)
        if file is None:
            by = self.holder(self._path)
            if not takeover:
                raise held_elsewhere(by, self._session)
            self.took_over = by
            # The old file stays locked by its holder, and means nothing any more.
            self._path.unlink(missing_ok=True)
            file = _locked(self._path)
            if file is None:
                raise held_elsewhere(self.holder(self._path), self._session)
        file.truncate(0)
        file.write(msgspec.json.encode(self._holder))
        file.flush()
        self._file = file
        try:
            with self._engine.begin() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                self.epoch = _next_epoch(connection, self._session, self._holder, beat=0.0)
        except BaseException:
            self.release()
            raise
        return self

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    @staticmethod
    def holder(path: Path) -> Holder | None:
        """Who holds the lease at `path`; None when nobody does."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return None
        with file:
            text = file.read() if _is_held(file) else b""
        return msgspec.json.decode(text, type=Holder) if text else None


class ServerLease:
    """A row with a sign of life: a holder that misses three of them is dead."""

    def __init__(self, engine: sa.Engine, session: str, holder: Holder) -> None:
        self._engine = engine
        self._session = session
        self._holder = holder
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.epoch = 0
        self.took_over: Holder | None = None
        self.lapsed: Holder | None = None

    def take(self, *, takeover: bool = False) -> "ServerLease":
        """Hold it, or raise `HeldError` naming who does. Never waits for its holder."""
        with self._engine.begin() as connection:
            now = _server_time(connection)
            by, alive = _last_holder(connection, self._session, now, lock=True)
            if by is not None and alive and not takeover:
                raise held_elsewhere(by, self._session)
            self.took_over, self.lapsed = (by, None) if alive else (None, by)
            self.epoch = _next_epoch(connection, self._session, self._holder, beat=now)
        self._thread = threading.Thread(target=self._live, name="lease", daemon=True)
        self._thread.start()
        return self

    def release(self) -> None:
        if self._thread is None:
            return
        self._stop.set()
        self._thread.join()
        self._thread = None
        # A server that cannot be reached learns of it by the missing signs of life.
        with contextlib.suppress(sa.exc.DBAPIError), self._engine.begin() as connection:
            connection.execute(self._mine().values(holder=""))

    @staticmethod
    def holder(engine: sa.Engine, session: str) -> Holder | None:
        """Who holds the lease; None when nobody does, or its holder is dead."""
        with engine.connect() as connection:
            by, alive = _last_holder(connection, session, _server_time(connection), lock=False)
            return by if alive else None

    def _live(self) -> None:
        while not self._stop.wait(self._holder.beat):
            with contextlib.suppress(sa.exc.DBAPIError), self._engine.begin() as connection:
                connection.execute(self._mine().values(beat=_server_time(connection)))

    def _mine(self) -> sa.Update:
        return heads.update().where(heads.c.session == self._session, heads.c.epoch == self.epoch)


def newest_epoch(connection: sa.Connection, session: str) -> int:
    """The epoch that may write; it stays so until this transaction ends."""
    query = sa.select(heads.c.epoch).where(heads.c.session == session)
    found = connection.execute(query.with_for_update(read=True)).scalar()
    if not isinstance(found, int):
        raise StorageError(
            f"The right to write to session {session} cannot be read: it is damaged.",
            where=session,
            todo="Put back a good copy of the journal.",
        )
    return found


def held_elsewhere(by: Holder | None, session: str) -> HeldError:
    """The refusal that names who writes."""
    who = str(by) if by is not None else "holder unknown"
    return HeldError(
        f"This session is open elsewhere: {who}.",
        holder=who,
        where=session,
        todo="Close it there, or look at it read-only: nothing was changed. If that wizard hangs "
        "or its machine is lost, take the session over: `st-wizard resume SESSION --take-over`.",
    )


def _next_epoch(connection: sa.Connection, session: str, holder: Holder, *, beat: float) -> int:
    epoch = newest_epoch(connection, session) + 1
    text = msgspec.json.encode(holder).decode()
    mine = heads.update().where(heads.c.session == session)
    connection.execute(mine.values(epoch=epoch, holder=text, beat=beat))
    return epoch


def _last_holder(
    connection: sa.Connection, session: str, now: float, *, lock: bool
) -> tuple[Holder | None, bool]:
    """Who took the lease last and did not give it back, and whether they still live."""
    query = sa.select(heads.c.holder, heads.c.beat).where(heads.c.session == session)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None or not row.holder:
        return None, False
    by = msgspec.json.decode(row.holder, type=Holder)
    return by, row.beat >= now - by.beat * BEATS_MISSED


def _server_time(connection: sa.Connection) -> float:
    seconds = sa.func.extract("epoch", sa.func.clock_timestamp())
    return float(connection.execute(sa.select(seconds)).scalar_one())


def _locked(path: Path) -> IO[bytes] | None:
    """The lock file, locked; None while somebody else has it."""
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held = _is_held(file)
            file.close()
            if held:
                return None
            continue
        # Between opening and locking, somebody who took over may have put another file there.
        if _is_at(path, file):
            return file
        file.close()


def _is_held(file: IO[bytes]) -> bool:
    """Whether somebody has it for themselves; who only looks, as `holder` does, has not."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False
