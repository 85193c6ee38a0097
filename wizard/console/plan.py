"""A plan on paper: every item with what was found, what will be, and the calls that do it."""

from collections.abc import Mapping
from typing import TextIO

import msgspec
from rich.console import Console
from rich.text import Text

from wizard.checklist.pinned import Pinned
from wizard.console.comparison import outcome
from wizard.console.progress import SYMBOLS
from wizard.effects import Json
from wizard.safe import safe_line
from wizard.session.state import ItemState, SessionState, Status

CALLS_SHOWN = 20
"""Calls of one item on paper; an item for each of many has thousands."""
MEMBERS_SHOWN = 20

WORDS = {
    Status.DONE: "right already",
    Status.PLANNED: "will change",
    Status.DEFERRED: "later",
    Status.FAILED: "cannot be planned",
    Status.WAITING: "not reached",
    Status.NOT_APPLICABLE: "not applicable",
}


def print_plan(pinned: Pinned, state: SessionState, stream: TextIO) -> None:
    """Print the plan for people."""
    console = Console(file=stream, highlight=False, soft_wrap=True)
    pin = state.pin
    if pin is not None:
        where = f"{pin.alias or pin.account_id} ({pin.account_id}) in {pin.region}"
        console.print(Text(safe_line(f"Plan for {pinned.checklist.id} on {where}"), style="bold"))
    for section in pinned.checklist.sections:
        console.print()
        console.print(Text(safe_line(section.title), style="bold"))
        for item in section.items:
            _print_item(console, item.title, state.item(item.id))
    console.print()
    writes = sum(len(item.planned) for item in state.items.values())
    items = sum(item.status is Status.PLANNED for item in state.items.values())
    right = sum(item.status is Status.DONE for item in state.items.values())
    console.print(
        Text(f"{writes} writes in {items} items; {right} items are right already.", style="bold")
    )
    done = outcome(pinned, state)
    if done.compared:
        console.print(
            Text(
                f"{done.differs} fields differ from the reference region, {done.accepted} accepted "
                "ones; `st-wizard compare` shows them."
            )
        )
    for deviation in state.deviations.values():
        chosen, letter = _short(deviation.chosen), _short(deviation.letter)
        line = f"{deviation.advice}: {deviation.input} = {chosen}, the letter says {letter}"
        console.print(Text(safe_line(f"Deviation {line}."), style="yellow"))


def _print_item(console: Console, title: str, item: ItemState) -> None:
    symbol, style = SYMBOLS.get(item.status, ("·", "dim"))
    head = Text(f"  {symbol} ", style=style)
    head.append(safe_line(f"{item.id:27} {title}"))
    head.append(f"  {WORDS.get(item.status, item.status.value)}", style=style)
    if item.tally:
        counts = ", ".join(f"{count} {status.value}" for status, count in item.tally.items())
        head.append(safe_line(f"  of {len(item.members)}: {counts}"), style="dim")
    console.print(head)
    if item.status is Status.PLANNED:
        for difference in item.differences:
            before, after = _short(difference.found), _short(difference.wanted)
            console.print(Text(safe_line(f"      {difference.field}: {before} → {after}")))
        for call in item.planned[:CALLS_SHOWN]:
            console.print(Text(safe_line(f"      {call.title}"), style="cyan"))
            console.print(Text(safe_line(f"        {call.cli}", limit=4000), style="dim"))
        if len(item.planned) > CALLS_SHOWN:
            rest = f"      … and {len(item.planned) - CALLS_SHOWN} more calls; --json has them all"
            console.print(Text(rest, style="dim"))
    elif item.status is Status.FAILED and item.problem is not None:
        problem = f"{item.problem.where}: {item.problem.what} {item.problem.todo}"
        console.print(Text(safe_line(f"      {problem}"), style="red"))
    elif item.note:
        console.print(Text(safe_line(f"      {item.note}"), style="dim"))
    _print_members(console, item)


def _print_members(console: Console, item: ItemState) -> None:
    """Of an item for each of many: what is there and differs, first what will not be changed."""
    differing = [
        (key, child)
        for key, child in item.children.items()
        if (child.status is not Status.PLANNED and child.differences)
        or any(one.found is not None for one in child.differences)
    ]
    differing.sort(key=lambda member: member[1].status is Status.PLANNED)
    for key, child in differing[:MEMBERS_SHOWN]:
        fields = "; ".join(
            f"{one.field}: {_short(one.found)} → {_short(one.wanted)}" for one in child.differences
        )
        console.print(Text(safe_line(f"      {key}: {fields}")))
        if child.status is not Status.PLANNED and child.note:
            console.print(Text(safe_line(f"        {child.note}"), style="yellow"))
    if len(differing) > MEMBERS_SHOWN:
        rest = f"      … and {len(differing) - MEMBERS_SHOWN} more that differ"
        console.print(Text(rest, style="dim"))


def as_json(pinned: Pinned, state: SessionState) -> Mapping[str, Json]:
    """The plan for programs."""
    return {
        "checklist": pinned.checklist.id,
        "account_id": state.pin.account_id if state.pin else "",
        "region": state.pin.region if state.pin else "",
        "writes": sum(len(item.planned) for item in state.items.values()),
        "comparison": msgspec.to_builtins(outcome(pinned, state)),
        "answers": state.inputs(),
        "deviations": msgspec.to_builtins(list(state.deviations.values()), enc_hook=str),
        "items": [
            {
                "id": item.id,
                "state": state.item(item.id).status.value,
                "found": state.item(item.id).found,
                "differences": msgspec.to_builtins(state.item(item.id).differences, enc_hook=str),
                "calls": msgspec.to_builtins(state.item(item.id).planned, enc_hook=str),
                "because": state.item(item.id).note,
                **_members(state.item(item.id)),
            }
            for item in pinned.checklist.items
        ],
    }


def _members(item: ItemState) -> Mapping[str, Json]:
    """Of an item for each of many: where each stands."""
    if not item.members:
        return {}
    found = {member.key: item.children.get(member.key) for member in item.members}
    return {
        "members": {
            key: (child.status if child is not None else Status.WAITING).value
            for key, child in found.items()
        }
    }


def _short(value: Json) -> str:
    return "absent" if value is None else value if isinstance(value, str) else repr(value)
