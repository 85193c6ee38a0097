"""What an item's coroutine asks of the scheduler: a call, some time, a lock, or news."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wizard.effects import Effect
from wizard.engine.reads import LIFETIME

T = TypeVar("T")


class OutOfDate(Exception):  # noqa: N818  a state of affairs, not an error
    """A call waited so long that what it rests on must be looked at again; it did not leave."""


@dataclass(frozen=True, slots=True)
class Make:
    """Make a call. Sent back: the gateway's `Answer`; its `CallError`s are thrown in.

    `leaving` runs on the engine's thread at the moment the call is handed to a worker, after all
    waiting: that is where an intent is journaled. Reads may be answered by the same read of
    another item if that began at or after `fresh_after` (monotonic seconds) and, once it has
    come, is not older than `lifetime` seconds. A call that could not leave until `not_after` does
    not leave any more: `OutOfDate` is thrown in.
    """

    item: str
    effect: Effect
    fresh_after: float = float("-inf")
    leaving: Callable[[], None] | None = field(default=None)
    not_after: float = float("inf")
    lifetime: float = LIFETIME


@dataclass(frozen=True, slots=True)
class Sleep:
    """Real seconds to wait; news for the item ends it early."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Park:
    """Wait for news, for as long as it takes: a command was carried out."""


@dataclass(frozen=True, slots=True)
class Acquire:
    """Hold the lock of that name until the coroutine ends."""

    name: str


Demand = Make | Sleep | Park | Acquire
Coroutine = Generator[Demand, Any, T]
