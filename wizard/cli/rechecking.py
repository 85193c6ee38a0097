"""A recheck begun: the session or the bundle that it reads again, the account, its own session."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from wizard import __version__
from wizard.checklist.pinned import Pinned
from wizard.cli.confirmed import confirmed, session_id
from wizard.cli.kept import kept
from wizard.cli.operator import actor
from wizard.cli.summaries import pin_of
from wizard.clock import Clock, random_id
from wizard.engine.account import changed_account
from wizard.engine.engine import Engine
from wizard.errors import UsageError
from wizard.evidence.opened import opened
from wizard.gateway.read_only import ReadOnly
from wizard.gateway.world import WorldGateway
from wizard.session.base import Pin
from wizard.session.events import AnyEvent, InputAnswered
from wizard.session.journal import Journal
from wizard.session.rechecks import RecheckStarted
from wizard.session.reduce import fold
from wizard.session.state import SessionState
from wizard.step import Registry


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What is read again: a session's own evidence, wherever it was kept."""

    pinned: Pinned
    state: SessionState
    bundle_sha256: str = ""
    """Of its SHA256SUMS; empty when it is in the journal here."""


def of_session(journal: Journal, name: str) -> Before:
    """A session that is kept here, by number or id."""
    pinned, entries = kept(journal, name)
    return _fit(Before(pinned=pinned, state=fold(entries)))


def is_bundle(given: Path) -> bool:
    """Whether what was given names a folder or a zip, not a session."""
    return given.is_dir() or (given.suffix == ".zip" and given.is_file())


def of_bundle(folder: Path) -> Before:
    """An exported session; this machine need not know it. A broken bundle is refused."""
    found = opened(folder)
    return _fit(Before(pinned=found.pinned, state=found.state, bundle_sha256=found.sums_sha256))


def recheck(
    before: Before,
    *,
    journal: Journal,
    registry: Registry,
    clock: Clock,
    gateway: Callable[[Pin], WorldGateway],
) -> Engine:
    """A recheck that has not been started: a session of its own, of the account that `before` is
    of. The caller may be another one, and is written down.

    `gateway` makes one for a pin. `RefusedError` when the account is another one.
    """
    pin = pin_of(before.state)
    world = gateway(pin)
    now = confirmed(world, pin, changed_account)
    pinned = before.pinned
    try:
        writer = journal.create(
            session=session_id(clock),
            checklist_id=pinned.checklist.id,
            checklist_text=pinned.text,
            advice_text=pinned.advice_text,
            checklist_sha256=pinned.sha256,
            tool_version=__version__,
            pin=now,
            actor=actor(now),
        )
    except BaseException:
        world.close()
        raise
    world.seal_with(writer.seal)
    writer.append(*_beginning(before))
    return Engine(
        pinned=pinned,
        registry=registry,
        gateway=ReadOnly(world),
        journal=writer,
        clock=clock,
        ids=random_id,
        recheck=before.state,
    )


def _beginning(before: Before) -> list[AnyEvent]:
    """What is rechecked, and the answers that went into it."""
    state, pin = before.state, pin_of(before.state)
    return [
        RecheckStarted(
            session=state.session,
            number=state.number,
            head_sha256=state.head_sha256,
            bundle_sha256=before.bundle_sha256,
            ended_at=state.finished_at,
            caller_arn=pin.caller_arn,
            tool_version=state.tool_version,
        ),
        *(
            InputAnswered(input=name, value=one.value, source="session", label=one.label)
            for name, one in state.answers.items()
        ),
    ]


def _fit(before: Before) -> Before:
    again = before.state.rechecks
    if again is not None:
        raise UsageError(
            f"Session {before.state.number} is itself a recheck, of session {again.number}.",
            where=before.state.session,
            todo=f"Recheck that one: st-wizard recheck {again.number}, or its bundle.",
        )
    return before
