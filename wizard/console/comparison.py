"""A region beside its reference on paper: letter, reference and here, item by item."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TextIO

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wizard.checklist.model import Item
from wizard.checklist.pinned import Pinned
from wizard.console.marks import MARKS
from wizard.console.plain.words import value_text
from wizard.effects import Json
from wizard.safe import safe, safe_line
from wizard.session.base import ComparedField
from wizard.session.state import ItemState, SessionState

NARROW = 100
"""Below so many columns the values stand under each other."""

VALUE = 1000
"""Characters of one value that are shown; JSON has the whole."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a comparison went, in numbers of fields; `not_comparable` counts items."""

    same: int
    expected: int
    accepted: int
    differs: int
    not_comparable: int

    @property
    def compared(self) -> int:
        """How many fields were compared."""
        return self.same + self.expected + self.accepted + self.differs


def outcome(pinned: Pinned, state: SessionState) -> Outcome:
    """The numbers over all items that have a counterpart."""
    items = list(_items(pinned, state))
    marks = Counter(row.mark for _, _, now in items for row in _rows(now))
    return Outcome(
        same=marks["same"],
        expected=marks["expected"],
        accepted=marks["accepted"],
        differs=marks["differs"],
        not_comparable=sum(bool(why_not(now)) for _, _, now in items),
    )


def why_not(now: ItemState) -> str:
    """Why an item was not compared; empty when it was."""
    if now.comparison is not None:
        return now.comparison.problem
    if now.problem is not None:
        return f"{now.problem.where}: {now.problem.what}"
    return now.note or f"it is {now.status.value}"


def print_comparison(
    pinned: Pinned, state: SessionState, reference: str, stream: TextIO, *, whole: bool
) -> None:
    """Print what is not the same; with `whole` everything."""
    console = Console(file=stream, highlight=False)
    pin = state.pin
    if pin is not None:
        where = f"{pin.region} beside {reference}, account {pin.alias or pin.account_id}"
        console.print(Text(safe_line(f"{where} ({pin.account_id})"), style="bold"))
    page = _Page(console, reference, pin.region if pin else "here")
    section = ""
    for title, item, now in _items(pinned, state):
        rows = [row for row in _rows(now) if whole or row.mark != "same"]
        problem = why_not(now)
        if not rows and not problem:
            continue
        if title != section:
            section = title
            console.print()
            console.print(Text(safe_line(title), style="bold"))
        page.item(item, rows, problem)
    console.print()
    done = outcome(pinned, state)
    console.print(
        Text(
            f"{done.same} same, {done.expected} expected, {done.accepted} accepted, "
            f"{done.differs} differ; {done.not_comparable} not comparable.",
            style="bold",
        )
    )


def as_json(pinned: Pinned, state: SessionState, reference: str) -> Mapping[str, Json]:
    """The comparison for programs."""
    return {
        "checklist": pinned.checklist.id,
        "account_id": state.pin.account_id if state.pin else "",
        "region": state.pin.region if state.pin else "",
        "reference": reference,
        "summary": msgspec.to_builtins(outcome(pinned, state)),
        "items": [
            {
                "section": title,
                "id": item.id,
                "title": item.title,
                "letter": item.letter,
                "problem": why_not(now),
                "rows": msgspec.to_builtins(_rows(now), enc_hook=str),
            }
            for title, item, now in _items(pinned, state)
        ],
    }


def _items(pinned: Pinned, state: SessionState) -> Iterator[tuple[str, Item, ItemState]]:
    for section in pinned.checklist.sections:
        for item in section.items:
            if item.reference is not None:
                yield section.title, item, state.item(item.id)


def _rows(now: ItemState) -> tuple[ComparedField, ...]:
    return now.comparison.rows if now.comparison is not None else ()


class _Page(msgspec.Struct, frozen=True):
    """Where it is printed, and how the two regions' columns are called."""

    console: Console
    reference: str
    here: str

    def item(self, item: Item, rows: list[ComparedField], problem: str) -> None:
        """One item: its letter, why it was not compared, or its fields."""
        line = self.console.print
        line()
        line(Text(safe_line(f"  {item.title}  {item.id}"), style="cyan"))
        letter = " / ".join(item.letter.split("\n"))
        line(Text(safe(f"  The letter: {letter}", keep_newlines=False), style="dim"))
        if problem:
            line(Text(safe(f"  – not compared: {problem}", keep_newlines=False)))
        if rows and self.console.width >= NARROW:
            line(self._table(rows))
        elif rows:
            for row in rows:
                self._stacked(row)

    def _table(self, rows: list[ComparedField]) -> Table:
        table = Table(show_edge=False, expand=True)
        for name, ratio in (("field", 3), ("the letter", 3), (self.reference, 4), (self.here, 4)):
            table.add_column(Text(safe_line(name)), ratio=ratio, overflow="fold")
        table.add_column("", ratio=3, overflow="fold")
        for row in rows:
            there, here = _shown(row.reference), _here(row)
            table.add_row(
                Text(safe_line(row.field)),
                Text(safe_line(row.letter)),
                Text(there),
                Text(here),
                _mark(row),
            )
        return table

    def _stacked(self, row: ComparedField) -> None:
        head = Text("    ")
        head.append_text(_mark(row))
        head.append(f"  {safe_line(row.field)}", style="bold")
        self.console.print(head)
        columns = {
            "the letter": row.letter,
            self.reference: _shown(row.reference),
            self.here: _here(row),
        }
        widest = max(len(name) for name in columns)
        for name, value in columns.items():
            if value:
                line = f"      {name:{widest}}  {value}"
                self.console.print(Text(safe_line(line, limit=VALUE + 100)))


def _mark(row: ComparedField) -> Text:
    symbol, word, style = MARKS[row.mark]
    text = Text(f"{symbol} {word}", style=style)
    if row.reason:
        text.append(safe_line(f": {row.reason}"), style="dim")
    return text


def _here(row: ComparedField) -> str:
    return _shown(row.here) + (" (planned)" if row.planned else "")


def _shown(value: Json) -> str:
    return safe_line(value_text(value), limit=VALUE)
