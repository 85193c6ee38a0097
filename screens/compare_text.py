"""Three columns side by side, as text: the letter, the reference region, and here."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from textual.content import Content

from screens.paint import block, heading, line, lines, value_text
from screens.words import count
from wizard.session.base import member_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wizard.checklist.model import Item
    from wizard.checklist.pinned import Pinned
    from wizard.session.base import ComparedField
    from wizard.session.state import Comparison, ItemState, SessionState

MARKS: dict[str, tuple[str, str, str]] = {
    "same": ("=", "same", "$success"),
    "expected": ("≈", "expected", "$muted"),
    "accepted": ("✎", "accepted", "$primary"),
    "differs": ("≠", "differs", "bold $warning"),
}
"""By mark: the symbol, the word, the style."""

SHOWS = ("everything", "what is not the same", "what differs")
_HIDDEN = {
    SHOWS[1]: frozenset({"same"}),
    SHOWS[2]: frozenset({"same", "expected", "accepted"}),
}


class Entry(NamedTuple):
    """A line of a comparison: a section's title, an item, or a field of it."""

    section: str = ""
    item: str = ""
    """An item's id or a member's."""
    title: str = ""
    comparison: "Comparison | None" = None
    row: "ComparedField | None" = None
    label: str = ""
    """How the field reads in its column: below its member, without that one's name."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others."""
        return (self.section, self.item, f"row {self.row.field}" if self.row is not None else "")


def entries_of(
    item: "Item", now: "ItemState", accepted: "Mapping[str, str] | None" = None
) -> "list[Entry]":
    """The item and its fields; where it fans out, its members and theirs.

    Fields that are `accepted` elsewhere, with their reasons, count as accepted here.
    """
    found: list[Entry] = []
    if now.comparison is not None or not now.members:
        found = _entries(item.id, item.title, now.comparison, accepted or {})
    for member in now.members:
        child = now.children.get(member.key)
        if child is not None and child.comparison is not None:
            key = member_id(item.id, member.key)
            found += _entries(key, f"{item.title}: {member.key}", child.comparison, {})
    return found


def _entries(
    item: str, title: str, comparison: "Comparison | None", accepted: "Mapping[str, str]"
) -> "list[Entry]":
    head = Entry(item=item, title=title, comparison=comparison)
    rows = comparison.rows if comparison is not None else ()
    found, member = [head], ""
    for row in rows:
        below = bool(member) and row.field.startswith(f"{member}.")
        label = f"  {row.field.removeprefix(f'{member}.')}" if below else row.field
        member = member if below else row.field
        found.append(head._replace(row=as_accepted(row, accepted), label=label))
    return found


def as_accepted(row: "ComparedField", accepted: "Mapping[str, str]") -> "ComparedField":
    """The row, accepted if its field is."""
    if row.mark == "differs" and row.field in accepted:
        return replace(row, mark="accepted", reason=accepted[row.field])
    return row


def all_entries(pinned: "Pinned", state: "SessionState", session: "SessionState") -> "list[Entry]":
    """Sections, their items that have a counterpart elsewhere, and their fields. What was accepted
    in the `session` is, whoever compared."""
    found: list[Entry] = []
    for section in pinned.checklist.sections:
        rows: list[Entry] = []
        for item in section.items:
            if item.reference is not None:
                known = session.item(item.id).comparison
                rows += entries_of(
                    item, state.item(item.id), known.accepted if known is not None else None
                )
        if rows:
            found += [Entry(section=section.title), *rows]
    return found


def only(entries: "Sequence[Entry]", show: str) -> "list[Entry]":
    """Those that `show` lets be seen, below their titles. What could not be compared always is."""
    if show == SHOWS[0]:
        return list(entries)
    seen: list[Entry] = []
    section = head = None
    for entry in entries:
        if entry.section:
            section, head = entry, None
        elif entry.row is None:
            head = entry
            if entry.comparison is not None and entry.comparison.problem:
                seen += [one for one in (section, head) if one is not None]
                section = head = None
        elif entry.row.mark not in _HIDDEN[show]:
            seen += [one for one in (section, head) if one is not None]
            section = head = None
            seen.append(entry)
    return seen


def progress(pinned: "Pinned", state: "SessionState") -> tuple[int, int, int]:
    """How many items are compared, how many are to be, and how many could not be."""
    items = [state.item(one.id) for one in pinned.checklist.items if one.reference is not None]
    compared = [one.comparison for one in items if one.comparison is not None]
    return len(compared), len(items), sum(bool(one.problem) for one in compared)


