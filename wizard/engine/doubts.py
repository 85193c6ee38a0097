"""Calls whose answer is not in the journal: settled by looking, or by a person's word."""

from wizard.effects import Again, Facts
from wizard.engine.demands import Coroutine, Park
from wizard.engine.record import Record
from wizard.engine.waiting import Look, Waiting, actionable, ours
from wizard.session.calls import CallSettled
from wizard.session.events import Observed
from wizard.session.reduce_calls import unsettled
from wizard.session.state import Call, ItemState, Status
from wizard.step import Action, Differences, Probe


class Doubts:
    """Settles the calls in doubt of one item."""

    def __init__(self, item: str, record: Record, waiting: Waiting, look: Look) -> None:
        self._item = item
        self._record = record
        self._waiting = waiting
        self._look = look

    def settle(
        self,
        step: Probe,
        found: Facts | None,
        differences: Differences,
        *,
        by_deed: bool = False,
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Settles them all, and looks again. What was called `by_deed`, at a pause, was to bring
        about what is a person's to bring about."""
        open_ = ours if isinstance(step, Action) and not by_deed else actionable
        for call in unsettled(self._state):
            if call.again is Again.ASK:
                yield from self._ask_about(call)
        if unsettled(self._state):
            if open_(differences):
                found, differences = yield from self._waiting.verify(step, open_)
            happened = not open_(differences)
            self._record.append(
                *(
                    CallSettled(
                        item=self._item,
                        op=call.op,
                        happened=happened,
                        by="observation",
                        note="found as it was to be" if happened else "not found by looking",
                    )
                    # Read again: meanwhile a person may have given their word.
                    for call in unsettled(self._state)
                )
            )
        found, differences = yield from self._look(step, fresh=True)
        self._record.append(Observed(item=self._item, found=found, differences=differences))
        return found, differences

    def _ask_about(self, call: Call) -> Coroutine[None]:
        if self._state.status is not Status.IN_DOUBT or call.outcome == "sent":
            self._record.in_doubt(self._item, call.op)
        while any(other.op == call.op for other in unsettled(self._state)):
            yield Park()

    @property
    def _state(self) -> ItemState:
        return self._record.state.item(self._item)
