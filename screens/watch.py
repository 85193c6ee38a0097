"""Brings an engine's snapshots to the screens: the newest only, at most twenty a second."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from textual.app import App

    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot

INTERVAL = 0.05
"""Least seconds between two repaints for news from the engine."""


class SessionChanged(Message):
    """There is a newer snapshot; those between are skipped."""

    def can_replace(self, message: Message) -> bool:
        """A later one says the same."""
        return isinstance(message, SessionChanged)


class Watch:
    """One running session, as the app follows it."""

    def __init__(
        self, app: "App[str]", running: "Running", show: "Callable[[Snapshot], None]"
    ) -> None:
        self.running = running
        self.latest: Snapshot = running.snapshot
        self._app = app
        self._show = show
        self._posted = False
        self._due = False
        self._shown_at = 0.0
        self._unsubscribe = running.subscribe(self._listen)

    def _listen(self, snapshot: "Snapshot") -> None:
        """On the engine's thread: keep the newest, and knock once."""
        self.latest = snapshot
        if not self._posted:
            self._posted = True
            self._app.post_message(SessionChanged())

    def changed(self) -> None:
        """On the app's thread: show it now, or as soon as the last repaint is old enough."""
        self._posted = False
        if self._due:
            return
        wait = self._shown_at + INTERVAL - monotonic()
        if wait > 0:
            self._due = True
            self._app.set_timer(wait, self.show)
        else:
            self.show()

    def show(self) -> None:
        """Show the newest snapshot."""
        self._due = False
        self._shown_at = monotonic()
        self._show(self.latest)

    def stop(self) -> None:
        """Listen no more."""
        self._unsubscribe()
