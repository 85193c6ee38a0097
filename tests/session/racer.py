"""A process that tries to get into a session whenever it is told to, and says what came of it.

`python -m tests.session.racer HOME STORE NAME`. Of its input: `open SESSION` tries to get in and
writes a line, `take SESSION` takes it over, `write` writes one more, `leave` goes out again.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from tests.engine.world import PIN
from wizard.clock import SystemClock
from wizard.errors import FencedError, RefusedError
from wizard.session.base import Actor
from wizard.session.events import Approved
from wizard.session.journal import Journal
from wizard.session.stores import open_store
from wizard.session.writer import SessionJournal


class Racer:
    """One operator, on a machine of their own."""

    def __init__(self, home: Path, store: str, name: str) -> None:
        self._journal = Journal(open_store(home, store), SystemClock())
        self._actor = Actor(caller_arn=PIN.caller_arn, host=f"host-{name}", user=name)
        self._name = name
        self._written = 0
        self._writer: SessionJournal | None = None

    def obey(self, order: str) -> str:
        """What came of it."""
        what, _, session = order.partition(" ")
        deeds: dict[str, Callable[[], str]] = {
            "open": lambda: self._open(session, takeover=False),
            "take": lambda: self._open(session, takeover=True),
            "write": self._write,
            "leave": self._leave,
        }
        return deeds[what]()

    def _open(self, session: str, *, takeover: bool) -> str:
        try:
            self._writer = self._journal.open(session, self._actor, takeover=takeover)
        except RefusedError as error:
            return f"refused {error.what}"
        return self._write()

    def _write(self) -> str:
        if self._writer is None:
            return "out"
        self._written += 1
        line = f"{self._name} {self._written}"
        try:
            self._writer.append(Approved(items=(line,)))
        except FencedError:
            return "fenced"
        return f"wrote {self._writer.held.epoch} {line}"

    def _leave(self) -> str:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        return "left"


def main() -> None:
    """Obey line by line."""
    racer = Racer(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    print("ready", flush=True)  # noqa: T201  it is how it answers
    for order in sys.stdin:
        print(racer.obey(order.strip()), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
