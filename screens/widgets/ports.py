"""A chosen row with the port it answers on."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from screens.paint import line


class PortRow(Horizontal):
    """The name of a target, and its port to edit."""

    class Changed(Message):
        """The operator gave another port."""

    def __init__(self, name: str, label: str, port: str) -> None:
        super().__init__(classes="port-row")
        self.key = name
        self._label = label
        self._port = port

    @property
    def port(self) -> str:
        """As it stands in the field."""
        return self._port

    def compose(self) -> ComposeResult:
        yield Static(line(self._label), classes="port-name")
        yield Static(line(("port ", "$muted")), classes="port-word")
        yield Input(self._port, compact=True, restrict=r"[0-9]{0,5}", classes="port")

    @on(Input.Submitted)
    @on(Input.Blurred)
    def _given(self, event: Input.Submitted | Input.Blurred) -> None:
        event.stop()
        if event.value != self._port:
            self._port = event.value
            self.post_message(self.Changed())
        if isinstance(event, Input.Submitted):
            self.screen.focus_next()

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        event.stop()
