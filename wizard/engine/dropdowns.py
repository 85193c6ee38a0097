"""The live choices and defaults of inputs, read through the same scheduler as everything else."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from wizard.checklist.expressions import evaluate, references
from wizard.checklist.model import Checklist, FixedChoice, LiveChoices
from wizard.clock import Clock, iso
from wizard.effects import Effect, Json, Now, Read, has_unknown
from wizard.engine.demands import Coroutine, Make
from wizard.engine.desk import Dropdown
from wizard.engine.drive import drive
from wizard.engine.interpreter import THROTTLED_AT_MOST
from wizard.engine.scope import scope
from wizard.errors import CallError, DeniedError, StepError, ThrottledError, WizardError
from wizard.gateway.protocol import Answer, Gateway
from wizard.session.state import SessionState
from wizard.step import Option, Options, Registry

MOST_NAMED = 3
"""Regions that a dropdown's source names; more are counted."""


class Dropdowns:
    """Reads the options of inputs under the present answers. Runs on the engine's thread."""

    def __init__(
        self,
        checklist: Checklist,
        registry: Registry,
        gateway: Gateway,
        clock: Clock,
        state: Callable[[], SessionState],
    ) -> None:
        self._checklist = checklist
        self._registry = registry
        self._gateway = gateway
        self._clock = clock
        self._state = state
        self.known: dict[str, Dropdown] = {}
        """As last read, by input."""
        self._read_with: dict[str, Json] = {}

    def read(self, name: str, future: "Future[Dropdown]", *, refresh: bool) -> Coroutine[None]:
        """Resolves `future` with the input's choices; never with an error the field cannot show."""
        dropdown = yield from self._dropdown(name, refresh=refresh)
        future.set_result(dropdown)

    def default(self, name: str, future: "Future[Json]") -> Coroutine[None]:
        """Resolves `future` with what the input is answered with by default, or None."""
        value = yield from self.default_value(name)
        future.set_result(value)

    def default_value(self, name: str) -> Coroutine[Json]:
        """What the input is answered with by default, or None."""
        question = self._checklist.inputs[name]
        value: Json = None
        if question.default is not None:
            try:
                value = evaluate(question.default, self._scope())
            except WizardError:
                value = None  # it refers to an answer that is not given yet
        if value is None and question.choices:
            dropdown = yield from self._dropdown(name, refresh=False)
            suggested = [one.value for one in dropdown.options if one.suggested]
            if question.type == "ports":
                value = [_with_port(str(one), question.port) for one in suggested] or None
            elif question.type in {"choices", "texts"}:
                value = suggested or None
            else:
                value = suggested[0] if suggested else None
        return None if has_unknown(value) else value

    def _dropdown(self, name: str, *, refresh: bool) -> Coroutine[Dropdown]:
        question = self._checklist.inputs[name]
        choices = question.choices
        if not isinstance(choices, LiveChoices):
            return _fixed(choices, iso(self._clock.utc()))
        waits_for = self._waits_for(choices)
        if waits_for:
            return Dropdown(options=(), source=choices.source, read_at="", waits_for=waits_for)
        sources: list[tuple[str, str]] = []
        problem = ""
        options: list[Option] = []
        fresh_after = self._clock.monotonic() if refresh else float("-inf")
        arguments: Json = None
        try:
            arguments = evaluate(dict(choices.with_), self._scope())
            source = self._registry.options[choices.source](**arguments)
            options = yield from self._drive(name, source, sources, fresh_after)
        except DeniedError as error:
            problem = f"{error.where}: {error.what} Ask for {error.action}."
        except (CallError, StepError) as error:
            problem = str(error)
        dropdown = Dropdown(
            options=tuple(options),
            source=_told(sources) or choices.source,
            read_at=iso(self._clock.utc()),
            problem=problem,
        )
        self._read_with[name] = arguments
        self.known[name] = dropdown
        return dropdown

    def options(self, name: str) -> Sequence[Option] | None:
        """The input's choices as last read; None when they were not, or for other answers."""
        known = self.known.get(name)
        question = self._checklist.inputs.get(name)
        if known is None or known.problem or question is None:
            return None
        if not isinstance(question.choices, LiveChoices) or self._waits_for(question.choices):
            return None
        try:
            arguments = evaluate(dict(question.choices.with_), self._scope())
        except WizardError:
            return None  # an item that it names was skipped
        return known.options if arguments == self._read_with[name] else None

    def _drive(
        self, name: str, source: Options, sources: list[tuple[str, str]], fresh_after: float
    ) -> Coroutine[list[Option]]:
        def read(effect: Effect) -> Coroutine[Json]:
            if isinstance(effect, Now):
                return self._gateway.now()
            sources.append(self._source(effect))
            made: Answer = yield from self._make(name, effect, fresh_after)
            return made.value

        return (yield from drive(source, read))

    def _make(self, name: str, effect: Effect, fresh_after: float) -> Coroutine[Answer]:
        throttled = 0
        while True:
            try:
                answer: Answer = yield Make(f"dropdown {name}", effect, fresh_after)
            except ThrottledError:
                # The operation's pace is slower now: asking again waits for it.
                throttled += 1
                if throttled >= THROTTLED_AT_MOST:
                    raise
            else:
                return answer

    def _source(self, effect: Effect) -> tuple[str, str]:
        if isinstance(effect, Read):
            pin = self._state().pin
            region = effect.region or (pin.region if pin else "")
            return f"{effect.service}:{effect.operation}", region
        described = self._gateway.describe(effect)
        return f"{described.service} {described.operation}", ""

    def _waits_for(self, choices: LiveChoices) -> tuple[str, ...]:
        used = references(dict(choices.with_))
        answers = self._state().answers
        inputs = [
            name
            for name in self._checklist.inputs
            if name in used.inputs
            and name not in answers
            and not self._checklist.inputs[name].optional
        ]
        steps = [step for step in used.steps if not self._state().item(step).status.ended]
        return (*inputs, *steps)

    def _scope(self) -> dict[str, Json]:
        return scope(self._state(), self._checklist, preview=False)


def _fixed(choices: tuple[FixedChoice, ...], read_at: str) -> Dropdown:
    options = tuple(Option(value=one.value, label=one.label, detail=one.detail) for one in choices)
    return Dropdown(options=options, source="the checklist", read_at=read_at)


def _with_port(value: str, port: int | None) -> str:
    return value if ":" in value or port is None else f"{value}:{port}"


def _told(sources: Sequence[tuple[str, str]]) -> str:
    """What was read and where: each operation once, many regions counted."""
    regions: dict[str, dict[str, None]] = {}
    for operation, region in sources:
        regions.setdefault(operation, {})[region] = None
    parts = []
    for operation, where in regions.items():
        named = [region for region in where if region]
        place = ", ".join(named) if len(named) <= MOST_NAMED else f"{len(named)} regions"
        parts.append(f"{operation} in {place}" if place else operation)
    return ", ".join(parts)
