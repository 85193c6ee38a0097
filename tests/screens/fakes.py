"""A scripted desk and session: real events folded by the real reducer, no engine."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from tests.screens.company import (
    ACTOR,
    DEFAULTS,
    DROPDOWNS,
    PIN,
    PINNED,
)
from tests.screens.listed import FINISHED, SUSPENDED
from tests.screens.regions import REGIONS
from wizard.checklist.pinned import Pinned
from wizard.effects import Json
from wizard.engine.commands import Answer, Command, Stop
from wizard.engine.desk import Dropdown, Evidence, Profile, Running, SessionSummary, SigningKey
from wizard.engine.snapshot import Held, InFlight, NextLook, Snapshot
from wizard.errors import LockedKeyError, RefusedError, WizardError
from wizard.session import events
from wizard.session.base import Pin
from wizard.session.events import AnyEvent, Entry
from wizard.session.reduce import reduce
from wizard.session.state import SessionState

START = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)


def clock() -> datetime:
    """The time at which every screen of the tests is drawn."""
    return START + timedelta(minutes=4, seconds=12)


def future(value: Json) -> "Future[Json]":
    result: Future[Json] = Future()
    result.set_result(value)
    return result


class FakeRunning:
    """A session whose events a test writes."""

    def __init__(
        self,
        pin: Pin = PIN,
        *,
        preview: bool = False,
        pinned: Pinned = PINNED,
        dropdowns: Mapping[str, Dropdown] = DROPDOWNS,
        defaults: Mapping[str, Json] = DEFAULTS,
    ) -> None:
        self.pinned = pinned
        self.preview = preview
        self.dropdowns = dict(dropdowns)
        self.defaults = dict(defaults)
        self.sent: list[Command] = []
        self.asked: list[tuple[str, bool]] = []
        self.wrong: dict[str, str] = {}
        self.started = False
        self.stopped = threading.Event()
        self._seconds = 0
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._state = SessionState()
        self._looks: tuple[NextLook, ...] = ()
        self._held: tuple[Held, ...] = ()
        self._in_flight: tuple[InFlight, ...] = ()
        self._refused = (0, "")
        self.tell(
            events.SessionStarted(
                session="s-12",
                number=12,
                checklist_id=pinned.checklist.id,
                checklist_sha256=pinned.sha256,
                tool_version="0.1.0",
                pin=pin,
            )
        )

    # For tests

    def tell(self, *happened: AnyEvent) -> None:
        """Fold events, a second apart, and show the listeners."""
        for event in happened:
            self._seconds += 1
            at = (START + timedelta(seconds=self._seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            entry = Entry(
                seq=self._state.seq + 1,
                at=at,
                actor=ACTOR,
                event=event,
                previous_sha256="",
                sha256="",
            )
            self._state = reduce(self._state, entry)
        self.show()

    def under_way(
        self,
        *,
        looks: tuple[NextLook, ...] = (),
        held: tuple[Held, ...] = (),
        in_flight: tuple[InFlight, ...] = (),
    ) -> None:
        """What the engine does at this moment."""
        self._looks, self._held, self._in_flight = looks, held, in_flight
        self.show()

    def refuse(self, notice: str) -> None:
        """A command is not taken."""
        self._refused = (self._refused[0] + 1, notice)
        self.show()

    def show(self) -> None:
        for listener in list(self._listeners):
            listener(self.snapshot)

    def said(self, kind: type) -> list[Command]:
        """The commands of one kind that were sent."""
        return [command for command in self.sent if isinstance(command, kind)]

    # The protocol

    @property
    def snapshot(self) -> Snapshot:
        handled, notice = self._refused
        return Snapshot(
            state=self._state,
            looks=self._looks,
            held=self._held,
            in_flight=self._in_flight,
            handled=handled,
            notice=notice,
        )

    def start(self) -> None:
        self.started = True

    def send(self, command: Command) -> int:
        self.sent.append(command)
        self._obey(command)
        return len(self.sent)

    def _obey(self, command: Command) -> None:
        match command:
            case Answer():
                self.tell(
                    events.InputAnswered(
                        input=command.input,
                        value=command.value,
                        source=command.source,
                        label=command.label,
                    )
                )
            case Stop():
                self.stopped.set()
            case _:
                pass

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def dropdown(self, name: str, *, refresh: bool = False) -> "Future[Dropdown]":
        self.asked.append((name, refresh))
        if name == "subnets" and "vpc" not in self._state.answers:
            return future(Dropdown(options=(), source="", read_at="", waits_for=("vpc",)))
        return future(self.dropdowns[name])

    def default(self, name: str) -> "Future[Json]":
        if name == "subnets" and "vpc" not in self._state.answers:
            return future(None)
        return future(self.defaults.get(name))

    def check(self, name: str, value: Json) -> str:
        return self.wrong.get(name, "") if value == "wrong" or name in self.wrong else ""

    def join(self, timeout: float | None = None) -> bool:
        return self.stopped.wait(5 if timeout is None else timeout)


class FakeDesk:
    """What a composition root would hand over."""

    def __init__(self, *, pin: Pin = PIN, running: FakeRunning | None = None) -> None:
        self.pin = pin
        self.running = running if running is not None else FakeRunning(pin)
        self.previewed = FakeRunning(pin, preview=True)
        self.rechecking = FakeRunning(pin)
        self.problem: WizardError | None = None
        self.known_secrets: dict[str, tuple[str, bool]] = {}
        self.exported: list[tuple[str, Path]] = []
        self.keys: tuple[SigningKey, ...] = ()
        self.signed: list[tuple[Path, str, bool]] = []
        self.evidence = Evidence(folder=Path())
        self.locked = False
        self.begun: list[tuple[str, Pin]] = []
        self.session_list: list[SessionSummary] = [SUSPENDED, FINISHED]
        self.region_list: Dropdown | WizardError = REGIONS
        self.may_list = threading.Event()
        self.may_list.set()
        self.profile_list = [Profile(name="demo", region="us-east-1", kind="demo")]

    def checklists(self) -> Sequence[Pinned]:
        return [self.running.pinned]

    def sessions(self) -> Sequence[SessionSummary]:
        return self.session_list

    def profiles(self) -> Sequence[Profile]:
        return self.profile_list

    def regions(self, profile: str) -> Sequence[str]:
        return ["us-east-1", "eu-west-1", "ap-south-1", "us-west-2"]

    def region_choices(self, profile: str) -> Dropdown:
        self.may_list.wait(5)
        if isinstance(self.region_list, WizardError):
            raise self.region_list
        return self.region_list

    def identify(self, profile: str, region: str) -> Pin:
        if self.problem is not None:
            raise self.problem
        return replace(self.pin, region=region, profile=profile)

    def begin(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Running:
        self.begun.append((checklist, pin))
        return self.running

    def preview(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Running:
        return self.previewed

    def resume(self, session: str, *, take_over: str = "") -> Running:
        if session != "s-12":
            raise RefusedError("The account is another one.", where="Session 9", todo="Log in.")
        return self.running

    def recheck(self, session: str) -> Running:
        return self.rechecking

    def look(self, session: str) -> tuple[Pinned, SessionState]:
        return self.running.pinned, self.running.snapshot.state

    def export(self, session: str, to: Path) -> Evidence:
        self.exported.append((session, to))
        return replace(self.evidence, folder=to / "st-wizard-12")

    def signing_keys(self) -> Sequence[SigningKey]:
        return self.keys

    def sign(self, folder: Path, key: str, *, terminal: bool) -> str:
        self.signed.append((folder, key, terminal))
        if self.locked and not terminal:
            raise LockedKeyError("The key has a passphrase.", where=key, todo="Run ssh-add.")
        return key

    def has_secret(self, name: str) -> bool:
        return name in self.known_secrets

    def give_secret(self, name: str, value: str, *, keep: bool) -> str:
        self.known_secrets[name] = (value, keep)
        return "kept in the keyring" if keep else "held until the wizard is closed"

    def inbox_url(self) -> str:
        return "http://127.0.0.1:5601/inbox"
