"""Reads that several items ask for at once are made once."""

from collections import OrderedDict
from dataclasses import dataclass, field

import msgspec

from wizard.effects import Effect, Read, Write
from wizard.gateway.protocol import Answer

LIFETIME = 10.0
"""Seconds for which an answer serves later readers that do not need a fresh one."""

KEPT = 512
"""Answers that are kept for later readers, the latest used."""

CONTAINED = frozenset({"cloudwatch", "iam", "lambda", "logs", "sns"})
"""Services whose writes change nothing that reads of other services show. Any other write may:
a load balancer has network interfaces, a stack has everything."""


@dataclass(slots=True)
class SharedRead:
    """One read, under way or answered, and who else waits for it."""

    began: float
    writes: int
    """How many writes it could show had been made when it began: after another one it serves
    nobody new."""
    waiting: list[str] = field(default_factory=list)
    answer: Answer | None = None


class ReadShare:
    """Knows which reads are under way or fresh. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._reads: OrderedDict[bytes, SharedRead] = OrderedDict()
        self._anywhere = 0
        self._within: dict[str, int] = {}

    def find(
        self, read: Read, fresh_after: float, now: float, lifetime: float = LIFETIME
    ) -> SharedRead | None:
        """A read that serves: begun late enough, before no later write, and not too old."""
        name = key(read)
        shared = self._reads.get(name)
        if shared is None or shared.began < fresh_after:
            return None
        if shared.writes != self._writes(read.service) and not read.keeps:
            return None
        if shared.answer is not None and now - shared.began > max(lifetime, read.keeps):
            return None
        self._reads.move_to_end(name)
        return shared

    def begin(self, read: Read, now: float) -> SharedRead:
        """A read leaves."""
        shared = SharedRead(began=now, writes=self._writes(read.service))
        name = key(read)
        self._reads[name] = shared
        self._reads.move_to_end(name)
        while len(self._reads) > KEPT and next(iter(self._reads.values())).answer is not None:
            self._reads.popitem(last=False)
        return shared

    def drop(self, read: Read, shared: SharedRead) -> None:
        """It failed: the next reader makes its own."""
        if self._reads.get(key(read)) is shared:
            del self._reads[key(read)]

    def wrote(self, effect: Effect) -> None:
        """Something was changed: what was read before may be so no more."""
        if isinstance(effect, Write) and effect.service in CONTAINED:
            self._within[effect.service] = self._within.get(effect.service, 0) + 1
        else:
            self._anywhere += 1

    def _writes(self, service: str) -> int:
        """Of all writes that a read of this service could show, in whichever region: some
        services answer for all of them."""
        return self._anywhere + self._within.get(service, 0)


def key(read: Read) -> bytes:
    """The same for the same read."""
    return msgspec.json.encode(
        [read.service, read.operation, read.region, read.pages, read.absent, read.params],
        order="deterministic",
        enc_hook=str,
    )
