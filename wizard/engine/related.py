"""What the items of a session are about and how that hangs together, from what they found."""

from collections.abc import Iterator, Mapping

import msgspec

from wizard.checklist.expressions import ExpressionError, evaluate
from wizard.checklist.model import Checklist, Item
from wizard.effects import Facts, Json
from wizard.engine.scope import scope
from wizard.session.state import ItemState, SessionState
from wizard.step import Registry, Related, Relation, Step, Thing

_UNLIKE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What facts raise that an older version of their step found and that lack what is asked of them:
the picture then goes without, for no evidence may fail by its picture."""


def related(checklist: Checklist, state: SessionState, registry: Registry) -> tuple[Related, ...]:
    """Of every item, and of every member of one, that found anything."""
    names = scope(state, checklist, preview=False)
    return tuple(
        one
        for item in checklist.items
        if item.step in registry.relations
        for one in _of_item(item, state.item(item.id), names, registry)
    )


def _of_item(
    item: Item, state: ItemState, names: Mapping[str, Json], registry: Registry
) -> Iterator[Related]:
    if item.foreach is None:
        yield from _of(item, state, names, registry)
        return
    for member in state.members:
        if child := state.children.get(member.key):
            yield from _of(item, child, {**names, "each": member.each}, registry)


def _of(
    item: Item, state: ItemState, names: Mapping[str, Json], registry: Registry
) -> Iterator[Related]:
    if state.found is None:
        return
    try:
        step = msgspec.convert(evaluate(dict(item.with_), names), registry.steps[item.step])
    except (ExpressionError, msgspec.ValidationError):
        return  # What it refers to is not known, or not any more.
    things, relations = _told(step, state.found, registry)
    before, _ = _told(step, state.first_found, registry)
    if things or relations:
        yield Related(item=state.id, things=things, before=before, relations=relations)


def _told(
    step: Step, found: Facts | None, registry: Registry
) -> tuple[tuple[Thing, ...], tuple[Relation, ...]]:
    if found is None:
        return (), ()
    things: list[Thing] = []
    relations: list[Relation] = []
    try:
        for one in registry.relations[step.kind](step, found):
            if isinstance(one, Thing):
                things.append(one)
            else:
                relations.append(one)
    except _UNLIKE:
        return (), ()
    return tuple(things), tuple(relations)
