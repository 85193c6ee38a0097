"""Verdicts counted: of an item that fans out, and of a whole recheck. Pure."""

from collections.abc import Mapping

from wizard.session.rechecks import Verdict
from wizard.session.state import ItemState

BAD = frozenset({Verdict.DRIFT, Verdict.GONE})
UNKNOWN = frozenset({Verdict.DENIED, Verdict.UNREADABLE})


def worst(verdicts: Mapping[Verdict, int]) -> Verdict:
    """The verdict on many: of an item that fans out, of a session."""
    order = (
        Verdict.DRIFT,
        Verdict.GONE,
        Verdict.DENIED,
        Verdict.UNREADABLE,
        Verdict.MATCH,
        Verdict.ATTESTED,
        Verdict.NOT_COMPARABLE,
    )
    return next((one for one in order if verdicts.get(one)), Verdict.NOT_COMPARABLE)


def counted(items: Mapping[str, ItemState]) -> dict[Verdict, int]:
    """How many verdicts of each kind, each member of an item that fans out counted as one."""
    found: dict[Verdict, int] = {}
    for item in items.values():
        for one in item.children.values() if item.children else (item,):
            if one.recheck is not None:
                found[one.recheck.verdict] = found.get(one.recheck.verdict, 0) + 1
    return found
