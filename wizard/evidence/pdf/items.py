"""Each item on paper: letter, result, before and after, calls, reads, history."""

from collections.abc import Sequence

from wizard.checklist.criteria import vanta_title
from wizard.evidence import words
from wizard.evidence.comparison import ComparisonView
from wizard.evidence.items import FieldView, ItemView
from wizard.evidence.members import MemberView
from wizard.evidence.pdf.front import tone
from wizard.evidence.pdf.lists import pill, reads, value
from wizard.evidence.pdf.paper import LEFT, MONO, MUTED, RIGHT, SMALL, TEXT, Paper, Style
from wizard.evidence.pdf.table import CODE, NOTE, Cell, Piece, Table
from wizard.evidence.views import Report
from wizard.session.state import Call

MEMBERS_SHOWN = 200
"""Of an item that fans out; items.csv has all."""
_LETTER = Style(8.2)
_FACT = Style(8)


def sections(paper: Paper, report: Report) -> None:
    """All items, in their sections."""
    for index, section in enumerate(report.sections, 1):
        if index == 1:
            paper.page()
        paper.heading(f"{index} {section.title}", f"section-{index}", keep=54)
        for view in section.items:
            _item(paper, view)


def _item(paper: Paper, view: ItemView) -> None:
    standing = view.standing
    told = f"{standing.symbol} {standing.word}"
    style = Style(8.2, "bold", tone(standing.tone))
    paper.heading(f"{view.number} {view.item.title}", view.anchor, level=1, keep=34)
    paper.put(LEFT, paper.y + style.high * 0.74, told, style)
    code = Style(7.2, "mono", MUTED)
    paper.line(RIGHT - paper.width(paper.shown(view.item.id), code), view.item.id, code)
    paper.y += 1
    where = f"The runbook, {view.item.lines}" if view.item.lines else "Added to the runbook"
    _quoted(paper, where, view.item.letter)
    for label, text in _facts(view):
        _fact(paper, label, text)
    if problem := view.state.problem:
        paper.heading("Problem", "", level=2, keep=8)
        at = f"{problem.where}: " if problem.where else ""
        paper.paragraph(f"✗ {at}{problem.what} {problem.todo}", _FACT)
    if pause := view.state.pause:
        since = words.when(pause.since)
        paper.heading(f"Waiting for a person since {since}", "", level=2, keep=8)
        paper.paragraph(pause.instructions, _FACT)
    for name, advice in view.advice:
        _quoted(
            paper,
            f"{name} · {advice.severity}",
            f"The letter: {advice.says}\nThe fact: {advice.fact}\nThe wizard: {advice.wizard}",
            color=(176, 137, 0),
        )
    _attestation(paper, view)
    _found(paper, view)
    if view.comparison:
        _comparison(paper, view.comparison)
    if view.members:
        _members(paper, view)
    if view.calls:
        paper.heading(f"Changing calls ({len(view.calls)})", "", level=2, keep=14)
        for call in view.calls:
            _call(paper, call)
    if view.reads:
        reads(paper, view.reads, f"Reads ({view.read_count})")
    if view.history:
        Table(header=("When", "What happened"), shares=(2, 7)).draw(
            paper,
            (
                ((one.at, [Piece(one.what), *([Piece(one.by, NOTE)] if one.by else ())]), False)
                for one in view.history
            ),
            "History",
        )
    paper.y += 2


def _facts(view: ItemView) -> list[tuple[str, str]]:
    state, item = view.state, view.item
    when = ""
    if state.started_at:
        when = (
            f"{view.started} to {view.ended} ({view.lasted})"
            if state.ended_at
            else f"since {view.started}"
        )
    facts = [
        ("Result", view.how),
        ("When", when),
        ("Who", view.by if state.by else ""),
        ("Note", view.note),
        ("Step", item.step),
        ("Criteria", ", ".join(item.controls)),
        ("Vanta tests", "; ".join(vanta_title(test) for test in item.vanta)),
    ]
    return [(label, text) for label, text in facts if text]


def _fact(paper: Paper, label: str, text: str) -> None:
    lines = paper.wrapped(text, RIGHT - LEFT - 24, _FACT)
    paper.room(_FACT.high)
    paper.put(LEFT, paper.y + _FACT.high * 0.74, label, Style(8, "sans", MUTED))
    for line in lines:
        paper.room(_FACT.high)
        paper.line(LEFT + 24, line, _FACT)
    paper.y += 0.3


def _quoted(
    paper: Paper, where: str, text: str, color: tuple[int, int, int] = (11, 85, 99)
) -> None:
    """A quotation with a bar at its left, which goes on where a page ends."""
    lines = [(line, NOTE) for line in paper.wrapped(where, RIGHT - LEFT - 6, NOTE)]
    lines += [(line, _LETTER) for line in paper.wrapped(text, RIGHT - LEFT - 6, _LETTER)]
    paper.room(min(sum(style.high for _, style in lines) + 2, 24))
    paper.y += 0.8
    for line, style in lines:
        paper.room(style.high)
        paper.pdf.set_fill_color(*color)
        paper.pdf.rect(LEFT, paper.y, 0.7, style.high + 0.05, style="F")
        paper.line(LEFT + 3.4, line, style)
    paper.y += 1.6


