"""A running engine as seen from the thread that asks and prints."""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from typing import TypeVar

from wizard.engine.commands import Command, Stop
from wizard.engine.desk import Running
from wizard.engine.snapshot import Snapshot
from wizard.session.state import SessionState

T = TypeVar("T")

TAKEN = 5.0
"""Seconds for a command that was handled without a word to show its effect."""


class EngineEnded(Exception):  # noqa: N818  it says what happened; it need not be an error
    """The engine's thread has ended: what was asked of it is not answered any more."""


class SessionHeld(Exception):  # noqa: N818  as above
    """The session is paused, so that what was asked of the engine has to wait."""


class Leave(Exception):  # noqa: N818  as above
    """The operator chose to leave the session as it stands."""


class Watch:
    """Keeps the newest snapshot, and waits for news of it."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self._news = threading.Condition()
        self._snapshot = running.snapshot
        self._count = 0
        self._unsubscribe = running.subscribe(self._take)
        with self._news:
            self._snapshot = running.snapshot

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    @property
    def state(self) -> SessionState:
        return self._snapshot.state

    def wait(self, seconds: float) -> Snapshot:
        """The newest snapshot, after news or after so many seconds."""
        with self._news:
            before = self._count
            self._news.wait_for(lambda: self._count != before, seconds)
            return self._snapshot

    def until(self, reached: Callable[[Snapshot], bool], seconds: float = float("inf")) -> bool:
        """Whether it was reached before the engine ended and the time was up."""
        end = time.monotonic() + seconds
        with self._news:
            while not reached(self._snapshot):
                left = end - time.monotonic()
                if left <= 0 or not self._snapshot.running:
                    return False
                self._news.wait(min(left, 1.0))
            return True

    def tell(self, command: Command, taken: Callable[[SessionState], bool]) -> str:
        """Hand a command in and wait until it is `taken`; returns the engine's notice if not."""
        before, sent = self._snapshot.handled, time.monotonic()
        self.running.send(command)

        def answered(snapshot: Snapshot) -> bool:
            if taken(snapshot.state):
                return True
            late = time.monotonic() - sent > TAKEN and not snapshot.state.paused
            return snapshot.handled > before and (bool(snapshot.notice) or late)

        self.until(answered)
        if taken(self.state):
            return ""
        if not self._snapshot.running:
            raise EngineEnded
        return self._snapshot.notice

    def result(self, future: "Future[T]") -> T:
        """What the engine answers; `SessionHeld` when a pause keeps it from asking AWS."""
        while not future.done():
            if self.state.paused:
                raise SessionHeld
            if not self._snapshot.running and not future.done():
                raise EngineEnded
            wait([future], timeout=0.2)
        try:
            return future.result()
        except CancelledError:
            raise EngineEnded from None

    def stop(self, reason: str) -> None:
        """Leave: calls in flight are finished and journaled, then the thread ends.

        Another Ctrl-C hurries nothing: a call that left is never abandoned.
        """
        self.running.send(Stop(reason=reason))
        ended = False
        while not ended:
            with contextlib.suppress(KeyboardInterrupt):
                ended = self.running.join(0.5)
        self._unsubscribe()

    def _take(self, snapshot: Snapshot) -> None:
        """On the engine's thread."""
        with self._news:
            self._snapshot = snapshot
            self._count += 1
            self._news.notify_all()
