"""One of those that an item fans out over: looked at, written and looked at again.

Its coroutines are phases, so that many members share reads: the parent looks at all of them, asks
once, lets each write, and looks at all of them again.
"""

from collections.abc import Callable

from wizard.clock import Clock
from wizard.effects import Facts
from wizard.engine.demands import Acquire, Coroutine, OutOfDate
from wizard.engine.doubts import Doubts
from wizard.engine.interpreter import InDoubt, Interpreter, NotKnownYet
from wizard.engine.lifecycle import CONVERGENCES
from wizard.engine.record import Record
from wizard.engine.waiting import Waiting, actionable, differing, ours, reasons, settling
from wizard.errors import StepError, UnreachableError
from wizard.session.base import PlannedCall, split_member
from wizard.session.events import Deferred, ItemDone, Observed, Planned, WaitStarted
from wizard.session.reduce_calls import HAPPENED, unsettled
from wizard.session.state import ItemState, Status
from wizard.step import Action, Differences, Probe

EVER = float("inf")

May = Callable[[tuple[PlannedCall, ...]], bool]
"""Whether these calls were consented to."""


class MemberRun:
    """A member under way. Its events are committed together with those of others."""

    def __init__(
        self,
        before: ItemState,
        step: Probe,
        *,
        interpreter: Interpreter,
        record: Record,
        clock: Clock,
        preview: bool,
        after: str = "",  # the id of a member that must be made first
    ) -> None:
        self.id = before.id
        self._after = after
        self.step = step
        self._interpreter = interpreter
        self._record = record
        self._clock = clock
        self._preview = preview
        self.found: Facts | None = before.found
        self.differences: Differences = before.differences
        self.calls: tuple[PlannedCall, ...] = ()
        """Those that would make it right, as foreseen when it was looked at."""
        self.looked_at = float("-inf")
        """Monotonic seconds: when the last look began."""
        self.wrote_at = ""
        """When its last writes ended, as the journal writes it; empty before them."""
        self.since = ""
        """When its wait began."""
        self._doubtful = bool(unsettled(before))
        self._changed = any(call.op and call.outcome in HAPPENED for call in before.calls)
        self._written_down = (before.found, before.differences) if before.observed_at else None
        self._tries = 0
        self._aimed: frozenset[str] = frozenset()  # the fields that its last writes were to mend
        self._ended = False

    @property
    def waits(self) -> bool:
        """Whether all that differs settles by itself."""
        return bool(self.differences) and settling(self.differences) and not self._ended

    @property
    def differs(self) -> bool:
        """Whether something is left for us to write."""
        return bool(ours(self.differences)) and not self._ended

    def survey(self, fresh_after: float) -> Coroutine[None]:
        """The first look of a round: ends what is right, foresees the calls of what is not."""
        try:
            yield from self._look(fresh_after)
        except NotKnownYet:
            if not isinstance(self.step, Action):
                self._defer("known after what the item needs")
                return
            self.found, self.differences = None, self.step.differences(None)
        if self._doubtful and not self._preview:
            yield from self._settle_doubts()
        yield from self._judge()

    def look_again(self, fresh_after: float) -> Coroutine[None]:
        """A look right before the writes: what differs otherwise now is foreseen anew."""
        seen = (self.found, self.differences)
        yield from self._look(fresh_after)
        if (self.found, self.differences) != seen:
            yield from self._judge()

    def write(self, may: May) -> Coroutine[None]:
        """Makes it right; comes back without having written what was not consented to."""
        lock = self.step.lock()
        if lock is not None:
            yield Acquire(lock)
            # Another held it until now, and may have written what this one rests on.
            yield from self.look_again(self._clock.monotonic())
            self._wait_its_turn()
        while self.differs and may(self.calls):
            self._tries += 1
            if self._tries > CONVERGENCES:
                raise StepError(
                    f"It still differs after {CONVERGENCES} tries: something else changes it.",
                    where=self.id,
                    todo="Look at the calls below and at who else is at work there, then retry.",
                )
            if (yield from self._converge()):
                break
        if lock is not None and self.wrote_at and not self._ended:
            # What it holds is let go when this ends, so it cannot be looked at with the others.
            found, differences = yield from self._waiting().verify(self.step)
            self.found, self.differences = self._written_down = found, differences
            self.verified(late=True)

    def _wait_its_turn(self) -> None:
        """What must come first has had its turn, since both share a lock."""
        first = self._record.state.item(self._after).status if self._after else None
        if first is Status.FAILED and self.differs:
            raise StepError(
                f"{split_member(self._after)[1]} must be made first, and could not be.",
                where=self.id,
                todo="See why that one failed and retry it, then this one; nothing was made here.",
            )

    def verify(self, fresh_after: float, *, late: bool) -> Coroutine[None]:
        """The look after the writes; `late`: AWS has had its time to show them."""
        yield from self._look(fresh_after)
        if late or not self.differs:
            self._write_down(after_writes=True)
            self.verified(late=late)

    def verified(self, *, late: bool) -> None:
        """Ends it if nothing is left to wait for; `StepError` when nothing shows in time. What is
        mended in part goes on: some calls must wait until AWS is done with others."""
        self.wrote_at = ""
        left = ours(self.differences)
        if late and left and not {one.field for one in left} < self._aimed:
            raise StepError(
                "AWS took the change, yet it still reads: " + "; ".join(map(differing, left)),
                where=self.id,
                todo="Look at the calls below, then retry: it looks again before it writes.",
            )
        self._refuse()
        self._end_if_right()

    def begin_wait(self) -> None:
        """It settles by itself; from now on it is waited for."""
        patience = self.step.patience
        self._record.later(
            WaitStarted(
                item=self.id,
                waiting_for=self.step.waiting_for(self.found),
                every=patience.every,
                limit=patience.limit,
            )
        )

    def wait(self, fresh_after: float) -> Coroutine[None]:
        """A look at what settles by itself; `StepError` at the step's limit."""
        try:
            yield from self._look(fresh_after)
        except UnreachableError:
            return  # a network that is gone for a while ends no wait
        limit = self.step.patience.limit
        if self.waits and self._record.elapsed(self.since) > limit:
            raise StepError(
                f"Waited {limit:g} seconds for {self.step.waiting_for(self.found)}: "
                + "; ".join(map(differing, self.differences)),
                where=self.id,
                todo="Retry waits again; nothing is written twice.",
            )
        if not self.waits:
            yield from self._judge()

    def foresee(self) -> None:
        """In a preview: says what would be done."""
        if self._ended:
            return
        if self.calls:
            self._record.later(
                Planned(item=self.id, calls=self.calls, needs_approval=False, preview=True)
            )
        elif self.waits:
            self._defer(self.step.waiting_for(self.found))
        else:
            self._defer(reasons(self.differences))

    def _look(self, fresh_after: float) -> Coroutine[None]:
        self._interpreter.fresh_after = fresh_after
        self.looked_at = self._clock.monotonic()
        self.found = yield from self._interpreter.look(self.step.observe(), lifetime=EVER)
        self.differences = self.step.differences(self.found)

    def _judge(self) -> Coroutine[None]:
        """After a look: write down what is new, end what is right, refuse what we cannot mend,
        foresee the calls for the rest."""
        self._write_down()
        if not self._preview:
            self._refuse()
        self._end_if_right()
        self.calls = ()
        if isinstance(self.step, Action) and self.differs and not self._not_ours():
            self.calls = yield from self._interpreter.preview(
                self.step.converge(self.found, self.differences)
            )

    def _write_down(self, *, after_writes: bool = False) -> None:
        now = (self.found, self.differences)
        if now != self._written_down:
            self._record.later(
                Observed(
                    item=self.id,
                    found=self.found,
                    differences=self.differences,
                    after_writes=after_writes,
                )
            )
        self._written_down = now

    def _not_ours(self) -> Differences:
        """What we cannot bring about: a person has to, or nobody can as it is."""
        left = actionable(self.differences)
        if not isinstance(self.step, Action):
            return left
        return tuple(one for one in left if one.person or not one.fixable)

    def _refuse(self) -> None:
        """There is no pause for each of many: what a person is to do is why it failed."""
        if stuck := self._not_ours():
            own = self.step.instructions(self.found)
            because = reasons(stuck)
            raise StepError(
                f"{because.rstrip('.')}. {own}" if own else because,
                where=self.id,
                todo="Mend it or change the inputs, then retry it; or skip it with a reason.",
            )

    def _end_if_right(self) -> None:
        if self.differences:
            return
        how = "observed"
        if isinstance(self.step, Action):
            how = "changed" if self._changed else "already"
        self._ended = True
        outputs = self.step.outputs(self.found)
        self._record.later(ItemDone(item=self.id, how=how, outputs=outputs))

    def _converge(self) -> Coroutine[bool]:
        """Whether the writes were made; if not, it was looked at again."""
        step = self.step
        if not isinstance(step, Action):
            raise StepError(f"{step.kind} writes nothing.", where=self.id)
        self._record.later(Planned(item=self.id, calls=self.calls, needs_approval=False))
        self._aimed = frozenset(one.field for one in ours(self.differences))
        try:
            yield from self._interpreter.run(step.converge(self.found, self.differences))
        except InDoubt:
            yield from self._look(self._clock.monotonic())
            yield from self._settle_doubts()
        except OutOfDate:
            self._tries -= 1
            yield from self._look(self._clock.monotonic())
        else:
            self._changed = True
            self.wrote_at = self._record.now()
            return True
        yield from self._judge()
        return False

    def _settle_doubts(self) -> Coroutine[None]:
        doubts = Doubts(self.id, self._record, self._waiting(), self._look_alone)
        found, differences = yield from doubts.settle(self.step, self.found, self.differences)
        self.found, self.differences = self._written_down = found, differences
        self._doubtful = False
        calls = self._record.state.item(self.id).calls
        self._changed = any(call.op and call.outcome in HAPPENED for call in calls)

    def _waiting(self) -> Waiting:
        return Waiting(self.id, self._record, self._look_alone)

    def _look_alone(
        self,
        step: Probe,  # noqa: ARG002  its own
        *,
        fresh: bool = True,  # noqa: ARG002  always
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        yield from self._look(self._clock.monotonic())
        return self.found, self.differences

    def _defer(self, because: str) -> None:
        self._ended = True
        self._record.later(Deferred(item=self.id, because=because))
