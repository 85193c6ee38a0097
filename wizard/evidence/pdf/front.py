"""Page one, which says all that matters, and the contents."""

from collections.abc import Iterator, Mapping, Sequence

from wizard.evidence import words
from wizard.evidence.pdf.paper import (
    ACROSS,
    BOLD,
    BOTTOM,
    INK,
    LEFT,
    MONO,
    MUTED,
    RIGHT,
    SMALL,
    TEXT,
    Paper,
    Style,
)
from wizard.evidence.views import Report

_TONES = {
    "good": ((20, 101, 58), (230, 244, 236)),
    "note": ((91, 74, 0), (251, 243, 214)),
    "open": ((31, 78, 140), (230, 239, 250)),
    "bad": ((155, 28, 28), (251, 233, 233)),
}
_FACT = Style(8)
_LABEL = Style(8, "sans", MUTED)
_CODE = Style(7, "mono")
_ENTRY = Style(8)
_SHOWN = 12
"""Deviations and open points on page one; the rest is counted."""


def tone(name: str) -> tuple[int, int, int]:
    """The colour of a standing."""
    return _TONES[name][0]


def cover(paper: Paper, report: Report, fingerprint: str, _titles: Mapping[str, str]) -> None:
    """Page one."""
    state, checklist = report.state, report.pinned.checklist
    paper.anchor("cover", "Summary")
    paper.paragraph(
        f"Evidence of session {state.number} · st-wizard", Style(9, "bold", (11, 85, 99))
    )
    paper.paragraph(checklist.title, Style(18, "bold", INK, 1.22))
    paper.paragraph(checklist.source, SMALL, after=2.5)
    if report.simulated and report.pin:
        fast = (
            f", where time runs {report.pin.speed:g} times as fast" if report.pin.speed != 1 else ""
        )
        _banner(
            paper,
            "!",
            "SIMULATED: not a real AWS account",
            f"Nothing in this document happened in AWS. All calls went to "
            f"{report.pin.endpoint_url}{fast}.",
            ((91, 44, 0), (253, 236, 205)),
            thick=0.7,
        )
    standing = report.standing
    _banner(paper, standing.symbol, standing.word, report.result, _TONES[standing.tone])
    paper.y += 1
    for label, style, text in _facts(report, fingerprint):
        _fact(paper, label, text, style)


def _banner(
    paper: Paper,
    symbol: str,
    title: str,
    text: str,
    colors: tuple[tuple[int, int, int], tuple[int, int, int]],
    *,
    thick: float = 0.3,
) -> None:
    ink, ground = colors
    lines = paper.wrapped(text, RIGHT - LEFT - 20, _FACT)
    height = 5 + Style(11, "bold").high + len(lines) * _FACT.high
    pdf = paper.pdf
    pdf.set_fill_color(*ground)
    pdf.set_draw_color(*ink)
    pdf.set_line_width(thick)
    pdf.rect(LEFT, paper.y, RIGHT - LEFT, height, style="DF", round_corners=True, corner_radius=1.6)
    top = paper.y
    paper.put(LEFT + 4, top + height / 2 + 2.4, symbol, Style(18, "bold", ink))
    paper.y = top + 2.2
    paper.line(LEFT + 15, paper.cut(title, RIGHT - LEFT - 20, BOLD), Style(11, "bold", ink))
    for line in lines:
        paper.line(LEFT + 15, line, _FACT)
    paper.y = top + height + 2.6


def _facts(report: Report, fingerprint: str) -> Iterator[tuple[str, Style, str]]:
    state, pin = report.state, report.pin
    if pin:
        simulated = "SIMULATED " if report.simulated else ""
        alias = f" ({pin.alias})" if pin.alias else ""
        place = f"partition {pin.partition}, region {pin.region}"
        yield "Account", _FACT, f"{simulated}{pin.account_id}{alias}, {place}"
        yield "Caller", _CODE, pin.caller_arn
    yield "Who", _FACT, "\n".join(report.actors)
    ended = words.when(state.finished_at or state.updated_at)
    yield "When", _FACT, f"{words.when(state.started_at)} to {ended} ({report.lasted})"
    counts = (f"{one.symbol} {count} {one.word}" for one, count in report.counts)
    yield "Items", _FACT, "; ".join(counts)
    yield "Calls", _FACT, f"{state.writes} changing, {state.reads} reading"
    approved = [f"{one.by}, {one.at}" for one in report.approvals]
    yield "Approved by", _FACT, _some(approved, "\n") or "nobody: nothing was approved"
    deviations = _some([label for label, _ in report.deviations], "; ")
    told = f"{len(report.deviations)} from the runbook's letter, each with its reason: {deviations}"
    yield "Deviations", _FACT, told if report.deviations else "none"
    opened = _some([f"{view.number} {view.item.title}" for view in report.open_points], "; ")
    yield "Open points", _FACT, f"{len(report.open_points)}: {opened}" if opened else "none"
    all_items = sum(count for _, count in report.counts)
    said = f"{len(report.unverified)} of {all_items} items" if report.unverified else "none"
    yield "On a person's word", _FACT, said
    yield (
        "Review",
        _FACT,
        "None in the journal. Signatures are made after the export, as files beside SHA256SUMS: "
        "the operator's, and a second person's who has reviewed this.",
    )
    yield (
        "Session",
        _FACT,
        f"number {state.number}, {state.session}, st-wizard {state.tool_version}",
    )
    yield "Checklist", _CODE, f"{state.checklist_id}  sha256 {state.checklist_sha256}"
    yield "Journal", _CODE, f"{report.entries} events, head sha256 {state.head_sha256}"
    yield "Bundle", Style(7.6, "mono"), f"sha256 {fingerprint}"
    yield (
        "",
        SMALL,
        "The bundle is attached to this document as bundle.zip. Its fingerprint is what `grep -v "
        "'  report.pdf$' SHA256SUMS | sha256sum` prints in it.",
    )


