"""The facts about calls: intent before, result after, and how a lost answer was settled."""

from wizard.effects import Again, Facts, Json
from wizard.session.base import Event

LONGEST_CALL = 100.0
"""Real seconds after its intent was written within which a mutating call has done its work or
never will, however its answer fares: it leaves within `gateway.departures.LEAVES_WITHIN`, and its
client gives it up. Who takes a session over awaits the last calls of the old writer so long."""


class CallIntended(Event, frozen=True, kw_only=True, tag="call_intended"):
    """Written and flushed before a mutating call leaves."""

    item: str
    op: str
    title: str
    service: str
    operation: str
    region: str
    params: Facts
    """Redacted."""
    request_sha256: str
    cli: str
    again: Again


class CallSucceeded(Event, frozen=True, kw_only=True, tag="call_succeeded"):
    item: str
    op: str
    request_id: str
    date: str
    """The service's own Date header."""
    ms: float
    response: Json
    """Redacted."""
    response_sha256: str
    """Of the redacted response, as canonical JSON."""


class CallFailed(Event, frozen=True, kw_only=True, tag="call_failed"):
    """The service answered with an error, or the call never left: it did not happen."""

    item: str
    op: str
    code: str
    message: str
    request_id: str = ""


class CallInDoubt(Event, frozen=True, kw_only=True, tag="call_in_doubt"):
    """The call left and its answer was lost."""

    item: str
    op: str
    code: str
    message: str


class CallSettled(Event, frozen=True, kw_only=True, tag="call_settled"):
    """A call in doubt was settled: by looking, or by a person."""

    item: str
    op: str
    happened: bool
    by: str
    """`observation` or `operator`."""
    note: str = ""


class ReadDone(Event, frozen=True, kw_only=True, tag="read_done"):
    """A reading call was answered; what was found of it is in `Observed`."""

    item: str
    service: str
    operation: str
    region: str
    params: Facts
    pages: int
    entries: int
    request_id: str
    date: str
    ms: float
    error: str = ""
