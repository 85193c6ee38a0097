"""What an item rests on: everything that its expressions name. Pure."""

from wizard.checklist.expressions import References, references
from wizard.checklist.model import Input, Item, LiveChoices
from wizard.effects import Json


def used_by(item: Item) -> References:
    """What the item's `with`, `when`, `foreach` and `reference` name; `ExpressionError` when one
    cannot be read."""
    return references([dict(item.with_), item.when, list_of(item), _counterpart(item)])


def chosen_under(question: Input) -> frozenset[str]:
    """The inputs that must be answered before the question has its choices."""
    if not isinstance(question.choices, LiveChoices):
        return frozenset()
    return references(dict(question.choices.with_)).inputs


def list_of(item: Item) -> Json:
    """The part of the item that says what it fans out over."""
    foreach = item.foreach
    return dict(foreach.with_) if isinstance(foreach, LiveChoices) else foreach


def _counterpart(item: Item) -> Json:
    reference = item.reference
    return [reference.region, dict(reference.with_)] if reference is not None else None
