"""A list of thousands of lines, of which only those in sight are drawn, and those once."""

from abc import abstractmethod
from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual


class LineList(ScrollView, can_focus=True):
    """Its lines have keys. The cursor stays on a key, and where it is on the screen, when the
    order changes. What a line is drawn from is its source: another one draws it again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "Up", show=False),
        Binding("down", "go(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "to_edge(-1)", "First", show=False),
        Binding("end", "to_edge(1)", "Last", show=False),
        Binding("enter", "open", "Open"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--cursor", "line-list--blurred"}
    DEFAULT_CSS = """
    LineList { background: $background; overflow-x: hidden; scrollbar-gutter: stable; }
    LineList .line-list--cursor { background: $block-cursor-background; text-style: bold; }
    LineList .line-list--blurred { background: $block-cursor-blurred-background; }
    LineList:focus { background-tint: $background 0%; }
    """

    class Moved(Message):
        """The cursor is on another line."""

    class Opened(Message):
        """Enter, or a click on the line that has the cursor."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  as widgets name it
        super().__init__(id=id)
        self.keys: Sequence[Hashable] = ()
        self.place = 0
        self._strips: dict[Hashable, tuple[object, object, Strip]] = {}

    # What subclasses say. Textual has a metaclass of its own: it is mypy that sees that they do.

    @abstractmethod
    def line_of(self, key: Hashable, width: int) -> Content:
        """The line as it is now, at most `width` cells wide."""

    @abstractmethod
    def source_of(self, key: Hashable) -> object:
        """What the line is drawn from."""

    def can_hold(self, key: Hashable) -> bool:  # noqa: ARG002  subclasses use it
        """Whether the cursor may stand on it."""
        return True

    # What is shown

    @property
    def present(self) -> Hashable | None:
        """The key under the cursor."""
        return self.keys[self.place] if self.place < len(self.keys) else None

    def show_keys(self, keys: Sequence[Hashable]) -> None:
        """Another order, or other lines; the cursor stays on its key where it still exists."""
        before, at = self.present, self.place
        top = self.scroll_offset.y
        in_sight = top <= at < top + self.size.height
        self.keys = keys
        if before is not None and (at >= len(keys) or keys[at] != before):
            try:
                self.place = keys.index(before)
            except ValueError:
                self.place = max(0, min(at, len(keys) - 1))
        self.place = self._holding(self.place, 1)
        self.virtual_size = Size(self.scrollable_content_region.width, len(keys))
        if in_sight and self.place != at:
            self.scroll_to(y=max(0, top + self.place - at), animate=False, immediate=True)
        self.refresh()
        if self.present != before:
            self.post_message(self.Moved())

    def news(self) -> None:
        """Draw again what changed among the lines in sight; costs nothing when nothing did."""
        top = self.scroll_offset.y
        for key in self.keys[top : top + self.size.height]:
            drawn = self._strips.get(key)
            if drawn is None or drawn[0] is not self.source_of(key):
                self.refresh()
                return

    def redraw(self) -> None:
        """Draw every line in sight again."""
        self._strips.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        place = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        style = self.visual_style
        if place >= len(self.keys):
            return Strip.blank(width, style.rich_style)
        key = self.keys[place]
        look = (width, place == self.place and (2 if self.has_focus else 1))
        source = self.source_of(key)
        drawn = self._strips.get(key)
        if drawn is not None and drawn[0] is source and drawn[1] == look:
            return drawn[2]
        if place == self.place:
            kind = "cursor" if self.has_focus else "blurred"
            style = self.get_visual_style(f"line-list--{kind}")
        strip = self._draw(self.line_of(key, width), width, style)
        if len(self._strips) > 500:
            self._strips.clear()
        self._strips[key] = (source, look, strip)
        return strip

    def _draw(self, text: Content, width: int, style: Style) -> Strip:
        text = text.truncate(width, ellipsis=True)
        strips = Visual.to_strips(self, text, width, 1, style, pad=True)
        return strips[0] if strips else Strip.blank(width, style.rich_style)

    def notify_style_update(self) -> None:
        """Another look: all lines are drawn again."""
        super().notify_style_update()
        self._strips.clear()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.keys))
        self.redraw()
        self.call_after_refresh(self._into_sight)

    def on_mount(self) -> None:
        self.auto_links = False

    # The cursor

    def go_to(self, place: int, way: int = 1) -> None:
        """Put the cursor on a line, or the next one in this direction that may hold it."""
        if not self.keys:
            return
        before = self.place
        self.place = self._holding(max(0, min(place, len(self.keys) - 1)), way)
        self._into_sight()
        if self.place != before:
            self.refresh()
            self.post_message(self.Moved())

    def _holding(self, place: int, way: int) -> int:
        """The first line from there on that may hold the cursor, else the first in the other
        direction."""
        for step in (way, -way):
            at = place
            while 0 <= at < len(self.keys):
                if self.can_hold(self.keys[at]):
                    return at
                at += step
        return place

    def _into_sight(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.place < top:
            # Titles above the first line stay in sight with it.
            first = self._holding(0, 1)
            self.scroll_to(y=0 if self.place <= first else self.place, animate=False)
        elif self.place >= top + height:
            self.scroll_to(y=self.place - height + 1, animate=False)

    def action_go(self, by: int) -> None:
        self.go_to(self.place + by, by)

    def action_page(self, way: int) -> None:
        self.go_to(self.place + way * max(1, self.size.height - 1), way)

    def action_to_edge(self, way: int) -> None:
        self.go_to(len(self.keys) - 1 if way > 0 else 0, -way)

    def action_open(self) -> None:
        if self.present is not None:
            self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        """The first click goes there, the next one opens."""
        place = event.y + self.scroll_offset.y
        if place >= len(self.keys) or not self.can_hold(self.keys[place]):
            return
        if place == self.place:
            self.action_open()
        else:
            self.go_to(place)
