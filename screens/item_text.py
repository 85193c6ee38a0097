"""What is known of one item, as text: letter and need, plan, evidence."""

import json
from typing import TYPE_CHECKING, Any

from textual.content import Content

from screens.answers import inputs_of
from screens.compare_text import comparison_heading
from screens.member_text import members_heading, planned_of
from screens.paint import block, heading, line, lines, problem_text, value_text
from screens.widgets.advice import advice_text
from screens.words import HOW, LOOKS, clock_time, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.checklist.model import Item
    from wizard.checklist.pinned import Pinned
    from wizard.session.base import PlannedCall
    from wizard.session.state import Call, ItemState, SessionState

BLANK = Content("")
FIRST = 5
"""Calls of a plan that are shown where an item does it for many."""


def overview(
    pinned: "Pinned", state: "SessionState", item: "Item", wait: str, *, hints: bool = True
) -> Content:
    """State, what it wants, with `hints` the keys for it, the letter, the advice, the inputs."""
    now = state.item(item.id)
    symbol, word, style = LOOKS[now.status.value]
    rows = [
        line((item.title, "bold")),
        line((f"{symbol} {word}", style), ("  ", ""), (item.id, "$muted")),
        *need(now, wait, state, hints=hints),
        *members_heading(now, 60),
        *comparison_heading(now),
        BLANK,
        heading("The runbook's letter"),
        block(item.letter),
    ]
    if item.lines:
        rows.append(line((item.lines, "$muted")))
    for name in item.advice:
        if name in pinned.advice:
            rows += [BLANK, advice_text(name, pinned.advice[name])]
    names = inputs_of(item, tuple(pinned.checklist.inputs))
    if names:
        rows += [BLANK, heading("Inputs")]
    for name in names:
        answered = state.answers.get(name)
        label = pinned.checklist.inputs[name].label
        if answered is None:
            rows.append(line(("○ ", "$accent"), f"{label}: ", ("not answered", "$muted")))
        else:
            said = answered.label or value_text(answered.value)
            rows.append(
                line(("✓ ", "$success"), f"{label}: ", (said, "bold"), _source(answered.source))
            )
    for deviation in state.deviations.values():
        if deviation.input in names:
            rows.append(
                line(
                    (f"△ deviation {deviation.advice} ", "bold $warning"),
                    f"{value_text(deviation.letter)} → {value_text(deviation.chosen)}: ",
                    (deviation.reason, "$muted"),
                )
            )
    if item.undo:
        rows += [BLANK, heading("How to take it back"), block((item.undo, "$muted"))]
    return lines(rows)


def _source(source: str) -> tuple[str, str]:
    return ("" if source == "operator" else f"  ({source})", "$muted")


def need(now: "ItemState", wait: str, state: "SessionState", *, hints: bool) -> list[Content]:
    """What is being waited for, and the keys that help."""
    rows: list[Content] = []
    if state.paused and not state.finished_at:
        rows += [BLANK, line(("‖ Paused, p goes on  ", "bold $warning"), state.paused)]
    if now.problem is not None:
        rows += [BLANK, problem_text(now.problem)]
        if now.problem.policy:
            rows += [
                BLANK,
                line(("A policy that would allow it (y copies):", "bold")),
                block((now.problem.policy, "$muted")),
            ]
    if now.pause is not None and now.status.value == "needs person":
        rows += [BLANK, block((now.pause.instructions, "bold"))]
        rows.append(line((notices(now), "$muted")))
    if wait:
        rows += [BLANK, line(("◔ ", "$primary"), wait)]
    hint = {
        "needs answer": "e answers what it asks.",
        "needs approval": "a approves it; the plan (2) shows what will be done.",
        "needs person": "t opens what is to be done.",
        "in doubt": "t tells the wizard whether the call happened.",
        "failed": "r tries again · e edits its inputs · k skips it · m marks it done by hand.",
    }.get(now.status.value)
    if hint and hints and not state.finished_at:
        rows.append(line(("Keys  ", "$muted"), hint))
    if now.status.ended and now.how:
        rows.append(line((HOW.get(now.how, now.how), "$muted")))
    if now.note:
        rows.append(line(("Note  ", "$muted"), now.note))
    return rows


def notices(now: "ItemState", *, here: bool = False) -> str:
    """How the wizard will notice that a person has done it; `here`, in the pause's own dialog."""
    if now.pause is None:
        return ""
    confirm = "confirm it below" if here else "confirm it with t"
    look = "Look now" if here else "r"
    if now.pause.notices_itself and now.pause.must_attest:
        return f"The wizard looks by itself; then {confirm}."
    if now.pause.notices_itself:
        return f"The wizard looks by itself and goes on when it is done; {look} looks at once."
    return f"AWS cannot tell: {confirm} when it is done."


def plan(now: "ItemState") -> Content:
    """Before and after, field by field, and the calls with their CLI commands."""
    # Until it has ended, what was found last counts: a new answer or another's deed may have
    # changed it. Afterwards nothing differs any more, and what did at first is told.
    differences = now.differences or now.first_differences
    rows = [heading("Before → after")]
    if not differences:
        seen = now.observed_at and now.status.ended
        unseen = "(known after apply)" if now.planned else "Not looked at yet."
        unseen = "Each member has its own: 5 lists them." if now.members else unseen
        rows.append(line(("Nothing differs." if seen else unseen, "$muted")))
    right = now.status.value == "done"
    rows += [row for one in differences for row in _difference(one, right=right)]
    if planned := planned_of(now):
        rows += [BLANK, heading(f"What it does: {count(len(planned), 'call')}")]
        rows += calls_of_plan(planned, FIRST if now.members else len(planned))
    return lines(rows)


