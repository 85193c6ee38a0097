"""What the wizard does for the operator during a pause: its buttons, and what is typed for them."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ItemGrid
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.item_text import BLANK
from screens.modals import Dialog
from screens.paint import line, lines

if TYPE_CHECKING:
    from wizard.session.state import Pause
    from wizard.step import Deed

FIRST_KEY = 2
"""F1 is the help; the deeds have F2 and those that follow."""


def key_of(place: int) -> str:
    """The key of a pause's deed."""
    return f"f{FIRST_KEY + place}"


class Paste(Input):
    """Takes what is pasted whole: a mail breaks a long link into lines."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor("".join(part.strip() for part in event.text.splitlines()))


class DeedDialog(Dialog[str | None]):
    """Asks for what a deed needs. What is secret is masked, and forgotten with the dialog."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+u", "empty", "Empty", show=False)]

    def __init__(self, deed: "Deed", title: str) -> None:
        rows = [line((title, "$muted"))]
        if deed.secret:
            rows.append(line("What you paste is masked, used once, and never written down."))
        super().__init__(deed.label, lines(rows))
        self._deed = deed

    def questions(self) -> ComposeResult:
        yield Static(line((self._deed.prompt, "bold")), classes="label")
        yield Paste(password=self._deed.secret, id="given")
        yield Static(id="length")

    def buttons(self) -> ComposeResult:
        yield Button("Cancel", id="close")
        yield Button(Content("Do it"), id="go", variant="primary", disabled=True)

    def on_mount(self) -> None:
        self.query_one("#given").focus()

    @on(Input.Changed, "#given")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value.strip()
        self.query_one("#go", Button).disabled = not text
        said = f"{len(text)} characters" if self._deed.secret and text else ""
        self.query_one("#length", Static).update(line((said, "$muted")))

    @on(Input.Submitted, "#given")
    @on(Button.Pressed, "#go")
    def _go(self) -> None:
        given = self.query_one("#given", Input)
        text = given.value.strip()
        if text:
            self.action_empty()
            self.dismiss(text)

    def action_empty(self) -> None:
        """Forget what was typed."""
        self.query_one("#given", Input).value = ""


class DeedButtons(ItemGrid):
    """A button for each deed; none can be pressed while one is being done."""

    def __init__(self) -> None:
        super().__init__(id="deeds", min_column_width=24, stretch_height=False)
        self._shown: tuple[Deed, ...] = ()
        self._doing = ""

    async def show(self, pause: "Pause") -> None:
        """The deeds that the pause offers now."""
        if pause.deeds != self._shown:
            self._shown = pause.deeds
            await self.remove_children()
            await self.mount_all(
                Button(_label(place, deed), name=deed.name, classes="deed")
                for place, deed in enumerate(pause.deeds)
            )
            self.display = bool(pause.deeds)
            self.screen.set_class(bool(pause.deeds), "deeds")
        for button in self.query(Button):
            button.disabled = bool(pause.doing)


def _label(place: int, deed: "Deed") -> Content:
    return line((f"{key_of(place).upper()} ", "bold $accent"), deed.label)


def state_of(pause: "Pause") -> list[Content]:
    """What is being done, or why it was not."""
    labels = {deed.name: deed.label for deed in pause.deeds}
    if pause.doing:
        said = labels.get(pause.doing, pause.doing)
        return [BLANK, line(("▶ doing … ", "bold $primary"), said)]
    if pause.problem:
        return [BLANK, line(("✗ not done: ", "bold $error"), pause.problem)]
    return []
