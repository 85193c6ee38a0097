"""Reads that several items ask for at once are made once."""

from dataclasses import dataclass, field

import msgspec

from wizard.effects import Read
from wizard.gateway.protocol import Answer

LIFETIME = 10.0
"""Seconds for which an answer serves later readers that do not need a fresh one."""


@dataclass(slots=True)
class SharedRead:
    """One read, under way or answered, and who else waits for it."""

    began: float
    writes: int
    """How many writes had been made when it began: after another one it serves nobody new."""
    waiting: list[str] = field(default_factory=list)
    answer: Answer | None = None


class ReadShare:
    """Knows which reads are under way or fresh. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._reads: dict[bytes, SharedRead] = {}
        self._writes = 0

    def find(self, read: Read, fresh_after: float, now: float) -> SharedRead | None:
        """A read that serves: begun late enough, before no later write, and not too old."""
        shared = self._reads.get(key(read))
        if shared is None or shared.writes != self._writes or shared.began < fresh_after:
            return None
        if shared.answer is not None and now - shared.began > LIFETIME:
            return None
        return shared

    def begin(self, read: Read, now: float) -> SharedRead:
        """A read leaves."""
        shared = SharedRead(began=now, writes=self._writes)
        self._reads[key(read)] = shared
        return shared

    def drop(self, read: Read, shared: SharedRead) -> None:
        """It failed: the next reader makes its own."""
        if self._reads.get(key(read)) is shared:
            del self._reads[key(read)]

    def wrote(self) -> None:
        """Something was changed: what was read before may be so no more."""
        self._writes += 1
        self._reads.clear()


def key(read: Read) -> bytes:
    """The same for the same read."""
    return msgspec.json.encode(
        [read.service, read.operation, read.region, read.pages, read.absent, read.params],
        order="deterministic",
        enc_hook=str,
    )
