"""The timeline as figures: a bar for each time of each item, to scale but for breaks that show."""

from collections.abc import Iterator, Mapping, Sequence, Set

from wizard.evidence.figures.shapes import (
    DARK,
    INK,
    LINE,
    MUTED,
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
from wizard.evidence.timeline import (
    APPROVAL,
    AWS,
    CALLS,
    PERSON,
    STOPPED,
    WORDS,
    Lane,
    Span,
    Timeline,
)
from wizard.evidence.words import spoken

LABELS, ROW, HEAD, BREAK = 216.0, 14.0, 46.0, 30.0
LANES = 54
"""Items in one figure at most: as many as a page holds."""
_STEPS = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200),
    *(86400, 172800, 604800),
)
_TICKS = 7


def charts(timeline: Timeline, titles: Mapping[str, str]) -> tuple[Drawing, ...]:
    """Figures of the lanes, with the whole run on top of each; `titles` says what items are called.

    None for a session in which nothing began.
    """
    lanes = timeline.lanes
    if not lanes or timeline.seconds <= 0:
        return ()
    count = -(-len(lanes) // LANES)
    each = -(-len(lanes) // count)
    scale = _Scale(timeline)
    figures = []
    for number in range(count):
        part_of = f", part {number + 1} of {count}" if count > 1 else ""
        told = f"The run in time{part_of}: {spoken(timeline.seconds)}. As a table below."
        shown = lanes[number * each : (number + 1) * each]
        figures.append(_chart(timeline, shown, titles, scale, told))
    return tuple(figures)


class _Scale:
    """From seconds to places: the same everywhere, less what the breaks leave out."""

    def __init__(self, timeline: Timeline) -> None:
        self._breaks = timeline.breaks
        drawn = timeline.seconds - sum(span.seconds for span in self._breaks)
        self.a_second = (WIDTH - LABELS - 12 - BREAK * len(self._breaks)) / max(drawn, 1e-6)
        self._seconds = timeline.seconds

    def x(self, seconds: float) -> float:
        left_out, shift = 0.0, 0.0
        for span in self._breaks:
            if seconds <= span.since:
                break
            part = min(1.0, (seconds - span.since) / span.seconds)
            left_out += span.seconds * part
            shift += BREAK * part
        return LABELS + (seconds - left_out) * self.a_second + shift

    def ticks(self) -> Iterator[float]:
        drawn = (WIDTH - LABELS) / self.a_second
        step = next((one for one in _STEPS if drawn / one <= _TICKS), _STEPS[-1])
        for number in range(int(self._seconds / step) + 1):
            at = number * step
            if not any(span.since < at <= span.until for span in self._breaks):
                yield at


def _chart(
    timeline: Timeline,
    lanes: Sequence[Lane],
    titles: Mapping[str, str],
    scale: _Scale,
    told: str,
) -> Drawing:
    bottom = HEAD + ROW * len(lanes) + 6
    shapes: list[Shape] = []
    for at in scale.ticks():
        x = scale.x(at)
        shapes.append(Line(points=((x, 16), (x, bottom)), stroke=LINE, thickness=0.6))
        mark = "start" if at == 0 else f"+{spoken(at)}"
        late = x > WIDTH - 40
        anchor = "end" if late else "start"
        place = WIDTH - 4 if late else x + 2
        shapes.append(Text(x=place, y=11, text=mark, size=8, anchor=anchor, color=MUTED))
    shapes.append(Text(x=2, y=32, text="The whole run", size=9, bold=True))
    for span in timeline.whole.spans:
        shapes += _bar(span, scale, 21, 16)
    shapes.append(Line(points=((0, 41), (WIDTH - 4, 41)), stroke=INK, thickness=0.8))
    for index, lane in enumerate(lanes):
        y = HEAD + ROW * index
        if index % 2:
            shapes.append(Box(x=0, y=y, width=LABELS - 4, height=ROW, fill="#f5f7fa"))
        [title] = fitted(titles.get(lane.item, lane.item), LABELS - 10, 8.5, 1)
        shapes.append(Text(x=2, y=y + 10, text=title, size=8.5))
        for span in lane.spans:
            shapes += _bar(span, scale, y + 2, ROW - 4)
    for span in timeline.breaks:
        shapes += _break(span, scale, bottom)
    drawn = (timeline.whole, *lanes)
    shapes += _legend({span.kind for lane in drawn for span in lane.spans}, bottom)
    return Drawing(
        title=told,
        width=WIDTH,
        height=bottom + 34,
        shapes=tuple(shapes),
    )


def _bar(span: Span, scale: _Scale, y: float, height: float) -> Iterator[Box]:
    """At least a hair wide, however short."""
    x = scale.x(span.since)
    wide = max(scale.x(span.until) - x, 0.9)
    yield from _styled(span.kind, x, y, wide, height)


def _styled(kind: str, x: float, y: float, wide: float, height: float) -> Iterator[Box]:
    match kind:
        case "calls":
            yield Box(x=x, y=y, width=wide, height=height, fill=DARK)
        case "aws":
            yield Box(
                x=x,
                y=y,
                width=wide,
                height=height,
                fill=PAPER,
                stroke=DARK,
                thickness=0.6,
                hatched=True,
            )
        case "approval":
            low = y + height / 4
            yield Box(
                x=x, y=low, width=wide, height=height / 2, fill=PAPER, stroke=INK, thickness=1.1
            )
        case "person":
            yield Box(x=x, y=y, width=wide, height=height, fill=PAPER, stroke=INK, thickness=1.1)
        case "stopped":
            yield Box(x=x, y=y, width=wide, height=height, stroke=MUTED, thickness=0.8, dashed=True)
        case _:
            return


def _break(span: Span, scale: _Scale, bottom: float) -> Iterator[Shape]:
    """A strip of paper with torn edges, and what it leaves out."""
    left, right = scale.x(span.since), scale.x(span.until)
    yield Box(x=left + 2, y=14, width=right - left - 4, height=bottom - 12, fill=PAPER)
    for x in (left + 3, right - 3):
        teeth = int((bottom - 16) // 6) + 1
        edge = tuple((x + (2 if index % 2 else -2), 16 + 6.0 * index) for index in range(teeth))
        yield Line(points=edge, stroke=MUTED, thickness=0.8)
    middle = (left + right) / 2
    yield Text(
        x=middle, y=bottom + 8, text=spoken(span.seconds), size=7.5, anchor="middle", bold=True
    )
    why = "stopped" if span.kind == STOPPED else "waiting"
    yield Text(x=middle, y=bottom - 2, text=why, size=7, anchor="middle", color=MUTED, halo=True)


def _legend(shown: Set[str], bottom: float) -> Iterator[Shape]:
    x, y = 2.0, bottom + 24
    for kind in (CALLS, AWS, APPROVAL, PERSON, STOPPED):
        if kind in shown:
            yield from _styled(kind, x, y - 8, 18, 10)
            yield Text(x=x + 23, y=y, text=WORDS[kind], size=8, color=MUTED)
            x += 23 + measured(WORDS[kind], 8) + 6
