"""Plays a step's generator against scripted answers, one for each effect, in order."""

from collections.abc import Generator, Sequence
from typing import Any, TypeVar

from wizard.effects import Effect, Facts, Read, Write
from wizard.errors import CallError
from wizard.step import Action

T = TypeVar("T")


def play(effects: Generator[Effect, Any, T], *answers: object) -> tuple[T, list[Effect]]:
    """What the generator returns, and the effects it asked for; a CallError is thrown into it."""
    asked: list[Effect] = []
    left = list(answers)
    step: object = None
    while True:
        try:
            effect = effects.throw(step) if isinstance(step, CallError) else effects.send(step)
        except StopIteration as end:
            assert not left, f"answers that nobody asked for: {left}"
            value: T = end.value
            return value, asked
        asked.append(effect)
        assert left, f"no answer is left for {effect}"
        step = left.pop(0)


def found_by(effects: Generator[Effect, Any, T], *answers: object) -> T:
    """What the generator returns."""
    return play(effects, *answers)[0]


def operations(effects: Sequence[Effect]) -> list[str]:
    """The API operations among the effects."""
    return [effect.operation for effect in effects if isinstance(effect, Read | Write)]


def writes(step: Action, found: Facts | None, *answers: object) -> list[Write]:
    """The writes with which the step mends what was found; reads among them are answered."""
    effects = step.converge(found, step.differences(found))
    given = list(answers)
    made: list[Write] = []
    answer: object = None
    while True:
        try:
            effect = effects.send(answer)
        except StopIteration:
            return made
        if isinstance(effect, Write):
            made.append(effect)
            answer = {}
        else:
            answer = given.pop(0)
