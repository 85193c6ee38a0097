"""What the store cannot take: results of calls, kept in room that was reserved beforehand.

A call that AWS answered must not be forgotten because the disk is full. The room is taken while
there is some, and written over in place, which needs no more of it.
"""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wizard.session.calls import CallFailed, CallSucceeded

ROOM = 256 * 1024
"""Bytes reserved: the results of all calls that can be in flight at once, shortened if need be."""

Result = CallSucceeded | CallFailed

_decoder = msgspec.json.Decoder(Result)


class Emergency:
    """The reserve of one writer of a session, `<session>.<epoch>.reserve` in its home; 0600.

    A writer that was taken over may still keep its last results in its own."""

    def __init__(self, home: Path, session: str, epoch: int) -> None:
        self._path = home / f"{session}.{epoch}.reserve"
        self._older = sorted(home.glob(f"{session}.*.reserve"))
        self._left = [result for path in self._older for result in _read(path)]
        self._written = 0
        self._file: int | None = None
        # On a full disk there is no room to reserve.
        with contextlib.suppress(OSError):
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            os.pwrite(self._file, b"\0" * ROOM, 0)

    @property
    def where(self) -> str:
        """The file, or that there is none, in words."""
        if self._file is None:
            return "no file, as there was no room for one: note them from this screen"
        return str(self._path)

    def keep(self, results: Sequence[Result]) -> None:
        """Write them down, flushed to the disk."""
        if self._file is None:
            return
        for result in results:
            line = msgspec.json.encode(result) + b"\n"
            if self._written + len(line) > ROOM:
                # Its hash stays: what AWS answered can still be proved.
                line = msgspec.json.encode(_shortened(result)) + b"\n"
            os.pwrite(self._file, line, self._written)
            self._written += len(line)
        os.fsync(self._file)

    def kept(self) -> Sequence[Result]:
        """What earlier writers kept."""
        return self._left

    def adopted(self) -> None:
        """It is in the journal now."""
        self._left = []
        for path in self._older:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the room back, unless something is kept in it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            if not self._written:
                self._path.unlink(missing_ok=True)


def _read(path: Path) -> list[Result]:
    found: list[Result] = []
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []  # somebody who took the session over at this moment has adopted it
    for line in content.replace(b"\0", b"").splitlines():
        try:
            found.append(_decoder.decode(line))
        except msgspec.DecodeError:
            break  # the process ended while it wrote this one: it is in doubt, and looked up
    return found


def _shortened(result: Result) -> Result:
    if isinstance(result, CallSucceeded):
        return msgspec.structs.replace(result, response=None)
    return msgspec.structs.replace(result, message=result.message[:200])
