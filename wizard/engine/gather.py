"""Reads that belong to no checklist, made side by side under the engine's pace until all are in."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from wizard.clock import Clock, random_id
from wizard.engine.demands import Coroutine
from wizard.engine.interpreter import Interpreter, NotKnownYet
from wizard.engine.record import Record
from wizard.engine.scheduler import Landed, Scheduler
from wizard.errors import WizardError
from wizard.gateway.protocol import Gateway
from wizard.session.base import Actor, Pin
from wizard.session.events import SessionStarted
from wizard.session.memory import MemoryJournal
from wizard.session.state import SessionState
from wizard.step import Reads

T = TypeVar("T")

WORKERS = 8


def gather(
    work: Mapping[str, Reads[T]],
    *,
    gateway: Gateway,
    clock: Clock,
    pin: Pin,
    ended: Callable[[str], None] = lambda _name: None,
) -> dict[str, T | WizardError]:
    """What each of the generators returns, by its name, or the error that ended it.

    Each AWS operation keeps its known rate; a generator that reads page by page is paced page by
    page. `ended` is told the name of each as it comes in.
    """
    actor = Actor(caller_arn=pin.caller_arn, host="", user="")
    journal = MemoryJournal(clock, actor, SessionState())
    journal.append(
        SessionStarted(
            session="gather",
            number=0,
            checklist_id="",
            checklist_sha256="",
            tool_version="",
            pin=pin,
        )
    )
    record = Record(journal, clock, pin.speed)
    scheduler = Scheduler(gateway, clock, speed=pin.speed, region=pin.region, workers=WORKERS)
    found: dict[str, T | WizardError] = {}
    broken: list[BaseException] = []

    def one(name: str, reads: Reads[T]) -> Coroutine[None]:
        # As in a preview: nobody is there to log in again, so that an error ends it.
        interpreter = Interpreter(
            name, gateway=gateway, record=record, clock=clock, ids=random_id, preview=True
        )
        found[name] = yield from interpreter.look(reads)

    def finished(name: str, problem: BaseException | None) -> None:
        if isinstance(problem, WizardError):
            found[name] = problem
        elif isinstance(problem, NotKnownYet):
            todo = "Enable it, or leave it out."
            found[name] = WizardError("The region is not enabled.", where=name, todo=todo)
        elif problem is not None:
            broken.append(problem)
        ended(name)

    try:
        for name, reads in work.items():
            scheduler.spawn(name, one(name, reads), partial(finished, name))
        while scheduler.tasks or scheduler.flights:
            message: Any = scheduler.receive()
            if isinstance(message, Landed):
                scheduler.landed(message)
    finally:
        scheduler.close()
    if broken:
        raise broken[0]
    return found
