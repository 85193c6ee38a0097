"""Calls whose answer is not in the journal: settled by looking, or by a person's word."""

from wizard.effects import Again, Facts
from wizard.engine.demands import Coroutine, Park, Sleep
from wizard.engine.record import Record
from wizard.engine.waiting import Look, Waiting, actionable, ours
from wizard.session.calls import LONGEST_CALL, CallSettled
from wizard.session.events import Observed, WaitStarted
from wizard.session.reduce_calls import unsettled
from wizard.session.state import Call, ItemState, Status
from wizard.step import Action, Differences, Probe

SKEW = 300.0
"""Real seconds that another operator's clock may be off: AWS takes no calls of one further off.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html"""

FOUND = "found as it was to be"
UNSEEN = "what it does cannot be seen by looking; taken as not made"

ITS_LAST_CALLS = "the last calls of the wizard that was taken over, which may be in flight"


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
        if self._in_flight_elsewhere():
            yield from self._await()
            found, differences = yield from self._look(step, fresh=True)
        for call in unsettled(self._state):
            if call.again is Again.ASK:
                yield from self._ask_about(call)
        if unsettled(self._state):
            if open_(differences):
                found, differences = yield from self._waiting.verify(step, open_)
            unseen = by_deed and self._nothing_to_see()
            happened = not open_(differences) and not unseen
            self._record.append(
                *(
                    CallSettled(
                        item=self._item,
                        op=call.op,
                        happened=happened,
                        by="observation",
                        note=UNSEEN if unseen else FOUND if happened else "not found by looking",
                    )
                    # Read again: meanwhile a person may have given their word.
                    for call in unsettled(self._state)
                )
            )
        found, differences = yield from self._look(step, fresh=True)
        self._record.append(Observed(item=self._item, found=found, differences=differences))
        return found, differences

    def _nothing_to_see(self) -> bool:
        """Whether all was right before the call: that it is right says nothing of the call."""
        pause = self._state.pause
        return pause is not None and pause.must_attest

    def _in_flight_elsewhere(self) -> list[Call]:
        """Calls that whoever was taken over may still have under way: looked for now, they would
        not be found, be made again, and then be there twice."""
        taken = self._record.state.took_over_at
        if not taken or self._since(taken) >= LONGEST_CALL:
            return []
        return [
            call
            for call in unsettled(self._state)
            if call.outcome == "sent" and self._since(call.at) < LONGEST_CALL + SKEW
        ]

    def _await(self) -> Coroutine[None]:
        """Until none of them can do its work any more. From the takeover on none left, so that it
        is counted from then, by this machine's clock."""
        taken = self._record.state.took_over_at
        self._record.append(
            WaitStarted(
                item=self._item,
                waiting_for=ITS_LAST_CALLS,
                every=LONGEST_CALL * self._record.speed,
                limit=LONGEST_CALL * self._record.speed,
            )
        )
        while (left := LONGEST_CALL - self._since(taken)) > 0:
            yield Sleep(left)
        for call in unsettled(self._state):
            if call.outcome == "sent":
                self._record.in_doubt(self._item, call.op)

    def _since(self, at: str) -> float:
        """Real seconds since a journaled time."""
        return self._record.elapsed(at) / self._record.speed

    def _ask_about(self, call: Call) -> Coroutine[None]:
        if self._state.status is not Status.IN_DOUBT or call.outcome == "sent":
            self._record.in_doubt(self._item, call.op)
        while any(other.op == call.op for other in unsettled(self._state)):
            yield Park()

    @property
    def _state(self) -> ItemState:
        return self._record.state.item(self._item)
