"""Saves the account soon after it has changed, and once more at the end."""

import sys
import threading
import time
from pathlib import Path

from wizard.simulator import state_file
from wizard.simulator.clock import AccountClock
from wizard.simulator.save_gate import SaveGate
from wizard.simulator.world import World

# Real seconds: a burst of changes is saved once it rests, but not later than the second figure.
_REST = 0.5
_LATEST = 5.0


class Keeper:
    """Keeps one account in one file."""

    def __init__(self, file: Path, clock: AccountClock, world: World, gate: SaveGate) -> None:
        self._file = file
        self._clock = clock
        self._world = world
        self._gate = gate
        self._saved = -1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def load(self) -> bool:
        """Whether there was an account to go on with; raises StateError when it is no good."""
        payload = state_file.read(self._file)
        if payload is None:
            return False
        state_file.restore(payload, self._clock, self._world)
        return True

    def start(self) -> None:
        """Save now, and from now on after changes."""
        self.save()
        self._thread.start()

    def stop(self) -> None:
        """Save for the last time, the account's time included."""
        self._stopping.set()
        if self._thread.is_alive():  # else it never came to a whole account worth keeping
            self._thread.join()
            self.save()

    def save(self) -> None:
        """Save, between calls."""
        with self._gate.saving(), self._world.lock:
            changes = self._gate.changes
            payload = state_file.snapshot(self._clock, self._world)
        state_file.write(self._file, payload)
        self._saved = changes

    def _watch(self) -> None:
        seen = self._gate.changes
        waiting_since: float | None = None
        while not self._stopping.wait(_REST):
            changes = self._gate.changes
            if changes == self._saved:
                continue
            waiting_since = waiting_since or time.monotonic()
            if changes == seen or time.monotonic() - waiting_since > _LATEST:
                try:
                    self.save()
                except OSError as problem:
                    # The next change, or the end, tries again; the file keeps what it had.
                    sys.stderr.write(f"simulated account: not saved: {problem}\n")
                waiting_since = None
            seen = changes
