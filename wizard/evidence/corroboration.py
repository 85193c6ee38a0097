"""A session's calls held against CloudTrail, which the account keeps by itself. Pure.

What the operator's machine wrote down proves little against the operator; that AWS recorded the
same calls, under the same request ids, proves much.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from wizard.effects import Json
from wizard.evidence.trail_events import Event
from wizard.gateway.event_names import (
    HOME,
    event_source,
    is_recorded,
    same_operation,
)
from wizard.gateway.regions import first_region
from wizard.session.base import Pin
from wizard.session.events import Entry
from wizard.session.members import whole
from wizard.session.reduce_calls import HAPPENED
from wizard.session.state import Call, SessionState

DELIVERY = timedelta(minutes=15)
"""Within which CloudTrail has delivered an event.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html"""

HISTORY = timedelta(days=90)
"""How far back the event history goes."""

NEAR = timedelta(seconds=120)
"""Between a call and an event that are taken for one without a request id."""


class Matched(msgspec.Struct, frozen=True, kw_only=True):
    """A call with its event, or why it has none."""

    item: str
    op: str
    call: str
    """`elbv2:CreateTargetGroup`"""
    region: str
    at: str
    request_id: str
    outcome: str
    event_id: str = ""
    event_name: str = ""
    event_time: str = ""
    event_sha256: str = ""
    by: str = ""
    """`request id`, or `name, caller and time` where no request id came back."""
    why: str = ""


class Corroboration(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison."""

    since: str
    until: str
    matched: tuple[Matched, ...]
    missing: tuple[Matched, ...]
    not_yet: tuple[Matched, ...]
    not_recorded: tuple[Matched, ...]
    not_read: tuple[Matched, ...]
    """In regions whose history could not be read."""
    unexpected: tuple[Mapping[str, Json], ...]
    """Changes by the session's own caller, within its time, that it does not know."""
    on_behalf: int
    """Calls that AWS services made for the caller, as a database's encryption does."""
    others: int
    """Changes by others in the same regions and time; they are none of the session's."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """When, by the account's clock, and where the session called."""

    region: str
    """The session's own."""
    since: datetime
    until: datetime
    regions: tuple[str, ...]


def span(entries: Sequence[Entry], state: SessionState, pin: Pin) -> Span:
    """The session's time by AWS's own Date headers, and the regions of its changing calls with
    that of the global services. Where no header was kept, the machine's times."""
    dates = [at for entry in entries if (at := _date(getattr(entry.event, "date", "")))]
    if not dates:
        dates = [_moment(entry.at) for entry in entries]
    regions = {home_of(one, pin) for one in changing(state) if event_source(one.service)}
    return Span(
        region=pin.region,
        since=min(dates),
        until=max(dates) + timedelta(seconds=1),
        regions=tuple(sorted(regions | {first_region(pin.region)})),
    )


def changing(state: SessionState) -> list[Call]:
    """The session's mutating calls in their order, those of items that were taken out too."""
    items = [*whole(state), *state.removed.values()]
    every = [call for item in items for call in item.calls if call.mutating]
    return sorted(every, key=lambda call: (call.at, call.op))


