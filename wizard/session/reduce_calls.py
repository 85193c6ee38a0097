"""The fold of the events about calls: an item's calls, the call log and the counters."""

from typing import assert_never

from msgspec.structs import replace

from wizard.effects import Again
from wizard.session.calls import (
    CallFailed,
    CallInDoubt,
    CallIntended,
    CallSettled,
    CallSucceeded,
    ReadDone,
)
from wizard.session.members import with_item
from wizard.session.state import Call, ItemState, SessionState, Status

CallEvent = CallIntended | CallSucceeded | CallFailed | CallInDoubt | CallSettled | ReadDone

HAPPENED = frozenset({"ok", "settled: happened"})
"""Outcomes of mutating calls that took effect."""

LOG_LENGTH = 400
"""Calls kept in the state's log; the journal has them all."""

READS_KEPT = 40
"""Reads kept with an item; its mutating calls are all kept."""


def reduce_call(state: SessionState, at: str, event: CallEvent) -> SessionState:
    """The state after an event about a call."""
    match event:
        case CallIntended():
            call = Call(
                op=event.op,
                item=event.item,
                at=at,
                title=event.title,
                service=event.service,
                operation=event.operation,
                region=event.region,
                params=event.params,
                cli=event.cli,
                again=event.again,
            )
            return replace(_added(state, call), writes=state.writes + 1)
        case ReadDone():
            call = Call(
                op="",
                item=event.item,
                at=at,
                title="",
                service=event.service,
                operation=event.operation,
                region=event.region,
                params=event.params,
                outcome="failed" if event.error else "ok",
                request_id=event.request_id,
                date=event.date,
                ms=event.ms,
                pages=event.pages,
                entries=event.entries,
                error=event.error,
            )
            return replace(_added(state, call), reads=state.reads + event.pages)
        case CallSucceeded():
            return _changed(
                state,
                event.item,
                event.op,
                outcome="ok",
                request_id=event.request_id,
                date=event.date,
                ms=event.ms,
                response=event.response,
            )
        case CallFailed():
            return _changed(
                state,
                event.item,
                event.op,
                outcome="failed",
                error=f"{event.code}: {event.message}",
                request_id=event.request_id,
            )
        case CallInDoubt():
            error = f"{event.code}: {event.message}"
            return _changed(state, event.item, event.op, outcome="in doubt", error=error)
        case CallSettled():
            outcome = "settled: happened" if event.happened else "settled: did not happen"
            return _changed(state, event.item, event.op, outcome=outcome)
        case _:
            assert_never(event)


def unsettled(item: ItemState) -> tuple[Call, ...]:
    """Mutating calls that left and whose answer is not in the journal."""
    return tuple(call for call in item.calls if is_unsettled(call))


def is_unsettled(call: Call) -> bool:
    """Whether it left, and whether it happened is not in the journal."""
    return call.mutating and call.outcome in {"sent", "in doubt"}


def _added(state: SessionState, call: Call) -> SessionState:
    item = state.item(call.item)
    calls = (*item.calls, call)
    if not call.mutating:
        reads = [old for old in calls if not old.mutating]
        if len(reads) > READS_KEPT:
            calls = tuple(old for old in calls if old is not reads[0])
        item = replace(item, reads=item.reads + 1)
    item = replace(item, calls=calls)
    return replace(with_item(state, item), log=(*state.log[-LOG_LENGTH + 1 :], call))


def _changed(state: SessionState, item_id: str, op: str, **changes: object) -> SessionState:
    item = state.item(item_id)
    calls = tuple(replace(call, **changes) if call.op == op else call for call in item.calls)
    log = tuple(replace(call, **changes) if call.op == op else call for call in state.log)
    status = item.status
    if changes.get("outcome") == "in doubt":
        asks = any(call.op == op and call.again is Again.ASK for call in calls)
        # What looking settles asks nothing of the operator.
        status = Status.IN_DOUBT if asks else Status.CHECKING
        # As after new calls: a wait that comes later is another one.
        item = replace(item, wait=None)
    elif str(changes.get("outcome")).startswith("settled") and status is Status.IN_DOUBT:
        status = Status.CHECKING
    item = replace(item, calls=calls, status=status)
    return replace(with_item(state, item), log=log)
