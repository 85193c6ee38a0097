"""State is a fold: `state = reduce(state, entry)`, pure, over frozen events."""

from collections.abc import Iterable
from typing import Any, assert_never

from msgspec.structs import replace

from wizard.session import calls, events, pauses
from wizard.session.events import Entry
from wizard.session.members import accepted, fanned_out, reset_members, with_item
from wizard.session.moved import moved
from wizard.session.reduce_calls import HAPPENED, CallEvent, reduce_call
from wizard.session.reduce_rechecks import RecheckEvent, reduce_recheck
from wizard.session.state import (
    Answered,
    Attestation,
    Comparison,
    ItemState,
    Pause,
    Problem,
    SessionState,
    Status,
    Wait,
)

SessionEvent = (
    events.SessionStarted
    | events.SessionResumed
    | events.ChecklistMoved
    | events.SessionSuspended
    | events.SessionPaused
    | events.SessionContinued
    | events.SessionFinished
    | events.SessionAborted
    | events.InputAnswered
    | events.InputWithdrawn
    | events.DeviationRecorded
    | events.DeviationWithdrawn
    | events.Approved
)
ItemEvent = (
    events.ItemStarted
    | events.AnswerNeeded
    | events.Observed
    | events.Planned
    | events.Deferred
    | events.WaitStarted
    | events.WaitObserved
    | pauses.PersonNeeded
    | pauses.DeedAsked
    | pauses.DeedEnded
    | events.FannedOut
    | events.Compared
    | events.DifferenceAccepted
    | pauses.Attested
    | events.ItemDone
    | events.ItemFailed
    | events.ItemReset
    | events.ItemSkipped
    | events.ItemMarkedDone
    | events.ItemNotApplicable
)


def fold(entries: Iterable[Entry], state: SessionState | None = None) -> SessionState:
    """The state after all `entries`."""
    result = state if state is not None else SessionState()
    for entry in entries:
        result = reduce(result, entry)
    return result


def reduce(state: SessionState, entry: Entry) -> SessionState:
    """The state after one more entry."""
    state = replace(
        state, seq=entry.seq, updated_at=entry.at, head_sha256=entry.sha256, actor=entry.actor
    )
    event = entry.event
    if isinstance(
        event,
        calls.CallIntended
        | calls.CallSucceeded
        | calls.CallFailed
        | calls.CallInDoubt
        | calls.CallSettled
        | calls.ReadDone,
    ):
        return _call(state, entry, event)
    if isinstance(event, RecheckEvent):
        return reduce_recheck(state, entry.at, entry.actor, event)
    if isinstance(event, SessionEvent):
        return _session(state, entry, event)
    state = with_item(state, _item(state.item(event.item), entry, event))
    if isinstance(event, events.Planned) and event.needs_approval:
        # What is shown now is not what was consented to before.
        return replace(state, approved=state.approved - {event.item})
    return state


def _call(state: SessionState, entry: Entry, event: CallEvent) -> SessionState:
    return reduce_call(state, entry.at, event)


def _session(state: SessionState, entry: Entry, event: SessionEvent) -> SessionState:
    match event:
        case events.SessionStarted():
            return replace(
                state,
                session=event.session,
                number=event.number,
                checklist_id=event.checklist_id,
                checklist_sha256=event.checklist_sha256,
                tool_version=event.tool_version,
                pin=event.pin,
                started_at=entry.at,
            )
        case events.SessionResumed():
            taken = entry.at if event.took_over else state.took_over_at
            return replace(state, suspended="", paused="", pin=event.pin, took_over_at=taken)
        case events.ChecklistMoved():
            return moved(state, event)
        case events.SessionSuspended():
            return replace(state, suspended=event.reason)
        case events.SessionPaused():
            return replace(state, paused=event.reason)
        case events.SessionContinued():
            return replace(state, paused="")
        case events.SessionFinished():
            return replace(state, finished_at=entry.at)
        case events.SessionAborted():
            return replace(state, aborted=event.reason, finished_at=entry.at)
        case events.InputAnswered():
            answer = Answered(
                value=event.value, source=event.source, label=event.label, at=entry.at
            )
            return replace(state, answers={**state.answers, event.input: answer})
        case events.InputWithdrawn():
            return replace(
                state,
                answers={k: v for k, v in state.answers.items() if k != event.input},
                deviations={k: v for k, v in state.deviations.items() if v.input != event.input},
            )
        case events.DeviationRecorded():
            key = f"{event.advice} {event.input}"
            return replace(state, deviations={**state.deviations, key: event})
        case events.DeviationWithdrawn():
            gone = f"{event.advice} {event.input}"
            left = {key: value for key, value in state.deviations.items() if key != gone}
            return replace(state, deviations=left)
        case events.Approved():
            if not event.items:
                return replace(state, approved_all=True)
            return replace(state, approved=state.approved | frozenset(event.items))
        case _:
            assert_never(event)


