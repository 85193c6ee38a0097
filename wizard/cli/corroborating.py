"""CloudTrail asked about a session, region by region, and what is left by its name."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from wizard.cli.confirmed import confirmed
from wizard.cli.desk import WizardDesk
from wizard.cli.summaries import pin_of
from wizard.clock import SystemClock
from wizard.engine.account import changed_account
from wizard.engine.event_history import Listed, called, changes
from wizard.engine.gather import gather
from wizard.errors import WizardError
from wizard.evidence.corroboration import Corroboration, Span, corroborate, span
from wizard.evidence.opened import Opened
from wizard.evidence.trail_events import events
from wizard.gateway.event_names import HOME, event_name
from wizard.gateway.protocol import Gateway
from wizard.gateway.read_only import ReadOnly
from wizard.gateway.regions import first_region
from wizard.session.base import Pin
from wizard.step import Reads


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it, and what it rests on."""

    found: Corroboration
    pin: Pin
    """Who asked CloudTrail."""
    now: float
    """The account's time when it was asked."""
    regions: tuple[str, ...]
    problems: Mapping[str, str]
    """By region: why its history could not be read."""


def corroborated(desk: WizardDesk, known: Opened, progress: Callable[[str], None]) -> Told:
    """Every changing call of the session with its event in CloudTrail.

    `RefusedError` when the credentials are of another account; another caller of it may ask.
    """
    pin = pin_of(known.state)
    world = desk.reading(pin)
    now_pin = confirmed(world, pin, changed_account)
    try:
        return _asked(ReadOnly(world), now_pin, known, progress)
    finally:
        world.close()


def _asked(gateway: Gateway, pin: Pin, known: Opened, progress: Callable[[str], None]) -> Told:
    now = gateway.now()
    at = datetime.fromtimestamp(now, UTC)
    when = span(known.entries, known.state, pin_of(known.state))
    problems: dict[str, str] = {}
    listed: Listed = []

    def ask(work: Mapping[str, Reads[Listed]]) -> None:
        def ended(name: str) -> None:
            progress(f"CloudTrail in {name}: read")

        found = gather(work, gateway=gateway, clock=SystemClock(), pin=pin, ended=ended)
        for name, answer in found.items():
            if isinstance(answer, WizardError):
                problems[name] = str(answer)
            else:
                listed.extend(answer)

    progress(f"Asking CloudTrail about {when.since:%Y-%m-%d %H:%M} to {when.until:%H:%M} UTC …")

    def told(region: str, count: int) -> None:
        progress(f"CloudTrail in {region}: {count:,} events so far …")

    ask({region: changes(region, when.since, when.until, told) for region in when.regions})
    first = corroborate(known.state, known.entries, events(listed), when, now=at)
    # What is missing among the changes may be there under its name: CloudTrail calls some
    # changes reads.
    ask(_by_name(first, when, pin, set(problems)))
    return Told(
        found=corroborate(
            known.state, known.entries, events(listed), when, now=at, unread=set(problems)
        ),
        pin=pin,
        now=now,
        regions=when.regions,
        problems=problems,
    )


def _by_name(
    first: Corroboration, when: Span, pin: Pin, unread: set[str]
) -> dict[str, Reads[Listed]]:
    work: dict[str, Reads[Listed]] = {}
    for one in first.missing:
        service, _, operation = one.call.partition(":")
        name = event_name(service, operation)
        region = first_region(pin.region) if service in HOME else one.region or pin.region
        if region not in unread:
            work[f"{region} by the name {name}"] = called(region, name, when.since, when.until)
    return work
