"""A checkbox that says with a sign, not with a colour, whether it is ticked."""

from textual.widgets import Checkbox


class Tick(Checkbox):
    """`[✓]` or `[ ]`."""

    BUTTON_LEFT = "["
    BUTTON_RIGHT = "]"

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002  as widgets name it
        self.BUTTON_INNER = " "
        super().__init__(label, id=id, compact=True)

    def watch_value(self) -> None:
        self.BUTTON_INNER = "✓" if self.value else " "
        super().watch_value()
