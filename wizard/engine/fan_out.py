"""An item that stands for many: one coroutine that leads all its members through their phases.

Everybody is looked at, so that one listing serves all; their calls are shown together and
approved once; a window of them writes; and after a round of writes all are looked at together
again. A member that fails stops no other, and the journal says where a restart goes on.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping

from wizard.checklist.model import Item
from wizard.clock import Clock
from wizard.effects import Json, has_unknown
from wizard.engine import roster
from wizard.engine.comparing_members import ComparingMembers
from wizard.engine.consent import Consent
from wizard.engine.demands import Coroutine, Park, Sleep
from wizard.engine.failures import failed
from wizard.engine.interpreter import Interpreter
from wizard.engine.listing import listed
from wizard.engine.member import MemberRun
from wizard.engine.preparation import Preparation
from wizard.engine.reads import LIFETIME
from wizard.engine.record import Record
from wizard.engine.together import Together
from wizard.engine.totals import ended, foreseen
from wizard.engine.waiting import CONSISTENCY, CONSISTENCY_EVERY, SHORTEST
from wizard.errors import StepError, WizardError
from wizard.session.base import Member, member_id
from wizard.session.events import Deferred, FannedOut, ItemStarted, WaitStarted
from wizard.session.state import ItemState, Status
from wizard.step import Action, Probe, Registry

BATCH = 500
"""Members that are looked at together before, and after, a round of writes."""

FRESH = 10.0
"""Real seconds: what was seen longer ago is looked at again before the writes."""

ROUND = 25.0
"""Real seconds during which members of a batch begin to write; with what they then wait for
their operation's pace, they leave before what was seen is stale."""


