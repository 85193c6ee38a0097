"""How the plain front end asks: one small protocol, so that a test can answer as a person does."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from wizard.effects import Json

Check = Callable[[str], str]
"""What is wrong with the text; empty when nothing is."""

CheckMany = Callable[[list[Json]], str]
"""What is wrong with the chosen values; empty when nothing is."""


class Choice(msgspec.Struct, frozen=True):
    """One line to choose."""

    value: Json
    label: str
    detail: str = ""
    disabled: str = ""
    """Why it cannot be chosen; shown, never hidden."""
    ticked: bool = False
    """Of several: chosen at first. Of one: the cursor is on the first that is ticked."""


class Asker(Protocol):
    """Asks on the terminal. Ctrl-C raises KeyboardInterrupt from any of these."""

    def select(self, question: str, choices: Sequence[Choice]) -> Json:
        """The value of one choice; typing filters the list."""
        ...

    def several(self, question: str, choices: Sequence[Choice], check: CheckMany) -> list[Json]:
        """The values of the ticked choices, in the order of the list."""
        ...

    def text(self, question: str, *, default: str = "", check: Check | None = None) -> str:
        """A line of text, stripped; asked until `check` finds nothing wrong."""
        ...

    def password(self, question: str) -> str:
        """A line that is not shown; empty when nothing was typed."""
        ...

    def confirm(self, question: str, *, default: bool) -> bool:
        """Yes or no."""
        ...
