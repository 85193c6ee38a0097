"""In a preview, what is not answered yet is assumed to be answered by its default."""

from collections.abc import Sequence

from wizard.checklist.expressions import references
from wizard.checklist.model import Checklist
from wizard.engine.commands import Answer
from wizard.engine.demands import Coroutine, Sleep
from wizard.engine.dropdowns import Dropdowns
from wizard.engine.operator import Operator
from wizard.engine.record import Record

SHORTLY = 0.02
"""Seconds until another item's assumption of the same input is looked at again."""


class Assumed:
    """Answers inputs by their defaults, those first that others depend on."""

    def __init__(
        self, checklist: Checklist, dropdowns: Dropdowns, operator: Operator, record: Record
    ) -> None:
        self._checklist = checklist
        self._dropdowns = dropdowns
        self._operator = operator
        self._record = record
        self._under_way: set[str] = set()

    def answer_all(self, names: Sequence[str]) -> Coroutine[list[str]]:
        """Answers these inputs; returns those that have no default."""
        open_ = []
        for name in names:
            if not (yield from self._answer(name, ())):
                open_.append(name)
        return open_

    def _answer(self, name: str, asking: tuple[str, ...]) -> Coroutine[bool]:
        if name in asking:
            return False  # two inputs that wait for each other
        while name in self._under_way:
            yield Sleep(SHORTLY)
        if name in self._record.state.answers:
            return True
        self._under_way.add(name)
        try:
            for other in self._needed(name):
                yield from self._answer(other, (*asking, name))
            value = yield from self._dropdowns.default_value(name)
            if value is None:
                return self._checklist.inputs[name].optional
            options = self._dropdowns.options(name)
            command = Answer(input=name, value=value, source="default")
            return not self._operator.answer(command, options)
        finally:
            self._under_way.discard(name)

    def _needed(self, name: str) -> list[str]:
        question = self._checklist.inputs[name]
        live = {} if isinstance(question.choices, tuple) else dict(question.choices.with_)
        named = references([question.default, live]).inputs
        return [other for other in self._checklist.inputs if other in named]
