"""Carries out an answer: what depends on the one before is withdrawn, what began with it begins
anew, and what was done with it keeps it from being changed."""

from wizard.checklist.expressions import references
from wizard.checklist.pinned import Pinned
from wizard.checklist.used import used_by
from wizard.effects import Again
from wizard.engine.commands import Answer
from wizard.engine.dropdowns import Dropdowns
from wizard.engine.operator import Operator
from wizard.engine.record import Record
from wizard.engine.scheduler import Scheduler
from wizard.session.events import InputWithdrawn, ItemReset
from wizard.session.members import calls_of
from wizard.session.reduce_calls import HAPPENED, is_unsettled
from wizard.session.state import Status


class Answering:
    """Knows which items and which other answers rest on an answer."""

    def __init__(
        self,
        pinned: Pinned,
        record: Record,
        scheduler: Scheduler,
        *,
        dropdowns: Dropdowns,
        operator: Operator,
    ) -> None:
        self._checklist = pinned.checklist
        self._record = record
        self._scheduler = scheduler
        self._dropdowns = dropdowns
        self._operator = operator

    def answer(self, command: Answer) -> str:
        """Records the answer; returns why not, or nothing."""
        name = command.input
        question = self._checklist.inputs.get(name)
        known = self._record.state.answers.get(name)
        if question is None or (known is not None and known.value == command.value):
            return self._operator.answer(command, self._dropdowns.options(name))
        if known is not None and command.source == "default" != known.source:
            return ""  # a proposal that came late replaces nobody's decision
        stale = self._stale(name) if known is not None else []
        resting = self._resting_on([name, *stale])
        # What comes as a default again is a demo account's new address, which it is now at.
        bound = self._is_writing if command.source == "default" else self._is_bound
        if busy := [item for item in resting if bound(item)]:
            return (
                f"{question.label} is in use by {', '.join(busy)}, which has made calls with it: "
                "let that end first (retry it if it failed)."
            )
        if done := [item for item in resting if self._is_final(item)]:
            return (
                f"{question.label} was used by {', '.join(done)}, which is done: it cannot be "
                "changed any more in this session."
            )
        notice = self._operator.answer(command, self._dropdowns.options(name))
        if not notice:
            for other in stale:
                self._record.append(InputWithdrawn(input=other, because=name))
            for item in resting:
                self._begin_anew(item, name)
        return notice

    def _begin_anew(self, item: str, name: str) -> None:
        state = self._record.state.item(item)
        under_way = item in self._scheduler.tasks or self._is_in_doubt(item)
        if (under_way and self._scheduler.cancel(item)) or state.status is Status.DONE:
            self._record.append(ItemReset(item=item, why=f"{name} was answered anew"))

    def _stale(self, name: str) -> list[str]:
        """Answered inputs that were chosen, or taken by default, under the answer to `name`."""
        answers = self._record.state.answers
        found: list[str] = []
        for other, question in self._checklist.inputs.items():
            if other not in answers or other == name:
                continue
            rests_on: set[str] = set()
            if not isinstance(question.choices, tuple):
                rests_on |= references(dict(question.choices.with_)).inputs
            if answers[other].source == "default" and question.default is not None:
                rests_on |= references(question.default).inputs
            if rests_on & {name, *found}:
                found.append(other)
        return found

    def _resting_on(self, names: list[str]) -> list[str]:
        """Items that began, or were done, with these answers or with what such items gave."""
        found: list[str] = []
        for item in self._checklist.items:
            used = used_by(item)
            if (used.inputs & set(names) or used.steps & set(found)) and self._has_begun(item.id):
                found.append(item.id)
        return found

    def _has_begun(self, item: str) -> bool:
        state = self._record.state.item(item)
        if item in self._scheduler.tasks:
            return state.status is not Status.NEEDS_ANSWER
        return state.status in {Status.DONE, Status.MARKED} or self._is_in_doubt(item)

    def _is_final(self, item: str) -> bool:
        """Whether it is done in a way that looking again does not repeat."""
        state = self._record.state.item(item)
        wrote = any(call.mutating and call.outcome in HAPPENED for call in calls_of(state))
        done = state.status is Status.DONE and (wrote or state.attestation is not None)
        return done or state.status is Status.MARKED

    def _is_bound(self, item: str) -> bool:
        calls = calls_of(self._record.state.item(item))
        happened = any(call.mutating and call.outcome in HAPPENED for call in calls)
        running = item in self._scheduler.tasks
        return self._is_in_doubt(item) or self._is_writing(item) or (running and happened)

    def _is_in_doubt(self, item: str) -> bool:
        calls = calls_of(self._record.state.item(item))
        return any(is_unsettled(call) and call.again is Again.LOOK for call in calls)

    def _is_writing(self, item: str) -> bool:
        return self._scheduler.is_writing(item)
