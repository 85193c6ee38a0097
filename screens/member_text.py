"""The members of an item that fans out, as text: one line each, the counts, the bar."""

from typing import TYPE_CHECKING

from textual.content import Content

from screens.paint import bar, heading, line, value_text
from screens.words import LOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wizard.session.base import Member, PlannedCall
    from wizard.session.state import ItemState, Status

BROKEN = frozenset({"failed", "in doubt"})
WANTING = frozenset({"needs answer", "needs approval", "needs person"})
MOVING = frozenset({"checking", "applying", "settling"})
ENDED = frozenset({"done", "marked done", "skipped", "not applicable", "planned", "deferred"})
"""In a preview, a member that is planned is as far as it goes."""

ORDER = (BROKEN, WANTING, MOVING, frozenset({"waiting"}), ENDED)
"""Failing first, then those that want something, under way, waiting, done."""

HOW = {
    "already": "was right already",
    "changed": "changed",
    "observed": "looked at, and right",
    "attested": "a person said so",
}

VIEWS = ("all", "failed", "wanting you", "under way", "changed")


def fans_out(now: "ItemState") -> bool:
    """Whether the item stands for members, as far as is known."""
    return bool(now.members)


def counted(now: "ItemState") -> tuple[int, int, int]:
    """How many members have ended, how many there are, how many failed; from the tally alone."""
    ended = broken = total = 0
    for status, number in now.tally.items():
        total += number
        ended += number if status.value in ENDED else 0
        broken += number if status.value in BROKEN else 0
    return ended, total, broken


def count_text(now: "ItemState") -> str:
    """`312/5,000 ▓▓▓░░ 3 failed`, for the tree."""
    ended, total, broken = counted(now)
    full = 5 * ended // total if total else 0
    text = f"{ended:,}/{total:,} {'▓' * full}{'░' * (5 - full)}"
    return f"{text} {broken:,} failed" if broken else text


def summary(now: "ItemState", width: int) -> list[Content]:
    """The bar, and below it how many members stand where."""
    ended, total, _ = counted(now)
    text = line((f" {ended:,}/{total:,}", "bold"))
    room = max(8, min(40, width - text.cell_length))
    return [Content.assemble(bar(ended, total, room), text), standing(now.tally)]


def standing(tally: "Mapping[Status, int]") -> Content:
    """`✗ 3 failed  ▶ 12 applying  ✓ 300 done`, in the order of the list."""
    parts: list[tuple[str, str]] = []
    for group in ORDER:
        for status, number in tally.items():
            if status.value in group:
                symbol, word, style = LOOKS[status.value]
                parts.append((f"{symbol} {number:,} {word}  ", style))
    return line(*parts) if parts else line(("It has no members here.", "$muted"))


def ordered(
    members: "Sequence[Member]",
    children: "Mapping[str, ItemState]",
    *,
    view: str = "all",
    words: "Sequence[str]" = (),
) -> list[str]:
    """Keys of the members that are looked for, in the order of `ORDER`, then in their own."""
    groups: tuple[list[str], ...] = tuple([] for _ in ORDER)
    for member in members:
        key = member.key
        if words and not all(word in key.lower() for word in words):
            continue
        child = children.get(key)
        place = _RANK[child.status.value] if child is not None else 3
        if view != "all" and not _in_view(view, place, child):
            continue
        groups[place].append(key)
    return [key for group in groups for key in group]


def _in_view(view: str, place: int, child: "ItemState | None") -> bool:
    if view == "changed":
        return child is not None and child.status.value == "done" and child.how == "changed"
    return place == {"failed": 0, "wanting you": 1, "under way": 2}[view]


_RANK = {status: place for place, group in enumerate(ORDER) for status in group}


def row(key: str, child: "ItemState | None", width: int) -> Content:
    """`✗ failed    /aws/lambda/a  AccessDenied …`, in columns."""
    symbol, word, style = LOOKS[child.status.value if child is not None else "waiting"]
    name = line(key)
    room = max(20, min(60, width * 2 // 5))
    name = name.truncate(room, ellipsis=True)
    gap = " " * (room - name.cell_length + 2)
    return Content.assemble(
        line((f" {symbol} {word:<9} ", style)), name, gap, line((fact(child), "$muted"))
    )


def fact(child: "ItemState | None") -> str:
    """The most telling fact of a member, on one line."""
    if child is None:
        return ""
    if child.problem is not None:
        return child.problem.what
    if child.status.value in ENDED:
        return child.note or HOW.get(child.how, child.how) or _calls(child)
    if child.wait is not None:
        return child.wait.waiting_for
    if child.pause is not None:
        return child.pause.instructions
    for one in child.differences or child.first_differences:
        return f"{one.field}: {value_text(one.found)} → {value_text(one.wanted)}"
    return child.note


def _calls(child: "ItemState") -> str:
    return child.planned[0].title or child.planned[0].operation if child.planned else ""


def planned_of(now: "ItemState") -> "tuple[PlannedCall, ...]":
    """What an item will do: its own calls, else those of its members."""
    if now.planned or not now.members:
        return now.planned
    known = (now.children.get(member.key) for member in now.members)
    return tuple(call for child in known if child is not None for call in child.planned)


def members_heading(now: "ItemState", width: int) -> list[Content]:
    """In the overview of an item that fans out."""
    return [Content(""), heading("Members"), *summary(now, width)] if fans_out(now) else []
