"""A bucket to keep a bundle in: as it is now, and what retention it gives.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from wizard.effects import Json, Read
from wizard.errors import CallError, CredentialsError, DeniedError, RefusedError, UsageError
from wizard.evidence.s3_address import Address
from wizard.gateway.protocol import Gateway
from wizard.gateway.regions import first_region

COMPLIANCE = "COMPLIANCE"
GOVERNANCE = "GOVERNANCE"


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """The bucket as it is now. What may not be read is told by a warning."""

    name: str
    region: str
    owner: str
    """The account that it has to be of: each call says so, and S3 refuses any other."""
    versioned: bool = False
    locks: bool = False
    """Object Lock is on."""
    default_mode: str = ""
    default_days: int = 0
    encryption: str = ""
    warnings: tuple[str, ...] = ()


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """Until when no version of an object can be deleted."""

    mode: str
    days: int
    until: str = ""
    """ISO 8601; empty when the bucket's default counts from each upload."""


def look(gateway: Gateway, place: Address, owner: str, region: str) -> Bucket:
    """The bucket, read and not changed. `RefusedError` when it is not there, or somebody else's."""
    where = _region(gateway, place.bucket, owner, region)
    warnings: list[str] = []
    bucket = Bucket(name=place.bucket, region=where, owner=owner)

    def ask(operation: str, *absent: str) -> Json:
        params = {"Bucket": place.bucket, "ExpectedBucketOwner": owner}
        effect = Read("s3", operation, params, absent=absent, region=where)
        try:
            return gateway.call(effect).value or {}
        except DeniedError as error:
            warnings.append(f"{operation} may not be read: {error.what}")
            return None

    locking = _locking(ask, warnings)
    blocked = ask("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration")
    if blocked is not None and not _all_blocked(blocked):
        warnings.append("Block Public Access is not wholly on for the bucket.")
    return msgspec.structs.replace(
        bucket,
        versioned=_versioned(ask, warnings) or locking[0],
        locks=locking[0],
        default_mode=locking[1],
        default_days=locking[2],
        encryption=_encryption(ask, warnings),
        warnings=tuple(warnings),
    )


def retention(bucket: Bucket, days: int | None, mode: str, now: float) -> Retention | None:
    """What the objects get: what was asked for, else the bucket's default; None for neither.

    The date is at the end of its day in UTC, so that a second try on the same day asks for the
    same. `RefusedError` when the bucket cannot give it.
    """
    if days is None and mode:
        raise UsageError(
            "A mode says nothing without a time.", where="--retain-mode", todo="Add --retain-days."
        )
    if days is None:
        if not bucket.default_mode:
            return None
        return Retention(mode=bucket.default_mode, days=bucket.default_days)
    if not bucket.locks:
        raise RefusedError(
            "Object Lock is not on for this bucket, so it keeps nothing from being deleted.",
            where=f"s3://{bucket.name}",
            todo="Nothing was uploaded. Switch Object Lock on for it, choose another bucket, or "
            "leave --retain-days out.",
        )
    last = datetime.fromtimestamp(now, UTC).replace(hour=23, minute=59, second=59, microsecond=0)
    until = (last + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Retention(mode=mode or bucket.default_mode or GOVERNANCE, days=days, until=until)


def _region(gateway: Gateway, bucket: str, owner: str, region: str) -> str:
    """Where the bucket is, which every region's first one knows."""
    params = {"Bucket": bucket, "ExpectedBucketOwner": owner}
    effect = Read("s3", "GetBucketLocation", params, region=first_region(region))
    try:
        found = gateway.call(effect).value.get("LocationConstraint")
    except CredentialsError:
        raise
    except DeniedError as error:
        # A bucket of somebody else is denied in the same words as a missing permission.
        raise RefusedError(
            f"The bucket is not of account {owner}, or its location may not be read: {error.what}",
            where=f"s3://{bucket}",
            todo="Nothing was uploaded. Say whose it is with --bucket-owner, or ask for "
            "s3:GetBucketLocation.",
        ) from error
    except CallError as error:
        if error.code != "NoSuchBucket":
            raise
        raise RefusedError(
            "There is no such bucket.",
            where=f"s3://{bucket}",
            todo="Nothing was uploaded. Create it, with Object Lock, before.",
        ) from error
    if not found:
        return first_region(region)
    return "eu-west-1" if found == "EU" else str(found)


def _locking(ask: Callable[..., Json], warnings: list[str]) -> tuple[bool, str, int]:
    found = ask("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError")
    if found is None:
        return False, "", 0
    rule = found.get("ObjectLockConfiguration", {})
    if rule.get("ObjectLockEnabled") != "Enabled":
        warnings.append("Object Lock is off: whoever may delete objects there can delete these.")
        return False, "", 0
    default = rule.get("Rule", {}).get("DefaultRetention", {})
    days = int(default.get("Days") or 0) + 365 * int(default.get("Years") or 0)
    return True, str(default.get("Mode") or ""), days


def _versioned(ask: Callable[..., Json], warnings: list[str]) -> bool:
    found = ask("GetBucketVersioning")
    if found is None:
        return False
    enabled: bool = found.get("Status") == "Enabled"
    if not enabled:
        warnings.append("Versioning is off: an object that is overwritten is gone.")
    return enabled


def _encryption(ask: Callable[..., Json], warnings: list[str]) -> str:
    found = ask("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError")
    if found is None:
        return ""
    rules = found.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    for rule in rules:
        if name := rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm"):
            return str(name)
    warnings.append("The bucket has no default encryption.")
    return ""


def _all_blocked(found: Json) -> bool:
    settings = found.get("PublicAccessBlockConfiguration", {})
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return all(settings.get(name) is True for name in names)