def _some(found: Sequence[str], between: str) -> str:
    more = len(found) - _SHOWN
    return between.join(found[:_SHOWN]) + (f"{between}and {more} more" if more > 0 else "")


def _fact(paper: Paper, label: str, text: str, style: Style) -> None:
    lines = paper.wrapped(text, RIGHT - LEFT - 34, style)
    paper.room(style.high * min(len(lines), 3))
    paper.put(LEFT, paper.y + _LABEL.high * 0.74, label, _LABEL)
    for line in lines:
        paper.room(style.high)
        paper.line(LEFT + 34, line, style)
    paper.y += 0.9


def contents(paper: Paper, report: Report) -> None:
    """What stands on which page."""
    paper.page()
    paper.heading("Contents", "contents")
    parts = [
        ("Read again", "recheck"),
        ("Deviations from the letter", "deviations"),
        ("Open points", "open-points"),
        ("On a person's word", "people"),
        ("The run in time", "timeline"),
        ("What was made and how it hangs together", "picture"),
        ("Course of the session", "course"),
        ("Answers", "answers"),
        ("By control", "controls"),
        ("Reads for choices and the session itself", "other-reads"),
        ("How to verify", "verify"),
    ]
    known = paper.marks.places
    for title, name in parts:
        if not known or name in known:
            _entry(paper, title, name, TEXT)
    paper.y += 2
    _in_columns(paper, report)
    paper.paragraph(
        "✓ done, verified or attested · ✎ marked done by hand · » skipped · – not applicable · "
        "○ open · ✗ failed · ? a call is in doubt",
        SMALL,
    )


def _in_columns(paper: Paper, report: Report) -> None:
    """The sections and their items, in two columns a page; a section's title stays with an item."""
    top, lowest, column = paper.y, paper.y, 0
    wide = (RIGHT - LEFT - 8) / 2
    count = sum(len(section.items) for section in report.sections)
    total = len(report.sections) * (BOLD.high + 1.4) + count * _ENTRY.high
    least = top + total / 2 + 2 * _ENTRY.high

    def room(height: float) -> None:
        nonlocal top, lowest, column
        if paper.y + height <= min(BOTTOM - 8, least if column == 0 else BOTTOM):
            return
        if column == 0:
            lowest, column, paper.y = max(lowest, paper.y), 1, top
        else:
            paper.page()
            top, lowest, column = paper.y, paper.y, 0

    for index, section in enumerate(report.sections, 1):
        room(BOLD.high + 2 * _ENTRY.high)
        x = LEFT + column * (wide + 8)
        _entry(paper, f"{index} {section.title}", f"section-{index}", BOLD, x=x, wide=wide)
        for view in section.items:
            room(_ENTRY.high)
            x = LEFT + column * (wide + 8)
            mark = Style(8, "bold", tone(view.standing.tone))
            paper.put(x + 1, paper.y + _ENTRY.high * 0.74, view.standing.symbol, mark)
            title = f"{view.number} {view.item.title}"
            _entry(paper, title, view.anchor, _ENTRY, x=x + 6, wide=wide - 6)
        paper.y += 1.4
    paper.y = max(lowest, paper.y) + 1


def _entry(
    paper: Paper, title: str, name: str, style: Style, *, x: float = LEFT, wide: float = ACROSS
) -> None:
    """A title, dots, and its page; all of it leads there."""
    page = paper.page_of(name)
    end = x + wide - paper.width(page, MONO)
    shown = paper.cut(title, end - x - 6, style)
    base = paper.y + style.high * 0.74
    begin = x + paper.width(shown, style) + 1.5
    pdf = paper.pdf
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.15)
    pdf.set_dash_pattern(dash=0.15, gap=1.2)
    pdf.line(begin, base, end - 1.5, base)
    pdf.set_dash_pattern()
    paper.link(x, paper.y, wide, style.high, name)
    # The title before its page, as a reader who copies it wants them.
    paper.line(x, shown, style)
    paper.put(end, base, page, MONO)
