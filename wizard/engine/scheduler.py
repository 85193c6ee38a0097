"""Drives coroutines on one thread and their calls on a bounded pool.

A coroutine that waits, for time, for a lock, for a person or for an operation's pace, holds no
thread. Only `receive` blocks, and only the pool's workers make calls.
"""

import heapq
import itertools
import queue
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from wizard.clock import Clock
from wizard.effects import Effect, Read, Write, is_mutating
from wizard.engine.demands import Acquire, Coroutine, Make, OutOfDate, Park, Sleep
from wizard.engine.pacing import OperationKey, Pace
from wizard.engine.reads import ReadShare, SharedRead
from wizard.errors import ThrottledError
from wizard.gateway.protocol import Answer, Gateway
from wizard.session.base import split_member


@dataclass(slots=True)
class Task:
    """A coroutine under way."""

    name: str
    coroutine: Coroutine[None]
    parked: bool = False
    wake_at: float | None = None
    locks: set[str] = field(default_factory=set)
    finished: Callable[[BaseException | None], None] | None = None


@dataclass(frozen=True, slots=True)
class Flight:
    """A call that left."""

    make: Make
    task: Task
    since: float
    shared: SharedRead | None


@dataclass(frozen=True, slots=True)
class Landed:
    """A worker's message: the call's answer or its error."""

    number: int
    answer: Answer | None
    error: Exception | None


