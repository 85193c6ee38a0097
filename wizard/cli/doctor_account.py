"""The doctor's checks of the AWS account: profiles, credentials, region, clock."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wizard.cli.checkup import Finding, note, ok, wrong
from wizard.cli.settings import Settings
from wizard.errors import CallError, UnreachableError
from wizard.gateway import profiles
from wizard.gateway.clients import Timeouts
from wizard.gateway.loopback import is_loopback
from wizard.gateway.world import WorldGateway

MOST_SKEW = 240.0
"""Seconds. AWS refuses signatures that are five minutes off.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html"""

NO_CREDENTIALS = "Run `aws configure sso`, or try the demo account: `st-wizard demo`."


def account(settings: Settings) -> list[Finding]:
    """All checks that need AWS; an account that cannot be asked ends them."""
    known = profiles.profiles()
    chosen = settings.profile or profiles.default_profile()
    local = bool(settings.endpoint_url) and is_loopback(settings.endpoint_url)
    made_up = local and not settings.profile
    region = settings.region or profiles.default_region(chosen) or ("us-east-1" if local else "")
    found = [_profiles(known, chosen, made_up=made_up), _region(region)]
    if not made_up and chosen not in [one.name for one in known]:
        return found
    return found + _asked(settings, "" if made_up else chosen, region or "us-east-1", local=local)


def _profiles(known: list[profiles.Profile], chosen: str, *, made_up: bool) -> Finding:
    names = ", ".join(f"{one.name or 'environment'} ({one.kind})" for one in known)
    if made_up:
        return ok("AWS profiles", "none is used: the endpoint is on this machine")
    if not known:
        return note("AWS profiles", "none on this machine", NO_CREDENTIALS)
    if chosen not in [one.name for one in known]:
        missing = f"{names}; none is called {chosen}"
        return note("AWS profiles", missing, "Name one of them with --profile.")
    return ok("AWS profiles", f"{names}; used: {chosen or 'environment'}")


def _region(region: str) -> Finding:
    if not region:
        return note("Region", "none is set", "The wizard asks; or give --region.")
    names = [name for name, _ in profiles.regions()]
    if region not in names:
        return note("Region", f"{region} is not known to this SDK", "Check its name.")
    return ok("Region", region)


def _asked(settings: Settings, profile: str, region: str, *, local: bool) -> list[Finding]:
    gateway = WorldGateway(
        profile=profile,
        region=region,
        endpoint_url=settings.endpoint_url,
        timeouts=Timeouts(connect=3.0, read=10.0),
    )
    try:
        before = datetime.now(UTC)
        answer, told_by = gateway.caller()
        after = datetime.now(UTC)
    except UnreachableError as error:
        todo = error.todo or "Check network and proxy, then try again."
        return [wrong("Credentials", f"AWS cannot be reached: {error.what}", todo)]
    except CallError as error:
        return [wrong("Credentials", error.what, error.todo or "Log in again, then try again.")]
    finally:
        gateway.close()
    caller = answer.value
    who = f"account {caller['Account']}, {caller['Arn']}"
    closed = [] if told_by == region else [_closed(region, told_by)]
    if local:
        return [ok("Credentials", f"{who} (simulated)"), *closed]
    return [ok("Credentials", who), *closed, clock(answer.date, before, after)]


def _closed(region: str, told_by: str) -> Finding:
    return note(
        "Region",
        f"{region} does not accept credentials that {told_by} does: it is not enabled",
        "The checklist add-region enables it after asking; every other needs it enabled.",
    )


def clock(date: str, before: datetime, after: datetime) -> Finding:
    """This machine's clock against the `Date` of an answer that came between two moments."""
    try:
        there = parsedate_to_datetime(date)
    except ValueError:
        return note("Clock", "AWS's answer had no time to compare with")
    # The header has whole seconds, and was written some time between the two.
    off = max((before - there).total_seconds() - 1, (there - after).total_seconds(), 0.0)
    if off > MOST_SKEW:
        return wrong(
            "Clock", f"{off:.0f} s off AWS's", "Set this machine's clock: AWS refuses its calls."
        )
    if off > 30:
        return note("Clock", f"{off:.0f} s off AWS's", "Set this machine's clock.")
    return ok("Clock", "agrees with AWS's")
