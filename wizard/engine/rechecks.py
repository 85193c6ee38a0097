"""A session that reads again what another one asserted: every item, side by side, only reads.

The checklist, the answers and what the items gave are those of the session that is rechecked;
`session` in expressions is that session too. What the steps find is judged in `verdicts`.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from wizard.checklist.expressions import ExpressionError, evaluate
from wizard.checklist.model import Item
from wizard.checklist.pinned import Pinned
from wizard.clock import Clock, Ids
from wizard.effects import Facts, Json
from wizard.engine import roster
from wizard.engine.demands import Coroutine
from wizard.engine.interpreter import Interpreter
from wizard.engine.listing import listed
from wizard.engine.preparation import made_of
from wizard.engine.record import Record
from wizard.engine.scheduler import Scheduler
from wizard.engine.scope import scope
from wizard.engine.together import Together
from wizard.engine.verdicts import judged, unasserted, unread
from wizard.errors import StepError, WizardError
from wizard.gateway.protocol import Gateway
from wizard.session.base import Member, member_id
from wizard.session.events import (
    FannedOut,
    ItemStarted,
    Observed,
    SessionAborted,
    SessionFinished,
    SessionSuspended,
)
from wizard.session.rechecks import Rechecked, Verdict
from wizard.session.state import ItemState, SessionState
from wizard.session.verdicts import counted, worst
from wizard.step import Attest, Differences, Probe, Registry


def cut_short(state: SessionState, why: str) -> tuple[SessionAborted | SessionSuspended, ...]:
    """How a session ends whose process has to go: a recheck is not resumed but begun anew."""
    if state.rechecks is None:
        return (SessionSuspended(reason=why),)
    return () if state.finished_at else (SessionAborted(reason=why),)


class Rechecks:
    """The items of one recheck."""

    def __init__(
        self,
        pinned: Pinned,
        registry: Registry,
        record: Record,
        scheduler: Scheduler,
        gateway: Gateway,
        *,
        before: SessionState,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._checklist = pinned.checklist
        self._registry = registry
        self._record = record
        self._scheduler = scheduler
        self._gateway = gateway
        self._before = before
        self._clock = clock
        self._ids = ids
        self._names: Mapping[str, Json] = scope(before, pinned.checklist, preview=False)
        self._begun = False

    def start_ready(self) -> None:
        """Begin all at once: nothing waits for anything. When all have a verdict, it is over."""
        if not self._begun:
            self._begun = True
            for item in self._checklist.items:
                self._begin(item)
        state = self._record.state
        if all(state.item(item.id).recheck is not None for item in self._checklist.items):
            self._record.append(SessionFinished())

    def _begin(self, item: Item) -> None:
        self._record.later(ItemStarted(item=item.id))
        before = self._before.item(item.id)
        why = unasserted(before)
        # One of many may be right though not all of them are.
        if why and not any(not unasserted(child) for child in before.children.values()):
            self._end(
                Rechecked(
                    item=item.id,
                    verdict=Verdict.NOT_COMPARABLE,
                    why=why,
                    recorded_at=before.observed_at,
                )
            )
            return
        coroutine = self._one(item, before) if item.foreach is None else self._many(item, before)
        self._scheduler.spawn(
            item.id,
            coroutine,
            lambda problem: self._finished(item.id, before, problem),
        )

    def _one(self, item: Item, before: ItemState) -> Coroutine[None]:
        yield from self._recheck(item, before.id, before, self._names)

    def _many(self, item: Item, before: ItemState) -> Coroutine[None]:
        """Those that it stood for, and those that it would stand for now."""
        now, problem = yield from self._listed_now(item)
        known = {member.key for member in before.members}
        new = tuple(member for member in now if member.key not in known)
        self._record.append(FannedOut(item=item.id, members=(*before.members, *new)))
        together = Together(item.id, self._scheduler, self._record, self._failed)
        try:
            yield from together.run(
                (member_id(item.id, member.key), self._member(item, member, before))
                for member in (*before.members, *new)
            )
        finally:
            together.stop()
        found = counted({item.id: self._record.state.item(item.id)})
        verdict = problem.verdict if problem is not None and not found else worst(found)
        tally = ", ".join(f"{count} {one.value}" for one, count in found.items())
        why = (
            f"{len(before.members) + len(new)} in all: {tally}." if found else "It stands for none."
        )
        if problem is not None:
            why = f"{why} Whether there are new ones could not be read: {problem.why}"
            if verdict in {Verdict.MATCH, Verdict.NOT_COMPARABLE, Verdict.ATTESTED}:
                verdict = problem.verdict
        elif not found:
            verdict = Verdict.MATCH
        self._end(Rechecked(item=item.id, verdict=verdict, why=why, recorded_at=before.observed_at))

    def _listed_now(self, item: Item) -> Coroutine[tuple[tuple[Member, ...], Rechecked | None]]:
        try:
            entries = yield from listed(
                item, self._names, self._registry, self._interpreter(item.id)
            )
            return roster.members(entries, item.id), None
        except WizardError as error:
            return (), unread(item.id, None, error)

    def _member(self, item: Item, member: Member, parent: ItemState) -> Coroutine[None]:
        name = member_id(item.id, member.key)
        before = parent.children.get(member.key)
        names = {**self._names, "each": member.each}
        if before is not None and (why := unasserted(before)):
            self._end(
                Rechecked(
                    item=name,
                    verdict=Verdict.NOT_COMPARABLE,
                    why=why,
                    recorded_at=before.observed_at,
                )
            )
            return
        yield from self._recheck(item, name, before, names)

    def _recheck(
        self, item: Item, name: str, before: ItemState | None, names: Mapping[str, Json]
    ) -> Coroutine[None]:
        """The verdict on one, whatever becomes of the look."""
        try:
            step = made_of(item, evaluate(dict(item.with_), names), self._registry)
        except (ExpressionError, StepError) as error:
            self._end(
                Rechecked(
                    item=name,
                    verdict=Verdict.NOT_COMPARABLE,
                    why=f"What it is made of was not recorded: {error}",
                    recorded_at=before.observed_at if before else "",
                )
            )
            return
        match step:
            case Attest():
                why = "Only a person can say so."
                self._end(Rechecked(item=name, verdict=Verdict.ATTESTED, why=why))
            case Probe() if step.momentary:
                said = before is not None and before.attestation is not None
                self._end(
                    Rechecked(
                        item=name,
                        verdict=Verdict.ATTESTED if said else Verdict.NOT_COMPARABLE,
                        why=step.momentary,
                        recorded_at=before.observed_at if before else "",
                    )
                )
            case Probe():
                found, wrong = yield from self._look(name, step)
                self._record.later(Observed(item=name, found=found, differences=wrong))
                self._end(judged(name, step, before, found, wrong))
            case _:
                raise StepError(f"{item.step} can be neither attested nor seen.", where=name)

    def _look(self, name: str, step: Probe) -> Coroutine[tuple[Facts | None, Differences]]:
        found = yield from self._interpreter(name).look(step.observe())
        return found, step.differences(found)

    def _finished(self, name: str, before: ItemState, problem: BaseException | None) -> None:
        if problem is not None:
            self._end(unread(name, before, problem))

    def _failed(self, name: str, problem: BaseException) -> Rechecked:
        before = self._before.item(name)
        return unread(name, before if before.observed_at else None, problem)

    def _end(self, verdict: Rechecked) -> None:
        self._record.later(replace(verdict, why=self._gateway.scrub(verdict.why)))

    def _interpreter(self, name: str) -> Interpreter:
        return Interpreter(
            name,
            gateway=self._gateway,
            record=self._record,
            clock=self._clock,
            ids=self._ids,
            preview=False,
        )
