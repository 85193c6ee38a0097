"""Asks for the answers that an item needs now, or for its inputs again."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from screens.paint import line
from screens.widgets.field import Field
from screens.widgets.form import Form

if TYPE_CHECKING:
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot


class Ask(ModalScreen[bool | None]):
    """True when the answers were handed in."""

    CSS_PATH: ClassVar = ["modals.tcss", "widgets/form.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("ctrl+s", "send", "Answer"),
    ]

    def __init__(self, running: "Running", title: str, names: tuple[str, ...]) -> None:
        super().__init__()
        self.running = running
        self._title = title
        self._names = names

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog ask"):
            yield Static(line((self._title, "bold $primary")), classes="heading")
            yield Form(self.running, self._names, at_once=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="close")
                yield Button("Answer (ctrl+s)", id="send", variant="primary")

    def on_mount(self) -> None:
        form = self.query_one(Form)
        form.show_snapshot(self.running.snapshot)
        form.fields[0].focus_control()
        self.set_interval(1, self._tick)

    def _tick(self) -> None:
        for field in self.query(Field):
            field.paint()

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """News from the engine: dependents are read again."""
        self.query_one(Form).show_snapshot(snapshot)

    @on(Button.Pressed, "#send")
    async def action_send(self) -> None:
        form = self.query_one(Form)
        if await form.hand_in():
            self.dismiss(result=True)
        elif reading := [one.question.label for one in form.fields if one.is_awaited()]:
            self.app.notify(
                f"Still reading: {', '.join(reading)}. Look at the proposal, then ctrl+s again.",
                markup=False,
            )

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        self.dismiss(None)
