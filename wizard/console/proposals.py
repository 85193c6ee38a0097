"""Answers by default: questions that do not hang on each other are asked at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from wizard.checklist.expressions import references
from wizard.checklist.model import Input, LiveChoices
from wizard.effects import Json
from wizard.engine.desk import Running

T = TypeVar("T")

DROPDOWN_SECONDS = 120.0
"""Real seconds for a dropdown that defaults are taken from."""

LOOK_SECONDS = 0.5
"""Real seconds between looks whether a pause keeps a dropdown from coming."""


class Proposals:
    """Takes the defaults of inputs from a running session."""

    def __init__(self, running: Running, *, alone: bool) -> None:
        """With `alone` nobody ends a pause: it ends the waiting for a dropdown."""
        self._running = running
        self._alone = alone
        self._inputs = running.pinned.checklist.inputs

    def propose(self, names: Sequence[str], give: Callable[[str, Json], None]) -> dict[str, str]:
        """Hands each default to `give`; returns why a dropdown had none, by input."""
        problems: dict[str, str] = {}
        left = list(names)
        while left:
            ready = [name for name in left if not _hangs_on(self._inputs[name]) & set(left)]
            ready = ready or left[:1]
            asked = {name: self._running.default(name) for name in ready}
            for name, future in asked.items():
                value = self._wait(future)
                if value is not None:
                    give(name, value)
                elif problem := self._problem(name):
                    problems[name] = problem
            left = [name for name in left if name not in asked]
        return problems

    def _problem(self, name: str) -> str:
        if not isinstance(self._inputs[name].choices, LiveChoices):
            return ""
        dropdown = self._wait(self._running.dropdown(name))
        return dropdown.problem if dropdown is not None else ""

    def _wait(self, future: "Future[T]") -> T | None:
        for _ in range(int(DROPDOWN_SECONDS / LOOK_SECONDS)):
            try:
                return future.result(LOOK_SECONDS)
            except TimeoutError:
                if self._alone and self._running.snapshot.state.paused:
                    break
            except CancelledError:
                break
        return None


def _hangs_on(question: Input) -> set[str]:
    live = dict(question.choices.with_) if isinstance(question.choices, LiveChoices) else {}
    return set(references([question.default, live]).inputs)