def _item(item: ItemState, entry: Entry, event: ItemEvent) -> ItemState:
    match event:
        case events.ItemStarted():
            started = item.started_at or entry.at
            return _to(item, Status.CHECKING, started_at=started, ended_at="", problem=None)
        case events.AnswerNeeded():
            return _to(item, Status.NEEDS_ANSWER, needed_inputs=event.inputs)
        case events.Observed():
            return _observed(item, entry.at, event)
        case events.Planned():
            status = Status.NEEDS_APPROVAL if event.needs_approval else Status.APPLYING
            if event.preview:
                item = replace(item, outputs=event.outputs)
                status = Status.PLANNED
            # A wait that comes after these calls is another one, with a limit of its own.
            return _to(item, status, planned=event.calls, wait=None)
        case events.Deferred():
            return _to(item, Status.DEFERRED, note=event.because, outputs=event.outputs)
        case events.WaitStarted():
            wait = Wait(
                waiting_for=event.waiting_for,
                since=item.wait.since if item.wait else entry.at,
                every=event.every,
                limit=event.limit,
                looked_at=entry.at,
            )
            return _to(item, Status.SETTLING, wait=wait)
        case events.WaitObserved():
            looked = item.wait
            if looked is not None:
                looked = replace(looked, waiting_for=event.waiting_for, looked_at=entry.at)
            return replace(
                item,
                wait=looked,
                found=event.found,
                differences=event.differences,
                observed_at=entry.at,
            )
        case pauses.PersonNeeded():
            pause = Pause(
                instructions=event.instructions,
                since=item.pause.since if item.pause else entry.at,
                notices_itself=event.notices_itself,
                must_attest=event.must_attest,
                deeds=event.deeds,
                # What is offered may change while a deed is under way, or after one failed.
                doing=item.pause.doing if item.pause else "",
                problem=item.pause.problem if item.pause else "",
            )
            return _to(item, Status.NEEDS_PERSON, pause=pause, wait=None)
        case pauses.DeedAsked():
            return _paused(item, doing=event.deed, problem="")
        case pauses.DeedEnded():
            return _paused(item, doing="", problem=event.problem)
        case events.FannedOut():
            return fanned_out(item, event.members)
        case events.Compared():
            comparison = Comparison(
                region=event.region,
                rows=event.rows,
                at=entry.at,
                problem=event.problem,
                accepted=item.comparison.accepted if item.comparison else {},
            )
            return replace(item, comparison=comparison)
        case events.DifferenceAccepted():
            return accepted(item, event.field, event.reason)
        case pauses.Attested():
            attestation = Attestation(
                at=entry.at, by=entry.actor, note=event.note, evidence=event.evidence
            )
            return _to(item, Status.CHECKING, attestation=attestation)
        case events.ItemDone():
            return _ended(item, Status.DONE, entry, how=event.how, outputs=event.outputs)
        case events.ItemFailed():
            problem = Problem(
                where=event.where,
                what=event.what,
                todo=event.todo,
                code=event.code,
                policy=event.policy,
            )
            return _to(item, Status.FAILED, problem=problem, wait=None, pause=None)
        case events.ItemReset():
            item = item if event.alone else reset_members(item)
            if not any(call.mutating and call.outcome in HAPPENED for call in item.calls):
                # Nothing was changed yet: what is seen next is what was there before we acted.
                item = replace(item, first_found=None, first_differences=(), observed_at="")
            return _to(
                item,
                Status.WAITING,
                problem=None,
                wait=None,
                pause=None,
                attestation=None,
                note="",
                ended_at="",
            )
        case events.ItemSkipped():
            return _ended(item, Status.SKIPPED, entry, note=event.reason)
        case events.ItemMarkedDone():
            return _ended(item, Status.MARKED, entry, note=event.note)
        case events.ItemNotApplicable():
            return _ended(item, Status.NOT_APPLICABLE, entry, note=event.why)
        case _:
            assert_never(event)


def _paused(item: ItemState, **changes: Any) -> ItemState:
    return replace(item, pause=replace(item.pause, **changes)) if item.pause else item


def _observed(item: ItemState, at: str, event: events.Observed) -> ItemState:
    first = not item.observed_at
    return replace(
        item,
        # A member is begun by being looked at.
        started_at=item.started_at or at,
        first_found=event.found if first else item.first_found,
        first_differences=event.differences if first else item.first_differences,
        found=event.found,
        differences=event.differences,
        observed_at=at,
    )


def _to(item: ItemState, status: Status, **changes: Any) -> ItemState:
    changed: ItemState = replace(item, status=status, **changes)
    return changed


def _ended(item: ItemState, status: Status, entry: Entry, **changes: Any) -> ItemState:
    return _to(
        item,
        status,
        ended_at=entry.at,
        by=entry.actor,
        wait=None,
        pause=None,
        problem=None,
        needed_inputs=(),
        **changes,
    )
