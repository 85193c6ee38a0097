"""Names that lead nowhere, and what was probably meant. Pure."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from wizard.checklist.expressions import References
from wizard.checklist.model import Checklist

SESSION = frozenset({"region", "account_id", "partition", "alias", "number"})
"""What expressions may ask of the session."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`; do you mean x?`, or what there is when that is little."""
    names = sorted(known)
    if close := get_close_matches(name, names, 1):
        return f"; do you mean {close[0]}?"
    return f"; there are {', '.join(names) or 'none'}" if len(names) <= 20 else ""


def wrong_names(found: References, checklist: Checklist) -> Iterator[str]:
    """Names in expressions that lead nowhere in this checklist."""
    for name in sorted(found.inputs - set(checklist.inputs)):
        yield f"refers to the unknown input {name}{nearest(name, checklist.inputs)}"
    ids = {item.id: item for item in checklist.items}
    for name in sorted(found.steps - set(ids)):
        yield f"refers to the unknown item {name}{nearest(name, ids)}"
    for name in sorted(found.session - SESSION):
        yield f"refers to session.{name}{nearest(name, SESSION)}"
    for name in sorted(found.other):
        yield f"refers to {name}, and not to a name in inputs, steps or session"
