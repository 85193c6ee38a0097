"""Dialogs: a message, a sign of life, a note or reason, a typed phrase, a yes or no.

No dialog gives the focus to its dangerous button, and Escape always means no.
"""

from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, LoadingIndicator, Static

from screens.paint import line

T = TypeVar("T")


class Dialog(ModalScreen[T], Generic[T]):
    """A titled box with buttons; Escape closes it with None."""

    CSS_PATH: ClassVar = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("up", "scroll_body(-1)", "Up", show=False),
        Binding("down", "scroll_body(1)", "Down", show=False),
        Binding("pageup", "scroll_body(-8)", "Page up", show=False),
        Binding("pagedown", "scroll_body(8)", "Page down", show=False),
    ]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self.heading = title
        self.body = body

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(line((self.heading, "bold $primary")), classes="heading")
            asked = list(self.questions())
            with VerticalScroll(classes="body asks" if asked else "body", can_focus=False):
                yield Static(self.body, id="body")
            yield from asked
            with Horizontal(classes="buttons"):
                yield from self.buttons()

    def questions(self) -> ComposeResult:
        """What is asked for; nothing."""
        yield from ()

    def buttons(self) -> ComposeResult:
        yield Button("Close", id="close")

    def action_close(self) -> None:
        self.dismiss(None)

    def action_scroll_body(self, by: int) -> None:
        self.query_one(".body", VerticalScroll).scroll_relative(y=by, animate=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()


class Message(Dialog[None]):
    """Something to read."""


class Waiting(ModalScreen[None]):
    """A sign of life while something is fetched."""

    CSS_PATH: ClassVar = "modals.tcss"

    def __init__(self, doing: str) -> None:
        super().__init__()
        self._doing = doing

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog waiting"):
            yield Static(line((f"{self._doing} …", "bold")))
            yield LoadingIndicator()


class TextDialog(Dialog[str | None]):
    """Asks for a text: a note, a reason, a folder."""

    def __init__(
        self,
        title: str,
        body: Content,
        *,
        label: str,
        value: str = "",
        action: str,
        danger: bool = False,
    ) -> None:
        super().__init__(title, body)
        self._label = label
        self._value = value
        self._action = action
        self._danger = danger

    def questions(self) -> ComposeResult:
        yield Static(line((self._label, "bold")), classes="label")
        yield Input(self._value, id="text")

    def buttons(self) -> ComposeResult:
        yield Button("Cancel", id="close")
        yield Button(Content(self._action), id="go", variant="error" if self._danger else "primary")

    def on_mount(self) -> None:
        self.query_one("#text").focus()
        self._check()

    @on(Input.Changed, "#text")
    def _check(self) -> None:
        self.query_one("#go").disabled = not self.query_one("#text", Input).value.strip()

    @on(Input.Submitted, "#text")
    @on(Button.Pressed, "#go")
    def _go(self) -> None:
        text = self.query_one("#text", Input).value.strip()
        if text:
            self.dismiss(text)


class TypedDialog(Dialog[bool | None]):
    """Goes on only when a phrase was typed exactly."""

    def __init__(self, title: str, body: Content, *, phrase: str, action: str) -> None:
        super().__init__(title, body)
        self._phrase = phrase
        self._action = action

    def questions(self) -> ComposeResult:
        yield Static(line("Type ", (self._phrase, "bold $accent"), " to go on."), classes="label")
        yield Input(id="phrase")

    def buttons(self) -> ComposeResult:
        yield Button("Cancel", id="close")
        yield Button(Content(self._action), id="go", variant="error", disabled=True)

    def on_mount(self) -> None:
        self.query_one("#phrase").focus()

    def _typed(self) -> bool:
        return self.query_one("#phrase", Input).value.strip() == self._phrase

    @on(Input.Changed, "#phrase")
    def _check(self) -> None:
        self.query_one("#go").disabled = not self._typed()

    @on(Input.Submitted, "#phrase")
    @on(Button.Pressed, "#go")
    def _go(self) -> None:
        if self._typed():
            self.dismiss(result=True)


class Question(Dialog[str | None]):
    """One of several answers; the first, harmless one has the focus."""

    def __init__(
        self,
        title: str,
        body: Content,
        *,
        answers: tuple[tuple[str, str], ...],
        keys: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title, body)
        self._answers = answers
        self._keys = keys or {}

    def buttons(self) -> ComposeResult:
        yield Button("Cancel", id="close")
        for name, text in self._answers:
            yield Button(Content(text), id=f"answer-{name}", variant="primary")

    def on_mount(self) -> None:
        self.query_one("#close").focus()

    def on_key(self, event: events.Key) -> None:
        """The key that opened the question answers it as well."""
        name = self._keys.get(event.character or "")
        if name is not None:
            event.stop()
            self.dismiss(name)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        name = event.button.id or ""
        if name.startswith("answer-"):
            event.stop()
            self.dismiss(name.removeprefix("answer-"))
