"""A session under way: one thread, an inbox of commands, and the coroutines of its items."""

import contextlib
import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from wizard.checklist.inputs import check_answer
from wizard.checklist.pinned import Pinned
from wizard.clock import Clock, Ids
from wizard.effects import Json
from wizard.engine.assumed import Assumed
from wizard.engine.commands import Command
from wizard.engine.control import Control, Identified
from wizard.engine.deeds import Deeds
from wizard.engine.demands import Coroutine
from wizard.engine.desk import Dropdown
from wizard.engine.dropdowns import Dropdowns
from wizard.engine.items import Items
from wizard.engine.operator import Operator
from wizard.engine.picture import picture
from wizard.engine.rechecks import Rechecks, cut_short
from wizard.engine.record import Record, Writer
from wizard.engine.scheduler import Landed, Scheduler
from wizard.engine.snapshot import Snapshot
from wizard.errors import FencedError, StorageError, broke
from wizard.gateway.protocol import Gateway
from wizard.session.state import SessionState
from wizard.step import Registry

Listener = Callable[[Snapshot], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A front end's question; its coroutine resolves the future."""

    future: "Future[Any]"
    coroutine: Callable[[], Coroutine[None]]


class Engine:
    """Implements `wizard.engine.desk.Running`. Public methods may be called from any thread."""

    def __init__(
        self,
        *,
        pinned: Pinned,
        registry: Registry,
        gateway: Gateway,
        journal: Writer,
        clock: Clock,
        ids: Ids,
        preview: bool = False,
        recheck: SessionState | None = None,
        workers: int = 32,
    ) -> None:
        """`recheck`: only look again at what that session asserted."""
        pin = journal.state.pin
        if pin is None:
            raise TypeError("a session begins with the account it is pinned to")
        self._pinned = pinned
        self._gateway = gateway
        self._clock = clock
        self._preview = preview
        self._record = Record(journal, clock, pin.speed, recheck)
        self._scheduler = Scheduler(
            gateway, clock, speed=pin.speed, region=pin.region, workers=workers
        )
        self._dropdowns = Dropdowns(
            pinned.checklist, registry, gateway, clock, lambda: self._record.state
        )
        operator = Operator(pinned, self._record, preview=preview)
        deeds = Deeds(self._record, gateway, ids)
        self._control = Control(
            pinned,
            self._record,
            self._scheduler,
            gateway,
            operator=operator,
            dropdowns=self._dropdowns,
            deeds=deeds,
            pin=pin,
        )
        self._items: Items | Rechecks
        if recheck is not None:
            self._items = Rechecks(
                pinned,
                registry,
                self._record,
                self._scheduler,
                gateway,
                before=recheck,
                clock=clock,
                ids=ids,
            )
        else:
            self._items = Items(
                pinned,
                registry,
                self._record,
                self._scheduler,
                gateway,
                assumed=Assumed(pinned.checklist, self._dropdowns, operator, self._record),
                deeds=deeds,
                clock=clock,
                ids=ids,
                preview=preview,
            )
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._asked = itertools.count(1)
        self._sent = 0
        self._open: set[Future[Any]] = set()
        self._error = ""
        self._fenced = False
        self._running = True
        self._snapshot = Snapshot(state=journal.state)
        self._thread = threading.Thread(target=self._main, name="engine", daemon=False)

    @property
    def pinned(self) -> Pinned:
        return self._pinned

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    @property
    def preview(self) -> bool:
        return self._preview

    def start(self) -> None:
        self._thread.start()

    def send(self, command: Command) -> int:
        with self._lock:
            self._sent += 1
            self._scheduler.inbox.put(command)
            return self._sent

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def dropdown(self, name: str, *, refresh: bool = False) -> "Future[Dropdown]":
        future: Future[Dropdown] = Future()
        self._ask(future, lambda: self._dropdowns.read(name, future, refresh=refresh))
        return future

    def default(self, name: str) -> "Future[Json]":
        future: Future[Json] = Future()
        self._ask(future, lambda: self._dropdowns.default(name, future))
        return future

    def check(self, name: str, value: Json) -> str:
        options = self._dropdowns.options(name)
        return check_answer(self._pinned.checklist.inputs[name], value, options)

    def join(self, timeout: float | None = None) -> bool:
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _ask(self, future: "Future[Any]", coroutine: Callable[[], Coroutine[None]]) -> None:
        with self._lock:
            if self._running:
                self._open.add(future)
                self._scheduler.inbox.put(_Asked(future, coroutine))
                return
        future.cancel()

    # What follows runs on the engine's thread.

    def _main(self) -> None:
        try:
            inbox = self._scheduler.inbox
            # A preview takes defaults for what it does not know: what was handed in comes first.
            self._turn(inbox.get() if self._preview and not inbox.empty() else None)
            while not self._ended():
                self._turn(self._scheduler.receive())
            if self._control.stopping and not self._preview:
                self._record.append(*cut_short(self._record.state, self._control.stopping))
        except (FencedError, StorageError) as error:
            self._error = str(error)
            self._fenced = isinstance(error, FencedError)
            self._land()
        except BaseException as error:
            self._error = broke(error)
            raise
        finally:
            # Each of these happens whatever becomes of the others: somebody waits for them.
            with contextlib.ExitStack() as end:
                end.callback(self._publish)
                end.callback(self._record.close)
                end.callback(self._drop_questions)
                end.callback(self._scheduler.close)

    def _land(self) -> None:
        """Awaits the calls in flight though nothing can be journaled: what the store does not
        take of their results, the journal keeps elsewhere."""
        self._scheduler.hold = True
        while self._scheduler.flights:
            message = self._scheduler.receive()
            if isinstance(message, Landed):
                with contextlib.suppress(FencedError, StorageError):
                    self._scheduler.landed(message)
            with contextlib.suppress(FencedError, StorageError):
                self._record.flush()

    def _turn(self, message: object) -> None:
        """Handle what has arrived, begin what can begin, and show it."""
        while message is not None:
            self._handle(message)
            try:
                message = self._scheduler.inbox.get_nowait()
            except queue.Empty:
                message = None
        self._control.end_if_aborting()
        state = self._record.state
        self._scheduler.hold = bool(
            self._control.stopping or self._control.aborting or state.paused
        )
        if not self._scheduler.hold and not state.finished_at:
            self._items.start_ready()
        # Before it is shown: what can leave is under way then, and what is held is really held.
        self._scheduler.launch()
        self._publish()

    def _handle(self, message: Any) -> None:
        match message:
            case Landed():
                self._scheduler.landed(message)
            case _Asked(future=future, coroutine=coroutine):
                name = f"question {next(self._asked)}"
                self._scheduler.spawn(
                    name, coroutine(), lambda problem: self._answered(future, problem)
                )
            case Identified():
                self._control.identified(message)
            case _:
                self._control.obey(message)

    def _ended(self) -> bool:
        if self._scheduler.flights:
            return False
        if self._control.stopping or self._record.state.finished_at:
            return True
        return self._preview and not self._scheduler.tasks

    def _drop_questions(self) -> None:
        """Nobody waits for ever for an engine that has ended."""
        with self._lock:
            self._running = False
            left, self._open = self._open, set()
        for future in left:
            future.cancel()

    def _answered(self, future: "Future[Any]", problem: BaseException | None) -> None:
        with self._lock:
            self._open.discard(future)
        if problem is not None and not future.done():
            future.set_exception(problem)

    def _publish(self) -> None:
        self._snapshot = picture(
            self._record,
            self._scheduler,
            self._gateway,
            self._clock,
            running=self._running,
            handled=self._control.handled,
            notice=self._control.notice,
            error=self._error,
            fenced=self._fenced,
        )
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(self._snapshot)
            except Exception:  # noqa: BLE001  whatever it is, it is not the run's
                # A front end that breaks is let go: the run is not its to end.
                _log.exception("a listener broke and is told nothing more")
                with self._lock, contextlib.suppress(ValueError):
                    self._listeners.remove(listener)
