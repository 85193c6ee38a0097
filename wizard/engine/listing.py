"""For whom an item with `foreach` stands, asked now: an expression's list, or a dropdown's."""

from collections.abc import Mapping

from wizard.checklist.expressions import entries, evaluate
from wizard.checklist.model import Item
from wizard.effects import UNKNOWN, Json, has_unknown
from wizard.engine import roster
from wizard.engine.demands import Coroutine
from wizard.engine.interpreter import Interpreter, NotKnownYet
from wizard.step import Registry


def listed(
    item: Item, names: Mapping[str, Json], registry: Registry, interpreter: Interpreter
) -> Coroutine[Json]:
    """The list as it is now; unknown when a preview cannot know it yet."""
    foreach = item.foreach
    if foreach is None or isinstance(foreach, str):
        return entries(foreach or "", names)
    arguments = evaluate(dict(foreach.with_), names)
    if has_unknown(arguments):
        return UNKNOWN
    source = registry.options[foreach.source](**arguments)
    try:
        return roster.choices((yield from interpreter.look(source)))
    except NotKnownYet:
        return UNKNOWN
