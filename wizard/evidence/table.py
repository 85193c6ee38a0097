"""The items as CSV, for spreadsheets that auditors keep; no cell is ever a formula."""

import csv
import io

from wizard.effects import Json
from wizard.evidence.items import ItemView
from wizard.evidence.members import MemberView
from wizard.evidence.views import Report
from wizard.safe import safe
from wizard.session.state import ItemState

HEADER = (
    "section",
    "item",
    "title",
    "lines",
    "letter",
    "step",
    "state",
    "how",
    "started_utc",
    "ended_utc",
    "by",
    "not_as_it_should_be",
    "mutating_calls",
    "reads",
    "request_ids",
    "note",
    "attested_utc",
    "attested_by",
    "attestation",
    "problem",
    "advice",
    "criteria",
    "vanta_tests",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def items_csv(report: Report) -> str:
    """One line for each item in the checklist's order, and after it one for each of those that it
    fans out over, RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for section in report.sections:
        for view in section.items:
            writer.writerow([cell(value) for value in _row(section.title, view)])
            for member in view.members:
                row = _member(section.title, view, member)
                writer.writerow([cell(value) for value in row])
    return out.getvalue()


def _row(section: str, view: ItemView) -> tuple[Json, ...]:
    state, item = view.state, view.item
    said = state.attestation
    return (
        section,
        item.id,
        item.title,
        item.lines,
        item.letter,
        item.step,
        state.status.value,
        _how(state),
        state.started_at,
        state.ended_at,
        view.by if state.by else "",
        _left(state) or ", ".join(one.field for one in view.left),
        len(view.calls),
        state.reads,
        " ".join(call.request_id for call in view.calls if call.request_id),
        state.recheck.why if state.recheck else view.note,
        said.at if said else "",
        f"{said.by.user}@{said.by.host}" if said else "",
        said.note if said else "",
        f"{state.problem.what} {state.problem.todo}".strip() if state.problem else "",
        " ".join(item.advice),
        " ".join(item.controls),
        " ".join(item.vanta),
    )


def _member(section: str, view: ItemView, member: MemberView) -> tuple[Json, ...]:
    state, item = member.state, view.item
    return (
        section,
        state.id,
        f"{item.title}: {member.key}",
        item.lines,
        item.letter,
        item.step,
        state.status.value,
        _how(state),
        state.started_at,
        state.ended_at,
        member.by if state.by else "",
        _left(state) or member.left,
        len(member.calls),
        state.reads,
        " ".join(call.request_id for call in member.calls if call.request_id),
        state.recheck.why if state.recheck else state.note,
        "",
        "",
        "",
        f"{state.problem.what} {state.problem.todo}".strip() if state.problem else "",
        " ".join(item.advice),
        " ".join(item.controls),
        " ".join(item.vanta),
    )


def _how(state: ItemState) -> str:
    """In what way it was done; in a recheck, what came of it."""
    return state.recheck.verdict.value if state.recheck is not None else state.how


def _left(state: ItemState) -> str:
    """In a recheck: the fields that are not as they were."""
    return ", ".join(one.field for one in state.recheck.drifted) if state.recheck else ""


def cell(value: Json) -> str:
    """Text that a spreadsheet shows and never evaluates."""
    text = safe(value, limit=30_000)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
