"""Figures as SVG that stands in a page: no script, no style sheet, nothing loaded."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from wizard.evidence.figures.shapes import PAPER, Box, Drawing, Line, Shape, Text, measured
from wizard.safe import safe_line

_FONT = "'DejaVu Sans',Verdana,'Segoe UI',Helvetica,Arial,sans-serif"


def svg(drawing: Drawing, name: str) -> str:
    """The figure as one element. `name` keeps its inner ids apart from other figures'."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title" '
        f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" '
        f'font-family="{_FONT}" font-size="10">',
        f'<title id="{name}-title">{escape(safe_line(drawing.title, limit=400))}</title>',
        f'<defs><pattern id="{name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V5" stroke="#33415a" stroke-width="1.6"/>'
        "</pattern></defs>",
    ]
    for shape in drawing.shapes:
        parts.extend(_drawn(shape, name))
    parts.append("</svg>")
    return "".join(parts)


def _drawn(shape: Shape, name: str) -> Iterator[str]:
    match shape:
        case Box():
            yield from _box(shape, name)
        case Line(points=points):
            path = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
            dash = ' stroke-dasharray="3 3"' if shape.dashed else ""
            yield (
                f'<path d="{path}" fill="none" stroke="{shape.stroke}" '
                f'stroke-width="{_n(shape.thickness)}"{dash}/>'
            )
            if shape.arrow:
                head = " ".join(f"{_n(x)},{_n(y)}" for x, y in arrow_head(points))
                yield f'<polygon points="{head}" fill="{shape.stroke}"/>'
        case Text():
            yield from _text(shape)


def _box(box: Box, name: str) -> Iterator[str]:
    place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"' + (
        f' rx="{_n(box.radius)}"' if box.radius else ""
    )
    edge = (
        f' stroke="{box.stroke}" stroke-width="{_n(box.thickness)}"'
        + (' stroke-dasharray="4 3"' if box.dashed else "")
        if box.stroke
        else ""
    )
    yield f'<rect {place} fill="{box.fill or "none"}"{edge}/>'
    if box.hatched:
        yield f'<rect {place} fill="url(#{name}-hatch)"/>'


def _text(text: Text) -> Iterator[str]:
    shown = safe_line(text.text, limit=300)
    if text.halo:
        wide = measured(shown, text.size, bold=text.bold)
        left = {"start": text.x, "middle": text.x - wide / 2, "end": text.x - wide}[text.anchor]
        yield (
            f'<rect x="{_n(left - 1)}" y="{_n(text.y - text.size)}" width="{_n(wide + 2)}" '
            f'height="{_n(text.size * 1.3)}" fill="{PAPER}"/>'
        )
    yield (
        f'<text x="{_n(text.x)}" y="{_n(text.y)}" fill="{text.color}"'
        + (f' font-size="{_n(text.size)}"' if text.size != 10 else "")
        + (f' text-anchor="{text.anchor}"' if text.anchor != "start" else "")
        + (' font-weight="700"' if text.bold else "")
        + f">{escape(shown)}</text>"
    )


def arrow_head(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """The triangle at the end of a line."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 0.001)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    back_x, back_y = x1 - ux * 7, y1 - uy * 7
    return [(x1, y1), (back_x - uy * 3, back_y + ux * 3), (back_x + uy * 3, back_y - ux * 3)]


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
