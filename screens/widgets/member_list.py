"""The members of an item that fans out, thousands of them: those that fail first."""

from collections.abc import Hashable
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from screens.member_text import VIEWS, ordered, row
from screens.shows import following
from screens.widgets.line_list import LineList

if TYPE_CHECKING:
    from wizard.session.state import ItemState

EVERY = 0.4
"""Least seconds between two times that the order is made."""

AT_REST = 1.5
"""Seconds without a key or a click after which the order may change: no line slips away under
the operator's hand."""


class MemberList(LineList):
    """A key a line. Its order is made anew a few times a second at most."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "deed('retry')", "Retry it"),
        Binding("R", "deed('retry_all')", "Retry failed", show=False),
        Binding("k", "deed('skip')", "Skip it"),
        Binding("m", "deed('mark')", "By hand"),
        Binding("v", "view", "Show others", show=False),
        Binding("slash", "find", "Find", key_display="/", show=False),
    ]

    class Find(Message):
        """The operator wants to type what to look for."""

    class Deed(Message):
        """The operator wants something done: `retry`, `retry_all`, `skip` or `mark`."""

        def __init__(self, deed: str, key: str) -> None:
            super().__init__()
            self.deed = deed
            self.key = key

    def __init__(self) -> None:
        super().__init__(id="members-list")
        self.now: ItemState | None = None
        self.view = VIEWS[0]
        self.words: tuple[str, ...] = ()
        self._ordered_at = 0.0
        self._touched_at = 0.0
        self._due = False

    def line_of(self, key: Hashable, width: int) -> Content:
        name = str(key)
        return row(name, self.now.children.get(name) if self.now is not None else None, width)

    def source_of(self, key: Hashable) -> object:
        return self.now.children.get(str(key)) if self.now is not None else None

    def show_item(self, now: "ItemState") -> None:
        """The item as it is now: lines in sight are drawn at once, the order follows."""
        before, self.now = self.now, now
        if before is None or before.id != now.id:
            self.place = 0
            self.scroll_home(animate=False)
            self.reorder()
        elif before.members is not now.members:
            self.reorder()
        elif before.children is not now.children:
            self.news()
            self._order_soon()

    def look_for(self, *, view: str | None = None, text: str | None = None) -> None:
        """Only these members from now on."""
        self.view = self.view if view is None else view
        self.words = self.words if text is None else tuple(text.lower().split())
        self.place = 0
        self.scroll_home(animate=False)
        self.reorder()

    def _order_soon(self) -> None:
        if not self._due:
            self._due = True
            now = monotonic()
            wait = max(self._ordered_at + EVERY, self._touched_at + AT_REST) - now
            self.set_timer(max(0.01, wait), self._order_due)

    def _order_due(self) -> None:
        self._due = False
        if monotonic() < self._touched_at + AT_REST:
            self._order_soon()
        else:
            self.reorder()

    def reorder(self) -> None:
        """Put the members in the order that their states give."""
        if self.now is None:
            return
        self._ordered_at = monotonic()
        keys = ordered(self.now.members, self.now.children, view=self.view, words=self.words)
        if keys != self.keys:
            self.show_keys(keys)
        else:
            self.news()

    def go_to(self, place: int, way: int = 1) -> None:
        self._touched_at = monotonic()
        super().go_to(place, way)

    def action_view(self) -> None:
        self.look_for(view=following(VIEWS, self.view))
        self.post_message(self.Moved())

    def action_find(self) -> None:
        self.post_message(self.Find())

    def action_deed(self, deed: str) -> None:
        if self.present is not None or deed == "retry_all":
            self.post_message(self.Deed(deed, str(self.present or "")))
