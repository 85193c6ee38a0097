"""Begins each item when what it needs has ended, and journals how it failed when it did."""

from wizard.checklist.model import Item
from wizard.checklist.pinned import Pinned
from wizard.clock import Clock, Ids
from wizard.engine.assumed import Assumed
from wizard.engine.comparing_members import ComparingMembers
from wizard.engine.deeds import Deeds
from wizard.engine.demands import Coroutine
from wizard.engine.failures import failed
from wizard.engine.fan_out import FanOut
from wizard.engine.interpreter import Interpreter
from wizard.engine.lifecycle import Lifecycle
from wizard.engine.preparation import Preparation
from wizard.engine.record import Record
from wizard.engine.scheduler import Scheduler
from wizard.engine.together import Together
from wizard.gateway.protocol import Gateway
from wizard.session.events import SessionFinished
from wizard.session.state import Status
from wizard.step import Registry


class Items:
    """The items of one session, along their needs."""

    def __init__(
        self,
        pinned: Pinned,
        registry: Registry,
        record: Record,
        scheduler: Scheduler,
        gateway: Gateway,
        *,
        assumed: Assumed,
        deeds: Deeds,
        clock: Clock,
        ids: Ids,
        preview: bool,
    ) -> None:
        self._checklist = pinned.checklist
        self._registry = registry
        self._record = record
        self._scheduler = scheduler
        self._gateway = gateway
        self._assumed = assumed
        self._deeds = deeds
        self._clock = clock
        self._ids = ids
        self._preview = preview

    def start_ready(self) -> None:
        """Begin what can begin; when everything has ended, so has the session."""
        began = True
        while began:
            began = False
            for item in self._checklist.items:
                if item.id not in self._scheduler.tasks and self._is_ready(item):
                    self._begin(item)
                    # It may have ended at once, which a line above may have waited for.
                    began = True
        state = self._record.state
        if not self._preview and all(
            state.item(item.id).status.ended for item in self._checklist.items
        ):
            self._record.append(SessionFinished())

    def _is_ready(self, item: Item) -> bool:
        state = self._record.state
        status = state.item(item.id).status
        passed = {Status.PLANNED, Status.DEFERRED, Status.FAILED}
        if status.ended or status in passed:
            return False
        return all(
            state.item(need).status.ended or (self._preview and state.item(need).status in passed)
            for need in item.needs
        )

    def _begin(self, item: Item) -> None:
        coroutine = self._lifecycle(item) if item.foreach is None else self._fan_out(item)
        self._scheduler.spawn(item.id, coroutine, lambda problem: self._finished(item.id, problem))

    def _lifecycle(self, item: Item) -> Coroutine[None]:
        interpreter = self._interpreter(item.id)
        if self._record.state.item(item.id).started_at:
            # It began before, so this time an older answer does not do.
            interpreter.fresh_after = self._clock.monotonic()
        return Lifecycle(
            item,
            checklist=self._checklist,
            registry=self._registry,
            record=self._record,
            interpreter=interpreter,
            assumed=self._assumed,
            deeds=self._deeds,
            clock=self._clock,
            preview=self._preview,
        ).run()

    def _fan_out(self, item: Item) -> Coroutine[None]:
        together = Together(item.id, self._scheduler, self._record)
        return FanOut(
            item,
            preparation=Preparation(
                item,
                self._checklist,
                self._registry,
                self._record,
                assumed=self._assumed,
                preview=self._preview,
            ),
            registry=self._registry,
            record=self._record,
            together=together,
            comparing=ComparingMembers(
                item,
                checklist=self._checklist,
                registry=self._registry,
                record=self._record,
                together=together,
                interpreters=self._interpreter,
                preview=self._preview,
            ),
            interpreters=self._interpreter,
            clock=self._clock,
            preview=self._preview,
        ).run()

    def _interpreter(self, name: str) -> Interpreter:
        return Interpreter(
            name,
            gateway=self._gateway,
            record=self._record,
            clock=self._clock,
            ids=self._ids,
            preview=self._preview,
        )

    def _finished(self, item: str, problem: BaseException | None) -> None:
        if problem is not None:
            self._record.append(failed(item, problem))
