"""What the report shows of an item beside its counterpart in the reference region."""

import msgspec

from wizard.evidence import words
from wizard.session.base import ComparedField
from wizard.session.state import ItemState

MARKS = {
    "same": "= same",
    "expected": "≈ expected",
    "accepted": "✎ accepted",
    "differs": "✗ differs",
}
"""How each mark reads: a symbol and a word."""


class ComparedView(msgspec.Struct, frozen=True, kw_only=True):
    """One field in its three columns, with its mark and why."""

    field: str
    letter: str
    reference: str
    here: str
    mark: str
    differs: bool
    reason: str


class ComparisonView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison of one item."""

    region: str
    at: str
    problem: str
    rows: tuple[ComparedView, ...]
    """Those that are not the same first."""


def comparison(state: ItemState) -> ComparisonView | None:
    """The item's comparison; None when it has none."""
    found = state.comparison
    if found is None:
        return None
    rows = sorted(found.rows, key=lambda row: row.mark == "same")
    return ComparisonView(
        region=found.region or "the reference region",
        at=words.when(found.at),
        problem=found.problem,
        rows=tuple(_row(row) for row in rows),
    )


def _row(row: ComparedField) -> ComparedView:
    return ComparedView(
        field=row.field,
        letter=row.letter or "–",
        reference=words.shown(row.reference),
        here=words.shown(row.here) + (" (planned)" if row.planned else ""),
        mark=MARKS[row.mark],
        differs=row.mark == "differs",
        reason=row.reason,
    )
