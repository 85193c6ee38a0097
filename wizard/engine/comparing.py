"""An item beside the same thing in the reference region, looked at before anything is written.

Whatever goes wrong with it is told in the comparison and stops nothing.
"""

from collections.abc import Generator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from wizard.checklist.expressions import evaluate
from wizard.checklist.model import Checklist, Counterpart, Item
from wizard.effects import Effect, Facts, Json, Made, Read, has_unknown
from wizard.engine.columns import Columns, Settled, planned_here
from wizard.engine.demands import Coroutine
from wizard.engine.interpreter import Interpreter, NotKnownYet
from wizard.engine.normalise import Place
from wizard.engine.record import Record
from wizard.engine.scope import scope
from wizard.errors import CallError, WizardError, broke
from wizard.session.base import ComparedField
from wizard.session.events import Compared
from wizard.session.state import ItemState
from wizard.step import Differences, Probe, Reads, Registry


class Comparing:
    """The comparison of one item, or of one member of an item that fans out."""

    def __init__(
        self,
        item: Item,
        name: str,
        *,
        checklist: Checklist,
        registry: Registry,
        record: Record,
        interpreter: Interpreter,
        preview: bool,
        each: Mapping[str, Json] | None = None,
    ) -> None:
        """`name` is the item's id or the member's, `each` the member's part of the scope."""
        self._item = item
        self._name = name
        self._checklist = checklist
        self._registry = registry
        self._record = record
        self._interpreter = interpreter
        self._preview = preview
        self._each = dict(each or {})
        self.region = ""
        """The reference region, once it is known."""
        self.looked = False
        """Whether it was seen what the reference region has, be it nothing."""
        self._reference: Facts | None = None

    def compare(
        self, step: Probe, found: Facts | None, differences: Differences
    ) -> Coroutine[None]:
        """Looks at the reference region and writes the comparison down, if the item has one."""
        if self._item.reference is None:
            return
        problem = yield from self.look()
        if problem:
            self._write((), problem)
        else:
            self.renew(step, found, differences)

    def look(self) -> Coroutine[str]:
        """Looks at the reference region; returns why there is nothing to compare, or nothing."""
        problem = ""
        try:
            if self._item.reference is not None:
                problem = yield from self._look(self._item.reference)
        except NotKnownYet:
            problem = "What it is compared with is known only after earlier items."
        except msgspec.ValidationError as error:
            problem = f"{self._item.step} cannot take the reference region's values: {error}."
        except WizardError as error:
            problem = f"{self.region or 'The reference region'} could not be read: {error}"
        except Exception as error:  # noqa: BLE001  a comparison stops nothing
            problem = f"The step broke on what is there: {broke(error)}"
        return problem

    def renew(self, step: Probe, found: Facts | None, differences: Differences) -> None:
        """Compares what is here now with what the reference region had."""
        if self._reference is None:
            return
        try:
            before = self._state.comparison
            accepted = before.accepted if before else {}
            rows = self._rows(step, found, differences, self._reference, accepted)
        except Exception as error:  # noqa: BLE001  a comparison stops nothing
            self._write((), f"The step broke: {broke(error)}")
        else:
            self._write(rows, "" if rows else "Nothing of it is compared.")

    def _look(self, counterpart: Counterpart) -> Coroutine[str]:
        """Finds what the reference region has; returns why there is nothing to compare."""
        names = scope(self._record.state, self._checklist, preview=self._preview) | self._each
        region = evaluate(counterpart.region, names)
        if has_unknown(region):
            raise NotKnownYet
        self.region = str(region)
        if self.region == names["session"]["region"]:
            return "This is the reference region itself."
        there = {**names, "session": {**names["session"], "region": self.region}}
        fields = evaluate({**self._item.with_, **counterpart.with_}, there)
        try:
            step = msgspec.convert(fields, self._registry.steps[self._item.step])
        except msgspec.ValidationError:
            if has_unknown(fields):
                raise NotKnownYet from None
            raise
        if not isinstance(step, Probe):
            return "Only a person can say how it is there."
        found = yield from self._interpreter.aside().look(elsewhere(step.observe(), self.region))
        self.looked = True
        self._reference = step.compared(found) if found is not None else None
        if self._reference is None:
            return f"{self.region} has none: the letter is followed."
        return ""

    def fields(
        self, found: Facts | None, differences: Differences, accepted: Mapping[str, str]
    ) -> tuple[ComparedField, ...]:
        """The rows of a member that was looked at; none where that cannot be told."""
        if self._reference is None:
            return ()
        names = scope(self._record.state, self._checklist, preview=self._preview) | self._each
        try:
            fields = evaluate(dict(self._item.with_), names)
            step = msgspec.convert(fields, self._registry.steps[self._item.step])
            if not isinstance(step, Probe):
                return ()
            return self._rows(step, found, differences, self._reference, accepted)
        except Exception:  # noqa: BLE001  a comparison stops nothing, and the member has a row
            return ()

    def _rows(
        self,
        step: Probe,
        found: Facts | None,
        differences: Differences,
        reference: Facts,
        accepted: Mapping[str, str],
    ) -> tuple[ComparedField, ...]:
        state = self._record.state
        pin = state.pin
        account, region = (pin.account_id, pin.region) if pin else ("", "")
        columns = Columns(
            self._item,
            self._checklist,
            here=Place(account_id=account, region=region),
            there=Place(account_id=account, region=self.region),
        )
        settled = Settled(accepted=accepted, deviations=tuple(state.deviations.values()))
        pending = any(not state.item(need).status.ended for need in self._item.needs)
        here, planned = planned_here(step, found, differences, reference, pending=pending)
        return columns.rows(reference, here, planned, settled)

    def _write(self, rows: tuple[ComparedField, ...], problem: str) -> None:
        before = self._state.comparison
        now = (self.region, rows, problem)
        if before is None or (before.region, before.rows, before.problem) != now:
            self._record.append(
                Compared(item=self._name, region=self.region, rows=rows, problem=problem)
            )

    @property
    def _state(self) -> ItemState:
        return self._record.state.item(self._name)


def elsewhere(effects: Reads[Facts | None], region: str) -> Reads[Facts | None]:
    """The same reads, those that name no region in that one; nothing was made there by us."""
    send: Generator[Effect, Any, Facts | None] = effects
    answer: Any = None
    error: CallError | None = None
    while True:
        try:
            effect = send.throw(error) if error is not None else send.send(answer)
        except StopIteration as end:
            found: Facts | None = end.value
            return found
        answer, error = None, None
        if isinstance(effect, Made):
            answer = []
            continue
        if isinstance(effect, Read) and effect.region is None:
            effect = replace(effect, region=region)
        try:
            answer = yield effect
        except CallError as problem:
            error = problem
