"""Brings an engine's snapshots to the screens: the newest only, at most twenty a second."""

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

from wizard.safe import safe_line

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
        self._told = (self.latest.handled, self.latest.notice)
        self._untold: deque[str] = deque(maxlen=5)
        self._unsubscribe = running.subscribe(self._listen)

    def _listen(self, snapshot: "Snapshot") -> None:
        """On the engine's thread: keep the newest and all notices, and knock once."""
        self.latest = snapshot
        said = (snapshot.handled, snapshot.notice)
        if said != self._told:
            self._told = said
            if snapshot.notice:
                self._untold.append(snapshot.notice)
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
        while self._untold:
            notice = safe_line(self._untold.popleft(), limit=400)
            self._app.notify(notice, markup=False, severity="warning", timeout=10)
        self._show(self.latest)

    def stop(self) -> None:
        """Listen no more."""
        self._unsubscribe()
