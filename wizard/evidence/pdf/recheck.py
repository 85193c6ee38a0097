"""The verdicts of a recheck on paper, what is not as it was first."""

from wizard.evidence.pdf.lists import pill, value
from wizard.evidence.pdf.paper import SMALL, TEXT, Paper
from wizard.evidence.pdf.table import NOTE, Cell, Piece, Table
from wizard.evidence.rechecked import VerdictView
from wizard.evidence.views import Report


def recheck(paper: Paper, report: Report) -> None:
    """Which session was read again, and every verdict; nothing where this is no recheck."""
    found = report.recheck
    if found is None:
        return
    paper.page()
    paper.heading("Read again", "recheck")
    paper.paragraph(
        f"Of session number {found.of.number}, {found.of.session}, ended {found.when}, by "
        f"st-wizard {found.of.tool_version}. Its caller: {found.of.caller_arn}"
    )
    paper.paragraph(f"Its journal: head sha256 {found.of.head_sha256}", SMALL)
    if found.of.bundle_sha256:
        paper.paragraph(f"Its bundle: SHA256SUMS sha256 {found.of.bundle_sha256}", SMALL)
    counts = "; ".join(f"{one.symbol} {count} {one.word}" for one, count in found.counts)
    paper.paragraph(f"Verdicts: {counts or 'none'}", TEXT, after=2)
    for one in found.notable:
        _notable(paper, one)
    if not found.notable:
        paper.paragraph("Nothing drifted, nothing is gone, and everything could be read.")
    Table(header=("Item", "Verdict", "What was said"), shares=(4, 2.4, 4)).draw(
        paper,
        (
            ((_item(one), pill(one.standing), one.why or "As it was recorded."), False)
            for one in found.others
        ),
    )


def _notable(paper: Paper, one: VerdictView) -> None:
    paper.heading(one.title, "", level=1, keep=16)
    Table(header=("", "", ""), shares=(4, 3, 3)).draw(
        paper, [((_item(one), pill(one.standing), f"recorded {one.recorded}"), False)]
    )
    if one.why:
        paper.paragraph(one.why)
    if one.drifted:
        header = ("Field", "Recorded", "Now", "Wanted")
        Table(header=header, shares=(2.6, 3, 3, 3)).draw(
            paper,
            (
                (
                    (
                        [
                            Piece(field.field),
                            *([Piece(field.reason, NOTE)] if field.reason else ()),
                        ],
                        value(field.then),
                        value(field.now),
                        value(field.wanted),
                    ),
                    True,
                )
                for field in one.drifted
            ),
        )


def _item(one: VerdictView) -> Cell:
    return [Piece(one.title, link=one.anchor), Piece(one.name, NOTE)]
