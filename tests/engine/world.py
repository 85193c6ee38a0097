"""A small world for engine tests: a gateway over a dictionary, and a clock that jumps."""

import queue
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from wizard.effects import Effect, Json, Matches, NewSecret, Read, Request, Secret, Write
from wizard.errors import CallError
from wizard.gateway.protocol import Answer, Described
from wizard.gateway.redact import redact
from wizard.gateway.secrets import reveal
from wizard.session.base import Pin

T = TypeVar("T")

PIN = Pin(
    account_id="111122223333",
    partition="aws",
    caller_arn="arn:aws:sts::111122223333:assumed-role/Operator/ada",
    alias="test",
    region="us-east-1",
)


class JumpingClock:
    """Stands still while calls are in flight; jumps to the next timer when only time can help."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._lock = threading.Lock()

    def utc(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        with self._lock:
            return self._passed

    def pass_(self, seconds: float) -> None:
        with self._lock:
            self._passed += seconds

    def receive(self, inbox: "queue.SimpleQueue[T]", timeout: float | None, *, idle: bool) -> T:
        if not idle or timeout is None:
            return inbox.get()
        try:
            return inbox.get_nowait()
        except queue.Empty:
            self.pass_(timeout)
            raise


Fault = Callable[[Effect], None]


class World:
    """Named things with a value. `Get*` reads, `Put*` and `Create*` write."""

    def __init__(self, clock: JumpingClock) -> None:
        self.clock = clock
        self.things: dict[str, Json] = {}
        self.calls: list[Effect] = []
        self.before: list[Fault] = []
        """Called before the work; may raise."""
        self.after: list[Fault] = []
        """Called after the work; may raise: the answer is lost."""
        self.pin = PIN
        self.resets = 0
        self.secrets: dict[str, str] = {}

    def written(self) -> list[str]:
        """The operations of the mutating calls that did their work, in order."""
        return [one.operation for one in self.calls if isinstance(one, Write)]

    def call(self, effect: Effect) -> Answer:
        for fault in list(self.before):
            fault(effect)
        value = self._work(effect)
        for fault in list(self.after):
            fault(effect)
        return Answer(value=value, redacted=value, request_id=f"r{len(self.calls)}")

    def _work(self, effect: Effect) -> Json:
        self.calls.append(effect)
        match effect:
            case Read():
                name = str(effect.params["Name"])
                if effect.region not in (None, self.pin.region):
                    name = f"{effect.region}/{name}"
                if name not in self.things and effect.absent:
                    return None
                return {"Value": self.things[name]}
            case Write(operation="PutEntry"):
                listed = {**self.things["all"], str(effect.params["Name"]): effect.params["Value"]}
                self.things["all"] = listed
                return {}
            case Write():
                self.things[str(effect.params["Name"])] = reveal(
                    effect.params["Value"], self.secrets.__getitem__
                )
                return {"Id": f"id-{effect.params['Name']}"}
            case Request():
                self.things["requested"] = self.things.get("requested", 0) + 1
                return {"status": 200, "body": "OK"}
            case NewSecret(name=secret):
                self.secrets[secret] = f"word-{len(self.secrets)}"
                return Secret(secret)
            case Matches(secret=Secret(name=secret), text=text):
                return self.secrets[secret] == text if secret in self.secrets else None
            case _:
                raise CallError("not of this world", code="Unknown")

    def describe(self, effect: Effect) -> Described:
        match effect:
            case Read() | Write():
                params: Mapping[str, Any] = redact(effect.params)
                service, operation = effect.service, effect.operation
            case _:
                params, service, operation = {}, "http", "POST"
        title = effect.title if isinstance(effect, Write | Request) else ""
        return Described(
            service=service,
            operation=operation,
            region="us-east-1",
            params=params,
            sha256="0" * 64,
            cli=f"aws {service} {operation}",
            title=title or operation,
        )

    def identity(self) -> Pin:
        return self.pin

    def now(self) -> float:
        return self.clock.utc().timestamp()

    def hold(self, name: str, value: str) -> None:
        self.secrets[name] = value

    def scrub(self, text: str) -> str:
        for value in self.secrets.values():
            text = text.replace(value, "***")
        return text

    def reset_credentials(self) -> None:
        self.resets += 1

    def close(self) -> None:
        """Nothing is held."""


def once(match: Callable[[Effect], bool], error: Exception) -> Fault:
    """A fault that strikes the first matching call only."""
    struck: list[Effect] = []

    def fault(effect: Effect) -> None:
        if not struck and match(effect):
            struck.append(effect)
            raise error

    return fault
