"""Paper: pages of A4 with header and footer, fonts, and text that is measured and wrapped.

It is filled twice. The first time tells how many pages there are and on which what stands, which
the second writes down.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from fpdf import FPDF
from fpdf.fonts import TTFFont

from wizard.safe import safe

FONTS = Path(__file__).parent / "fonts"
LEFT, TOP, RIGHT, BOTTOM = 16.0, 20.0, 194.0, 276.0
"""Millimetres: where text may stand."""
ACROSS = RIGHT - LEFT
LIMIT = 4000
"""Characters of one value; report.html and the journal have more."""
_POINT = 25.4 / 72
_JOINTS = frozenset(" -_/.:,;=&?@")
_PICTURES = {0x2400 + code: code for code in range(0x20)} | {0x2421: 0x7F}


class Style(msgspec.Struct, frozen=True):
    """How text looks."""

    size: float = 9
    """Points."""
    font: str = "sans"
    """`sans`, `bold` or `mono`."""
    color: tuple[int, int, int] = (24, 33, 47)
    leading: float = 1.38

    @property
    def high(self) -> float:
        """Of a line, in millimetres."""
        return self.size * _POINT * self.leading


INK, MUTED, RULE = (24, 33, 47), (90, 101, 117), (200, 206, 216)
TEXT = Style()
SMALL = Style(7.6, "sans", MUTED)
BOLD = Style(9, "bold")
MONO = Style(7.4, "mono")


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What the first filling found."""

    pages: int = 0
    places: Mapping[str, tuple[int, float]] = msgspec.field(default_factory=dict)
    """Page and height of each anchor."""


class _Pages(FPDF):
    """fpdf2's pages with our header and footer."""

    def __init__(self) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.paper: Paper | None = None

    def header(self) -> None:
        if self.paper is not None and self.page > 1:
            self.paper.head()

    def footer(self) -> None:
        if self.paper is not None:
            self.paper.foot()


