"""One writer at a time: a lock that the operating system frees when its holder dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

import msgspec

from wizard.errors import RefusedError


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes to a session, where and since when."""

    user: str
    host: str
    pid: int
    since: str
    """UTC, ISO 8601."""

    def __str__(self) -> str:
        since = self.since[:16].replace("T", " ")
        return f"{self.user} on {self.host} (process {self.pid}) since {since} UTC"


class Lease:
    """The right to write to one session, held until `release` or the process's end."""

    def __init__(self, path: Path, holder: Holder) -> None:
        self._path = path
        self._holder = holder
        self._file: IO[bytes] | None = None

    def take(self) -> None:
        """Hold it, or raise `RefusedError` naming who does. Never waits."""
        file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            by = holder(self._path)
            raise RefusedError(
                f"This session is open elsewhere: {by or 'holder unknown'}.",
                where=self._path.stem,
                todo="Close it there, or look at it read-only: nothing was changed.",
            ) from None
        file.truncate(0)
        file.write(msgspec.json.encode(self._holder))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give it back; harmless when it is not held."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


def holder(path: Path) -> Holder | None:
    """Who holds the lease at `path`; None when nobody does."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = file.read()
            return msgspec.json.decode(text, type=Holder) if text else None
    return None
