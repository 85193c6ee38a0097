"""The topology as figures: boxes for things, arrows for how they hang together."""

from collections.abc import Iterator, Sequence

from wizard.evidence.figures.layout import Pair, Placed, hub, parts, place
from wizard.evidence.figures.shapes import (
    INK,
    MUTED,
    PALE,
    PAPER,
    WIDTH,
    Box,
    Drawing,
    Line,
    Shape,
    Text,
    fitted,
    measured,
)
from wizard.evidence.topology import (
    CHANGED,
    KEPT,
    NEW,
    REFERRED,
    STANDINGS,
    Edge,
    Node,
    Topology,
)

WIDE, HIGH, GAP, BETWEEN = 140.0, 64.0, 14.0, 50.0
TALLEST = 900.0
"""A figure is at most so high, if its parts let it: as high as a page."""
_TAGS = {NEW: "NEW", CHANGED: "CHANGED", KEPT: "WAS THERE", REFERRED: "REFERRED TO"}


def pictures(topology: Topology) -> tuple[Drawing, ...]:
    """As many figures as it takes, each with its legend; none where there is nothing."""
    shelves = _shelves(topology)
    figures: list[list[tuple[float, float, Placed]]] = []
    height = 0.0
    for shelf in shelves:
        tall = max(_height(part) for part in shelf) + 26
        if not figures or height + tall > TALLEST:
            figures.append([])
            height = 0.0
        x = 2.0
        for part in shelf:
            figures[-1].append((x, height + 8, part))
            x += part.width + 2 * GAP
        height += tall
    return tuple(
        _figure(topology, placed, number, len(figures)) for number, placed in enumerate(figures)
    )


def _shelves(topology: Topology) -> list[list[Placed]]:
    pairs = list({(edge.source, edge.target): None for edge in topology.edges})
    placed = [
        one
        for part in parts([node.id for node in topology.nodes], pairs)
        for one in _fitting(part, pairs)
    ]
    shelves: list[list[Placed]] = []
    for one in placed:
        for shelf in shelves:
            used = sum(part.width + 2 * GAP for part in shelf)
            if used + one.width <= WIDTH and one.rows <= max(part.rows for part in shelf):
                shelf.append(one)
                break
        else:
            shelves.append([one])
    return shelves


def _fitting(part: Sequence[int], pairs: Sequence[Pair]) -> Iterator[Placed]:
    """A connected part; what would be too wide for a page is parted at the thing that most else
    hangs on, which then stands in each."""
    own = [pair for pair in pairs if pair[0] in part and pair[1] in part]
    placed = place(part, own, wide=WIDE, gap=GAP)
    divided = hub(part, own) if placed.width > WIDTH - 4 else None
    if divided is None:
        yield placed
        return
    middle, pieces = divided
    for piece in pieces:
        yield from _fitting([middle, *piece], own)


def _height(part: Placed) -> float:
    return part.rows * HIGH + (part.rows - 1) * BETWEEN


def _figure(
    topology: Topology, placed: Sequence[tuple[float, float, Placed]], number: int, count: int
) -> Drawing:
    node = {one.id: one for one in topology.nodes}
    edges: list[Shape] = []
    labels = _Labels()
    boxes: list[Shape] = []
    low, right = 0.0, WIDTH
    shown = set()
    for left, top, part in placed:
        low = max(low, top + _height(part))
        right = max(right, left + part.width + 4)
        middles = {
            one: (left + x, top + row * (HIGH + BETWEEN) + HIGH / 2)
            for one, (x, row) in part.nodes.items()
        }
        own = [edge for edge in topology.edges if (edge.source, edge.target) in part.ways]
        ends = _Ends(own, middles)
        for edge in own:
            way = [
                (left + x, top + row * (HIGH + BETWEEN) + HIGH / 2)
                for x, row in part.ways[edge.source, edge.target]
            ]
            line = _arrow(edge, ends, way)
            edges.append(line)
            labels.add(edge, line, ends)
        for one, (x, y) in middles.items():
            shown.add(node[one].standing)
            boxes += _boxed(node[one], x - WIDE / 2, y - HIGH / 2)
    legend = list(_legend([one for one in STANDINGS if one in shown], low + 24))
    part_of = f", part {number + 1} of {count}" if count > 1 else ""
    return Drawing(
        title=f"What was made and what it hangs together with{part_of}. In words below.",
        width=right,
        height=low + 34,
        shapes=(*edges, *boxes, *labels.shapes, *legend),
    )


