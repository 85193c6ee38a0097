"""Waits: for AWS to show what it took, and for what settles by itself."""

from collections.abc import Callable, Iterable

from wizard.effects import Facts
from wizard.engine.demands import Coroutine, Sleep
from wizard.engine.record import Record
from wizard.errors import StepError, UnreachableError
from wizard.session.events import Observed, WaitObserved, WaitStarted
from wizard.step import Difference, Differences, Probe

CONSISTENCY = 30.0
"""Account seconds within which AWS shows a change that it took (its eventual consistency)."""

CONSISTENCY_EVERY = 2.0
"""Account seconds between looks meanwhile."""

SHORTEST = 0.1
"""Real seconds: however fast a simulated account runs, it is not asked more often."""

Look = Callable[..., Coroutine[tuple[Facts | None, Differences]]]


class Waiting:
    """The waits of one item; when they began stands in the state, so a restart keeps them."""

    def __init__(self, item: str, record: Record, look: Look) -> None:
        self._item = item
        self._record = record
        self._look = look

    def verify(
        self, step: Probe, open_: Callable[[Differences], Differences] | None = None
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Look after a write until nothing is `open_`, for as long as AWS may take to show it."""
        open_ = open_ or ours
        began = self._record.now()
        while True:
            found, differences = yield from self._look(step, fresh=True)
            late = self._record.elapsed(began) >= CONSISTENCY
            if not open_(differences) or late:
                break
            yield self._sleep(CONSISTENCY_EVERY)
        self._record.append(
            Observed(item=self._item, found=found, differences=differences, after_writes=True)
        )
        return found, differences

    def until_settled(
        self, step: Probe, found: Facts | None, differences: Differences
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Wait while all that differs settles by itself; `StepError` at the step's limit."""
        patience = step.patience
        self._record.append(
            WaitStarted(
                item=self._item,
                waiting_for=step.waiting_for(found),
                every=patience.every,
                limit=patience.limit,
            )
        )
        wait = self._record.state.item(self._item).wait
        since = wait.since if wait is not None else self._record.now()
        while differences and settling(differences):
            if self._record.elapsed(since) > patience.limit:
                raise StepError(
                    f"Waited {_minutes(patience.limit)} for {step.waiting_for(found)}: "
                    + "; ".join(differing(difference) for difference in differences),
                    where=self._item,
                    todo="Retry waits again; nothing is written twice.",
                )
            yield self._sleep(patience.every)
            found, differences = yield from self.look_again(step, found, differences)
        return found, differences

    def next_look(self, step: Probe) -> Sleep:
        """Until it is time to look again."""
        return self._sleep(step.patience.every)

    def look_again(
        self, step: Probe, found: Facts | None, differences: Differences
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Look now; what is new is written down, a network that is gone is told of."""
        try:
            seen, now = yield from self._look(step, fresh=True)
        except UnreachableError as error:
            # A laptop that sleeps or a network that is gone for a while ends no wait.
            self._record.append(
                WaitObserved(
                    item=self._item,
                    waiting_for=f"the network: {error.what}",
                    found=found,
                    differences=differences,
                )
            )
            return found, differences
        if not now:
            self._record.append(Observed(item=self._item, found=seen, differences=now))
        elif (seen, now) != (found, differences):
            self._record.append(
                WaitObserved(
                    item=self._item,
                    waiting_for=step.waiting_for(seen),
                    found=seen,
                    differences=now,
                )
            )
        else:
            self._record.flush()
        return seen, now

    def _sleep(self, account_seconds: float) -> Sleep:
        return Sleep(max(SHORTEST, account_seconds / self._record.speed))


def actionable(differences: Differences) -> Differences:
    """Those that do not settle by themselves."""
    return tuple(difference for difference in differences if not difference.settles)


def ours(differences: Differences) -> Differences:
    """Those that are neither time's nor a person's to remove."""
    return tuple(one for one in actionable(differences) if not one.person)


def settling(differences: Differences) -> bool:
    """Whether all of them settle by themselves."""
    return not actionable(differences)


def differing(difference: Difference) -> str:
    """One difference in words."""
    words = f"{difference.field} is {difference.found!r}, not {difference.wanted!r}"
    return f"{words} ({difference.reason})" if difference.reason else words


def reasons(differences: Iterable[Difference]) -> str:
    """Why they are there, each reason once: several fields may share one."""
    return "; ".join(dict.fromkeys(one.reason or differing(one) for one in differences))


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 60 else f"{seconds:g} seconds"
