"""Tables on paper: columns by their share, the header again on each page, long rows parted."""

from collections.abc import Iterable, Sequence

import msgspec

from wizard.evidence.pdf.paper import LEFT, RIGHT, RULE, SMALL, TOP, Paper, Style

CELL = Style(7.8)
CODE = Style(7.0, "mono")
NOTE = Style(6.9, "sans", (90, 101, 117))
STRONG = Style(7.8, "bold")
HEAD = Style(7.4, "bold", (90, 101, 117))
GAP = 3.0
"""Millimetres between columns."""
PAD = 0.9
"""Above and below a row."""
MOST_WHOLE = 90.0
"""Millimetres: a higher row is parted where a page ends."""


class Piece(msgspec.Struct, frozen=True):
    """A part of a cell, on lines of its own."""

    text: str
    style: Style = CELL
    link: str = ""
    """The anchor that it leads to."""


Cell = Piece | Sequence[Piece] | str
Row = Sequence[Cell]
_Line = tuple[str, Style, str]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """How a table's columns are."""

    header: Sequence[str]
    shares: Sequence[float]
    """How wide each is beside the others."""

    def draw(
        self, paper: Paper, rows: Iterable[tuple[Row, bool]], heading: str = "", level: int = 2
    ) -> None:
        """The rows, under a heading that no page end parts from them; those said to be marked
        have a bar at their left."""
        widths = self._widths()
        began = False
        for row, marked in rows:
            cells = [_lines(paper, cell, width) for cell, width in zip(row, widths, strict=True)]
            height = max(_height(cell) for cell in cells) + 2 * PAD
            if not began:
                least = HEAD.high + 2 * PAD + min(height, 30)
                if heading:
                    paper.heading(heading, "", level=level, keep=least)
                paper.room(least)
                self._header(paper, widths)
                began = True
            elif paper.y + min(height, MOST_WHOLE) > TOP + 256:
                self._next(paper, widths)
            self._row(paper, cells, widths, marked=marked)
        paper.y += 1.6

    def _widths(self) -> list[float]:
        room = RIGHT - LEFT - GAP * (len(self.shares) - 1)
        return [room * share / sum(self.shares) for share in self.shares]

    def _next(self, paper: Paper, widths: Sequence[float]) -> None:
        paper.page()
        self._header(paper, widths)

    def _header(self, paper: Paper, widths: Sequence[float]) -> None:
        if not any(self.header):
            return
        x = LEFT
        for title, width in zip(self.header, widths, strict=True):
            paper.put(x, paper.y + HEAD.high * 0.74, paper.cut(title, width, HEAD), HEAD)
            x += width + GAP
        paper.y += HEAD.high + 0.6
        paper.rule(paper.y, SMALL.color, 0.25)

    def _row(
        self,
        paper: Paper,
        cells: list[list[_Line]],
        widths: Sequence[float],
        *,
        marked: bool,
    ) -> None:
        while True:
            room = paper.left - 2 * PAD
            taken = [_taken(cell, room) for cell in cells]
            whole = all(count == len(cell) for count, cell in zip(taken, cells, strict=True))
            parts = [cell[:count] for count, cell in zip(taken, cells, strict=True)]
            top, height = paper.y, max(_height(part) for part in parts) + 2 * PAD
            if marked:
                paper.pdf.set_fill_color(176, 137, 0)
                paper.pdf.rect(LEFT - 2.2, top + 0.4, 0.8, height - 0.8, style="F")
            x = LEFT
            for part, width in zip(parts, widths, strict=True):
                _put(paper, part, x, top + PAD)
                x += width + GAP
            paper.y = top + height
            if whole:
                paper.rule(paper.y, RULE, 0.15)
                return
            cells = [cell[count:] for count, cell in zip(taken, cells, strict=True)]
            self._next(paper, widths)


def _lines(paper: Paper, cell: Cell, width: float) -> list[_Line]:
    pieces = [Piece(cell)] if isinstance(cell, str) else [cell] if isinstance(cell, Piece) else cell
    return [
        (line, piece.style, piece.link)
        for piece in pieces
        for line in paper.wrapped(piece.text, width, piece.style)
    ]


def _height(lines: Sequence[_Line]) -> float:
    return sum(style.high for _, style, _ in lines)


def _taken(lines: Sequence[_Line], room: float) -> int:
    used = 0.0
    for count, (_, style, _) in enumerate(lines):
        used += style.high
        if used > room:
            return count
    return len(lines)


def _put(paper: Paper, lines: Sequence[_Line], x: float, y: float) -> None:
    for text, style, link in lines:
        paper.put(x, y + style.high * 0.74, text, style)
        if link:
            paper.link(x, y, paper.width(text, style), style.high, link)
        y += style.high
