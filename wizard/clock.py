"""Time and ids, passed in so that tests own them."""

import queue
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Two clocks: one to write down, one to measure with."""

    def utc(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def receive(self, inbox: "queue.SimpleQueue[T]", timeout: float | None, *, idle: bool) -> T:
        """The next message, or `queue.Empty` once `timeout` seconds have passed.

        `idle` says that nothing outside is under way, so that only time can bring news."""
        ...


class SystemClock:
    """The machine's clocks."""

    def utc(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def receive(
        self,
        inbox: "queue.SimpleQueue[T]",
        timeout: float | None,
        *,
        idle: bool,  # noqa: ARG002  for clocks that can jump
    ) -> T:
        return inbox.get(timeout=timeout)


Ids = Callable[[], str]


def random_id() -> str:
    """A fresh id, 32 hex digits."""
    return uuid.uuid4().hex


def iso(moment: datetime) -> str:
    """UTC, ISO 8601 with microseconds and `Z`: what the journal writes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seconds_between(earlier: str, later: datetime) -> float:
    """Seconds from a journaled time to `later`."""
    return (later - datetime.fromisoformat(earlier)).total_seconds()