def marks_text(rows: "Iterable[ComparedField]") -> Content:
    """`≠ 2 differ  ✎ 1 accepted  ≈ 12 expected  = 90 same`."""
    tally = Counter(row.mark for row in rows)
    parts = []
    for mark in ("differs", "accepted", "expected", "same"):
        if tally[mark]:
            symbol, word, style = MARKS[mark]
            word = "differ" if mark == "differs" and tally[mark] > 1 else word
            parts.append((f"{symbol} {tally[mark]} {word}  ", style))
    return line(*parts)


# Lines


def widths(width: int) -> tuple[int, int]:
    """Of the field's column, and of each of the three."""
    field = min(30, max(12, width // 5))
    return field, max(6, (width - 13 - field - 4) // 3)


def columns_text(reference: str, here: str, width: int) -> Content:
    """The heads of the columns."""
    field, each = widths(width)
    cells = [("field", field), ("the letter", each), (reference, each), (here, each)]
    return _cells([_cell(text, size, "$muted") for text, size in cells], 13)


def entry_line(entry: Entry, width: int) -> Content:
    """One line of the list."""
    if entry.section:
        return line((entry.section, "bold $primary"))
    if entry.row is None:
        return _head(entry)
    row = entry.row
    symbol, word, style = MARKS.get(row.mark, ("?", row.mark, "$muted"))
    field, each = widths(width)
    planned = "+ " if row.planned else ""
    cells = [
        _cell(_end_of(entry.label, field), field, ""),
        _cell(row.letter or "–", each, "$muted"),
        _cell(value_text(row.reference), each, ""),
        _cell(planned + value_text(row.here), each, "$success" if row.planned else ""),
    ]
    return Content.assemble(line((f"  {symbol} {word:<9}", style)), _cells(cells, 0))


def _end_of(label: str, size: int) -> str:
    """A long name by its end: many settings begin alike."""
    return label if len(label) <= size or "." not in label else f"…{label[1 - size :]}"


def _head(entry: Entry) -> Content:
    comparison = entry.comparison
    name = line(" ", (entry.title, "bold"), "  ")
    if comparison is None:
        return Content.assemble(name, line(("· not compared yet", "$muted")))
    if comparison.problem:
        why = f"✗ could not be compared: {comparison.problem}"
        return Content.assemble(name, line((why, "$error")))
    if not comparison.rows:
        return Content.assemble(name, line(("· nothing to compare", "$muted")))
    return Content.assemble(name, marks_text(comparison.rows))


def _cell(text: str, width: int, style: str) -> Content:
    shown = line((text, style)).truncate(width, ellipsis=True)
    return Content.assemble(shown, " " * (width - shown.cell_length))


def _cells(cells: list[Content], indent: int) -> Content:
    return Content.assemble(" " * indent, Content(" ").join(cells))


# In full


def entry_text(entry: "Entry | None", here: str) -> Content:
    """What a line says, in full."""
    if entry is None or entry.section:
        return line(("Nothing of this kind.", "$muted"))
    comparison, row = entry.comparison, entry.row
    if row is None or comparison is None:
        rows = [line((entry.title, "bold"), ("  " + entry.item, "$muted"))]
        if comparison is not None and comparison.problem:
            rows.append(block(("✗ Could not be compared: ", "bold $error"), comparison.problem))
        elif comparison is None:
            rows.append(line(("Not compared yet: ctrl+r compares everything now.", "$muted")))
        else:
            rows.append(line((count(len(comparison.rows), "field") + " compared", "$muted")))
        return lines(rows)
    symbol, word, style = MARKS.get(row.mark, ("?", row.mark, "$muted"))
    size = max(len(here), len(comparison.region), len("Letter")) + 2
    planned = ("  + will be so: it is planned", "$success") if row.planned else ("", "")
    rows = [
        line((f"{symbol} {word}  ", style), (row.field, "bold"), ("  " + entry.title, "$muted")),
        block((f"{'Letter':<{size}}", "$muted"), row.letter or "says nothing of it"),
        line((f"{comparison.region:<{size}}", "$muted"), value_text(row.reference)),
        line((f"{here:<{size}}", "$muted"), value_text(row.here), planned),
    ]
    if row.reason:
        rows.append(line((f"{'Because':<{size}}", "$muted"), row.reason))
    return lines(rows)


def comparison_heading(now: "ItemState") -> list[Content]:
    """In the overview of an item: how it compares, in one line."""
    comparison = now.comparison
    if comparison is None:
        return []
    rows = [Content(""), heading(f"Compared with {comparison.region}")]
    if comparison.problem:
        return [*rows, block(("✗ ", "bold $error"), comparison.problem)]
    return [*rows, marks_text(comparison.rows)]
