"""The operator's desk: all that a front end can see and do. Screens know this and no more."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

import msgspec

from wizard.checklist.pinned import Pinned
from wizard.effects import Json
from wizard.engine.commands import Command
from wizard.engine.snapshot import Snapshot
from wizard.session.base import Pin
from wizard.session.state import SessionState
from wizard.step import Option


class Dropdown(msgspec.Struct, frozen=True, kw_only=True):
    """The live choices of an input, with where and when they were read."""

    options: tuple[Option, ...]
    source: str
    """`ec2:DescribeVpcs in us-east-1`."""
    read_at: str
    """UTC, ISO 8601."""
    problem: str = ""
    """Why there are none: the field takes free text then."""
    waits_for: tuple[str, ...] = ()
    """Inputs that must be answered first."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile of the AWS configuration on this machine."""

    name: str
    region: str = ""
    kind: str = ""
    """`sso`, `assume role`, `keys`, `environment`, `demo`."""


class SessionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A session in a list."""

    session: str
    number: int
    checklist_id: str
    title: str
    account_id: str
    alias: str
    region: str
    started_at: str
    updated_at: str
    standing: str
    """`running`, `suspended`, `finished`, `aborted`."""
    done: int
    total: int
    waiting_for: str = ""
    holder: str = ""
    """Who holds it now, where and since when; empty when nobody does."""
    simulated: bool = False
    rechecks: int = 0
    """The number of the session that this one reads again; 0: none."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence as it was written, and what stands for it."""

    folder: Path
    signed: str = ""
    """In words, the operator's signature that it has already; empty without one."""
    besides: tuple[str, ...] = ()
    """In words, what else stands for it, and what did and was taken away."""


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the operator's that may sign the evidence."""

    name: str
    """Its fingerprint, by which it is chosen."""
    label: str
    """`ssh-ed25519 ada@example.com`."""
    where: str
    """`in the agent`, or the file of its private half."""


class Running(Protocol):
    """A session under way, or a preview of one. All methods may be called from any thread."""

    @property
    def pinned(self) -> Pinned: ...

    @property
    def snapshot(self) -> Snapshot: ...

    @property
    def preview(self) -> bool:
        """True for a dry run: nothing is changed and nothing is journaled."""
        ...

    def start(self) -> None:
        """Start the engine's own thread."""
        ...

    def send(self, command: Command) -> int:
        """Hand in a command; it has been carried out, or refused with a notice, in every
        snapshot whose `handled` is at least the number returned."""
        ...

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `listener`, on the engine's thread, after each change; returns how to stop it."""
        ...

    def dropdown(self, name: str, *, refresh: bool = False) -> "Future[Dropdown]":
        """The choices of an input under the present answers."""
        ...

    def default(self, name: str) -> "Future[Json]":
        """What the input is answered with unless the operator says otherwise; None if nothing."""
        ...

    def check(self, name: str, value: Json) -> str:
        """What is wrong with this answer, in the operator's words; empty when nothing is."""
        ...

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the engine's thread to end; True when it has."""
        ...


class Desk(Protocol):
    """Implemented by the composition root."""

    def checklists(self) -> Sequence[Pinned]: ...

    def sessions(self) -> Sequence[SessionSummary]: ...

    def profiles(self) -> Sequence[Profile]: ...

    def regions(self, profile: str) -> Sequence[str]:
        """Region names known to the SDK, those in use first; makes no call."""
        ...

    def region_choices(self, profile: str) -> Dropdown:
        """The regions of the profile's account with their opt-in status, those in use first; one
        that is not enabled says so in `disabled`. With a `problem`, the names alone. Blocks,
        raises `WizardError`."""
        ...

    def identify(self, profile: str, region: str) -> Pin:
        """Ask AWS who and where we are; blocks, raises `WizardError`. The region need not be
        enabled: another tells who we are then."""
        ...

    def begin(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Running:
        """Start a session on the account that `pin` says; blocks for one STS call."""
        ...

    def preview(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Running:
        """A dry run: reads only."""
        ...

    def resume(self, session: str, *, take_over: str = "") -> Running:
        """Go on with a session; blocks, raises `RefusedError` when its pin does not match, and
        `HeldError` when somebody else holds it, unless it is who the operator has confirmed to
        `take_over` from."""
        ...

    def recheck(self, session: str) -> Running:
        """A session that reads again what another one asserted; blocks, reads only, raises
        `RefusedError` when the account is another one."""
        ...

    def look(self, session: str) -> tuple[Pinned, SessionState]:
        """A session as it is, read-only."""
        ...

    def export(self, session: str, to: Path) -> Evidence:
        """Write the session's evidence below `to`; returns where it is and what stands for it."""
        ...

    def signing_keys(self) -> Sequence[SigningKey]:
        """Keys of the operator's that may sign, those of the agent first; asks no one."""
        ...

    def sign(self, folder: Path, key: str, *, terminal: bool) -> str:
        """Sign exported evidence as its operator; returns the key's fingerprint. Blocks. With
        `terminal` a passphrase is asked for there, else `LockedKeyError` when one is needed."""
        ...

    def has_secret(self, name: str) -> bool: ...

    def give_secret(self, name: str, value: str, *, keep: bool) -> str:
        """Hold a secret for this process, and with `keep` in the keyring; returns where it is
        kept, in words."""
        ...

    def inbox_url(self) -> str:
        """On the demo account: the page with its mails; else empty."""
        ...