def calls_of_plan(planned: "Sequence[PlannedCall]", most: int) -> list[Content]:
    """The first calls of a plan, and how many more there are."""
    rows = [row for n, call in enumerate(planned[:most], 1) for row in planned_call(n, call)]
    if len(planned) > most:
        more = f"… and {len(planned) - most:,} more, one for each of the others"
        rows.append(line((more, "$muted")))
    return rows


def _difference(one: Any, *, right: bool) -> list[Content]:
    mark = ""
    if one.settles:
        mark = "  settles by itself"
    elif not one.fixable:
        mark = "  not the wizard's to mend"
    elif right:
        mark = "  ✓ now so"
    rows = [line((one.field, "bold"), (mark, "$muted"))]
    rows.append(line(("  − ", "$error"), value_text(one.found)))
    rows.append(line(("  + ", "$success"), value_text(one.wanted)))
    if one.reason:
        rows.append(line((f"    {one.reason}", "$muted")))
    return rows


def planned_call(place: int, call: "PlannedCall") -> list[Content]:
    """One call of a plan."""
    rows = [
        line(
            (f"{place} ", "bold $accent"),
            (call.title or call.operation, "bold"),
            (f"  {call.service}:{call.operation} {call.region}", "$muted"),
        )
    ]
    if call.cli:
        rows.append(line(("  $ ", "$accent"), call.cli))
    return rows


def call_line(call: "Call") -> Content:
    """One call of the past, in a list."""
    symbol, style = OUTCOME.get(call.outcome, ("·", "$muted"))
    kind = "write" if call.mutating else "read "
    return line(
        (f"{clock_time(call.at)} ", "$muted"),
        (f"{symbol} {call.outcome:<8} ", style),
        (f"{kind} ", "$muted"),
        (f"{call.service}:{call.operation}", "bold" if call.mutating else ""),
        (f"  {call.ms:.0f} ms" if call.ms else "", "$muted"),
        (f"  {call.error}" if call.error else "", "$error"),
    )


OUTCOME = {
    "sent": ("→", "$primary"),
    "ok": ("✓", "$success"),
    "failed": ("✗", "bold $error"),
    "in doubt": ("‽", "bold $error"),
    "settled: happened": ("✓", "$success"),
    "settled: did not happen": ("–", "$muted"),
}


def call_detail(call: "Call") -> Content:
    """One call in full."""
    rows = [line((call.title or f"{call.service}:{call.operation}", "bold"))]
    facts = (
        ("Where", call.region),
        ("When", f"{call.at}  {call.ms:.0f} ms"),
        ("AWS's date", call.date),
        ("Request id", call.request_id),
        ("Entries", f"{call.entries} on {count(call.pages, 'page')}" if call.pages else ""),
        ("Error", call.error),
    )
    rows += [line((f"{name:<11} ", "$muted"), text) for name, text in facts if text]
    if call.cli:
        rows.append(line(("$ ", "$accent"), call.cli))
    rows.append(block(("sent  ", "$muted"), pretty(call.params)))
    if call.response is not None:
        rows.append(block(("got   ", "$muted"), pretty(call.response)))
    return lines(rows)


def pretty(value: Any) -> str:
    """JSON as it is read by people."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def evidence(now: "ItemState") -> Content:
    """What was found before and after, who said what, and when."""
    rows: list[Content] = []
    if now.attestation is not None:
        said = now.attestation
        rows += [
            heading("Attested"),
            block((said.note, "bold")),
            line((f"{said.by.user}@{said.by.host} · {said.by.caller_arn}", "$muted")),
            line((said.at, "$muted")),
            *(line(f"{file.get('name', '')} {file.get('sha256', '')}") for file in said.evidence),
            BLANK,
        ]
    times = (("Started", now.started_at), ("Looked", now.observed_at), ("Ended", now.ended_at))
    rows += [line((f"{name:<8} ", "$muted"), at) for name, at in times if at]
    if now.by is not None:
        rows.append(line(("By       ", "$muted"), f"{now.by.user}@{now.by.host}"))
    if now.how:
        rows.append(line(("How      ", "$muted"), HOW.get(now.how, now.how)))
    if now.found is not None:
        rows += [BLANK, heading("Found last"), block(pretty(now.found))]
    if now.first_found is not None and now.first_found != now.found:
        rows += [BLANK, heading("Found before anything was done"), block(pretty(now.first_found))]
    if now.outputs and now.outputs != now.found:
        rows += [BLANK, heading("Handed to later items"), block(pretty(now.outputs))]
    return lines(rows) if rows else line(("Nothing has been looked at yet.", "$muted"))


def cli_of(planned: "tuple[PlannedCall, ...]") -> str:
    """All planned commands, one a line."""
    return "\n".join(call.cli for call in planned if call.cli)
