"""Lines that go on below under their own beginning, and not at the left edge of the box."""

from collections.abc import Sequence

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from screens.paint import lines

ROOM = 8
"""Cells beside the indent below which a line is folded as it comes."""


class Hanging(Visual):
    """Rows of which each keeps its indent where it is too long for one line."""

    def __init__(self, rows: Sequence[Content]) -> None:
        self._rows = tuple(rows)

    def at(self, width: int) -> Content:
        """As it stands in that many cells."""
        return lines(part for row in self._rows for part in _folded(row, width))

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self.at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return lines(self._rows).get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self.at(width).get_height(rules, width)


def _folded(row: Content, width: int) -> list[Content]:
    indent = len(row.plain) - len(row.plain.lstrip(" "))
    if not indent or row.cell_length <= width or width < indent + ROOM:
        return [row]
    return [part.rstrip().pad_left(indent) for part in row[indent:].wrap(width - indent)]
