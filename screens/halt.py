"""The session has paused by itself: why, what to do about it, and the key that goes on."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button

from screens.item_text import BLANK
from screens.modals import Dialog
from screens.paint import block, line, lines
from wizard.engine import commands

if TYPE_CHECKING:
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot


class HaltDialog(Dialog[None]):
    """Closes by itself when the session goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("p", "go_on", "Go on")]

    def __init__(self, running: "Running") -> None:
        rows = [
            block((running.snapshot.state.paused, "bold")),
            BLANK,
            line("Calls in flight were finished and journaled; no new call starts."),
            line("Mend it, then press p: it goes on if you are still the same caller in the same ",
                 "account."),
        ]  # fmt: skip
        super().__init__("Paused", lines(rows))
        self.running = running

    def buttons(self) -> ComposeResult:
        yield Button("Close", id="close")
        yield Button("Go on (p)", id="go-on", variant="primary")

    def on_mount(self) -> None:
        self.query_one("#close").focus()

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """Close when it is paused no more."""
        if not snapshot.state.paused and self.is_current:
            self.dismiss(None)

    @on(Button.Pressed, "#go-on")
    def action_go_on(self) -> None:
        self.running.send(commands.Continue())