class Paper:
    """A document under way, with the height at which the next thing stands."""

    def __init__(
        self, *, head: tuple[str, str], foot: tuple[str, str], at: datetime, marks: Marks
    ) -> None:
        """`head` and `foot` are what stands left and right above, and in two lines below; `at` is
        the only time that the document knows."""
        self.pdf = _Pages()
        self.marks = marks
        self.places: dict[str, tuple[int, float]] = {}
        self.y = TOP
        self._head, self._foot = head, foot
        self._links: dict[str, int] = {}
        pdf = self.pdf
        pdf.set_creation_date(at)
        pdf.set_auto_page_break(False)
        for name, file in (
            ("sans", "DejaVuSans.ttf"),
            ("bold", "DejaVuSans-Bold.ttf"),
            ("mono", "DejaVuSansMono.ttf"),
        ):
            pdf.add_font(name, fname=FONTS / file)
        self._fonts = {name: font for name, font in pdf.fonts.items() if isinstance(font, TTFFont)}
        self._known = frozenset.intersection(
            *(frozenset(font.cmap) for font in self._fonts.values())
        )
        self._advances: dict[str, dict[str, float]] = {name: {} for name in self._fonts}
        self._shown: dict[str, str] = {}
        pdf.paper = self
        self.page()

    # Pages

    def page(self) -> None:
        """A new page."""
        self.pdf.add_page()
        self.y = TOP

    def room(self, height: float) -> None:
        """A new page unless so much is left on this one."""
        if self.y + height > BOTTOM and self.y > TOP:
            self.page()

    @property
    def left(self) -> float:
        """Millimetres to the end of the page."""
        return BOTTOM - self.y

    def head(self) -> None:
        left, right = self._head
        style = Style(7.4, "sans", MUTED)
        self.put(LEFT, 12, self.cut(left, ACROSS - 60, style), style)
        bold = Style(7.4, "bold", INK)
        self.put(RIGHT - self.width(right, bold), 12, right, bold)
        self.rule(14, RULE)

    def foot(self) -> None:
        style = Style(6.6, "mono", MUTED)
        for number, line in enumerate(self._foot):
            self.put(LEFT, 285 + 3.2 * number, self.cut(line, ACROSS - 30, style), style)
        told = f"page {self.pdf.page} of {self.marks.pages}"
        plain = Style(7.4, "sans", MUTED)
        self.put(RIGHT - self.width(told, plain), 285, told, plain)

    # Places

    def anchor(self, name: str, title: str = "", level: int = 0) -> None:
        """What links lead to; with a title it is in the outline too."""
        self.places[name] = (self.pdf.page, self.y)
        self.pdf.set_link(self._link(name), page=self.pdf.page, y=max(self.y - 4, 0))
        if title:
            self.pdf.set_y(max(self.y - 4, 0))
            self.pdf.start_section(self.shown(title), level=level, strict=False)

    def page_of(self, name: str) -> str:
        """The number of the page on which it stands; only known the second time."""
        place = self.marks.places.get(name)
        return str(place[0]) if place else "00"

    def link(self, x: float, y: float, width: float, height: float, name: str) -> None:
        """Make a place lead to an anchor."""
        self.pdf.link(x, y, width, height, self._link(name))

    def _link(self, name: str) -> int:
        if name not in self._links:
            # An anchor that never comes leads to the first page.
            self._links[name] = self.pdf.add_link(page=1)
        return self._links[name]

    # Text

    def shown(self, text: str) -> str:
        """The text as the fonts can write it: what they lack stands as its code."""
        known = self._shown.get(text)
        if known is None:
            plain = safe(text, limit=LIMIT)
            known = "".join(
                char if char == "\n" or ord(char) in self._known else f"⟨U+{_code(char):04X}⟩"
                for char in plain
            )
            self._shown[text] = known
        return known

    def width(self, text: str, style: Style) -> float:
        """Of a text as it will be shown, in millimetres."""
        known = self._advances[style.font]
        total = 0.0
        for char in text:
            advance = known.get(char)
            if advance is None:
                advance = known[char] = float(self._fonts[style.font].cw[ord(char)])
            total += advance
        return total * style.size * _POINT / 1000

    def cut(self, text: str, room: float, style: Style) -> str:
        """One line that fits; a cut end reads `…`."""
        text = self.shown(text).replace("\n", " ")
        if self.width(text, style) <= room:
            return text
        while text and self.width(text + "…", style) > room:
            text = text[:-1]
        return text + "…"

    def wrapped(self, text: str, room: float, style: Style) -> list[str]:
        """Lines that fit, broken at joints where there are any; further lines of an indented one
        are indented too."""
        lines: list[str] = []
        for line in self.shown(text).split("\n"):
            lines.extend(self._wrapped(line, room, style))
        return lines

    def _wrapped(self, line: str, room: float, style: Style) -> Iterator[str]:
        indent = line[: min(len(line) - len(line.lstrip(" ")), 24)]
        rest = line
        while self.width(rest, style) > room:
            end = self._fitting(rest, room, style)
            least = len(indent) + (end - len(indent)) // 4
            joint = rest.rfind(" ", least, end + 1) + 1
            if not joint:
                joint = next((at for at in range(end, least, -1) if rest[at - 1] in _JOINTS), end)
            end = min(joint, end) if joint > end + 1 else joint
            yield rest[:end].rstrip(" ")
            rest = indent + rest[end:].lstrip(" ")
        yield rest

    def _fitting(self, text: str, room: float, style: Style) -> int:
        """How many characters fit; one at least beyond the indent, so that it comes to an end."""
        used, known = 0.0, self._advances[style.font]
        for index, char in enumerate(text):
            used += known[char] * style.size * _POINT / 1000
            if used > room:
                return max(index, len(text) - len(text.lstrip(" ")) + 1)
        return len(text)

    def put(self, x: float, y: float, text: str, style: Style) -> None:
        """A line of shown text, its base line at `y`."""
        pdf = self.pdf
        pdf.set_font(style.font, size=style.size)
        pdf.set_text_color(*style.color)
        pdf.text(x, y, text)

    def line(self, x: float, text: str, style: Style) -> None:
        """A line of shown text at the height at hand, which moves below it."""
        self.put(x, self.y + style.high * 0.74, text, style)
        self.y += style.high

    def paragraph(
        self, text: str, style: Style = TEXT, *, x: float = LEFT, width: float = 0, after: float = 1
    ) -> None:
        """Wrapped text, over as many pages as it takes."""
        for line in self.wrapped(text, width or RIGHT - x, style):
            self.room(style.high)
            self.line(x, line, style)
        self.y += after

    def rule(self, y: float, color: tuple[int, int, int] = INK, thickness: float = 0.2) -> None:
        """A line across the page."""
        self.pdf.set_draw_color(*color)
        self.pdf.set_line_width(thickness)
        self.pdf.line(LEFT, y, RIGHT, y)

    def heading(self, text: str, name: str, *, level: int = 0, keep: float = 24) -> None:
        """A heading with its anchor; so much of what follows stays with it."""
        style = (Style(13, "bold"), Style(10.5, "bold"), Style(8.4, "bold", MUTED))[level]
        before = (7.0, 5.0, 2.6)[level] if self.y > TOP else 0.0
        lines = self.wrapped(text, ACROSS, style)
        after = 3.2 if level == 0 else 0.8
        self.room(before + style.high * len(lines) + after + keep)
        if self.y > TOP:
            self.y += before
        if name:
            self.anchor(name, text, level)
        for line in lines:
            self.line(LEFT, line, style)
        if level == 0:
            self.rule(self.y + 0.8, INK, 0.4)
        self.y += after


def _code(char: str) -> int:
    """Of a control's picture, the control's."""
    return _PICTURES.get(ord(char), ord(char))
