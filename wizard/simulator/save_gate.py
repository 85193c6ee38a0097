"""Lets many calls work at once, and a save only between them, so that a saved world is whole."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from wizard.simulator.middleware.call import Answer, Call, Handler

# What reads begin with; any other operation may have changed something.
_READS = ("Describe", "List", "Get", "Head", "Lookup", "Select", "Test", "Simulate")


class SaveGate:
    """Shared by calls, exclusive for a save. `changes` counts the calls that may have mutated."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._working = 0
        self._saving = False
        self._inside = threading.local()
        self.changes = 0

    def changed(self) -> None:
        """Say that something outside AWS's calls has changed."""
        with self._condition:
            self.changes += 1

    @contextmanager
    def working(self) -> Iterator[None]:
        """Around work that may change the world; may be nested."""
        if getattr(self._inside, "already", False):
            yield
            return
        with self._condition:
            self._condition.wait_for(lambda: not self._saving)
            self._working += 1
        self._inside.already = True
        try:
            yield
        finally:
            self._inside.already = False
            with self._condition:
                self._working -= 1
                self._condition.notify_all()

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Around a save: waits for work under way, and holds back new work."""
        with self._condition:
            self._condition.wait_for(lambda: not self._saving)
            self._saving = True
            self._condition.wait_for(lambda: self._working == 0)
        try:
            yield
        finally:
            with self._condition:
                self._saving = False
                self._condition.notify_all()

    def layer(self, call: Call, inner: Handler) -> Answer:
        """The middleware layer: moto's work goes through here."""
        with self.working():
            answer = inner(call)
        if answer.status < 400 and not call.operation.startswith(_READS):
            self.changed()
        return answer
