"""The figures on paper, each with the same in words: the run in time, and what it made."""

from wizard.evidence import words
from wizard.evidence.figures.chart import charts
from wizard.evidence.figures.picture import pictures
from wizard.evidence.html import titles
from wizard.evidence.pdf.drawing import draw
from wizard.evidence.pdf.paper import Paper
from wizard.evidence.pdf.table import NOTE, Piece, Table
from wizard.evidence.views import Report


def timeline(paper: Paper, report: Report) -> None:
    """The run in time, as a figure and as a table."""
    figures = charts(report.timeline, titles(report))
    if not figures:
        return
    paper.page()
    paper.heading("The run in time", "timeline")
    parts = "; ".join(f"{word} {words.spoken(seconds)}" for word, seconds in report.times)
    torn = (
        " Long waits are left out of the figure where its edges are torn; how long they were "
        "stands below."
        if report.timeline.breaks
        else ""
    )
    paper.paragraph(
        f"Of {words.spoken(report.timeline.seconds)} in all: {parts}. While several happen at "
        f"once, the run counts as the first of these that does.{torn}",
        after=2,
    )
    for figure in figures:
        draw(paper, figure)
    table = Table(
        header=("Item", "Began after", "Looks, calls", "AWS, or time", "Approval", "A person"),
        shares=(5, 1.4, 1.4, 1.4, 1.3, 1.3),
    )
    table.draw(
        paper,
        (
            (
                (
                    f"{one.number} {one.title}",
                    words.spoken(one.began),
                    *(words.spoken(seconds) if seconds else "–" for seconds in one.seconds),
                ),
                False,
            )
            for one in report.lanes
        ),
        "The same as a table",
        level=1,
    )


def picture(paper: Paper, report: Report) -> None:
    """What was made, as a figure and in words."""
    figures = pictures(report.topology)
    if not figures:
        return
    paper.page()
    paper.heading("What was made and how it hangs together", "picture")
    paper.paragraph(
        "As each item found it last. Things that hang together alike are one box, however many "
        "they are; what stands in several places is the same thing.",
        after=2,
    )
    for figure in figures:
        draw(paper, figure)
    table = Table(header=("What", "How", "To what"), shares=(4, 1.6, 4))
    table.draw(
        paper,
        (
            (
                (
                    [Piece(thing.named), Piece(thing.told, NOTE)],
                    verb or "stands alone",
                    [Piece(other.named), Piece(other.told, NOTE)] if other else "",
                ),
                False,
            )
            for thing, verb, other in report.topology.rows()
        ),
        "The same in words",
        level=1,
    )
