"""The few shapes that figures are made of, in units of which a page is `WIDTH` wide."""

import re
import unicodedata
from collections.abc import Iterator

import msgspec

WIDTH = 760.0
"""As wide as the text of an A4 page; a unit is about a quarter of a millimetre there."""

INK, MUTED, LINE, PAPER = "#18212f", "#5a6575", "#c3cad5", "#ffffff"
ACCENT, PALE, DARK = "#0b5563", "#e8eef2", "#33415a"


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A rectangle; `hatched` fills it with slanting lines, which stay apart in black and white."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    thickness: float = 1
    dashed: bool = False
    hatched: bool = False
    radius: float = 0


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line through points; with an arrow's head at its end, or dashed."""

    points: tuple[tuple[float, float], ...]
    stroke: str = INK
    thickness: float = 1
    dashed: bool = False
    arrow: bool = False


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One line of text; `x` is where it starts, ends or has its middle, `y` its base line."""

    x: float
    y: float
    text: str
    size: float = 10
    anchor: str = "start"
    """`start`, `middle` or `end`."""
    bold: bool = False
    color: str = INK
    halo: bool = False
    """On a patch of paper, so that lines behind it do not run through it."""


Shape = Box | Line | Text


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """A figure, and what a person hears of it who cannot see it."""

    title: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


_JOINT = re.compile(r"(?<=[ \-_./:@,])")
_NARROW, _WIDE = set("fijlrtIJ.,:;'|!()[]{}-/ "), set("mwMW@%…→—")


def measured(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is, rather too wide than too narrow: fonts differ."""
    width = 0.0
    for char in text:
        if char in _NARROW:
            width += 0.42
        elif char in _WIDE:
            width += 0.98
        elif unicodedata.east_asian_width(char) in {"W", "F"}:
            width += 1.05
        elif char.isupper() or char.isdigit() or char in "_=+<>#":
            width += 0.66
        else:
            width += 0.62
    return width * size * (1.1 if bold else 1.0)


def fitted(text: str, room: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """The text in at most so many lines that fit, broken where names have joints; a cut end reads
    `…`."""
    wrapped = [""]
    for piece in _pieces(text, room, size, bold=bold):
        if not wrapped[-1] or measured((wrapped[-1] + piece).rstrip(), size, bold=bold) <= room:
            wrapped[-1] += piece
        else:
            wrapped.append(piece)
    wrapped = [line.strip() for line in wrapped]
    if len(wrapped) <= lines:
        return wrapped
    last = wrapped[lines - 1]
    while last and measured(last + "…", size, bold=bold) > room:
        last = last[:-1]
    return [*wrapped[: lines - 1], last.rstrip() + "…"]


def _pieces(text: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    """What is not broken where it can be helped, each no wider than there is room."""
    for piece in _JOINT.split(text):
        rest = piece
        while len(rest) > 1 and measured(rest.rstrip(), size, bold=bold) > room:
            keep = len(rest) - 1
            while keep > 1 and measured(rest[:keep], size, bold=bold) > room:
                keep -= 1
            yield rest[:keep]
            rest = rest[keep:]
        yield rest