class Scheduler:
    """All methods but the workers' own run on the engine's thread."""

    def __init__(
        self, gateway: Gateway, clock: Clock, *, speed: float, region: str, workers: int
    ) -> None:
        self._gateway = gateway
        self._clock = clock
        self.region = region
        self.pace = Pace(speed)
        self.reads = ReadShare()
        self.inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.tasks: dict[str, Task] = {}
        self.flights: dict[int, Flight] = {}
        self.queued: deque[tuple[Task, Make]] = deque()
        self.hold: bool = False
        """While true no call leaves; those in flight are awaited."""
        self._numbers = itertools.count(1)
        self._timers: list[tuple[float, int, Task]] = []
        self._locks: dict[str, deque[Task]] = {}
        self._workers = workers
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="call")

    def spawn(
        self,
        name: str,
        coroutine: Coroutine[None],
        finished: Callable[[BaseException | None], None] | None = None,
    ) -> None:
        """Begin a coroutine under a name that no running one has."""
        task = Task(name=name, coroutine=coroutine, finished=finished)
        self.tasks[name] = task
        self._step(task)

    def wake_all(self) -> None:
        """There is news: parked coroutines look whether it is theirs."""
        for task in list(self.tasks.values()):
            if task.parked:
                self._step(task)

    def wake(self, name: str) -> None:
        """News for one coroutine: its sleep ends early."""
        task = self.tasks.get(name)
        if task is not None and (task.parked or task.wake_at is not None):
            self._step(task)

    def cancel(self, name: str) -> bool:
        """End a coroutine; False while a mutating call of it is in flight.

        A read in flight is let go: its answer serves whoever else waits for it."""
        task = self.tasks.get(name)
        if task is None:
            return True
        if self.is_writing(name):
            return False
        self.queued = deque((other, make) for other, make in self.queued if other is not task)
        for flight in self.flights.values():
            if flight.shared is not None and task.name in flight.shared.waiting:
                flight.shared.waiting.remove(task.name)
        task.coroutine.close()
        self._end(task, None, tell=False)
        return True

    def is_writing(self, name: str) -> bool:
        """Whether a mutating call of that coroutine, or of a member of it, is in flight."""
        return any(
            name in {flight.task.name, split_member(flight.task.name)[0]}
            and is_mutating(flight.make.effect)
            for flight in self.flights.values()
        )

    def receive(self) -> Any | None:
        """The next message, after carrying out what is due; None when only time passed."""
        self.launch()
        timeout = self._timeout()
        try:
            message = self._clock.receive(self.inbox, timeout, idle=not self.flights)
        except queue.Empty:
            message = None
        self._fire()
        return message

    def landed(self, message: Landed) -> None:
        """Hand a call's answer to whoever waits for it."""
        flight = self.flights.pop(message.number)
        effect = flight.make.effect
        waiting = list(flight.shared.waiting) if flight.shared else []
        if isinstance(effect, Read | Write):
            operation = self._key(effect)
            if isinstance(message.error, ThrottledError):
                self.pace.slow_down(operation, self._clock.monotonic())
            elif message.error is None:
                self.pace.taken(operation)
        if is_mutating(effect):
            self.reads.wrote(effect)
        if flight.shared is not None and isinstance(effect, Read):
            flight.shared.answer = message.answer
            if message.error is not None:
                self.reads.drop(effect, flight.shared)
        if self.tasks.get(flight.task.name) is flight.task:
            self._step(flight.task, message.answer, message.error)
        for name in waiting:
            task = self.tasks.get(name)
            if task is not None:
                self._step(task, message.answer, message.error)

    def close(self) -> None:
        """End every coroutine where it stands and the pool; no call is in flight any more."""
        tasks = list(self.tasks.values())
        self.tasks.clear()
        for task in tasks:
            task.coroutine.close()
        self._pool.shutdown(wait=True)

    def _step(self, task: Task, answer: Any = None, error: Exception | None = None) -> None:
        while True:
            task.parked = False
            task.wake_at = None
            try:
                if error is not None:
                    demand = task.coroutine.throw(error)
                else:
                    demand = task.coroutine.send(answer)
            except StopIteration:
                self._end(task, None)
                return
            except Exception as problem:  # noqa: BLE001  reported to whoever spawned it
                self._end(task, problem)
                return
            answer, error = None, None
            match demand:
                case Make():
                    ready = self._shared(task, demand)
                    if ready is None:
                        return
                    answer = ready
                case Sleep(seconds=seconds):
                    task.wake_at = self._clock.monotonic() + max(0.0, seconds)
                    heapq.heappush(self._timers, (task.wake_at, next(self._numbers), task))
                    return
                case Park():
                    task.parked = True
                    return
                case Acquire(name=name):
                    holders = self._locks.setdefault(name, deque())
                    holders.append(task)
                    task.locks.add(name)
                    if holders[0] is not task:
                        return

    def _shared(self, task: Task, make: Make) -> Answer | None:
        """The answer at once if another reader has it; else the call is queued or joined."""
        if isinstance(make.effect, Read):
            now = self._clock.monotonic()
            found = self.reads.find(make.effect, make.fresh_after, now, make.lifetime)
            if found is not None:
                if found.answer is not None:
                    return found.answer
                found.waiting.append(task.name)
                return None
        self.queued.append((task, make))
        return None

    def launch(self) -> None:
        """Let leave what may leave: not held, a worker free, the operation's pace kept."""
        if self.hold:
            return
        now = self._clock.monotonic()
        kept: deque[tuple[Task, Make]] = deque()
        while self.queued and len(self.flights) < self._workers:
            task, make = self.queued.popleft()
            effect = make.effect
            if isinstance(effect, Read):
                shared = self.reads.find(effect, make.fresh_after, now, make.lifetime)
                if shared is not None and shared.answer is None:
                    shared.waiting.append(task.name)
                    continue
            if now > make.not_after:
                self._return(task, make, now)
                continue
            if isinstance(effect, Read | Write) and self.pace.wait(self._key(effect), now) > 0:
                kept.append((task, make))
                continue
            self._leave(task, make, now)
        kept.extend(self.queued)
        self.queued = kept

    def _leave(self, task: Task, make: Make, now: float) -> None:
        shared = self.reads.begin(make.effect, now) if isinstance(make.effect, Read) else None
        if make.leaving is not None:
            make.leaving()
        number = next(self._numbers)
        self.flights[number] = Flight(make=make, task=task, since=now, shared=shared)
        self._pool.submit(self._call, number, make.effect)

    def _return(self, task: Task, make: Make, now: float) -> None:
        """By way of the inbox, so that what follows happens where all other news is handled."""
        number = next(self._numbers)
        self.flights[number] = Flight(make=make, task=task, since=now, shared=None)
        self.inbox.put(Landed(number, None, OutOfDate()))

    def _call(self, number: int, effect: Effect) -> None:
        """On a worker's thread."""
        try:
            answer = self._gateway.call(effect)
        except Exception as error:  # noqa: BLE001  carried to the engine's thread
            self.inbox.put(Landed(number, None, error))
        else:
            self.inbox.put(Landed(number, answer, None))

    def _timeout(self) -> float | None:
        now = self._clock.monotonic()
        waits = [self._timers[0][0] - now] if self._timers else []
        if not self.hold and len(self.flights) < self._workers:
            waits += [
                self.pace.due(self._key(make.effect), now)
                for _, make in self.queued
                if isinstance(make.effect, Read | Write)
            ]
        return max(0.0, min(waits)) if waits else None

    def _fire(self) -> None:
        now, due = self._clock.monotonic(), []
        while self._timers and self._timers[0][0] <= now:
            due.append(heapq.heappop(self._timers))
        for at, _, task in due:
            if task.wake_at == at and self.tasks.get(task.name) is task:
                self._step(task)

    def _end(self, task: Task, problem: BaseException | None, *, tell: bool = True) -> None:
        if self.tasks.get(task.name) is task:
            del self.tasks[task.name]
        for name in task.locks:
            holders = self._locks[name]
            first = holders[0] is task
            holders.remove(task)
            if first and holders:
                self._step(holders[0])
        if tell and task.finished is not None:
            task.finished(problem)

    def _key(self, effect: Read | Write) -> OperationKey:
        return (effect.service, effect.operation, effect.region or self.region)
