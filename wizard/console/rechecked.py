"""A recheck on the terminal: its progress line by line, its verdicts, and both as JSON."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

import msgspec
from rich.console import Console
from rich.text import Text

from wizard.checklist.model import Checklist
from wizard.checklist.pinned import Pinned
from wizard.console.autopilot import Autopilot
from wizard.effects import Json
from wizard.engine.desk import Running
from wizard.engine.snapshot import Snapshot
from wizard.safe import safe_line
from wizard.session.rechecks import Drifted, Recheck, Verdict
from wizard.session.state import ItemState, SessionState
from wizard.session.verdicts import BAD, UNKNOWN, counted

LOOKS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.MATCH: ("✓", "green"),
    Verdict.ATTESTED: ("✎", "yellow"),
    Verdict.NOT_COMPARABLE: ("–", "dim"),
    Verdict.DRIFT: ("✗", "red"),
    Verdict.GONE: ("✗", "bold red"),
    Verdict.DENIED: ("!", "red"),
    Verdict.UNREADABLE: ("!", "red"),
}
"""By verdict: its symbol and style; the word stands beside it."""

ALL_AS_IT_WAS, UNREAD, OTHERWISE = 0, 1, 2
"""Exit codes of a recheck."""

EVERY = 5.0
"""Real seconds between lines about an item that stands for many."""

MEMBERS_SHOWN = 20
"""Members that are printed for an item; the evidence has all of them."""


class Rechecking:
    """A line for each verdict as it comes, on standard error or wherever `tell` puts it."""

    def __init__(self, checklist: Checklist, tell: Callable[[Text], None] | None = None) -> None:
        self._titles = {item.id: item.title for item in checklist.items}
        console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
        self._tell = tell if tell is not None else console.print
        self._shown: set[str] = set()
        self._many: dict[str, float] = {}
        self._began = time.monotonic()

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new since the last picture."""
        items = list(snapshot.state.items.values())
        for item in items:
            if item.recheck is not None and item.id not in self._shown:
                self._shown.add(item.id)
                symbol, style = LOOKS[item.recheck.verdict]
                place = f"{len(self._shown)} of {len(self._titles)}"
                title = self._titles.get(item.id, item.id)
                self._print(symbol, style, f"{place:>9}  {title} — {item.recheck.verdict.value}")
            elif item.members and item.recheck is None:
                self._progress(item)
        if snapshot.state.paused:
            self._print("!", "red", f"Paused: {snapshot.state.paused}")
        if snapshot.error:
            self._print("✗", "red", f"The recheck ended: {snapshot.error}")

    def _progress(self, item: ItemState) -> None:
        now = time.monotonic()
        if now - self._many.get(item.id, float("-inf")) < EVERY:
            return
        self._many[item.id] = now
        seen = sum(child.recheck is not None for child in item.children.values())
        self._print("…", "blue", f"{item.id:27} {seen} of {len(item.members)}")

    def _print(self, symbol: str, style: str, line: str) -> None:
        text = Text(f"{time.monotonic() - self._began:6.1f}s ", style="dim")
        text.append(f"{symbol} ", style=style)
        text.append(safe_line(line))
        self._tell(text)


def read_again(running: Running, tell: Callable[[Text], None] | None = None) -> SessionState:
    """Run a recheck to its end, and tell each verdict as it comes; a pause, such as for a new
    log-in, ends it."""
    Autopilot(
        running,
        answers={},
        defaults=False,
        approve=False,
        viewer=Rechecking(running.pinned.checklist, tell),
        alone=True,
    ).run()
    return running.snapshot.state


def exit_code(state: SessionState) -> int:
    """0 all as it was, 2 something drifted or is gone, 1 something could not be read, or nothing
    was there to be read again."""
    found = counted(state.items)
    if any(found.get(verdict) for verdict in BAD):
        return OTHERWISE
    if not state.finished_at or state.aborted or any(found.get(one) for one in UNKNOWN):
        return UNREAD
    told = found.get(Verdict.MATCH, 0) + found.get(Verdict.ATTESTED, 0)
    return ALL_AS_IT_WAS if told else UNREAD


