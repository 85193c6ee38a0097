"""Carries a checklist out by hand, item after item, on its own defaults and without the engine."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tests.steps.driving import Account, drive
from wizard.checklist.expressions import evaluate, references
from wizard.checklist.inputs import check_answer
from wizard.checklist.model import Checklist, Item, LiveChoices
from wizard.effects import Facts, Json
from wizard.step import Action, Differences, Option, Probe, Registry

LOOK_EVERY = 30.0
"""Account seconds between looks at what settles."""
CONSISTENCY = 30.0
"""Account seconds within which AWS shows a change that it took."""


class Run:
    """One run: the answers it came to, what items gave out, and which of them wrote."""

    def __init__(
        self,
        checklist: Checklist,
        registry: Registry,
        account: Account,
        session: Mapping[str, Json],
        advance: Callable[[float], None],
    ) -> None:
        self._checklist = checklist
        self._registry = registry
        self._account = account
        self._session = session
        self._advance = advance
        self.answers: dict[str, Json] = {}
        self.outputs: dict[str, Facts] = {}
        self.wrote: list[str] = []

    def carry_out(self, answers: Mapping[str, Json]) -> None:
        """All items along what they need; questions are answered as late as they may be."""
        self.answers.update(answers)
        left = list(self._checklist.items)
        while left:
            item = next(one for one in left if set(one.needs) <= set(self.outputs))
            left.remove(item)
            for name in sorted(references(dict(item.with_)).inputs):
                self._answer(name)
            self._item(item)

    def _answer(self, name: str) -> None:
        if name in self.answers:
            return
        asked = self._checklist.inputs[name]
        options = None
        if isinstance(asked.choices, LiveChoices):
            for other in sorted(references(dict(asked.choices.with_)).inputs):
                self._answer(other)
            fields = self._evaluate(dict(asked.choices.with_))
            options = self._account.read(self._registry.options[asked.choices.source](**fields))
        for other in sorted(references(asked.default).inputs):
            self._answer(other)
        value = self._evaluate(asked.default)
        if value is None:
            value = _suggested(options or [], asked.type, asked.port)
        assert check_answer(asked, value, options) == "", name
        self.answers[name] = value

    def _item(self, item: Item) -> None:
        step = msgspec.convert(self._evaluate(dict(item.with_)), self._registry.steps[item.step])
        assert isinstance(step, Probe)
        found, differences = self._account.look(step)
        todo = [difference for difference in differences if not difference.settles]
        if todo and isinstance(step, Action):
            assert all(difference.fixable for difference in todo), todo
            self.wrote.append(item.id)
            drive(step.converge(found, differences), self._account.answers(step))
            found, differences = self._written(step)
        waited = 0.0
        while differences:
            assert all(difference.settles for difference in differences), differences
            assert waited < step.patience.limit, step.waiting_for(found)
            self._advance(LOOK_EVERY)
            waited += LOOK_EVERY
            found, differences = self._account.look(step)
        self.outputs[item.id] = step.outputs(found)

    def _written(self, step: Action) -> tuple[Facts | None, Differences]:
        """What is found once a write shows."""
        for _ in range(int(CONSISTENCY)):
            found, differences = self._account.look(step)
            if all(difference.settles for difference in differences):
                break
            self._advance(1)
        return found, differences

    def _evaluate(self, value: Json) -> Any:
        names = {"inputs": self.answers, "steps": self.outputs, "session": self._session}
        return evaluate(value, names)


def _suggested(options: list[Option], kind: str, port: int | None) -> Json:
    values = [option.value for option in options if option.suggested]
    match kind:
        case "ports":
            return [f"{value}:{port}" for value in values]
        case "choices":
            return values
        case _:
            return values[0] if values else None
