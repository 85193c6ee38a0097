"""Keeps control bytes from outside away from the terminal, whatever a screen was given.

Two layers. The line filter works on every strip that a widget paints, so that what a text holds
can never be a control sequence. The driver's filter works on what is written: of the sequences
that a terminal obeys, only those pass that Textual itself sends.
"""

import re
from functools import lru_cache
from typing import IO

from rich.segment import Segment
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter

_DANGEROUS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_PASS = re.compile(
    "\x1b\\[[?<=>]?[0-9;:]*[$ ]?[mHhlunpqt]"  # styles, cursor moves, modes, queries
    "|\x1b\\[[ABCDGJK]|\x1b\\[[0-9;]+[ABCDGJK]"
    "|\x1b\\]52;c;[A-Za-z0-9+/=]*\x07"  # the operator's own copy
    "|\x1b\\]22;[a-z-]*(?:\x07|\x1b\\\\)"  # the shape of the pointer
    "|\x1b[78]"
    "|[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+"
)


@lru_cache(4096)
def harmless(text: str) -> str:
    """The same text, of the same width, with a dot in place of each control or bidi character."""
    return _DANGEROUS.sub("·", text)


class NoControls(LineFilter):
    """Replaces control characters in everything that is painted."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The segments, made harmless; unchanged ones are kept as they are."""
        return [
            segment
            if segment.control or not _DANGEROUS.search(segment.text)
            else Segment(harmless(segment.text), segment.style)
            for segment in segments
        ]


def only_known(data: str) -> str:
    """What of `data` a terminal may get: text, and the sequences that Textual uses."""
    return "".join(match.group() for match in _PASS.finditer(data))


class Lasting:
    """The terminal's file, which outlives the terminal.

    Textual's writer thread dies with the first write to a terminal that is gone, and the app then
    waits for ever to hand it more. Here what cannot be shown is dropped, so that the app ends.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.gone = False

    def write(self, text: str) -> int:
        """Write, as long as there is a terminal."""
        if not self.gone:
            try:
                return self._file.write(text)
            except OSError:
                self.gone = True
        return len(text)

    def flush(self) -> None:
        """Flush, as long as there is a terminal."""
        if not self.gone:
            try:
                self._file.flush()
            except OSError:
                self.gone = True

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._file.fileno()


@lru_cache(4)
def armoured(driver: type[Driver]) -> type[Driver]:
    """The driver class, with `only_known` before its output."""

    def write(self: Driver, data: str) -> None:
        driver.write(self, only_known(data))

    def start_application_mode(self: Driver) -> None:
        file = getattr(self, "_file", None)
        if file is not None and not isinstance(file, Lasting):
            vars(self)["_file"] = Lasting(file)
        driver.start_application_mode(self)

    return type(
        f"Armoured{driver.__name__}",
        (driver,),
        {"write": write, "start_application_mode": start_application_mode},
    )
