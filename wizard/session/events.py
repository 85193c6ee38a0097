"""The facts a session is made of. Frozen; a session is nothing but the sequence of these."""

import msgspec

from wizard.effects import Facts, Json
from wizard.session.base import Actor, ComparedField, Event, Member, Pin, PlannedCall
from wizard.session.calls import (
    CallFailed,
    CallInDoubt,
    CallIntended,
    CallSettled,
    CallSucceeded,
    ReadDone,
)
from wizard.session.pauses import Attested, DeedAsked, DeedEnded, PersonNeeded
from wizard.session.rechecks import Rechecked, RecheckStarted
from wizard.step import Differences


class SessionStarted(Event, frozen=True, kw_only=True, tag="session_started"):
    session: str
    number: int
    checklist_id: str
    checklist_sha256: str
    advice_sha256: str = ""
    """Of the texts that explain its errata; empty in sessions of format 1."""
    tool_version: str
    pin: Pin


class SessionResumed(Event, frozen=True, kw_only=True, tag="session_resumed"):
    tool_version: str
    pin: Pin
    took_over: str = ""
    """Who wrote until then, where and since when, if they may still be running."""


class ChecklistMoved(Event, frozen=True, kw_only=True, tag="checklist_moved"):
    """The session goes on by another copy of its checklist. Items that changed are reset in lines
    of their own."""

    checklist_text: str
    checklist_sha256: str
    advice_text: str
    advice_sha256: str
    added: tuple[str, ...]
    removed: tuple[Facts, ...]
    """The items that it has no more, as the copy before had them."""
    kept: tuple[str, ...]
    """Items that stay as they are; what was approved of others is not approved any more."""


class SessionSuspended(Event, frozen=True, kw_only=True, tag="session_suspended"):
    reason: str


class SessionPaused(Event, frozen=True, kw_only=True, tag="session_paused"):
    """No new call starts until the operator goes on."""

    reason: str


class SessionContinued(Event, frozen=True, kw_only=True, tag="session_continued"):
    pass


class SessionFinished(Event, frozen=True, kw_only=True, tag="session_finished"):
    """Every item has an end: done, marked, skipped or not applicable."""


class SessionAborted(Event, frozen=True, kw_only=True, tag="session_aborted"):
    reason: str


class InputAnswered(Event, frozen=True, kw_only=True, tag="input_answered"):
    input: str
    value: Json
    """Never a secret: for a secret input, only the name it is kept under."""
    source: str
    """`operator`, `default`, `file`."""
    label: str = ""
    """How the value reads in its dropdown."""


class InputWithdrawn(Event, frozen=True, kw_only=True, tag="input_withdrawn"):
    """Its answer was chosen under another answer, which has changed: it is asked again."""

    input: str
    because: str


class DeviationRecorded(Event, frozen=True, kw_only=True, tag="deviation_recorded"):
    """A choice that departs from the runbook's letter, with its reason."""

    advice: str
    input: str
    letter: Json
    chosen: Json
    reason: str


class DeviationWithdrawn(Event, frozen=True, kw_only=True, tag="deviation_withdrawn"):
    """The input was answered again, and now as the letter says."""

    advice: str
    input: str


class Approved(Event, frozen=True, kw_only=True, tag="approved"):
    """The operator lets writes happen: of these items, or with none named of all."""

    items: tuple[str, ...] = ()


class ItemStarted(Event, frozen=True, kw_only=True, tag="item_started"):
    item: str


class AnswerNeeded(Event, frozen=True, kw_only=True, tag="answer_needed"):
    """The item waits for answers that could not be given before."""

    item: str
    inputs: tuple[str, ...]


class Observed(Event, frozen=True, kw_only=True, tag="observed"):
    """What was found, and what of it is not as it should be."""

    item: str
    found: Facts | None
    differences: Differences
    after_writes: bool = False


