"""The engine's one way to write a session down, whichever journal is beneath it."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Protocol

from wizard.clock import Clock, iso, seconds_between
from wizard.effects import Json
from wizard.gateway.protocol import Answer
from wizard.session.base import Actor
from wizard.session.calls import CallInDoubt, ReadDone
from wizard.session.events import AnyEvent, SessionPaused
from wizard.session.reduce_calls import HAPPENED
from wizard.session.state import SessionState

SEEN = 256
"""Answers of late that are known to be noted; as long as one is, nothing else has its id."""


class Writer(Protocol):
    """A `SessionJournal`, or a preview's `MemoryJournal`."""

    @property
    def state(self) -> SessionState: ...

    def append(self, *events: AnyEvent) -> SessionState: ...

    def act_as(self, actor: Actor) -> None: ...

    def close(self) -> None: ...


class Record:
    """Appends events, reads noted before them first."""

    def __init__(
        self, writer: Writer, clock: Clock, speed: float, before: SessionState | None = None
    ) -> None:
        """`before`: in a recheck, the session that made what is looked at again."""
        self._writer = writer
        self._clock = clock
        self._before = before
        self.speed = speed
        self._noted: list[AnyEvent] = []
        self._made_at: dict[str, float] = {}
        self._news = False
        self._seen: OrderedDict[int, Answer] = OrderedDict()

    @property
    def state(self) -> SessionState:
        """What the events so far amount to; those put off are committed first."""
        if self._news:
            self.append()
        return self._writer.state

    def append(self, *events: AnyEvent) -> SessionState:
        """Commit the events; on the disk when this returns."""
        noted, self._noted, self._news = self._noted, [], False
        return self._writer.append(*noted, *events)

    def later(self, *events: AnyEvent) -> None:
        """Commit the events together with what follows: at the latest when somebody reads the
        state, which every turn of the engine does at its end."""
        self._noted += events
        self._news = True

    def note(self, read: ReadDone) -> None:
        """Keep a read for the next commit: reads need no flush of their own."""
        self._noted.append(read)

    def flush(self) -> None:
        """Commit what is noted."""
        if self._noted:
            self.append()

    def first_sight(self, answer: Answer) -> bool:
        """False when this very answer was noted before, for another reader of it."""
        known = id(answer) in self._seen
        self._seen[id(answer)] = answer
        self._seen.move_to_end(id(answer))
        if len(self._seen) > SEEN:
            self._seen.popitem(last=False)
        return not known

    def pause(self, reason: str) -> None:
        """No new call leaves until the operator goes on; written once."""
        if not self.state.paused:
            self.append(SessionPaused(reason=reason))

    def act_as(self, actor: Actor) -> None:
        self._writer.act_as(actor)

    def close(self) -> None:
        """Commit what was put off, and let the journal go."""
        try:
            if self._news:
                self.append()
        finally:
            self._writer.close()

    def elapsed(self, since: str) -> float:
        """Account seconds since a journaled time: a restart does not reset them."""
        return seconds_between(since, self._clock.utc()) * self.speed

    def made(self, item: str, now: float) -> list[Mapping[str, Json]]:
        """The item's mutating calls that happened, with their account time."""
        return [
            {
                "operation": call.operation,
                "params": call.params,
                "response": call.response,
                # Reckoned once: two clocks never agree to the last digit, and a step's facts
                # would differ at each look.
                "at": self._made_at.setdefault(call.op, now - self.elapsed(call.at)),
            }
            for call in (self._before or self.state).item(item).calls
            if call.mutating and call.outcome in HAPPENED
        ]

    def now(self) -> str:
        """The present moment as the journal writes it."""
        return iso(self._clock.utc())

    def in_doubt(self, item: str, op: str) -> None:
        """A call left and the process ended before its answer was written."""
        self.append(
            CallInDoubt(
                item=item,
                op=op,
                code="Interrupted",
                message="the wizard ended after the call left and before its answer was written",
            )
        )
