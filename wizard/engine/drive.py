"""Drives a step's generator: each effect is performed, its answer or its error sent back."""

from collections.abc import Callable, Generator
from typing import Any, TypeVar

from wizard.effects import Effect
from wizard.engine.demands import Coroutine
from wizard.errors import CallError

T = TypeVar("T")


def drive(
    effects: Generator[Effect, Any, T], perform: Callable[[Effect], Coroutine[Any]]
) -> Coroutine[T]:
    """What the generator returns.

    Errors of calls are thrown into it, since a step may know better: a code it expects is an
    answer to it. Everything else that `perform` raises ends the drive.
    """
    answer: Any = None
    error: CallError | None = None
    while True:
        try:
            effect = effects.throw(error) if error is not None else effects.send(answer)
        except StopIteration as end:
            value: T = end.value
            return value
        answer, error = None, None
        try:
            answer = yield from perform(effect)
        except CallError as problem:
            error = problem
