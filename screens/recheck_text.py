"""How a recheck reads on the screen: its lines, and one verdict in full."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from screens.paint import block, line, lines, value_text
from wizard.session.rechecks import Drifted, Recheck, Verdict
from wizard.session.verdicts import BAD, UNKNOWN, counted

if TYPE_CHECKING:
    from wizard.checklist.pinned import Pinned
    from wizard.session.state import ItemState, SessionState

LOOKS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.MATCH: ("✓", "$success"),
    Verdict.ATTESTED: ("✎", "$warning"),
    Verdict.NOT_COMPARABLE: ("–", "$muted"),
    Verdict.DRIFT: ("✗", "bold $error"),
    Verdict.GONE: ("✗", "bold $error"),
    Verdict.DENIED: ("!", "bold $error"),
    Verdict.UNREADABLE: ("!", "bold $error"),
}
"""By verdict: its symbol and style; the word stands beside it."""

ALL, NOTABLE = "all", "what is not as it was"
SHOWS = (ALL, NOTABLE)

MEMBERS = 500
"""Of one item, those that are not as they were and have a line."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list: a section's title, an item, or one of those that it stands for."""

    key: Hashable
    title: str
    section: bool = False
    deep: bool = False
    state: "ItemState | None" = None

    @property
    def verdict(self) -> Recheck | None:
        return self.state.recheck if self.state is not None else None


def recheck_lines(pinned: "Pinned", state: "SessionState", show: str) -> list[Line]:
    """The items in the checklist's order, below each those of its members that are not as they
    were; with `NOTABLE` nothing else."""
    found: list[Line] = []
    for section in pinned.checklist.sections:
        below: list[Line] = []
        for item in section.items:
            known = state.item(item.id)
            bad = [child for child in known.children.values() if is_notable(child)]
            if show == ALL or bad or is_notable(known):
                below.append(Line(key=item.id, title=item.title, state=known))
            below += [
                Line(key=child.id, title=child.id, deep=True, state=child)
                for child in bad[:MEMBERS]
            ]
        if below:
            title = Line(key=("section", section.title), title=section.title, section=True)
            found += [title, *below]
    return found


def is_notable(item: "ItemState") -> bool:
    """Whether it is not as it was, or could not be read."""
    return item.recheck is not None and item.recheck.verdict in BAD | UNKNOWN


def line_text(one: Line) -> Content:
    """A line of the list."""
    if one.section:
        return line((one.title, "bold $accent"))
    indent = "    " if one.deep else "  "
    if one.verdict is None:
        return line(indent, ("… ", "$primary"), (f"{'looking':<18}", "$muted"), one.title)
    symbol, style = LOOKS[one.verdict.verdict]
    word = f"{symbol} {one.verdict.verdict.value:<18}"
    return line(indent, (word, style), one.title)


def verdict_text(one: Line | None) -> Content:
    """One verdict in full: why, and each field then, now and as it is wanted."""
    if one is None or one.verdict is None:
        return line(("The verdict is shown here as soon as it is there.", "$muted"))
    found = one.verdict
    symbol, style = LOOKS[found.verdict]
    rows = [line((f"{symbol} {found.verdict.value}", style), "  ", (one.title, "bold"))]
    if found.recorded_at:
        at = found.recorded_at[:16].replace("T", " ")
        rows.append(line((f"recorded {at} UTC", "$muted")))
    if found.why:
        rows.append(block(found.why))
    rows.extend(_field(field) for field in found.drifted)
    if not found.why and not found.drifted:
        rows.append(line("Right, and as it was recorded."))
    return lines(rows)


def _field(one: Drifted) -> Content:
    rows = [
        line((one.field, "bold"), (f"  {one.reason}" if one.reason else "", "$muted")),
        block(("  recorded  ", "$muted"), value_text(one.then)),
        block(("  now       ", "$muted"), (value_text(one.now), "$error")),
    ]
    if one.wrong:
        rows.append(block(("  wanted    ", "$muted"), value_text(one.wanted)))
    return lines(rows)


def sums_text(state: "SessionState") -> Content:
    """How many verdicts of each kind, what is bad first."""
    found = counted(state.items)
    order = sorted(found, key=lambda one: (one not in BAD, one not in UNKNOWN))
    parts: list[tuple[str, str]] = []
    for verdict in order:
        symbol, style = LOOKS[verdict]
        parts.append((f"{symbol} {found[verdict]} {verdict.value}   ", style))
    return line(*parts) if parts else line(("no verdict yet", "$muted"))
