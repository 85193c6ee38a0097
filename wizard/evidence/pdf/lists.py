"""What the report lists besides the items: deviations, open points, times, answers, controls."""

from collections.abc import Sequence
from importlib.resources import files

from wizard.evidence import words
from wizard.evidence.items import ItemView, ReadView
from wizard.evidence.pdf.front import tone
from wizard.evidence.pdf.paper import ACROSS, LEFT, MONO, SMALL, TEXT, Paper, Style
from wizard.evidence.pdf.table import CELL, CODE, NOTE, STRONG, Cell, Piece, Table
from wizard.evidence.views import Report
from wizard.evidence.words import Standing


def pill(standing: Standing) -> Piece:
    """A standing in its colour and, above all, in words."""
    return Piece(f"{standing.symbol} {standing.word}", Style(7.8, "bold", tone(standing.tone)))


def value(text: str) -> Piece:
    """A value, as code where it has a structure."""
    return Piece(text or "–", CODE if "\n" in text else CELL)


def _item(view: ItemView) -> Cell:
    return [
        Piece(f"{view.number} {view.item.title}", CELL, view.anchor),
        Piece(view.item.id, NOTE),
    ]


def deviations(paper: Paper, report: Report) -> None:
    """Each departure from the letter, with its reason."""
    paper.page()
    paper.heading("Deviations from the letter", "deviations")
    if not report.deviations:
        paper.paragraph("None: every choice follows the runbook's letter.")
        return
    table = Table(header=("Choice", "The letter", "Chosen", "Reason"), shares=(3, 3, 3.4, 4))
    table.draw(
        paper,
        (
            (
                (
                    [Piece(label), Piece(one.advice, NOTE)],
                    value(words.shown(one.letter)),
                    value(words.shown(one.chosen)),
                    one.reason,
                ),
                False,
            )
            for label, one in report.deviations
        ),
    )


def open_points(paper: Paper, report: Report) -> None:
    """What has not ended."""
    paper.heading("Open points", "open-points")
    if not report.open_points:
        paper.paragraph("None: every item has ended.")
        return
    table = Table(header=("Item", "State", "What is open"), shares=(3, 2, 5))
    table.draw(
        paper,
        (((_item(view), pill(view.standing), view.is_open), False) for view in report.open_points),
    )


def people(paper: Paper, report: Report) -> None:
    """What rests on somebody's word."""
    paper.heading("On a person's word", "people")
    if not report.unverified:
        paper.paragraph("None: everything that is done was read back from AWS.")
        return
    paper.paragraph("What follows was not, or not only, read from AWS.", SMALL)
    table = Table(header=("Item", "State", "What was said, by whom"), shares=(3, 2, 5))
    table.draw(
        paper,
        (((_item(view), pill(view.standing), _said(view)), False) for view in report.unverified),
    )


def _said(view: ItemView) -> Cell:
    if said := view.state.attestation:
        by = f"attested by {words.who(said.by)}, {words.when(said.at)}"
        return [Piece(said.note), Piece(by, NOTE)]
    return [Piece(view.note or "–"), Piece(f"{view.by}, {view.ended}", NOTE)]


def course(paper: Paper, report: Report) -> None:
    """What happened to the session as a whole."""
    paper.heading("Course of the session", "course")
    table = Table(header=("When", "What happened, by whom"), shares=(2, 7))
    table.draw(
        paper,
        (((one.at, [Piece(one.what), Piece(one.by, NOTE)]), False) for one in report.course),
    )


def answers(paper: Paper, report: Report) -> None:
    """What was asked and answered."""
    paper.heading("Answers", "answers")
    if not report.answers:
        paper.paragraph("None were given.")
        return
    table = Table(header=("Input", "Answer", "From", "When"), shares=(3, 4.6, 1, 2.6))
    rows = []
    for one in report.answers:
        shown = [value(one.shown)]
        if one.answer.label and one.answer.label != one.shown:
            shown.append(Piece(one.answer.label, NOTE))
        if one.deviates:
            shown.append(Piece("! departs from the letter", NOTE))
        name = [Piece(one.asked.label if one.asked else one.name), Piece(one.name, NOTE)]
        rows.append(((name, shown, one.answer.source, words.when(one.answer.at)), one.deviates))
    table.draw(paper, rows)


