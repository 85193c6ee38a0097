"""A free list of texts: a line for each, and an empty one below for the next."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input


class TextLine(Input):
    """One entry; several lines that are pasted become several entries."""

    class Pasted(Message):
        """More than one line was pasted."""

        def __init__(self, lines: list[str]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, text: str) -> None:
        super().__init__(text, compact=True, placeholder="one more", classes="entry")

    def _on_paste(self, event: events.Paste) -> None:
        found = [part.strip() for part in event.text.splitlines() if part.strip()]
        if len(found) > 1:
            event.prevent_default()
            event.stop()
            self.post_message(self.Pasted(found))


class TextRows(Vertical):
    """Enter goes to the next line; an emptied line is gone once it is left."""

    class Changed(Message):
        """The operator gave other entries."""

        def __init__(self, values: list[str]) -> None:
            super().__init__()
            self.values = values

    def __init__(self) -> None:
        super().__init__(id="texts")
        self._told: list[str] = []

    def compose(self) -> ComposeResult:
        yield TextLine("")

    @property
    def lines(self) -> list[TextLine]:
        """All of them, the empty ones too."""
        return list(self.query(TextLine))

    @property
    def values(self) -> list[str]:
        """The entries as they stand."""
        return [text for one in self.lines if (text := one.value.strip())]

    def show(self, values: list[str]) -> None:
        """These entries, unless the operator is typing."""
        if not self.has_focus_within and values != self.values:
            self.put(values)

    def put(self, values: list[str]) -> None:
        """These entries, whatever is typed."""
        self._told = list(values)
        lines = self.lines
        for one, text in zip(lines, [*values, ""], strict=False):
            one.value = text
        self.mount_all(TextLine(text) for text in [*values, ""][len(lines) :])
        for surplus in lines[len(values) + 1 :]:
            surplus.remove()

    def tell(self) -> None:
        """Hand on what was typed, if it is new."""
        values = self.values
        if values != self._told:
            self._told = values
            self.post_message(self.Changed(values))

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        event.stop()
        if all(one.value.strip() for one in self.lines):
            self.mount(TextLine(""))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.tell()
        self.screen.focus_next()

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        self.tell()
        lines = self.lines
        for one in lines[:-1]:
            if not one.value.strip() and not one.has_focus:
                one.remove()

    @on(TextLine.Pasted)
    def _pasted(self, event: TextLine.Pasted) -> None:
        event.stop()
        self.put([*self.values, *(one for one in event.lines if one not in self.values)])
        self._told = []
        self.tell()
