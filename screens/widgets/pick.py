"""A dropdown, closed: one line with what is chosen. Enter, a click or typing opens it."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from screens.paint import line


class Pick(Widget, can_focus=True):
    """Shows a text with an arrow; asks to be opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,down", "open", "Choose"),
        Binding("ctrl+r", "again", "Read again"),
    ]
    DEFAULT_CSS = """
    Pick { height: 3; border: round $border-blurred; padding: 0 1; background: $background; }
    Pick:focus { border: round $border; }
    Pick.-invalid { border: round $error; }
    """

    class Opened(Message):
        """The operator wants the list, perhaps with the first letter of a filter."""

        def __init__(self, pick: "Pick", typed: str = "") -> None:
            super().__init__()
            self.pick = pick
            self.typed = typed

        @property
        def control(self) -> "Pick":
            return self.pick

    class Again(Message):
        """The operator wants the choices read again."""

    def __init__(self) -> None:
        super().__init__()
        self._text = line(("…", "$muted"))

    def show(self, text: Content) -> None:
        """What is chosen, or why nothing can be."""
        if not text.is_same(self._text):
            self._text = text
            self.refresh()

    def render(self) -> Content:
        width = max(4, self.content_size.width - 2)
        shown = self._text.truncate(width, ellipsis=True).pad_right(
            max(0, width - min(width, self._text.cell_length))
        )
        return Content.assemble(shown, (" ▾", "$accent"))

    def action_open(self) -> None:
        self.post_message(self.Opened(self))

    def action_again(self) -> None:
        self.post_message(self.Again())

    def on_click(self) -> None:
        self.action_open()

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character and event.character not in " ?":
            event.stop()
            self.post_message(self.Opened(self, event.character))