def controls(paper: Paper, report: Report) -> None:
    """By Trust Services Criterion."""
    if not report.controls:
        return
    paper.heading("By control", "controls")
    paper.paragraph(
        "What of this session is evidence for which of the AICPA's Trust Services Criteria (SOC "
        "2). It says how far the items below bear on a criterion, not that the criterion is met: "
        "that is the auditor's to say.",
        SMALL,
    )
    table = Table(header=("Criterion", "Evidence", "State"), shares=(3, 6, 2))
    rows: list[tuple[Sequence[Cell], bool]] = []
    for one in report.controls:
        evidence: list[Piece] = []
        if one.by_the_run:
            evidence.append(
                Piece(
                    "The run itself: each change shown, approved, made and read back, with who "
                    "and when; see its course.",
                    CELL,
                    "course",
                )
            )
        evidence += [
            Piece(
                f"{view.standing.symbol} {view.number} {view.item.title}"
                + (f" ({view.tally})" if view.members else ""),
                CELL,
                view.anchor,
            )
            for view in one.items
        ]
        if one.deviations:
            told = "; ".join(one.deviations)
            evidence.append(Piece(f"! Departs from the letter: {told}", NOTE))
        if one.vanta:
            evidence.append(Piece("Vanta: " + "; ".join(title for _, title in one.vanta), NOTE))
        criterion = [Piece(one.criterion, STRONG), Piece(one.subject, NOTE)]
        rows.append(((criterion, evidence or "–", pill(one.standing)), False))
    table.draw(paper, rows)
    if report.not_mapped:
        names = ", ".join(f"{view.number} {view.item.title}" for view in report.not_mapped)
        paper.paragraph(f"For no criterion: {names}.", SMALL)


READS = Table(
    header=("Read", "Parameters", "Times", "Pages, entries", "Last request id and AWS Date"),
    shares=(3.7, 4.2, 1, 2, 4),
)


def reads(paper: Paper, found: Sequence[ReadView], heading: str) -> None:
    """Reads, those of one kind in a line."""
    READS.draw(
        paper,
        (
            (
                (
                    [Piece(read.operation), Piece(read.region or "–", NOTE)],
                    Piece(read.params or "none", CODE),
                    str(read.times),
                    f"{read.pages}, {read.entries}",
                    [
                        Piece(read.request_id or "–", CODE),
                        *([Piece(read.date, NOTE)] if read.date else ()),
                        *([Piece(f"✗ {read.error}")] if read.error else ()),
                    ],
                ),
                False,
            )
            for read in found
        ),
        heading,
    )


def other_reads(paper: Paper, report: Report) -> None:
    """Reads that belong to no item."""
    if not report.other_reads:
        return
    paper.heading("Reads for choices and the session itself", "other-reads")
    for name, found in report.other_reads:
        reads(paper, found, name or "session")


def verify(paper: Paper, report: Report) -> None:
    """How an auditor checks it."""
    chain = files("wizard.evidence").joinpath("templates/chain.sh").read_text("utf-8")
    paper.heading("How to verify", "verify")
    for text, code in (
        (
            f"The bundle is attached as bundle.zip. In it, journal.jsonl holds {report.entries} "
            "events, one a line. Each line carries the SHA-256 of the line before it, the first "
            "one 64 zeros. The hash of the last line, the journal's head, is",
            report.state.head_sha256,
        ),
        ("No file changed since the export:", "sha256sum --check --strict SHA256SUMS"),
        (
            "The bundle's fingerprint, as on page one:",
            "grep -v '  report.pdf$' SHA256SUMS | sha256sum",
        ),
        (
            "The chain is whole (it prints the head, or the first line that breaks it):",
            chain.rstrip("\n"),
        ),
    ):
        lines = paper.wrapped(text, ACROSS, TEXT)
        paper.room(TEXT.high * len(lines) + MONO.high * (code.count("\n") + 1) + 4)
        paper.paragraph(text)
        _code(paper, code)
    paper.paragraph(
        "The checklist that ran is checklist.yaml, byte for byte. Requests can be found in AWS "
        "CloudTrail by operation and time, and matched by their request ids.",
        TEXT,
    )
    paper.paragraph(
        "The limit of this proof: whoever held the machine could have rewritten the whole journal "
        "before this export. CloudTrail, which the account keeps by itself, counters that.",
        SMALL,
    )
    paper.paragraph(
        f"Written by st-wizard {report.state.tool_version} from the session's journal and from "
        "nothing else. Times are UTC. A character that this document's fonts lack stands as its "
        "code, such as ⟨U+1F600⟩.",
        SMALL,
    )


def _code(paper: Paper, text: str) -> None:
    lines = paper.wrapped(text, 170, MONO)
    paper.room(MONO.high * min(len(lines), 12) + 3)
    paper.y += 0.6
    for line in lines:
        paper.room(MONO.high)
        paper.line(LEFT + 3, line, MONO)
    paper.y += 1.8
