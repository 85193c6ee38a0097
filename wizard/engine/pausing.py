"""Pauses for a person: what is asked, the deeds done meanwhile, and when it is over."""

from wizard.effects import Facts
from wizard.engine.deeds import Asked, Deeds
from wizard.engine.demands import Coroutine, OutOfDate, Park
from wizard.engine.doubts import Doubts
from wizard.engine.interpreter import InDoubt, Interpreter
from wizard.engine.record import Record
from wizard.engine.waiting import Waiting, actionable, differing, ours
from wizard.errors import WizardError
from wizard.session.pauses import Attested, DeedEnded, PersonNeeded
from wizard.session.reduce_calls import unsettled
from wizard.session.state import ItemState, Status
from wizard.step import Action, Differences, Probe

LOST = "The answer of its call was lost, and it did not happen. Do it again."
UNSEEN = "The answer of its call was lost, and what it does cannot be seen. Do it again."
CUT_SHORT = "The wizard ended meanwhile: look whether it happened, then do it again."


class Pausing:
    """The pauses of one item."""

    def __init__(
        self,
        item: str,
        record: Record,
        *,
        interpreter: Interpreter,
        waiting: Waiting,
        doubts: Doubts,
        deeds: Deeds,
    ) -> None:
        self._item = item
        self._record = record
        self._interpreter = interpreter
        self._waiting = waiting
        self._doubts = doubts
        self._deeds = deeds

    def recover(self) -> bool:
        """Whether a deed was under way when the wizard ended; then that is written down."""
        pause = self._state.pause
        cut = pause is not None and bool(pause.doing) and not self._deeds.is_asked(self._item)
        if cut and pause is not None:
            self._record.append(DeedEnded(item=self._item, deed=pause.doing, problem=CUT_SHORT))
        return cut

    def until_done(
        self, step: Probe, found: Facts | None, differences: Differences
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Wait for a person's deed that we can see; returns what differs then, if anything."""
        while waits_for_person(step, differences):
            self._ask(step, found, asked_of_person(step, found, differences), attest=False)
            if not self._deeds.is_asked(self._item):
                yield self._waiting.next_look(step)
            found, differences = yield from self._done(step, found, differences)
        return found, differences

    def until_attested(
        self, step: Probe, found: Facts | None
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Wait for a person's word; a deed meanwhile may show that something differs again."""
        differences: Differences = ()
        while self._state.attestation is None and not differences:
            self._ask(step, found, step.attest, attest=True)
            if not self._deeds.is_asked(self._item):
                yield Park()
            if self._deeds.is_asked(self._item):
                found, differences = yield from self._done(step, found, differences)
        return found, differences

    def _ask(self, step: Probe, found: Facts | None, instructions: str, *, attest: bool) -> None:
        """Writes the pause down, again only when something of it has changed."""
        self._deeds.offer(self._item, step, found)
        needed = PersonNeeded(
            item=self._item,
            instructions=instructions,
            notices_itself=not attest,
            must_attest=attest,
            deeds=step.deeds(found),
        )
        pause = self._state.pause
        standing = self._state.status is Status.NEEDS_PERSON and pause is not None
        if pause is None or not standing or _asked(needed) != _asked(pause):
            self._record.append(needed)

    def _done(
        self, step: Probe, found: Facts | None, differences: Differences
    ) -> Coroutine[tuple[Facts | None, Differences]]:
        """Carries out the deed that was asked for, if one was, and looks again. It has ended when
        what it did is seen: what is offered then is offered after it."""
        asked = self._deeds.begin(self._item)
        problem, note = "", ""
        lost: tuple[str, ...] = ()
        if asked is not None:
            try:
                note = yield from self._act(step, found, asked)
            except InDoubt:
                lost = tuple(call.op for call in unsettled(self._state))
            except OutOfDate:
                problem = "It could not leave in time, so nothing was sent. Do it again."
            except WizardError as error:
                problem = self._deeds.scrub(str(error))
        found, differences = yield from self._waiting.look_again(step, found, differences)
        if lost:
            found, differences = yield from self._doubts.settle(
                step, found, differences, by_deed=True
            )
            attested = self._state.pause is not None and self._state.pause.must_attest
            problem = (UNSEEN if attested else LOST) if self._did_not_happen(lost) else ""
        if asked is not None:
            ended = DeedEnded(item=self._item, deed=asked.deed, problem=problem)
            said = (Attested(item=self._item, note=self._deeds.scrub(note)),) if note else ()
            self._record.append(ended, *said)
        return found, differences

    def _did_not_happen(self, ops: tuple[str, ...]) -> bool:
        return any(
            call.op in ops and call.outcome == "settled: did not happen"
            for call in self._state.calls
        )

    def _act(self, step: Probe, found: Facts | None, asked: Asked) -> Coroutine[str]:
        effects = step.act(asked.deed, found, asked.given, asked.secret)
        return (yield from self._interpreter.act(effects))

    @property
    def _state(self) -> ItemState:
        return self._record.state.item(self._item)


def waits_for_person(step: Probe, differences: Differences) -> bool:
    """Whether nothing is left but what a person is to bring about, or a probe's to see."""
    if isinstance(step, Action) and ours(differences):
        return False
    return bool(actionable(differences))


def asked_of_person(step: Probe, found: Facts | None, differences: Differences) -> str:
    """What a person is to do, in words."""
    own = step.instructions(found)
    reasons = "\n".join(f"• {one.reason or differing(one)}" for one in actionable(differences))
    return f"{own}\n{reasons}".strip()


def _asked(pause: object) -> tuple[object, ...]:
    return tuple(
        getattr(pause, field)
        for field in ("instructions", "notices_itself", "must_attest", "deeds")
    )