def summed(state: SessionState) -> str:
    """`36 match, 2 attested only`, what is bad first."""
    found = counted(state.items)
    order = sorted(found, key=lambda one: (one not in BAD, one not in UNKNOWN))
    return ", ".join(f"{found[one]} {one.value}" for one in order) or "no verdict"


def print_verdicts(pinned: Pinned, state: SessionState, stream: TextIO) -> None:
    """Print `verdict_lines`, however long each is."""
    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in verdict_lines(pinned, state):
        console.print(line)


def verdict_lines(pinned: Pinned, state: SessionState) -> Iterator[Text]:
    """Every item with its verdict; of what is not as it was, then and now, field by field."""
    for section in pinned.checklist.sections:
        yield Text(safe_line(section.title), style="bold")
        for item in section.items:
            known = state.item(item.id)
            if known.recheck is not None:
                yield from _lines("  ", item.title, known.recheck)
            for child in _notable(known):
                if child.recheck is not None:
                    yield from _lines("      ", child.id, child.recheck)
    yield Text(safe_line(f"{_of(state)}: {summed(state)}."), style="bold")


def as_json(pinned: Pinned, state: SessionState) -> Mapping[str, Json]:
    """All verdicts, for scripts."""
    of = state.rechecks
    return {
        "session": state.session,
        "number": state.number,
        "rechecks": msgspec.to_builtins(of) if of else None,
        "account_id": state.pin.account_id if state.pin else "",
        "caller_arn": state.pin.caller_arn if state.pin else "",
        "complete": bool(state.finished_at and not state.aborted),
        "verdicts": {verdict.value: count for verdict, count in counted(state.items).items()},
        "items": [_told(item.title, state.item(item.id)) for item in pinned.checklist.items],
    }


def _told(title: str, item: ItemState) -> Mapping[str, Json]:
    found: dict[str, Json] = {"id": item.id, "title": title}
    if item.recheck is not None:
        found |= msgspec.to_builtins(item.recheck)
    if item.members:
        found["members"] = [_told(child.id, child) for child in item.children.values()]
    return found


def _of(state: SessionState) -> str:
    of = state.rechecks
    return f"Session {of.number} rechecked" if of else f"Session {state.number}"


def _notable(item: ItemState) -> Iterator[ItemState]:
    """Of an item that stands for many: those that are not as they were, not too many of them."""
    shown = 0
    for child in item.children.values():
        bad = child.recheck is not None and child.recheck.verdict in BAD | UNKNOWN
        if bad and shown < MEMBERS_SHOWN:
            shown += 1
            yield child


def _lines(indent: str, title: str, found: Recheck) -> Iterator[Text]:
    symbol, style = LOOKS[found.verdict]
    text = Text(indent)
    text.append(f"{symbol} {found.verdict.value:17}", style=style)
    text.append(safe_line(title))
    yield text
    if found.why and found.verdict not in {Verdict.MATCH, Verdict.ATTESTED}:
        yield Text(f"{indent}    {safe_line(found.why, limit=600)}", style="dim")
    for one in found.drifted:
        for line in drift_lines(one):
            yield Text(f"{indent}    {safe_line(line, limit=600)}")


def drift_lines(one: Drifted) -> list[str]:
    """A field that is not as it was: recorded, now, and what the checklist wants."""
    lines = [f"{one.field}: recorded {shown(one.then)}, now {shown(one.now)}"]
    if one.wrong:
        lines[0] += f", wanted {shown(one.wanted)}"
    if one.reason:
        lines.append(f"  {one.reason}")
    return lines


def shown(value: Json) -> str:
    """A value in one line."""
    match value:
        case None:
            return "nothing"
        case str():
            return value or "(empty)"
        case _:
            return msgspec.json.encode(value, enc_hook=str).decode()
