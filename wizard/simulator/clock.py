"""The simulated account's clock: real time, scaled, that can also jump.

At speed 1 a wait of five minutes takes five minutes; at speed 60 it takes five seconds. Everything
in the account that takes time (provisioning, booting, periods of alarms) asks this clock.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime


class AccountClock:
    """Account time in seconds since the epoch; it never goes backwards.

    `monotonic` is the source of real seconds: inject one for deterministic tests. `start` is the
    account time at construction; the default is the real time now.
    """

    def __init__(
        self,
        speed: float = 1.0,
        start: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 0 < speed < float("inf"):
            raise ValueError(f"speed is {speed}; it must be a positive, finite number")
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._speed = float(speed)
        self._base = time.time() if start is None else start
        self._since = monotonic()

    @property
    def speed(self) -> float:
        """Account seconds that pass in one real second."""
        return self._speed

    def now(self) -> float:
        """Account seconds since the epoch."""
        with self._lock:
            return self._base + (self._monotonic() - self._since) * self._speed

    def utc(self) -> datetime:
        """Account time as an aware UTC datetime."""
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds: float) -> float:
        """Jump forward by so many account seconds; returns the new account time."""
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"cannot advance by {seconds} seconds; time only goes forward")
        with self._lock:
            self._base += seconds
        return self.now()

    def set_forward(self, account_time: float) -> None:
        """Go to `account_time`, or stay when that is already past."""
        behind = account_time - self.now()
        if behind > 0:
            self.advance(behind)

    def real_seconds(self, account_seconds: float) -> float:
        """How long so many account seconds take for the one who waits."""
        return account_seconds / self._speed