class FanOut:
    """Runs one item of a session with `foreach`, or previews it."""

    def __init__(
        self,
        item: Item,
        *,
        preparation: Preparation,
        registry: Registry,
        record: Record,
        together: Together,
        comparing: ComparingMembers,
        interpreters: Callable[[str], Interpreter],
        clock: Clock,
        preview: bool,
    ) -> None:
        """`interpreters` makes one for the item, or for the member, of that id."""
        self._item = item
        self._preparation = preparation
        self._registry = registry
        self._record = record
        self._together = together
        self._comparing = comparing
        self._interpreters = interpreters
        self._clock = clock
        self._preview = preview
        self._consent = Consent(item.id, record)
        self._names: Mapping[str, Json] = {}
        self._seen_to: set[str] = set()
        self._look_after = float("-inf")
        """Monotonic seconds: writes rest on nothing that was seen before."""

    def run(self) -> Coroutine[None]:
        """The item, from its start to its end. Errors of its own are the engine's to journal."""
        began_before = bool(self._state.started_at)
        self._record.append(ItemStarted(item=self._item.id))
        names = yield from self._preparation.names()
        if names is None:
            return
        self._names = names
        now = self._clock.monotonic()
        fresh_after = now if began_before else now - LIFETIME
        entries = yield from self._list(fresh_after)
        if has_unknown(entries):
            self._preparation.defer_to_needs()
            return
        members = roster.kept(roster.members(entries, self._item.id), self._state)
        if members != self._state.members:
            self._record.append(FannedOut(item=self._item.id, members=members))
        try:
            yield from self._make_right(fresh_after)
        finally:
            self._together.stop()

    def _list(self, fresh_after: float) -> Coroutine[Json]:
        """The list as it is now; unknown when a preview cannot know it yet."""
        interpreter = self._interpreters(self._item.id)
        interpreter.fresh_after = fresh_after
        return (yield from listed(self._item, self._names, self._registry, interpreter))

    def _make_right(self, fresh_after: float) -> Coroutine[None]:
        compared = False
        while runs := self._open():
            self._seen_to = {run.id for run in runs}
            if self._state.status is not Status.CHECKING:
                self._record.later(ItemStarted(item=self._item.id))
            yield from self._together.run((run.id, run.survey(fresh_after)) for run in runs)
            if not compared:
                yield from self._comparing.look(self._state.members)
                compared = True
            if self._preview:
                for run in self._still_open(runs):
                    run.foresee()
                break
            differing = [run for run in self._still_open(runs) if run.differs]
            if differing:
                if not (yield from self._approval(differing)):
                    fresh_after = self._clock.monotonic()
                    continue
                yield from self._apply(differing)
            waiting = [run for run in self._still_open(runs) if run.waits]
            if waiting:
                yield from self._wait(waiting)
            fresh_after = self._clock.monotonic()
        self._comparing.renew()
        end = foreseen if self._preview else ended
        self._record.append(end(self._state, is_action=self._is_action))

    def _approval(self, runs: list[MemberRun]) -> Coroutine[bool]:
        """Consent to all their calls; False when meanwhile others are to be seen to."""
        calls = tuple(call for run in runs for call in run.calls)
        if self._consent.ask(calls):
            return True
        while not self._consent.given(calls):
            if self._has_news() or len(self._still_open(runs)) < len(runs):
                return False
            yield Park()
        self._look_after = self._clock.monotonic()
        self._consent.ask(calls)
        return True

    def _apply(self, runs: list[MemberRun]) -> Coroutine[None]:
        """Round after round: look where it was long ago, write, look at all that wrote."""
        queue = deque(runs)
        written: list[MemberRun] = []
        while queue or written:
            batch = [queue.popleft() for _ in range(min(BATCH, len(queue)))]
            yield from self._look_again(self._still_open(batch))
            left: list[MemberRun] = []
            ready = [run for run in self._still_open(batch) if run.differs]
            yield from self._together.run(
                (run.id, run.write(self._consent.covers)) for run in self._in_time(ready, left)
            )
            queue.extendleft(reversed(left))
            written = self._still_open([*written, *(run for run in ready if run.wrote_at)])
            yield from self._verify(written)
            written = [run for run in self._still_open(written) if run.wrote_at]
            if written and not queue:
                yield self._sleep(CONSISTENCY_EVERY)

    def _look_again(self, runs: list[MemberRun]) -> Coroutine[None]:
        old = max(self._look_after, self._clock.monotonic() - FRESH)
        stale = [run for run in runs if run.looked_at < old and run.step.lock() is None]
        yield from self._together.run((run.id, run.look_again(old)) for run in stale)

    def _in_time(self, ready: list[MemberRun], left: list[MemberRun]) -> Iterator[MemberRun]:
        began = self._clock.monotonic()
        for run in ready:
            if self._clock.monotonic() - began > ROUND:
                left.append(run)
            else:
                yield run

    def _verify(self, runs: list[MemberRun]) -> Coroutine[None]:
        now = self._clock.monotonic()
        late = {run.id for run in runs if self._record.elapsed(run.wrote_at) >= CONSISTENCY}
        yield from self._together.run(
            (run.id, run.verify(now, late=run.id in late)) for run in runs
        )

    def _wait(self, runs: list[MemberRun]) -> Coroutine[None]:
        """Looks at all that settle by themselves, until none is left or another is to be seen
        to: one that wants writing, or that the operator tries again."""
        patience = runs[0].step.patience
        for run in runs:
            run.begin_wait()
        for run in runs:
            wait = self._record.state.item(run.id).wait
            run.since = wait.since if wait is not None else self._record.now()
        while runs:
            words = f"{len(runs)} of {len(self._state.members)}: "
            self._record.append(
                WaitStarted(
                    item=self._item.id,
                    waiting_for=words + runs[0].step.waiting_for(runs[0].found),
                    every=patience.every,
                    limit=patience.limit,
                )
            )
            yield self._sleep(patience.every)
            now = self._clock.monotonic()
            yield from self._together.run((run.id, run.wait(now)) for run in self._still_open(runs))
            runs = self._still_open(runs)
            if self._has_news() or any(run.differs for run in runs):
                return

    def _open(self) -> list[MemberRun]:
        """Those that have neither ended nor failed, each with its step."""
        item = self._state
        runs: list[MemberRun] = []
        for member in item.members:
            name = member_id(item.id, member.key)
            before = item.children.get(member.key)
            if not _is_open(before):
                continue
            try:
                run = self._make(member, before or ItemState(id=name))
            except WizardError as error:
                self._record.later(failed(name, error))
                continue
            if run is not None:
                runs.append(run)
        return runs

    def _make(self, member: Member, before: ItemState) -> MemberRun | None:
        step = self._preparation.make({**self._names, "each": member.each})
        if step is None:
            because = "known after what the item needs"
            self._record.later(Deferred(item=before.id, because=because))
            return None
        if not isinstance(step, Probe):
            raise StepError(f"{self._item.step} can be neither seen nor done.", where=before.id)
        return MemberRun(
            before,
            step,
            interpreter=self._interpreters(before.id),
            record=self._record,
            clock=self._clock,
            preview=self._preview,
            after=member_id(self._item.id, member.after) if member.after else "",
        )

    def _still_open(self, runs: list[MemberRun]) -> list[MemberRun]:
        state = self._record.state
        return [run for run in runs if _is_open(state.item(run.id))]

    def _has_news(self) -> bool:
        """Whether one is open that was not looked at: the operator tries it again."""
        item = self._state
        return any(
            name not in self._seen_to and _is_open(item.children.get(member.key))
            for member in item.members
            if (name := member_id(item.id, member.key))
        )

    def _sleep(self, account_seconds: float) -> Sleep:
        return Sleep(max(SHORTEST, account_seconds / self._record.speed))

    @property
    def _is_action(self) -> bool:
        return issubclass(self._registry.steps[self._item.step], Action)

    @property
    def _state(self) -> ItemState:
        return self._record.state.item(self._item.id)


def _is_open(member: ItemState | None) -> bool:
    return member is None or (
        not member.status.ended
        and member.status
        not in {
            Status.FAILED,
            Status.PLANNED,
            Status.DEFERRED,
        }
    )
