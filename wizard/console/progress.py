"""Live progress of a run on standard error, line by line: what ended, what is waited for."""

import itertools
import sys
import time
from typing import TextIO

from rich.console import Console
from rich.text import Text

from wizard.checklist.model import Checklist
from wizard.engine.snapshot import Snapshot
from wizard.safe import safe_line
from wizard.session.state import ItemState, Status

SYMBOLS = {
    Status.DONE: ("✓", "green"),
    Status.MARKED: ("✓", "yellow"),
    Status.SKIPPED: ("–", "yellow"),
    Status.NOT_APPLICABLE: ("–", "dim"),
    Status.FAILED: ("✗", "red"),
    Status.PLANNED: ("~", "cyan"),
    Status.DEFERRED: ("·", "dim"),
    Status.NEEDS_PERSON: ("?", "yellow"),
    Status.NEEDS_ANSWER: ("?", "yellow"),
    Status.NEEDS_APPROVAL: ("?", "yellow"),
    Status.IN_DOUBT: ("!", "red"),
    Status.SETTLING: ("…", "blue"),
}
WAIT_LINE_EVERY = 5.0
"""Real seconds between lines about a wait that goes on, or about many that go on."""

WHOLE = 2000
"""Characters of what ended the run: what to do next stands at its end."""

FAILURES_SHOWN = 20
"""Members that failed and are printed; the evidence has all of them."""


class Progress:
    """A line for each news. Fits a terminal, a log and a CI job alike."""

    def __init__(self, checklist: Checklist, stream: TextIO = sys.stderr) -> None:
        self._titles = {item.id: item.title for item in checklist.items}
        self._console = Console(file=stream, highlight=False, soft_wrap=True)
        self._shown: dict[str, Status] = {}
        self._waits: dict[str, tuple[str, float]] = {}
        self._tallies: dict[str, tuple[str, float]] = {}
        self._notice = ""
        self._paused = ""
        self._began = time.monotonic()

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new since the last picture."""
        for item in list(snapshot.state.items.values()):
            if self._shown.get(item.id) is not item.status and item.status in SYMBOLS:
                self._line(item)
            self._shown[item.id] = item.status
            if item.members and not item.status.ended:
                self._many(item)
        for look in snapshot.looks:
            self._wait(look.item, look.waiting_for, look.elapsed, look.limit)
        paused = snapshot.state.paused
        if paused and paused != self._paused:
            self._print("!", "red", f"Paused: {paused}")
        self._paused = paused
        if snapshot.notice and snapshot.notice != self._notice:
            self._print("!", "red", snapshot.notice)
        self._notice = snapshot.notice
        if snapshot.error and snapshot.fenced:
            self._print("✗", "red", snapshot.error, limit=WHOLE)
        elif snapshot.error:
            self._print("✗", "red", f"The engine ended: {snapshot.error}", limit=WHOLE)

    def _line(self, item: ItemState) -> None:
        symbol, style = SYMBOLS[item.status]
        words = [f"{item.id:27}", self._titles.get(item.id, item.id), "—", item.status.value]
        if item.members:
            words.append(f"({len(item.members)})")
        if item.how:
            words.append(f"({item.how})")
        self._print(symbol, style, " ".join(words))
        if item.status is Status.FAILED and item.problem is not None:
            problem = item.problem
            self._print(" ", "red", f"    {problem.where}: {problem.what} {problem.todo}")
            self._failures(item)
        elif item.status in {Status.NEEDS_PERSON} and item.pause is not None:
            for line in item.pause.instructions.splitlines():
                self._print(" ", "yellow", f"    {line}")
        elif item.status in {Status.DEFERRED, Status.SKIPPED, Status.MARKED} and item.note:
            self._print(" ", "dim", f"    {item.note}")
        elif item.status is Status.NEEDS_ANSWER:
            self._print(" ", "yellow", f"    answer: {', '.join(item.needed_inputs)}")

    def _many(self, item: ItemState) -> None:
        """How many stand where: one line for thousands, when it changed and some time passed."""
        words, at = self._tallies.get(item.id, ("", float("-inf")))
        tally = ", ".join(f"{count} {status.value}" for status, count in item.tally.items())
        now = time.monotonic()
        if tally != words and now - at >= WAIT_LINE_EVERY:
            self._tallies[item.id] = (tally, now)
            self._print("…", "blue", f"{item.id:27} of {len(item.members)}: {tally}")

    def _failures(self, item: ItemState) -> None:
        failed = (
            child
            for member in item.members
            if (child := item.children.get(member.key)) and child.status is Status.FAILED
        )
        for child in itertools.islice(failed, FAILURES_SHOWN):
            if child.problem is not None:
                self._print("✗", "red", f"    {child.id}: {child.problem.what}")

    def _wait(self, item: str, waiting_for: str, elapsed: float, limit: float) -> None:
        words, at = self._waits.get(item, ("", float("-inf")))
        now = time.monotonic()
        if not limit or (words == waiting_for and now - at < WAIT_LINE_EVERY) or now - at < 1:
            return
        self._waits[item] = (waiting_for, now)
        line = f"{item:27} {waiting_for} — {elapsed:.0f} of at most {limit:.0f} s"
        self._print("…", "blue", line)

    def _print(self, symbol: str, style: str, line: str, *, limit: int = 200) -> None:
        text = Text(f"{time.monotonic() - self._began:6.1f}s ", style="dim")
        text.append(f"{symbol} ", style=style)
        text.append(safe_line(line, limit=limit))
        self._console.print(text)