def _attestation(paper: Paper, view: ItemView) -> None:
    said = view.state.attestation
    if said is None:
        return
    paper.heading("Attestation", "", level=2, keep=10)
    paper.paragraph(said.note, _FACT, after=0.3)
    paper.paragraph(f"{words.who(said.by)}, {words.when(said.at)}", SMALL)
    for file in said.evidence:
        told = f"Evidence: {file.get('name', '')}  sha256 {file.get('sha256', '')}"
        paper.paragraph(told, MONO)


def _found(paper: Paper, view: ItemView) -> None:
    if not view.fields:
        return
    same = view.as_it_was
    title = "Found, before and after the same" if same else "Found before and after"
    if same:
        Table(header=("Field", "Found"), shares=(2.4, 7)).draw(
            paper, (((_name(one), value(one.before)), False) for one in view.fields), title
        )
    else:
        Table(header=("Field", "Before", "Wanted", "After"), shares=(2.6, 3, 3, 3)).draw(
            paper,
            (
                ((_name(one), value(one.before), value(one.wanted), _after(one)), one.changed)
                for one in view.fields
            ),
            title,
        )
    left = ", ".join(one.field for one in view.left)
    verdict = (
        f"Still not as it should be: {left}."
        if left
        else "Nothing is left that is not as it should be."
    )
    paper.paragraph(f"Last looked at {words.when(view.state.observed_at)}. {verdict}", SMALL)


def _name(field: FieldView) -> Cell:
    return [
        Piece(field.name + (" (changed)" if field.changed else "")),
        *([Piece(field.reason, NOTE)] if field.reason else ()),
    ]


def _after(field: FieldView) -> Piece:
    same = not (field.changed or field.wanted or field.after != field.before)
    return Piece("the same", NOTE) if same else value(field.after)


def _comparison(paper: Paper, found: ComparisonView) -> None:
    paper.heading(f"Beside {found.region}", "", level=2, keep=40)
    if found.problem:
        paper.paragraph(f"Not compared: {found.problem}", _FACT)
    if found.rows:
        header = ("Field", "The letter", found.region, "Here", "Mark")
        Table(header=header, shares=(2.2, 2.4, 3, 3, 2.2)).draw(
            paper,
            (
                (
                    (
                        row.field,
                        value(row.letter),
                        value(row.reference),
                        value(row.here),
                        [Piece(row.mark), *([Piece(row.reason, NOTE)] if row.reason else ())],
                    ),
                    row.differs,
                )
                for row in found.rows
            ),
        )
    paper.paragraph(f"Compared {found.at}; account, region and ids stand as their kind.", SMALL)


def _members(paper: Paper, view: ItemView) -> None:
    count = len(view.members)
    paper.heading(f"Each of {count}: {view.tally}", "", level=2, keep=44)
    if count > MEMBERS_SHOWN:
        paper.paragraph(
            f"The first {MEMBERS_SHOWN} stand here, what failed and what is open before the rest; "
            f"items.csv has all {count}.",
            SMALL,
        )
    Table(
        header=("Which", "State", "Before and after", "Changing calls", "Ended"),
        shares=(3, 2.2, 3.6, 3.6, 1.9),
    ).draw(paper, ((_member(one), False) for one in view.members[:MEMBERS_SHOWN]))


def _member(one: MemberView) -> Sequence[Cell]:
    state: list[Piece] = [pill(one.standing)]
    if one.said:
        state.append(Piece(one.said, NOTE))
    calls = [
        Piece(f"{call.operation} {call.outcome} {call.request_id} {call.error}".strip())
        for call in one.calls
    ]
    fields = [Piece(field) for field in one.fields]
    return (
        Piece(one.key, CODE),
        state,
        fields or one.how or "–",
        calls or "none",
        one.ended,
    )


def _call(paper: Paper, call: Call) -> None:
    mark = {"ok": "✓", "failed": "✗"}.get(call.outcome, "?")
    paper.room(16)
    title = paper.cut(call.title or call.operation, RIGHT - LEFT - 42, TEXT)
    at = words.when(call.at)
    paper.put(RIGHT - paper.width(at, SMALL), paper.y + TEXT.high * 0.74, at, SMALL)
    paper.line(LEFT, title, Style(8.4, "bold"))
    if call.cli:
        paper.paragraph(call.cli, MONO, x=LEFT + 3, after=0.4)
    parts = [
        f"{mark} {call.outcome} · {call.service}:{call.operation}"
        + (f" in {call.region}" if call.region else ""),
        f"request {call.request_id}" if call.request_id else "",
        f"AWS Date {call.date}" if call.date else "",
        f"{round(call.ms)} ms" if call.ms else "",
    ]
    paper.paragraph(" · ".join(part for part in parts if part), SMALL, after=0.6)
    if call.error:
        paper.paragraph(call.error, _FACT)
    paper.y += 1
