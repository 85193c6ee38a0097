"""Makes a step's effects happen: reads through the scheduler, writes with intent and result.

The same generators are driven twice: once in preview, where every mutating effect is answered
with `UNKNOWN` and collected, and once for real.
"""

import copy
from collections.abc import Generator
from typing import Any, TypeVar

from wizard.clock import Clock, Ids
from wizard.effects import (
    UNKNOWN,
    Again,
    Effect,
    Fetch,
    Handshake,
    Insert,
    Made,
    Matches,
    NewSecret,
    Now,
    Read,
    Request,
    Write,
    has_unknown,
    is_mutating,
)
from wizard.engine.closed_regions import may_be_closed
from wizard.engine.demands import Coroutine, Make, Park
from wizard.engine.drive import drive
from wizard.engine.reads import LIFETIME
from wizard.engine.record import Record
from wizard.engine.told import intent, planned
from wizard.errors import (
    CallError,
    CredentialsError,
    ThrottledError,
    UnknownOutcomeError,
)
from wizard.gateway.protocol import Answer, Gateway
from wizard.session.base import PlannedCall
from wizard.session.calls import CallFailed, CallInDoubt, CallSucceeded, ReadDone

T = TypeVar("T")

STALE = 60.0
"""Real seconds after a look within which a write that rests on it must leave: a pause, new
credentials or a slow pace may keep it longer, and documents are replaced whole."""

THROTTLED_AT_MOST = 20
"""Times that one call is put off because AWS asks to slow down, before the item fails."""


class InDoubt(Exception):  # noqa: N818  a state of affairs, not an error
    """A mutating call's answer was lost: look before anything else."""

    def __init__(self, op: str, again: Again) -> None:
        super().__init__(op)
        self.op = op
        self.again = again


class NotKnownYet(Exception):  # noqa: N818
    """A preview cannot look: what it would look for is known only after apply."""


