"""The state of a session: a pure fold over its events. Every front end is a reading of it."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from wizard.effects import Again, Facts, Json
from wizard.session.base import Actor, ComparedField, Member, Pin, PlannedCall, split_member
from wizard.session.events import DeviationRecorded
from wizard.session.rechecks import Recheck, RecheckStarted
from wizard.step import Deed, Differences


class Status(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    """for the items it needs"""
    CHECKING = "checking"
    NEEDS_ANSWER = "needs answer"
    NEEDS_APPROVAL = "needs approval"
    APPLYING = "applying"
    SETTLING = "settling"
    """waiting for AWS, or for time to pass"""
    NEEDS_PERSON = "needs person"
    IN_DOUBT = "in doubt"
    """a call's answer was lost and only a person can say whether it happened"""
    DONE = "done"
    MARKED = "marked done"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not applicable"
    RECHECKED = "rechecked"
    """in a recheck: its verdict is there, whatever it is"""
    FAILED = "failed"
    PLANNED = "planned"
    """in a preview: what it would do is known"""
    DEFERRED = "deferred"
    """in a preview: what it would do depends on earlier items"""

    @property
    def ended(self) -> bool:
        """Nothing more happens here, and what needs it may start."""
        return self in {
            Status.DONE,
            Status.MARKED,
            Status.SKIPPED,
            Status.NOT_APPLICABLE,
            Status.RECHECKED,
        }

    @property
    def wants_operator(self) -> bool:
        """The operator is being waited for."""
        return self in {
            Status.NEEDS_ANSWER,
            Status.NEEDS_APPROVAL,
            Status.NEEDS_PERSON,
            Status.IN_DOUBT,
            Status.FAILED,
        }


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call as the call log, the item view and the report show it."""

    op: str
    """Empty for reads."""
    item: str
    at: str
    title: str
    service: str
    operation: str
    region: str
    params: Facts
    cli: str = ""
    again: Again = Again.LOOK
    outcome: str = "sent"
    """`sent`, `ok`, `failed`, `in doubt`, `settled: happened`, `settled: did not happen`."""
    request_id: str = ""
    date: str = ""
    ms: float = 0
    pages: int = 0
    entries: int = 0
    response: Json = None
    error: str = ""

    @property
    def mutating(self) -> bool:
        return bool(self.op)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Where, what, and what to do next."""

    where: str
    what: str
    todo: str
    code: str = ""
    policy: str = ""


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """A wait that is never silent: what for, since when, how often it looks, how long at most."""

    waiting_for: str
    since: str
    every: float
    limit: float
    looked_at: str = ""


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is to do."""

    instructions: str
    since: str
    notices_itself: bool
    must_attest: bool
    deeds: tuple[Deed, ...] = ()
    doing: str = ""
    """The deed under way."""
    problem: str = ""
    """Why the last deed was not done."""


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    at: str
    by: Actor
    note: str
    evidence: tuple[Mapping[str, str], ...] = ()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """An item beside its counterpart in the reference region."""

    region: str
    rows: tuple[ComparedField, ...]
    at: str
    problem: str = ""
    accepted: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Fields that the operator lets differ, each with the reason."""


class ItemState(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one item, or of one member of an item that fans out."""

    id: str
    status: Status = Status.WAITING
    started_at: str = ""
    ended_at: str = ""
    first_found: Facts | None = None
    """What was there before we acted."""
    first_differences: Differences = ()
    found: Facts | None = None
    """What was found last."""
    differences: Differences = ()
    observed_at: str = ""
    planned: tuple[PlannedCall, ...] = ()
    needed_inputs: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    reads: int = 0
    wait: Wait | None = None
    pause: Pause | None = None
    attestation: Attestation | None = None
    how: str = ""
    outputs: Facts = msgspec.field(default_factory=dict)
    problem: Problem | None = None
    note: str = ""
    """The reason of a skip, the note of a mark, why a preview is deferred."""
    by: Actor | None = None
    """Who ended it."""
    comparison: Comparison | None = None
    recheck: Recheck | None = None
    """In a recheck: what came of reading it again."""
    members: tuple[Member, ...] = ()
    """Of an item that fans out, in the order they are worked through."""
    children: Mapping[str, "ItemState"] = msgspec.field(default_factory=dict)
    """The state of each member, by key; one that nothing happened to yet is not there."""
    tally: Mapping[Status, int] = msgspec.field(default_factory=dict)
    """How many members stand where; all members counted, kept by the fold."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    value: Json
    source: str
    label: str
    at: str


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """The fold of a session's events."""

    session: str = ""
    number: int = 0
    checklist_id: str = ""
    checklist_sha256: str = ""
    tool_version: str = ""
    pin: Pin | None = None
    actor: Actor | None = None
    started_at: str = ""
    updated_at: str = ""
    seq: int = 0
    head_sha256: str = ""
    took_over_at: str = ""
    """When it was last taken from a writer that may have had calls in flight."""
    rechecks: RecheckStarted | None = None
    """Which session this one reads again; None: it is none of these."""
    paused: str = ""
    """Why no new call starts; empty while running."""
    suspended: str = ""
    finished_at: str = ""
    aborted: str = ""
    answers: Mapping[str, Answered] = msgspec.field(default_factory=dict)
    deviations: Mapping[str, DeviationRecorded] = msgspec.field(default_factory=dict)
    """By advice and input, `E11 tls_policy`."""
    approved_all: bool = False
    approved: frozenset[str] = frozenset()
    items: Mapping[str, ItemState] = msgspec.field(default_factory=dict)
    removed: Mapping[str, ItemState] = msgspec.field(default_factory=dict)
    """Items of an earlier copy of the checklist, as they stood when they were taken out."""
    log: tuple[Call, ...] = ()
    """The last calls, reads too, newest last; bounded."""
    reads: int = 0
    writes: int = 0

    def item(self, item: str) -> ItemState:
        """The state of an item or of a member (`item[key]`); one never mentioned is waiting."""
        parent, key = split_member(item)
        found = self.items.get(parent)
        if found is not None and key:
            found = found.children.get(key)
        return found or ItemState(id=item)

    def inputs(self) -> dict[str, Json]:
        """The answers as plain values."""
        return {name: answer.value for name, answer in self.answers.items()}

    def is_approved(self, item: str) -> bool:
        return self.approved_all or item in self.approved

    @property
    def calls(self) -> int:
        return self.reads + self.writes