def corroborate(
    state: SessionState,
    entries: Sequence[Entry],
    found: Sequence[Event],
    when: Span,
    *,
    now: datetime,
    unread: Collection[str] = (),
) -> Corroboration:
    """Every call with its event. `now` is the account's time at which it was looked; the history
    of the regions in `unread` could not be."""
    callers = {entry.actor.caller_arn for entry in entries}
    by_request = {event.request_id: event for event in found if event.request_id}
    taken: set[str] = set()
    lists: dict[str, list[Matched]] = {
        kind: [] for kind in ("matched", "missing", "later", "never", "unread")
    }
    pending = []
    for call in changing(state):
        event = by_request.get(call.request_id) if call.request_id else None
        if event is None:
            pending.append(call)
            continue
        taken.add(event.event_id)
        lists["matched"].append(_matched(call, event, "request id"))
    for call in pending:
        event = None if call.request_id else _alike(call, found, taken, callers)
        if event is not None:
            taken.add(event.event_id)
            lists["matched"].append(_matched(call, event, "name, caller and time"))
            continue
        kind, why = _unmatched(call, now)
        if kind in {"missing", "later"} and home_of(call, when) in unread:
            kind, why = "unread", "The history of its region could not be read."
        lists[kind].append(_told(call, why=why))
    changes = [
        event
        for event in found
        if not event.read_only
        and event.event_id not in taken
        and when.since <= event.time <= when.until
    ]
    own = [event for event in changes if event.caller_arn in callers]
    return Corroboration(
        since=_text(when.since),
        until=_text(when.until),
        matched=tuple(sorted(lists["matched"], key=lambda one: (one.at, one.op))),
        missing=tuple(lists["missing"]),
        not_yet=tuple(lists["later"]),
        not_recorded=tuple(lists["never"]),
        not_read=tuple(lists["unread"]),
        unexpected=tuple(_shown(event) for event in own if not event.invoked_by),
        on_behalf=sum(bool(event.invoked_by) for event in own),
        others=len(changes) - len(own),
    )


def _unmatched(call: Call, now: datetime) -> tuple[str, str]:
    """In which list a call without an event stands, and why."""
    if not event_source(call.service):
        return "never", "It is no call to AWS."
    if not is_recorded(call.service, call.operation):
        return "never", "The event history does not record data events."
    at = _date(call.date) or _moment(call.at)
    if call.outcome not in HAPPENED:
        return "never", f"It did not happen ({call.outcome}); such calls are not always recorded."
    if now - at < DELIVERY:
        return "later", "CloudTrail takes up to 15 minutes to deliver an event."
    if now - at > HISTORY:
        return "never", "The event history goes back 90 days."
    return "missing", "CloudTrail has no such event."


def _alike(call: Call, found: Sequence[Event], taken: set[str], callers: set[str]) -> Event | None:
    """For a call whose answer was lost: the event of its name, by its caller, next to its time."""
    if call.outcome not in HAPPENED:
        return None
    at = _date(call.date) or _moment(call.at)
    fitting = [
        event
        for event in found
        if event.event_id not in taken
        and event.caller_arn in callers
        and event.source == event_source(call.service)
        and same_operation(call.service, call.operation, event.name)
        and not event.error_code
        and abs(event.time - at) <= NEAR
    ]
    return min(fitting, key=lambda event: (abs(event.time - at), event.event_id), default=None)


def _matched(call: Call, event: Event, by: str) -> Matched:
    why = ""
    if event.source != event_source(call.service) or not same_operation(
        call.service, call.operation, event.name
    ):
        why = f"CloudTrail calls it {event.source} {event.name}."
    return msgspec.structs.replace(
        _told(call, why=why),
        event_id=event.event_id,
        event_name=event.name,
        event_time=_text(event.time),
        event_sha256=event.sha256,
        by=by,
    )


def _told(call: Call, *, why: str) -> Matched:
    return Matched(
        item=call.item,
        op=call.op,
        call=f"{call.service}:{call.operation}",
        region=call.region,
        at=call.at,
        request_id=call.request_id,
        outcome=call.outcome,
        why=why,
    )


def _shown(event: Event) -> Mapping[str, Json]:
    return {
        "event_id": event.event_id,
        "request_id": event.request_id,
        "time": _text(event.time),
        "call": f"{event.source} {event.name}",
        "region": event.region,
        "error_code": event.error_code,
        "sha256": event.sha256,
    }


def home_of(call: Call, session: Pin | Span) -> str:
    """The region in whose history the call stands."""
    if call.service in HOME:
        return first_region(session.region)
    return call.region or session.region


def _date(header: str) -> datetime | None:
    """A Date header as a moment; None for what is none."""
    try:
        return parsedate_to_datetime(header) if header else None
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
