"""The report as a PDF for those who file paper: the same as report.html, page by page.

The same session gives the same bytes: all dates are the journal's, and nothing in it is by chance.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from wizard.evidence.html import titles
from wizard.evidence.pdf import figures, front, lists
from wizard.evidence.pdf.attached import ATTACHED
from wizard.evidence.pdf.items import sections
from wizard.evidence.pdf.paper import Marks, Paper
from wizard.evidence.pdf.recheck import recheck
from wizard.evidence.views import Report

Part = Callable[[Paper, Report], None]
PARTS: Sequence[Part] = (
    recheck,
    front.contents,
    lists.deviations,
    lists.open_points,
    lists.people,
    figures.timeline,
    figures.picture,
    lists.course,
    lists.answers,
    lists.controls,
    sections,
    lists.other_reads,
    lists.verify,
)
"""What follows page one; a new one is a line here."""


def pdf(report: Report, fingerprint: str, attached: bytes) -> bytes:
    """The document. `fingerprint` is the bundle's, without this file; `attached` is the bundle as
    a zip, without this file too."""
    first = _filled(report, fingerprint, Marks())
    marks = Marks(pages=first.pdf.page, places=first.places)
    paper = _filled(report, fingerprint, marks)
    paper.pdf.embed_file(
        bytes=attached,
        basename=ATTACHED,
        desc=f"All other files of the bundle, fingerprint {fingerprint}",
        creation_date=_at(report),
        modification_date=_at(report),
        mime_type="application/zip",
        compress=True,
        # fpdf2 takes that of the compressed bytes, and PDF that of the file.
        checksum=False,
    )
    return bytes(paper.pdf.output())


def _filled(report: Report, fingerprint: str, marks: Marks) -> Paper:
    state, title = report.state, report.pinned.checklist.title
    paper = Paper(
        head=(
            f"st-wizard · session {state.number} · {title}",
            "SIMULATED ACCOUNT" if report.simulated else report.standing.word,
        ),
        foot=(f"session {state.session}", f"bundle sha256 {fingerprint}"),
        at=_at(report),
        marks=marks,
    )
    document = paper.pdf
    document.set_lang("en")
    document.set_title(paper.shown(f"Session {state.number}: {title}, {report.standing.word}"))
    document.set_subject(paper.shown(f"Evidence of session {state.session}"))
    document.set_author(paper.shown("; ".join(report.actors)))
    document.set_keywords(f"evidence, session {state.number}, sha256 {fingerprint}")
    document.set_creator(f"st-wizard {state.tool_version}")
    front.cover(paper, report, fingerprint, titles(report))
    for part in PARTS:
        part(paper, report)
    return paper


def _at(report: Report) -> datetime:
    """When the journal's last line was written."""
    return datetime.fromisoformat(report.state.updated_at or "1980-01-01T00:00:00Z")
