"""From an item to its step: its answers, its condition, its fields."""

from collections.abc import Mapping

import msgspec

from wizard.checklist.expressions import ExpressionError, condition, evaluate
from wizard.checklist.model import Checklist, Item
from wizard.effects import Json, has_unknown
from wizard.engine.assumed import Assumed
from wizard.engine.demands import Coroutine, Park
from wizard.engine.record import Record
from wizard.engine.scope import scope, unanswered
from wizard.errors import StepError
from wizard.session.events import AnswerNeeded, Deferred, ItemNotApplicable
from wizard.session.state import Status
from wizard.step import Registry, Step


def made_of(item: Item, fields: Mapping[str, Json], registry: Registry) -> Step | None:
    """The item's step of these fields; None when they are not all known yet."""
    try:
        return msgspec.convert(fields, registry.steps[item.step])
    except msgspec.ValidationError as error:
        if has_unknown(fields):
            return None
        raise StepError(
            f"{item.step} cannot take these values: {error}.",
            where=item.id,
            todo="Correct the inputs this item uses, then retry.",
        ) from error


class Preparation:
    """Makes one item's step, once everything that it refers to is known."""

    def __init__(
        self,
        item: Item,
        checklist: Checklist,
        registry: Registry,
        record: Record,
        *,
        assumed: Assumed,
        preview: bool,
    ) -> None:
        self._item = item
        self._checklist = checklist
        self._registry = registry
        self._record = record
        self._assumed = assumed
        self._preview = preview

    def step(self) -> Coroutine[Step | None]:
        """The step; None when the item does not apply, or a preview cannot know it yet."""
        names = yield from self.names()
        if names is None:
            return None
        step = self.make(names)
        if step is None:
            self.defer_to_needs()
        return step

    def names(self) -> Coroutine[Mapping[str, Json] | None]:
        """What the item's expressions may refer to; None when it does not apply, or a preview
        cannot know it yet."""
        if not (yield from self._answers()):
            return None
        names = scope(self._record.state, self._checklist, preview=self._preview)
        if self._item.when and not condition(self._item.when, names):
            why = f"{self._item.when} does not hold"
            self._record.append(ItemNotApplicable(item=self._item.id, why=why))
            return None
        return names

    def make(self, names: Mapping[str, Json]) -> Step | None:
        """The step that the item's `with` gives; None when a preview cannot know it yet."""
        return made_of(self._item, self._fields(names), self._registry)

    def defer_to_needs(self) -> None:
        """In a preview: what the item will find depends on what it needs."""
        titles = ", ".join(self._checklist.item(need).title for need in self._item.needs)
        self._record.append(Deferred(item=self._item.id, because=f"known after: {titles}"))

    def _answers(self) -> Coroutine[bool]:
        """Waits for what must be answered first; False when a preview cannot."""
        while True:
            missing = unanswered(
                self._item, self._checklist, self._record.state, preview=self._preview
            )
            if not missing:
                return True
            if self._preview:
                open_ = yield from self._assumed.answer_all(missing)
                if not open_:
                    return True
                labels = ", ".join(self._checklist.inputs[name].label for name in open_)
                because = f"not answered yet: {labels}"
                self._record.append(Deferred(item=self._item.id, because=because))
                return False
            state = self._record.state.item(self._item.id)
            if state.status is not Status.NEEDS_ANSWER or state.needed_inputs != missing:
                self._record.append(AnswerNeeded(item=self._item.id, inputs=missing))
            yield Park()

    def _fields(self, names: Mapping[str, Json]) -> Mapping[str, Json]:
        """The item's `with:` block; where something is missing, what to do about it."""
        try:
            fields: Mapping[str, Json] = evaluate(dict(self._item.with_), names)
        except ExpressionError as error:
            by_hand = {Status.SKIPPED, Status.MARKED}
            state = self._record.state
            missing = [need for need in self._item.needs if state.item(need).status in by_hand]
            if not missing:
                raise
            raise StepError(
                f"It needs what {', '.join(missing)} gives, which did not run.",
                where=self._item.id,
                todo="Make that by hand under the same name and retry it: the wizard then finds "
                "it. Or skip this item too.",
            ) from error
        return fields
