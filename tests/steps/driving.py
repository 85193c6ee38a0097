"""Drives steps and dropdowns by hand: on scripted answers, or on a gateway for real."""

from collections.abc import Callable, Generator
from typing import Any

from tests.steps.cases_of_steps import complaint
from wizard.effects import UNKNOWN, Effect, Facts, Made, Now, is_mutating
from wizard.errors import CallError
from wizard.gateway.protocol import Gateway
from wizard.session.canonical import canonical
from wizard.step import Action, Probe

Script = Callable[[Effect], Any]


def drive(effects: Generator[Effect, Any, Any], script: Script) -> Any:
    """What the generator returns when `script` answers its effects; it may catch a `CallError`."""
    answer: Any = None
    failed: CallError | None = None
    while True:
        try:
            effect = effects.send(answer) if failed is None else effects.throw(failed)
        except StopIteration as end:
            return end.value
        try:
            answer, failed = script(effect), None
        except CallError as error:
            failed = error


def writes(step: Action, found: Facts | None, script: Script | None = None) -> list[Effect]:
    """The mutating effects that the step would make, each answered with `UNKNOWN`."""
    made: list[Effect] = []

    def answers(effect: Effect) -> Any:
        if is_mutating(effect):
            made.append(effect)
            return UNKNOWN
        assert script is not None, f"an unexpected read: {effect}"
        return script(effect)

    drive(step.converge(found, step.differences(found)), answers)
    return made


class Account:
    """Runs items on a gateway and remembers, for each, what was made and what it gave out."""

    def __init__(self, gateway: Gateway, now: Callable[[], float]) -> None:
        self._gateway = gateway
        self._now = now
        self.calls: list[Effect] = []
        """Mutating ones."""
        self._made: dict[bytes, list[dict[str, Any]]] = {}

    def answers(self, step: object) -> Script:
        """A script that makes the calls for `step`."""
        key = canonical({"step": repr(step)})

        def script(effect: Effect) -> Any:
            if isinstance(effect, Made):
                return list(self._made.get(key, ()))
            if isinstance(effect, Now):
                return self._now()
            answer = self._gateway.call(effect)
            if is_mutating(effect):
                # The simulated account takes values that AWS refuses.
                assert complaint(effect) == ""
                self.calls.append(effect)
                described = self._gateway.describe(effect)
                self._made.setdefault(key, []).append(
                    {
                        "operation": described.operation,
                        "params": described.params,
                        "at": self._now(),
                        "response": answer.redacted,
                    }
                )
            return answer.value

        return script

    def read(self, effects: Generator[Effect, Any, Any]) -> Any:
        """What a generator of reads returns, such as a dropdown's options."""
        return drive(effects, self.answers("a dropdown"))

    def look(self, step: Probe) -> tuple[Facts | None, Any]:
        """What is found, and what differs."""
        found = drive(step.observe(), self.answers(step))
        return found, step.differences(found)

    def act(self, step: Probe) -> bool:
        """Make the calls that the differences ask for; False when there is nothing to do."""
        found, differences = self.look(step)
        todo = [difference for difference in differences if not difference.settles]
        assert all(difference.fixable for difference in todo), todo
        if not todo or not isinstance(step, Action):
            return False
        drive(step.converge(found, differences), self.answers(step))
        return True
