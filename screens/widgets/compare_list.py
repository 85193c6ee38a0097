"""Compared fields below each other, the one under the cursor in full below them."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.compare_text import Entry, columns_text, entry_line, entry_text
from screens.paint import line
from screens.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Sequence


class CompareList(LineList):
    """Titles, items and fields; the cursor passes the titles."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "show", "Show"),
        Binding("o", "accept", "Accept"),
    ]

    class Show(Message):
        """The operator wants to see others."""

    class Accept(Message):
        """The operator lets the field under the cursor differ."""

    def __init__(self) -> None:
        super().__init__(id="compared-list")
        self.entries: dict[Hashable, Entry] = {}

    def line_of(self, key: Hashable, width: int) -> Content:
        return entry_line(self.entries[key], width)

    def source_of(self, key: Hashable) -> object:
        entry = self.entries[key]
        return entry.row if entry.row is not None else entry.comparison

    def can_hold(self, key: Hashable) -> bool:
        return not self.entries[key].section

    def show_entries(self, entries: "Sequence[Entry]") -> None:
        """These lines, as they are now."""
        found: dict[Hashable, Entry] = {entry.key: entry for entry in entries}
        if found != self.entries:
            self.entries = found
            self.show_keys(list(found))

    @property
    def entry(self) -> Entry | None:
        """The line under the cursor."""
        return self.entries.get(self.present)

    def action_show(self) -> None:
        self.post_message(self.Show())

    def action_accept(self) -> None:
        self.post_message(self.Accept())


class ComparePane(Vertical):
    """The heads of the columns, the list, and the present line in full."""

    def __init__(self) -> None:
        super().__init__(id="compare-pane")
        self._regions = ("", "")

    def compose(self) -> ComposeResult:
        yield Static(id="compared-heads", classes="text")
        yield CompareList()
        with VerticalScroll(id="compared-below", can_focus=False):
            yield Static(id="compared-full", classes="text")

    @property
    def list(self) -> CompareList:
        """The list itself."""
        return self.query_one(CompareList)

    def show_entries(self, entries: "Sequence[Entry]", reference: str, here: str) -> None:
        """These lines, compared between these regions."""
        if self._regions != (reference, here):
            self._regions = (reference, here)
            self._heads()
        self.list.show_entries(entries)
        self._full()

    def _heads(self) -> None:
        width = self.list.scrollable_content_region.width
        if width:
            self.query_one("#compared-heads", Static).update(columns_text(*self._regions, width))

    def on_resize(self) -> None:
        self.call_after_refresh(self._heads)

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._full()

    def _full(self) -> None:
        text = entry_text(self.list.entry, self._regions[1])
        if not self.list.keys:
            text = line(("Nothing of this kind; v shows others.", "$muted"))
        shown = self.query_one("#compared-full", Static)
        if shown.content != text:
            shown.update(text)
