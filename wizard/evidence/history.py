"""What happened besides calls, to the session and to each item, told from the events in order."""

from collections.abc import Iterable

import msgspec

from wizard.evidence.words import when, who
from wizard.session import calls, events, pauses
from wizard.session.events import AnyEvent, Entry


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an item's history."""

    at: str
    what: str
    by: str


def history(entries: Iterable[Entry]) -> dict[str, list[Happening]]:
    """By item, what an auditor asks about: waits, pauses, people's acts, failures, doubts."""
    found: dict[str, list[Happening]] = {}
    for entry in entries:
        if told := _tell(entry.event):
            item, what, by_person = told
            found.setdefault(item, []).append(
                Happening(at=when(entry.at), what=what, by=who(entry.actor) if by_person else "")
            )
    return found


def course(entries: Iterable[Entry]) -> list[Happening]:
    """How the session went: who started, approved, paused, resumed and ended it, and when."""
    return [
        Happening(at=when(entry.at), what=what, by=who(entry.actor))
        for entry in entries
        if (what := _tell_session(entry.event))
    ]


def _tell_session(event: AnyEvent) -> str:
    match event:
        case events.SessionStarted():
            return f"Started with st-wizard {event.tool_version}."
        case events.SessionResumed():
            taken = f", taken over from {event.took_over}" if event.took_over else ""
            return f"Resumed with st-wizard {event.tool_version}{taken}; the account was the same."
        case events.ChecklistMoved():
            gone = ", ".join(str(item["id"]) for item in event.removed)
            return (
                f"Went over to the checklist with SHA-256 {event.checklist_sha256}. "
                f"Added: {', '.join(event.added) or 'nothing'}. Removed: {gone or 'nothing'}."
            )
        case events.SessionSuspended() | events.SessionPaused() | events.SessionAborted():
            verb = type(event).__name__.removeprefix("Session")
            return f"{verb}: {event.reason}"
        case events.SessionContinued():
            return "Continued."
        case events.SessionFinished():
            return "Finished."
        case events.Approved():
            return f"Approved the changes of {', '.join(event.items) or 'all items'}."
        case _:
            return ""


def _tell(event: AnyEvent) -> tuple[str, str, bool] | None:
    """The item, what happened, and whether a person did it."""
    match event:
        case events.WaitStarted():
            return event.item, f"Waited for {event.waiting_for}.", False
        case pauses.PersonNeeded():
            return event.item, f"Asked a person: {event.instructions}", False
        case pauses.DeedAsked():
            given = ", ".join(f"{name} {value}" for name, value in event.given.items())
            with_ = f" with {given}" if given else ""
            return event.item, f"Had the wizard do it: {event.deed}{with_}.", True
        case pauses.DeedEnded():
            ended = f"was not done: {event.problem}" if event.problem else "was done."
            return event.item, f"What was asked, {event.deed}, {ended}", False
        case events.DifferenceAccepted():
            what = f"Let {event.field} differ from the reference region: {event.reason}"
            return event.item, what, True
        case pauses.Attested():
            return event.item, f"Attested: {event.note}", True
        case events.ItemFailed():
            return event.item, f"Failed. {event.where} {event.what}".strip(), False
        case events.ItemReset():
            return event.item, f"Tried again: {event.why}", True
        case events.ItemSkipped():
            return event.item, f"Skipped: {event.reason}", True
        case events.ItemMarkedDone():
            return event.item, f"Marked done by hand, not verified: {event.note}", True
        case events.ItemNotApplicable():
            return event.item, f"Not applicable: {event.why}", False
        case calls.CallInDoubt():
            what = f"The answer of a call was lost ({event.code}: {event.message})."
            return event.item, what, False
        case calls.CallSettled():
            happened = "it happened" if event.happened else "it did not happen"
            by_person = event.by == "operator"
            by = f"a person: {event.note}" if by_person else "looking"
            return event.item, f"The call in doubt was settled, {happened}, by {by}.", by_person
        case _:
            return None
