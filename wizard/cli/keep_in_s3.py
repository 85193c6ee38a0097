"""Keeps an exported bundle in S3: the account confirmed, the bucket shown, COMPLIANCE typed."""

import sys
from collections.abc import Callable

import click
import msgspec

from wizard.cli.keeping import CONSENT, Keeping
from wizard.cli.settings import Settings
from wizard.engine.account import changed_pin, is_simulated
from wizard.errors import RefusedError
from wizard.evidence.local_copy import LocalCopy
from wizard.evidence.receipt import Kept, Place
from wizard.evidence.s3_address import Address
from wizard.evidence.s3_place import COMPLIANCE, Bucket, Retention, look, retention
from wizard.evidence.s3_upload import Upload
from wizard.gateway import profiles
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.safe import safe_line
from wizard.session.base import Pin

Ask = Callable[[str], str]


def keep_in_s3(
    settings: Settings,
    keep: Keeping,
    to: Address,
    copy: LocalCopy,
    *,
    kept: Kept,
    ask: Ask | None = None,
) -> Place:
    """Upload the bundle; the place as it is then. `RefusedError` when the account, the bucket or
    what is there is another than it has to be."""
    gateway = _gateway(settings)
    try:
        pin = _confirmed(keep, gateway, ask or typed)
        gateway.pin_to(pin, changed_pin)
        bucket = look(gateway, to, keep.bucket_owner or pin.account_id, gateway.region)
        wanted = retention(bucket, keep.retain_days, keep.retain_mode, gateway.now())
        for line in described(to, copy, bucket, wanted, pin):
            click.echo(safe_line(line, limit=500), err=True)
        _consent(keep, wanted, ask or typed)
        upload = Upload(gateway, bucket, copy.name, copy.files, place=to, retention=wanted)
        start = _place(to, copy, bucket, pin)
        known = kept.before(start.where)
        if known is not None:
            start = msgspec.structs.replace(start, files=known.files)
        return upload.run(start, _progress(kept.told, len(copy.files)))
    finally:
        gateway.close()


def described(
    to: Address, copy: LocalCopy, bucket: Bucket, wanted: Retention | None, pin: Pin
) -> list[str]:
    """What is about to be done, and what of the bucket the operator should know."""
    other = "" if bucket.owner == pin.account_id else ", another account than the credentials'"
    lines = [
        f"Upload {len(copy.files)} files, {copy.size:,} bytes, to {to.url(copy.name)}",
        f"  as      {pin.caller_arn}",
        f"  bucket  of account {bucket.owner}{other}, in {bucket.region}, "
        f"{'versioned' if bucket.versioned else 'not versioned'}, "
        f"encryption {bucket.encryption or 'not known'}",
        f"  keeping {_words(wanted)}",
    ]
    return [*lines, *(f"  ! {warning}" for warning in bucket.warnings)]


def _words(wanted: Retention | None) -> str:
    if wanted is None:
        return "no retention: whoever may delete objects there can delete these"
    until = f"until {wanted.until}" if wanted.until else "by the bucket's default"
    return f"{wanted.mode} for {wanted.days} days, {until}"


def _gateway(settings: Settings) -> WorldGateway:
    profile = settings.profile or ("" if settings.endpoint_url else profiles.default_profile())
    region = settings.region or ("" if settings.endpoint_url else profiles.default_region(profile))
    return WorldGateway(
        profile=profile,
        region=region or "us-east-1",
        endpoint_url=settings.endpoint_url,
        secrets=Secrets(),
    )


def _confirmed(keep: Keeping, gateway: WorldGateway, ask: Ask) -> Pin:
    """Who uploads: named with --account, or typed; a simulated account needs neither."""
    pin = gateway.identity()
    if keep.account and pin.account_id != keep.account:
        raise RefusedError(
            f"These credentials are of account {pin.account_id}, not {keep.account}.",
            where="--account",
            todo="Nothing was uploaded. Log in to the right account, or name it.",
        )
    if keep.account or is_simulated(pin):
        return pin
    phrase = pin.alias or pin.account_id
    what = "alias" if pin.alias else "account id"
    said = ask(f"The credentials are of {phrase} ({pin.account_id}). Type its {what} to upload: ")
    if said != phrase:
        raise RefusedError(
            "The account was not confirmed.",
            where=f"account {pin.account_id}",
            todo="Nothing was uploaded. Type it, or name the account with --account.",
        )
    return pin


def _consent(keep: Keeping, wanted: Retention | None, ask: Ask) -> None:
    if wanted is None or wanted.mode != COMPLIANCE:
        return
    said = keep.consent or ask(
        f"COMPLIANCE: for {wanted.days} days nobody can delete these objects, nor shorten the "
        f"time. Type “{CONSENT}” to upload: "
    )
    if said != CONSENT:
        raise RefusedError(
            "COMPLIANCE was not consented to.",
            where="--retain-mode",
            todo=f"Nothing was uploaded. Type “{CONSENT}”, give --consent, or take GOVERNANCE.",
        )


def typed(question: str) -> str:
    """One line from the terminal; empty where there is none to ask at."""
    if not sys.stdin.isatty():
        return ""
    sys.stderr.write(safe_line(question, limit=500))
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _place(to: Address, copy: LocalCopy, bucket: Bucket, pin: Pin) -> Place:
    return Place(
        where=to.url(copy.name),
        sums_sha256=copy.sums_sha256,
        by=pin.caller_arn,
        about={
            "region": bucket.region,
            "bucket_owner": bucket.owner,
            "versioning": "Enabled" if bucket.versioned else "off, or not known",
            "object_lock": "Enabled" if bucket.locks else "off, or not known",
            "default_retention": f"{bucket.default_mode} {bucket.default_days} days"
            if bucket.default_mode
            else "none",
            "encryption": bucket.encryption or "not known",
        },
        warnings=bucket.warnings,
    )


def _progress(told: Callable[[Place], None], total: int) -> Callable[[Place], None]:
    def tell(place: Place) -> None:
        told(place)
        if sys.stderr.isatty():
            end = "\n" if place.complete else ""
            sys.stderr.write(f"\r  {len(place.files)} of {total} {end}")
            sys.stderr.flush()

    return tell
