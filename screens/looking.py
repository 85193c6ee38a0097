"""A session as its journal says, read only: another wizard holds it, or it has ended."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from wizard.engine.desk import Dropdown
from wizard.engine.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.checklist.pinned import Pinned
    from wizard.effects import Json
    from wizard.engine.commands import Command
    from wizard.engine.desk import Desk

EVERY = 2.0
"""Seconds between two looks at the journal."""


class Looked:
    """Shown like a running session; takes no command, and asks AWS nothing.

    Making one and `look_again` block on the journal; both raise `WizardError`.
    """

    preview = False

    def __init__(self, desk: "Desk", session: str) -> None:
        self._desk = desk
        self._session = session
        self._listeners: list[Callable[[Snapshot], None]] = []
        self.pinned: Pinned
        self.pinned, state = desk.look(session)
        self.snapshot = Snapshot(state=state, running=False)

    def look_again(self) -> None:
        """Read what was journaled meanwhile, and tell the listeners."""
        _, state = self._desk.look(self._session)
        if state.seq != self.snapshot.state.seq:
            self.snapshot = Snapshot(state=state, running=False)
            for listener in list(self._listeners):
                listener(self.snapshot)

    def start(self) -> None:
        """Nothing runs here."""

    def send(self, command: "Command") -> int:  # noqa: ARG002  read only
        """Takes nothing: the session belongs to somebody else, or has ended."""
        return self.snapshot.handled

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `listener` after each look that found news."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def dropdown(self, name: str, *, refresh: bool = False) -> "Future[Dropdown]":  # noqa: ARG002
        """No choices: nothing can be answered here."""
        none: Future[Dropdown] = Future()
        none.set_result(Dropdown(options=(), source="", read_at="", problem="read only"))
        return none

    def default(self, name: str) -> "Future[Json]":  # noqa: ARG002
        """No default: nothing can be answered here."""
        none: Future[Json] = Future()
        none.set_result(None)
        return none

    def check(self, name: str, value: "Json") -> str:  # noqa: ARG002
        """No answer is taken."""
        return "This session is shown read only."

    def join(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        """Nothing to wait for."""
        return True
