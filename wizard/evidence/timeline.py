"""When what happened: for each item the times of calls, of AWS, and of people, told from the
events; and of the whole run, which of them it was waiting for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from wizard.session import events
from wizard.session.base import split_member
from wizard.session.events import AnyEvent, Entry
from wizard.session.reduce import reduce
from wizard.session.state import SessionState, Status

CALLS, AWS, APPROVAL, PERSON, STOPPED, IDLE = (
    "calls",
    "aws",
    "approval",
    "person",
    "stopped",
    "idle",
)
WORDS: Mapping[str, str] = {
    CALLS: "the wizard looks and calls",
    AWS: "waiting for AWS, or for time to pass",
    APPROVAL: "waiting for an approval",
    PERSON: "waiting for a person",
    STOPPED: "the wizard did not run, or was paused",
    IDLE: "between items",
}
"""In the order in which one says what the whole run was waiting for, while others do so too."""

_KINDS: Mapping[Status, str] = {
    Status.CHECKING: CALLS,
    Status.APPLYING: CALLS,
    Status.SETTLING: AWS,
    Status.NEEDS_APPROVAL: APPROVAL,
    Status.NEEDS_ANSWER: PERSON,
    Status.NEEDS_PERSON: PERSON,
    Status.IN_DOUBT: PERSON,
    Status.FAILED: PERSON,
}
SHORTEST_BREAK = 600.0
"""Seconds: what is shorter is drawn to scale, however short the rest is."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` to `until`, in seconds after the start of the session."""

    kind: str
    since: float
    until: float

    @property
    def seconds(self) -> float:
        return self.until - self.since


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One item's times."""

    item: str
    spans: tuple[Span, ...]

    def of(self, kind: str) -> float:
        """Seconds of that kind."""
        return sum(span.seconds for span in self.spans if span.kind == kind)


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """The run in time."""

    started_at: str
    seconds: float
    whole: Lane
    """What the run as a whole did or waited for; without holes."""
    lanes: tuple[Lane, ...]
    """Of the items that began, in the order they did."""
    breaks: tuple[Span, ...]
    """Long times in which nothing but waiting for people, or nothing at all, happened: not drawn
    to scale."""


def timeline(entries: Sequence[Entry]) -> Timeline:
    """The times of a session."""
    if not entries:
        return Timeline(
            started_at="", seconds=0, whole=Lane(item="", spans=()), lanes=(), breaks=()
        )
    clock = _Clock(entries[0].at)
    spans: dict[str, list[Span]] = {}
    open_: dict[str, tuple[str, float]] = {}
    stopped: list[Span] = []
    stopped_since: float | None = None
    state, now = SessionState(), 0.0

    def close(item: str, until: float) -> None:
        kind, since = open_.pop(item)
        held = spans.setdefault(item, [])
        # What took no time at all is only shown where nothing else is.
        if until > since or not held:
            held.append(Span(kind=kind, since=since, until=until))

    for entry in entries:
        # A clock that was set back would draw backwards; what is written down stays in its order.
        before, now = now, max(now, clock.seconds(entry.at))
        state = reduce(state, entry)
        match entry.event:
            case events.SessionSuspended() | events.SessionPaused():
                stopped_since = now if stopped_since is None else stopped_since
            case events.SessionContinued() | events.SessionResumed() | events.SessionAborted():
                since = stopped_since
                if since is None and isinstance(entry.event, events.SessionResumed):
                    since = before  # It was killed: its last line says how long it ran.
                if since is not None and now > since:
                    stopped.append(Span(kind=STOPPED, since=since, until=now))
                stopped_since = None
                if isinstance(entry.event, events.SessionAborted):
                    for item in list(open_):
                        close(item, now)
        item = _item(entry.event)
        if not item:
            continue
        kind = _KINDS.get(state.item(item).status, "")
        if item in open_ and open_[item][0] != kind:
            close(item, now)
        if item not in open_ and kind:
            open_[item] = (kind, now)
    for item in list(open_):
        close(item, now)
    lanes = tuple(
        Lane(item=item, spans=tuple(_without(held, stopped))) for item, held in spans.items()
    )
    whole = Lane(item="", spans=tuple(_whole(lanes, stopped, now)))
    return Timeline(
        started_at=entries[0].at,
        seconds=now,
        whole=whole,
        lanes=lanes,
        breaks=tuple(_breaks(whole)),
    )


class _Clock:
    def __init__(self, start: str) -> None:
        self._start = datetime.fromisoformat(start)

    def seconds(self, at: str) -> float:
        return (datetime.fromisoformat(at) - self._start).total_seconds()


def _item(event: AnyEvent) -> str:
    """The item that the event is of; of a member, the item's."""
    name = getattr(event, "item", "")
    return split_member(name)[0] if isinstance(name, str) else ""


def _without(spans: Sequence[Span], stopped: Sequence[Span]) -> Iterator[Span]:
    """The spans less the times in which the wizard did not run."""
    for span in spans:
        since = span.since
        for gap in stopped:
            if gap.until <= since or gap.since >= span.until:
                continue
            if gap.since > since:
                yield Span(kind=span.kind, since=since, until=gap.since)
            since = gap.until
        if since < span.until or since == span.since:
            yield Span(kind=span.kind, since=since, until=span.until)


def _whole(lanes: Sequence[Lane], stopped: Sequence[Span], until: float) -> Iterator[Span]:
    every = [span for lane in lanes for span in lane.spans] + list(stopped)
    edges: list[tuple[float, int, str]] = []
    for span in every:
        edges += [(span.since, 1, span.kind), (span.until, -1, span.kind)]
    edges.sort(key=lambda edge: edge[0])
    order = [STOPPED, CALLS, AWS, APPROVAL, PERSON]
    running = dict.fromkeys(order, 0)
    at, kind = 0.0, IDLE
    begun = 0.0
    for time, change, of in edges:
        if time > at:
            now = next((one for one in order if running[one]), IDLE)
            if now != kind:
                if at > begun:
                    yield Span(kind=kind, since=begun, until=at)
                kind, begun = now, at
            at = time
        running[of] += change
    if at > begun:
        yield Span(kind=kind, since=begun, until=at)
    if until > at:
        yield Span(kind=IDLE, since=at, until=until)


def _breaks(whole: Lane) -> Iterator[Span]:
    """Of what is only waiting, the longest, as long as it is more than a quarter of the rest."""
    rest = sum(span.seconds for span in whole.spans)
    found = []
    waits = [span for span in whole.spans if span.kind not in {CALLS, AWS}]
    for span in sorted(waits, key=lambda one: -one.seconds):
        rest -= span.seconds
        if span.seconds < SHORTEST_BREAK or span.seconds < rest / 4:
            break
        found.append(span)
    yield from sorted(found, key=lambda span: span.since)
