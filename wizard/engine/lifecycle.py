"""One item from its start to its end, as a coroutine.

Look, compare, preview, ask, write, look again; wait for what settles, pause for a person. What
the coroutine waits for it reads from the state, so that a restart stands where the last one fell.
"""

from collections.abc import Sequence

from wizard.checklist.model import Checklist, Item
from wizard.clock import Clock
from wizard.effects import Facts
from wizard.engine.assumed import Assumed
from wizard.engine.comparing import Comparing
from wizard.engine.deeds import Deeds
from wizard.engine.demands import Acquire, Coroutine, OutOfDate, Park
from wizard.engine.doubts import Doubts
from wizard.engine.interpreter import InDoubt, Interpreter, NotKnownYet
from wizard.engine.pausing import Pausing, asked_of_person, waits_for_person
from wizard.engine.preparation import Preparation
from wizard.engine.record import Record
from wizard.engine.waiting import Waiting, actionable, differing, ours, reasons, settling
from wizard.errors import StepError
from wizard.session.base import PlannedCall
from wizard.session.events import Deferred, ItemDone, ItemStarted, Observed, Planned
from wizard.session.pauses import PersonNeeded
from wizard.session.reduce_calls import HAPPENED, unsettled
from wizard.session.state import ItemState
from wizard.step import Action, Attest, Differences, Probe, Registry

CONVERGENCES = 4
"""Times that one item's writes are tried when answers are lost or others change things."""


