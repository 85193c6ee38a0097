"""The journal of a preview: events are folded and forgotten; nothing reaches the disk."""

from wizard.clock import Clock, iso
from wizard.session.base import Actor
from wizard.session.events import AnyEvent, Entry
from wizard.session.reduce import fold
from wizard.session.state import SessionState


class MemoryJournal:
    """Stands in for a `SessionJournal`, begun from a state."""

    def __init__(self, clock: Clock, actor: Actor, state: SessionState) -> None:
        self._clock = clock
        self._actor = actor
        self._state = state
        self.session = state.session

    @property
    def state(self) -> SessionState:
        return self._state

    def append(self, *events: AnyEvent) -> SessionState:
        at = iso(self._clock.utc())
        entries = [
            Entry(
                seq=self._state.seq + place,
                at=at,
                actor=self._actor,
                event=event,
                previous_sha256="",
                sha256="",
            )
            for place, event in enumerate(events, 1)
        ]
        self._state = fold(entries, self._state)
        return self._state

    def act_as(self, actor: Actor) -> None:
        self._actor = actor

    def close(self) -> None:
        """Nothing is held."""
