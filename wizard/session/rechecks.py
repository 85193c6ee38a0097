"""The facts of a recheck: a session of its own that reads again what another one asserted."""

from enum import StrEnum

import msgspec

from wizard.effects import Json
from wizard.session.base import Event


class Verdict(StrEnum):
    """What came of reading one assertion again."""

    MATCH = "match"
    """right, and as it was recorded"""
    DRIFT = "drift"
    """not right any more, or other than it was recorded"""
    GONE = "gone"
    """what was there is not there any more"""
    DENIED = "denied"
    """the caller may not read it"""
    UNREADABLE = "could not be read"
    ATTESTED = "attested only"
    """a person said so; what can be seen of it, if anything, is as it was"""
    NOT_COMPARABLE = "not comparable"
    """nothing was asserted, or it cannot be looked at again; `why` says which"""


class Drifted(msgspec.Struct, frozen=True, kw_only=True):
    """One field that is not as the item left it."""

    field: str
    then: Json
    """What the session recorded."""
    now: Json
    wanted: Json = None
    """What the checklist wants, where the step itself finds it wrong."""
    wrong: bool
    """True: wrong by the step's own definition. False: right either way, but not as recorded."""
    reason: str = ""


class RecheckStarted(Event, frozen=True, kw_only=True, tag="recheck_started"):
    """Which session is read again, by which evidence of it."""

    session: str
    number: int
    head_sha256: str
    """Of its last journal line: all that it says is in this hash."""
    bundle_sha256: str = ""
    """Of the SHA256SUMS of the bundle that was rechecked; empty: the journal itself was."""
    ended_at: str = ""
    """UTC; empty: it was not finished."""
    caller_arn: str
    """Who that session acted as; a recheck may be made by somebody else."""
    tool_version: str

    @property
    def previous(self) -> str:
        """What stands for the evidence that was rechecked."""
        return self.bundle_sha256 or self.head_sha256


class Rechecked(Event, frozen=True, kw_only=True, tag="rechecked"):
    """The verdict on an item, or on a member of one that fans out."""

    item: str
    verdict: Verdict
    why: str = ""
    """In plain words, where the verdict alone does not say it."""
    recorded_at: str = ""
    """UTC, ISO 8601: when the session saw it last; empty: it never did."""
    drifted: tuple[Drifted, ...] = ()


class Recheck(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on an item, as the state keeps it."""

    verdict: Verdict
    why: str
    recorded_at: str
    drifted: tuple[Drifted, ...]