class Lifecycle:
    """Runs one item of a session, or previews it."""

    def __init__(
        self,
        item: Item,
        *,
        checklist: Checklist,
        registry: Registry,
        record: Record,
        interpreter: Interpreter,
        assumed: Assumed,
        deeds: Deeds,
        clock: Clock,
        preview: bool,
    ) -> None:
        self._item = item
        self._record = record
        self._interpreter = interpreter
        self._clock = clock
        self._preview = preview
        self._preparation = Preparation(
            item, checklist, registry, record, assumed=assumed, preview=preview
        )
        self._comparing = Comparing(
            item,
            item.id,
            checklist=checklist,
            registry=registry,
            record=record,
            interpreter=interpreter,
            preview=preview,
        )
        self._waiting = Waiting(item.id, record, self._look)
        self._doubts = Doubts(item.id, record, self._waiting, self._look)
        self._pausing = Pausing(
            item.id,
            record,
            interpreter=interpreter,
            waiting=self._waiting,
            doubts=self._doubts,
            deeds=deeds,
        )

    def run(self) -> Coroutine[None]:
        """The item, from its start to its end. Errors are the engine's to journal."""
        self._record.append(ItemStarted(item=self._item.id))
        step = yield from self._preparation.step()
        if step is None:
            return
        match step:
            case Attest(instructions=instructions):
                yield from self._attest(instructions, {})
            case Probe():
                lock = step.lock()
                if lock is not None:
                    yield Acquire(lock)
                yield from self._probe(step)
            case _:
                raise StepError(f"{self._item.step} can be neither attested, seen nor done.")

    def _probe(self, step: Probe) -> Coroutine[None]:
        try:
            found, differences = yield from self._look(step)
        except NotKnownYet:
            if not isinstance(step, Action):
                self._preparation.defer_to_needs()
                return
            found, differences = None, step.differences(None)
        yield from self._comparing.compare(step, found, differences)
        if self._preview:
            yield from self._foresee(step, found, differences)
            return
        cut_short = self._pausing.recover()
        if unsettled(self._state):
            found, differences = yield from self._doubts.settle(
                step, found, differences, by_deed=cut_short
            )
        how = "observed"
        found, differences = yield from self._make_right(step, found, differences)
        if isinstance(step, Action):
            how = "changed" if self._changed() else "already"
        while step.attest and self._state.attestation is None:
            found, differences = yield from self._pausing.until_attested(step, found)
            found, differences = yield from self._make_right(step, found, differences)
        how = "attested" if step.attest else how
        self._comparing.renew(step, found, differences)
        outputs = step.outputs(found)
        self._record.append(ItemDone(item=self._item.id, how=how, outputs=outputs))

    def _make_right(
        self, step: Probe, found: Facts | None, differences: Differences
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Write, wait for a person, wait for time, in this order, until nothing differs."""
        while differences:
            # What settles may then want writing: targets get healthy, then the name moves.
            if isinstance(step, Action):
                found, differences = yield from self._converge(step, found, differences)
            if waits_for_person(step, differences):
                found, differences = yield from self._pausing.until_done(step, found, differences)
            elif differences:
                found, differences = yield from self._waiting.until_settled(
                    step, found, differences
                )
        return found, differences

    def _look(
        self, step: Probe, *, fresh: bool = False
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        if fresh:
            self._interpreter.fresh_after = self._clock.monotonic()
        found = yield from self._interpreter.look(step.observe())
        differences = step.differences(found)
        if not fresh:
            self._record.append(Observed(item=self._item.id, found=found, differences=differences))
        return found, differences

    def _converge(
        self, step: Action, found: Facts | None, differences: Differences
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        tries = 0
        while todo := ours(differences):
            if stuck := [difference for difference in todo if not difference.fixable]:
                raise StepError(
                    reasons(stuck),
                    where=self._item.id,
                    todo="Mend it or change the inputs, then retry; or skip with a reason.",
                )
            found, differences, stale = yield from self._approval(step, found, differences)
            if stale:
                continue
            tries += 1
            if tries > CONVERGENCES:
                raise StepError(
                    f"It still differs after {CONVERGENCES} tries: something else changes it.",
                    where=self._item.id,
                    todo="Look at the calls below and at who else is at work there, then retry.",
                )
            try:
                yield from self._interpreter.run(step.converge(found, differences))
            except InDoubt:
                found, differences = yield from self._look(step, fresh=True)
                found, differences = yield from self._doubts.settle(step, found, differences)
                continue
            except OutOfDate:
                tries -= 1
                found, differences = yield from self._look(step, fresh=True)
                self._record.append(
                    Observed(item=self._item.id, found=found, differences=differences)
                )
                continue
            found, differences = yield from self._waiting.verify(step)
            if left := ours(differences):
                raise StepError(
                    "AWS took the change, yet it still reads: "
                    + "; ".join(differing(difference) for difference in left),
                    where=self._item.id,
                    todo="Look at the calls below, then retry: it looks again before it writes.",
                )
        return found, differences

    def _approval(
        self, step: Action, found: Facts | None, differences: Differences
    ) -> Coroutine[tuple[Facts | None, Differences, bool]]:
        """Shows the calls and waits for consent; the last value is True when, meanwhile, what
        was seen has changed."""
        calls = yield from self._interpreter.preview(step.converge(found, differences))
        if self._may(calls):
            self._record.append(Planned(item=self._item.id, calls=calls, needs_approval=False))
            return found, differences, False
        self._record.append(Planned(item=self._item.id, calls=calls, needs_approval=True))
        while not self._may(calls):
            yield Park()
        seen, now = yield from self._look(step, fresh=True)
        if (seen, now) != (found, differences):
            self._record.append(Observed(item=self._item.id, found=seen, differences=now))
            return seen, now, True
        self._record.append(Planned(item=self._item.id, calls=calls, needs_approval=False))
        return found, differences, False

    def _may(self, calls: Sequence[PlannedCall]) -> bool:
        """Whether these calls were consented to: other ones than were shown were not."""
        state = self._record.state
        if state.approved_all or not state.is_approved(self._item.id):
            return state.approved_all
        shown = self._state.planned
        return not shown or all(call in shown for call in calls)

    def _attest(self, instructions: str, outputs: Facts) -> Coroutine[None]:
        if self._preview:
            self._record.append(
                Deferred(item=self._item.id, because=f"a person confirms: {instructions}")
            )
            return
        if self._state.attestation is None:
            self._record.append(
                PersonNeeded(
                    item=self._item.id,
                    instructions=instructions,
                    notices_itself=False,
                    must_attest=True,
                )
            )
        while self._state.attestation is None:
            yield Park()
        self._record.append(ItemDone(item=self._item.id, how="attested", outputs=outputs))

    def _foresee(
        self, step: Probe, found: Facts | None, differences: Differences
    ) -> Coroutine[None]:
        """Says what would be done, and does nothing."""
        todo = ours(differences) if isinstance(step, Action) else actionable(differences)
        if isinstance(step, Action) and todo and all(one.fixable for one in todo):
            calls = yield from self._interpreter.preview(step.converge(found, differences))
            self._record.append(
                Planned(
                    item=self._item.id,
                    calls=calls,
                    needs_approval=False,
                    preview=True,
                    outputs=step.promised(found),
                )
            )
        elif differences:
            if settling(differences):
                because = step.waiting_for(found)
            elif todo:
                because = reasons(todo)
            else:
                because = f"a person: {asked_of_person(step, found, differences)}"
            self._record.append(
                Deferred(item=self._item.id, because=because, outputs=step.promised(found))
            )
        elif step.attest:
            yield from self._attest(step.attest, {})
        else:
            outputs = step.outputs(found)
            self._record.append(ItemDone(item=self._item.id, how="already", outputs=outputs))

    def _changed(self) -> bool:
        return any(call.mutating and call.outcome in HAPPENED for call in self._state.calls)

    @property
    def _state(self) -> ItemState:
        return self._record.state.item(self._item.id)