class _Ends:
    """Where arrows leave and meet boxes: side by side, in the order of where they lead."""

    def __init__(self, edges: Sequence[Edge], middles: dict[int, tuple[float, float]]) -> None:
        self._middles = middles
        self._sides: dict[tuple[int, bool], list[tuple[float, Edge]]] = {}
        for edge in edges:
            down = middles[edge.source][1] < middles[edge.target][1]
            for one, other, below in (
                (edge.source, edge.target, down),
                (edge.target, edge.source, not down),
            ):
                self._sides.setdefault((one, below), []).append((middles[other][0], edge))
        for side in self._sides.values():
            side.sort(key=lambda pair: pair[0])

    def of(self, edge: Edge, one: int) -> tuple[float, float]:
        x, y = self._middles[one]
        other = edge.target if one == edge.source else edge.source
        below = y < self._middles[other][1]
        side = [held for _, held in self._sides[one, below]]
        step = (WIDE - 24) / (len(side) + 1)
        return x - WIDE / 2 + 12 + step * (side.index(edge) + 1), y + (HIGH if below else -HIGH) / 2

    def alone(self, edge: Edge, one: int) -> bool:
        """Whether no other arrow leaves or meets that side of the box."""
        below = self._middles[one][1] < self._middles[_other(edge, one)][1]
        return len(self._sides[one, below]) == 1


def _other(edge: Edge, one: int) -> int:
    return edge.target if one == edge.source else edge.source


def _arrow(edge: Edge, ends: _Ends, way: Sequence[tuple[float, float]]) -> Line:
    start, end = ends.of(edge, edge.source), ends.of(edge, edge.target)
    points = [start]
    down = 1 if end[1] > start[1] else -1
    for x, y in way:
        points += [(x, y - down * HIGH / 2), (x, y + down * HIGH / 2)]
    return Line(points=(*points, end), stroke=INK, thickness=1, arrow=True)


class _Labels:
    """What arrows say, each on its arrow and none on another."""

    def __init__(self) -> None:
        self.shapes: list[Text] = []
        self._taken: list[tuple[float, float, float]] = []

    def add(self, edge: Edge, line: Line, ends: _Ends) -> None:
        near_end = ends.alone(edge, edge.target) and not ends.alone(edge, edge.source)
        (x0, y0), (x1, y1) = line.points[-2:] if near_end else line.points[:2]
        wide = measured(edge.verb, 8.5)
        tried = (0.62, 0.5, 0.74, 0.36, 0.28) if near_end else (0.38, 0.5, 0.28, 0.62, 0.74)
        places = [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share + 3) for share in tried]
        x, y = next((one for one in places if self._free(*one, wide)), places[0])
        self._taken.append((x, y, wide))
        self.shapes.append(
            Text(x=x, y=y, text=edge.verb, size=8.5, anchor="middle", color=MUTED, halo=True)
        )

    def _free(self, x: float, y: float, wide: float) -> bool:
        return all(
            abs(x - other) > (wide + held) / 2 + 3 or abs(y - line) > 10
            for other, line, held in self._taken
        )


def _boxed(node: Node, x: float, y: float) -> Iterator[Shape]:
    new = node.standing == NEW
    if len(node.names) > 1:
        yield _edged(node.standing, x + 4, y - 4, WIDE, HIGH)
    yield _edged(node.standing, x, y, WIDE, HIGH)
    yield Text(x=x + 8, y=y + 13, text=_TAGS[node.standing], size=7.5, bold=True, color=MUTED)
    [heading] = fitted(node.heading, WIDE - 14, 9, 1)
    yield Text(x=x + 8, y=y + 25, text=heading, size=9, color=MUTED)
    for index, line in enumerate(fitted(node.label, WIDE - 14, 9, 3, bold=new)):
        yield Text(x=x + 8, y=y + 37 + 10.5 * index, text=line, size=9, bold=new)


def _edged(standing: str, x: float, y: float, width: float, height: float) -> Box:
    """A box whose edge says it too: thick, double thick, thin or dashed."""
    return Box(
        x=x,
        y=y,
        width=width,
        height=height,
        fill=PALE if standing == NEW else PAPER,
        stroke=MUTED if standing == REFERRED else INK,
        thickness={NEW: 2.2, CHANGED: 1.4}.get(standing, 0.8),
        dashed=standing == REFERRED,
        radius=min(4, height / 4),
    )


def _legend(standings: Sequence[str], y: float) -> Iterator[Shape]:
    x = 2.0
    for standing in standings:
        told = f"{_TAGS[standing]}: {STANDINGS[standing]}"
        yield _edged(standing, x, y - 9, 18, 11)
        yield Text(x=x + 23, y=y, text=told, size=8, color=MUTED)
        x += 23 + measured(told, 8) + 8
