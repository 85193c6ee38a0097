"""Figures on paper, drawn from the same shapes as in the page."""

from math import ceil

from wizard.evidence.figures.shapes import PAPER, Box, Drawing, Line, Shape, Text
from wizard.evidence.figures.svg import arrow_head
from wizard.evidence.pdf.paper import ACROSS, BOTTOM, LEFT, TOP, Paper, Style

_HATCH = 5.0
"""Between two lines, in the figure's units."""


def draw(paper: Paper, drawing: Drawing) -> None:
    """The figure across the page, smaller where it would be higher than one."""
    scale = min(ACROSS / drawing.width, (BOTTOM - TOP - 14) / drawing.height)
    paper.room(drawing.height * scale + 2)
    on = _Figure(paper, scale, LEFT, paper.y)
    for shape in drawing.shapes:
        on.draw(shape)
    paper.y += drawing.height * scale + 3


class _Figure:
    def __init__(self, paper: Paper, scale: float, left: float, top: float) -> None:
        self._paper, self._scale, self._left, self._top = paper, scale, left, top

    def draw(self, shape: Shape) -> None:
        match shape:
            case Box():
                self._box(shape)
            case Line():
                self._line(shape)
            case Text():
                self._text(shape)

    def _x(self, x: float) -> float:
        return self._left + x * self._scale

    def _y(self, y: float) -> float:
        return self._top + y * self._scale

    def _stroke(self, color: str, thickness: float, *, dashed: bool) -> None:
        pdf = self._paper.pdf
        pdf.set_draw_color(*_rgb(color))
        pdf.set_line_width(thickness * self._scale)
        if dashed:
            pdf.set_dash_pattern(dash=4 * self._scale, gap=3 * self._scale)
        else:
            pdf.set_dash_pattern()

    def _box(self, box: Box) -> None:
        pdf = self._paper.pdf
        if box.fill:
            pdf.set_fill_color(*_rgb(box.fill))
        if box.stroke:
            self._stroke(box.stroke, box.thickness, dashed=box.dashed)
        style = ("D" if box.stroke else "") + ("F" if box.fill else "")
        if style:
            pdf.rect(
                self._x(box.x),
                self._y(box.y),
                box.width * self._scale,
                box.height * self._scale,
                style=style,
                round_corners=box.radius > 0,
                corner_radius=box.radius * self._scale,
            )
        pdf.set_dash_pattern()
        if box.hatched:
            self._hatch(box)

    def _hatch(self, box: Box) -> None:
        """Slanting lines, each cut where it leaves the box."""
        pdf = self._paper.pdf
        self._stroke("#33415a", 1.1, dashed=False)
        for number in range(1, ceil((box.width + box.height) / _HATCH)):
            along = number * _HATCH
            x0, y0 = (along, 0.0) if along <= box.width else (box.width, along - box.width)
            x1, y1 = (0.0, along) if along <= box.height else (along - box.height, box.height)
            pdf.line(
                self._x(box.x + x0),
                self._y(box.y + y0),
                self._x(box.x + x1),
                self._y(box.y + y1),
            )

    def _line(self, line: Line) -> None:
        pdf = self._paper.pdf
        self._stroke(line.stroke, line.thickness, dashed=line.dashed)
        pdf.polyline([(self._x(x), self._y(y)) for x, y in line.points])
        pdf.set_dash_pattern()
        if line.arrow:
            pdf.set_fill_color(*_rgb(line.stroke))
            head = [(self._x(x), self._y(y)) for x, y in arrow_head(line.points)]
            pdf.polygon(head, style="F")

    def _text(self, text: Text) -> None:
        paper = self._paper
        style = Style(
            text.size * self._scale * 72 / 25.4,
            "bold" if text.bold else "sans",
            _rgb(text.color),
        )
        shown = paper.shown(text.text).replace("\n", " ")
        wide = paper.width(shown, style)
        x = self._x(text.x) - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
        if text.halo:
            paper.pdf.set_fill_color(*_rgb(PAPER))
            high = text.size * self._scale
            paper.pdf.rect(x - 0.3, self._y(text.y) - high, wide + 0.6, high * 1.3, style="F")
        paper.put(x, self._y(text.y), shown, style)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
