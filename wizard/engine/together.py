"""Runs the phases of many members side by side, a window of them at a time."""

from collections.abc import Callable, Iterable
from functools import partial

from wizard.engine.demands import Coroutine, Park, Sleep
from wizard.engine.failures import failed
from wizard.engine.record import Record
from wizard.engine.scheduler import Scheduler
from wizard.session.events import AnyEvent

WINDOW = 64
"""Coroutines of members that are there at once: memory and every turn stay small."""

SPELL = 200
"""Members begun in one turn of the engine at most: then it shows what it did, and listens."""


class Together:
    """The members of one item that are under way, each a task of the scheduler."""

    def __init__(
        self,
        item: str,
        scheduler: Scheduler,
        record: Record,
        told: Callable[[str, BaseException], AnyEvent] = failed,
    ) -> None:
        """`told` makes the event that says what a member raised."""
        self._item = item
        self._scheduler = scheduler
        self._record = record
        self._told = told
        self._running: set[str] = set()
        self._listens = False

    def run(self, work: Iterable[tuple[str, Coroutine[None]]]) -> Coroutine[None]:
        """Carry out each member's coroutine, begun when there is room; back when all have ended.

        What one raises is journaled as its failure, and stops no other."""
        for begun, (member, coroutine) in enumerate(work, 1):
            while len(self._alive()) >= WINDOW:
                yield from self._news()
            self._running.add(member)
            self._scheduler.spawn(member, coroutine, partial(self._ended, member))
            if begun % SPELL == 0:
                yield Sleep(0)
        while self._alive():
            yield from self._news()

    def stop(self) -> None:
        """The item's own coroutine is ended: theirs are too. None of them is writing then."""
        for member in self._alive():
            self._scheduler.cancel(member)

    def _news(self) -> Coroutine[None]:
        self._listens = True
        yield Park()
        self._listens = False

    def _alive(self) -> set[str]:
        """Those not ended; the operator may have taken one away, which tells nobody."""
        self._running = {one for one in self._running if one in self._scheduler.tasks}
        return self._running

    def _ended(self, member: str, problem: BaseException | None) -> None:
        if problem is not None:
            self._record.later(self._told(member, problem))
        if self._listens:
            # Not while it sleeps between two spells: those that end would cut that short.
            self._scheduler.wake(self._item)