class Planned(Event, frozen=True, kw_only=True, tag="planned"):
    item: str
    calls: tuple[PlannedCall, ...]
    needs_approval: bool
    preview: bool = False
    """True in a dry run: this is as far as the item goes."""
    outputs: Facts = msgspec.field(default_factory=dict)
    """In a dry run: what of its outputs is known before it is made."""


class Deferred(Event, frozen=True, kw_only=True, tag="deferred"):
    """In a preview: what this item will do depends on what earlier items give."""

    item: str
    because: str
    outputs: Facts = msgspec.field(default_factory=dict)
    """What of its outputs is known all the same."""


class WaitStarted(Event, frozen=True, kw_only=True, tag="wait_started"):
    """What the item waits for settles by itself."""

    item: str
    waiting_for: str
    every: float
    limit: float


class WaitObserved(Event, frozen=True, kw_only=True, tag="wait_observed"):
    """The last look's result, written when it changed."""

    item: str
    waiting_for: str
    found: Facts | None
    differences: Differences


class FannedOut(Event, frozen=True, kw_only=True, tag="fanned_out"):
    """The item stands for these members; each has a state of its own, under `item[key]`."""

    item: str
    members: tuple[Member, ...]


class Compared(Event, frozen=True, kw_only=True, tag="compared"):
    """The item beside its counterpart in the reference region."""

    item: str
    region: str
    """The reference region."""
    rows: tuple[ComparedField, ...]
    problem: str = ""
    """Why it could not be compared."""


class DifferenceAccepted(Event, frozen=True, kw_only=True, tag="difference_accepted"):
    """The operator lets a field differ from the reference region, with a reason."""

    item: str
    field: str
    reason: str


class ItemDone(Event, frozen=True, kw_only=True, tag="item_done"):
    item: str
    how: str
    """`already` right, `changed` by us, `observed` done by a person or time, `attested`."""
    outputs: Facts


class ItemFailed(Event, frozen=True, kw_only=True, tag="item_failed"):
    item: str
    where: str
    what: str
    todo: str
    code: str = ""
    policy: str = ""
    """For a denial: the policy that would grant it."""


class ItemReset(Event, frozen=True, kw_only=True, tag="item_reset"):
    """The operator tries a failed, skipped or waiting item again."""

    item: str
    why: str
    alone: bool = False
    """Of an item that fans out: its members stay as they are."""


class ItemSkipped(Event, frozen=True, kw_only=True, tag="item_skipped"):
    item: str
    reason: str


class ItemMarkedDone(Event, frozen=True, kw_only=True, tag="item_marked_done"):
    """Done by hand, says the operator; nothing was verified."""

    item: str
    note: str


class ItemNotApplicable(Event, frozen=True, kw_only=True, tag="item_not_applicable"):
    item: str
    why: str


AnyEvent = (
    SessionStarted
    | SessionResumed
    | ChecklistMoved
    | SessionSuspended
    | SessionPaused
    | SessionContinued
    | SessionFinished
    | SessionAborted
    | InputAnswered
    | InputWithdrawn
    | DeviationRecorded
    | DeviationWithdrawn
    | Approved
    | ItemStarted
    | AnswerNeeded
    | Observed
    | Planned
    | Deferred
    | CallIntended
    | CallSucceeded
    | CallFailed
    | CallInDoubt
    | CallSettled
    | ReadDone
    | WaitStarted
    | WaitObserved
    | PersonNeeded
    | DeedAsked
    | DeedEnded
    | FannedOut
    | Compared
    | DifferenceAccepted
    | Attested
    | ItemDone
    | ItemFailed
    | ItemReset
    | ItemSkipped
    | ItemMarkedDone
    | ItemNotApplicable
    | RecheckStarted
    | Rechecked
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal: an event with its place, time, author and link to the one before."""

    seq: int
    at: str
    """UTC, ISO 8601 with microseconds and `Z`."""
    actor: Actor
    event: AnyEvent
    previous_sha256: str
    sha256: str
