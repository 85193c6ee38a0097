"""Draws one consistent picture of a running engine for its listeners."""

from collections import Counter

from wizard.clock import Clock
from wizard.effects import Effect, Read, Write, is_mutating
from wizard.engine.record import Record
from wizard.engine.scheduler import Scheduler
from wizard.engine.snapshot import Held, InFlight, NextLook, Snapshot
from wizard.gateway.protocol import Gateway
from wizard.session.state import Status


def picture(
    record: Record,
    scheduler: Scheduler,
    gateway: Gateway,
    clock: Clock,
    *,
    running: bool,
    handled: int,
    notice: str,
    error: str,
    fenced: bool,
) -> Snapshot:
    """The state, and the calls, waits and held-back operations of this moment."""
    return Snapshot(
        state=record.state,
        in_flight=tuple(
            _in_flight(flight.make.item, flight.make.effect, flight.since, gateway)
            for flight in scheduler.flights.values()
        ),
        looks=tuple(_looks(record, scheduler, clock.monotonic())),
        held=tuple(_held(scheduler)),
        running=running,
        handled=handled,
        notice=notice,
        error=error,
        fenced=fenced,
    )


def _in_flight(item: str, effect: Effect, since: float, gateway: Gateway) -> InFlight:
    if isinstance(effect, Read | Write):
        service, operation, region = effect.service, effect.operation, effect.region or ""
    else:
        described = gateway.describe(effect)
        service, operation, region = described.service, described.operation, described.region
    return InFlight(
        item=item,
        service=service,
        operation=operation,
        region=region,
        mutating=is_mutating(effect),
        since=since,
    )


def _looks(record: Record, scheduler: Scheduler, now: float) -> list[NextLook]:
    looks = []
    for item in record.state.items.values():
        task = scheduler.tasks.get(item.id)
        if task is None:
            continue
        next_look = max(0.0, task.wake_at - now) if task.wake_at is not None else 0.0
        if item.status is Status.SETTLING and item.wait is not None:
            looks.append(
                NextLook(
                    item=item.id,
                    waiting_for=item.wait.waiting_for,
                    elapsed=record.elapsed(item.wait.since),
                    limit=item.wait.limit,
                    next_look_in=next_look,
                )
            )
        elif item.status is Status.NEEDS_PERSON and item.pause is not None:
            looks.append(
                NextLook(
                    item=item.id,
                    waiting_for="you",
                    # A person waits in real time, however fast a simulated account runs.
                    elapsed=record.elapsed(item.pause.since) / record.speed,
                    limit=0,
                    next_look_in=next_look,
                )
            )
    return looks


def _held(scheduler: Scheduler) -> list[Held]:
    waiting = Counter(
        (make.effect.service, make.effect.operation, make.effect.region or scheduler.region)
        for _, make in scheduler.queued
        if isinstance(make.effect, Read | Write)
    )
    return [
        Held(
            service=key[0],
            operation=key[1],
            waiting=count,
            per_second=rate,
            throttled=scheduler.pace.is_throttled(key),
        )
        for key, count in waiting.items()
        # What is not paced waits only for its turn, a moment; nobody holds it back.
        if (rate := scheduler.pace.rate(key)) is not None
    ]