class Interpreter:
    """Drives one item's generators. Reads are noted, and journaled with what follows them."""

    def __init__(
        self,
        item: str,
        *,
        gateway: Gateway,
        record: Record,
        clock: Clock,
        ids: Ids,
        preview: bool,
    ) -> None:
        self._item = item
        self._gateway = gateway
        self._record = record
        self._clock = clock
        self._ids = ids
        self._preview = preview
        self._looked_at = clock.monotonic()
        self._lifetime = LIFETIME
        self.fresh_after = float("-inf")
        """Reads that began before this moment do not serve; set it to look again."""

    def run(self, effects: Generator[Effect, Any, T]) -> Coroutine[T]:
        """Drive the generator for real; its value is what it returns."""
        return (yield from drive(effects, self._perform))

    def act(self, effects: Generator[Effect, Any, T]) -> Coroutine[T]:
        """As `run`, for what an operator asks for at this moment."""
        self._looked_at = self._clock.monotonic()
        return (yield from self.run(effects))

    def aside(self) -> "Interpreter":
        """Another one for the same item: its looks do not make this one's look newer."""
        return copy.copy(self)

    def preview(self, effects: Generator[Effect, Any, T]) -> Coroutine[tuple[PlannedCall, ...]]:
        """The mutating calls that the generator would make, without making them."""
        calls: list[PlannedCall] = []

        def foresee(effect: Effect) -> Coroutine[Any]:
            if is_mutating(effect):
                calls.append(planned(self._gateway.describe(effect)))
                return UNKNOWN
            if isinstance(effect, Fetch) or _has_unknown(effect):
                return UNKNOWN  # what is only to be carried is not downloaded for a look
            try:
                return (yield from self._read(effect))
            except NotKnownYet:
                return UNKNOWN

        yield from drive(effects, foresee)
        return tuple(calls)

    def look(
        self, effects: Generator[Effect, Any, T], *, lifetime: float = LIFETIME
    ) -> Coroutine[T]:
        """As `run`, for a generator that only reads; `NotKnownYet` where a preview cannot look.

        Answers of others serve for `lifetime` seconds."""
        self._looked_at = self._clock.monotonic()
        self._lifetime = lifetime

        def see(effect: Effect) -> Coroutine[Any]:
            if is_mutating(effect):
                raise TypeError(f"{self._item} writes while it only may look: {effect!r}")
            if _has_unknown(effect):
                raise NotKnownYet
            return (yield from self._read(effect))

        try:
            return (yield from drive(effects, see))
        finally:
            self._lifetime = LIFETIME

    def _perform(self, effect: Effect) -> Coroutine[Any]:
        if is_mutating(effect):
            return (yield from self._write(effect))
        return (yield from self._read(effect))

    def _read(self, effect: Effect) -> Coroutine[Any]:
        match effect:
            case Now():
                return self._gateway.now()
            case Made():
                return self._record.made(self._item, self._gateway.now())
            case NewSecret() | Matches():
                # Of this process alone: nothing of it is written down.
                known: Answer = yield Make(self._item, effect)
                return known.value
            case _:
                pass
        began = self._clock.monotonic()
        throttled = 0
        while True:
            try:
                answer: Answer = yield Make(
                    self._item, effect, self.fresh_after, lifetime=self._lifetime
                )
            except CredentialsError as error:
                if self._preview:
                    # Nobody attends to it; nothing is lost by beginning anew.
                    self._note(effect, began, None, error)
                    if may_be_closed(effect, error, self._record.state.pin):
                        raise NotKnownYet from error
                    raise
                yield from self._log_in_again(error)
            except ThrottledError:
                throttled += 1
                if throttled >= THROTTLED_AT_MOST:
                    raise
            except CallError as error:
                self._note(effect, began, None, error)
                raise
            else:
                self._note(effect, began, answer, None)
                return answer.value

    def _note(
        self, effect: Effect, began: float, answer: Answer | None, error: CallError | None
    ) -> None:
        if answer is not None and not self._record.first_sight(answer):
            return  # another item made this read; it is in the journal once
        described = self._gateway.describe(effect)
        self._record.note(
            ReadDone(
                item=self._item,
                service=described.service,
                operation=described.operation,
                region=described.region,
                params=described.journaled,
                pages=answer.pages if answer else 1,
                entries=answer.entries if answer else 0,
                request_id=answer.request_id if answer else error.request_id if error else "",
                date=answer.date if answer else "",
                ms=round((self._clock.monotonic() - began) * 1000, 1),
                error=f"{error.code}: {error.what}" if error else "",
            )
        )

    def _write(self, effect: Effect) -> Coroutine[Any]:
        again = _again(effect)
        described = self._gateway.describe(effect)
        throttled = 0
        while True:
            op = self._ids()
            started: list[float] = []

            def leaving(op: str = op, started: list[float] = started) -> None:
                self._record.append(intent(self._item, op, described, again))
                started.append(self._clock.monotonic())

            try:
                answer: Answer = yield Make(
                    self._item, effect, leaving=leaving, not_after=self._looked_at + STALE
                )
            except UnknownOutcomeError as error:
                self._record.append(
                    CallInDoubt(item=self._item, op=op, code=error.code, message=error.what)
                )
                raise InDoubt(op, again) from error
            except CallError as error:
                self._record.append(
                    CallFailed(
                        item=self._item,
                        op=op,
                        code=error.code,
                        message=error.what,
                        request_id=error.request_id,
                    )
                )
                if isinstance(error, CredentialsError):
                    yield from self._log_in_again(error)
                    continue
                throttled += isinstance(error, ThrottledError)
                if isinstance(error, ThrottledError) and throttled < THROTTLED_AT_MOST:
                    continue
                raise
            self._record.later(
                CallSucceeded(
                    item=self._item,
                    op=op,
                    request_id=answer.request_id,
                    date=answer.date,
                    ms=round((self._clock.monotonic() - started[0]) * 1000, 1),
                    response=answer.redacted,
                    response_sha256=answer.response_sha256,
                )
            )
            return answer.value

    def _log_in_again(self, error: CredentialsError) -> Coroutine[None]:
        self._record.pause(str(error))
        while self._record.state.paused:
            yield Park()


def _again(effect: Effect) -> Again:
    match effect:
        case Write() | Insert() | Request():
            return effect.again
        case _:
            return Again.LOOK


def _has_unknown(effect: Effect) -> bool:
    match effect:
        case Read() | Write():
            return has_unknown(effect.params)
        case Handshake():
            return has_unknown(effect.host)
        case Request():
            return has_unknown(effect.url) or has_unknown(effect.json)
        case _:
            return False
