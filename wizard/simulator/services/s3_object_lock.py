"""Object Lock and checksums of objects: what S3 refuses, on the account's time.

moto takes a wrong checksum, a date in the past, and a shorter retention under COMPLIANCE; it locks
by the machine's time, and only buckets that are empty.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from moto.s3.models import FakeBucket, FakeKey, S3Backend
from moto.s3.responses import S3Response

from wizard.simulator.services.patching import Method, replace, wrap
from wizard.simulator.services.s3_refusals import S3Refusal

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

MODES = frozenset({"GOVERNANCE", "COMPLIANCE"})
_MODE = "x-amz-object-lock-mode"
_UNTIL = "x-amz-object-lock-retain-until-date"


def install(clock: AccountClock) -> None:
    """Patch how objects are put, kept and deleted."""
    _configuration()
    _time(clock)
    _putting(clock)
    _retention(clock)


def _configuration() -> None:
    @replace(S3Backend, "put_object_lock_configuration")
    def put_object_lock_configuration(self: Any, bucket_name: str, *asked: Any) -> None:
        lock_enabled, mode, days, years = asked
        bucket = self.get_bucket(bucket_name)
        if not bucket.is_versioned:
            raise S3Refusal(
                "InvalidBucketState",
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
            )
        if mode and (mode not in MODES or bool(days) == bool(years)):
            raise S3Refusal(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our "
                "published schema",
            )
        bucket.object_lock_enabled = bucket.object_lock_enabled or bool(lock_enabled)
        bucket.default_lock_mode = mode
        bucket.default_lock_days = days or 0
        bucket.default_lock_years = years or 0

    @wrap(S3Backend, "put_bucket_versioning")
    def put_bucket_versioning(original: Method, self: Any, bucket_name: str, status: str) -> None:
        if status != "Enabled" and self.get_bucket(bucket_name).object_lock_enabled:
            raise S3Refusal(
                "InvalidBucketState",
                "An Object Lock configuration is present on this bucket, so the versioning state "
                "cannot be changed.",
            )
        original(self, bucket_name, status)

    @wrap(S3Response, "get_object_lock_configuration")
    def get_object_lock_configuration(original: Method, self: Any) -> Any:
        bucket = self.backend.get_bucket(self.bucket_name)
        if not bucket.object_lock_enabled:
            raise S3Refusal(
                "ObjectLockConfigurationNotFoundError",
                "Object Lock configuration does not exist for this bucket",
                BucketName=self.bucket_name,
            )
        # Days and years exclude each other; moto answers with both.
        days, years = bucket.default_lock_days, bucket.default_lock_years
        bucket.default_lock_days, bucket.default_lock_years = days or None, years or None
        try:
            return original(self)
        finally:
            bucket.default_lock_days, bucket.default_lock_years = days, years


def _time(clock: AccountClock) -> None:
    @replace(FakeBucket, "default_retention")
    def default_retention(self: Any) -> str:
        days = (self.default_lock_days or 0) + 365 * (self.default_lock_years or 0)
        return (clock.utc() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    @replace(FakeKey, "is_locked")
    def is_locked(self: Any, governance_bypass: object) -> bool:
        if self.lock_legal_status == "ON":
            return True
        # moto hands on the header's text, of which "false" is one.
        bypass = str(governance_bypass).lower() == "true"
        if self.lock_mode not in MODES or (self.lock_mode == "GOVERNANCE" and bypass):
            return False
        return _moment(self.lock_until) > clock.utc()


def _putting(clock: AccountClock) -> None:
    @wrap(S3Response, "put_object")
    def put_object(original: Method, self: Any) -> Any:
        _check_sum(self.headers.get("x-amz-checksum-sha256"), self.body or b"")
        mode, until = self.headers.get(_MODE), self.headers.get(_UNTIL)
        if bool(mode) != bool(until):
            raise S3Refusal("InvalidArgument", f"{_UNTIL} and {_MODE} must both be supplied")
        if mode and until:
            _check_retention(mode, until, clock)
        return original(self)


def _retention(clock: AccountClock) -> None:
    @wrap(S3Backend, "put_object_retention")
    def put_object_retention(
        original: Method, self: Any, bucket_name: str, key_name: str, **asked: Any
    ) -> None:
        bucket = self.get_bucket(bucket_name)
        if not bucket.object_lock_enabled:
            raise S3Refusal("InvalidRequest", "Bucket is missing Object Lock Configuration")
        mode, until = asked["retention"]
        if mode and until:
            _check_retention(mode, until, clock)
        key = self.get_object(bucket_name, key_name, version_id=asked["version_id"])
        if (
            key is not None
            and key.lock_mode == "COMPLIANCE"
            and key.is_locked(governance_bypass=False)
        ):
            shorter = not until or _moment(until) < _moment(key.lock_until)
            if shorter or mode != "COMPLIANCE":
                raise S3Refusal(
                    "AccessDenied", "Access Denied because object protected by object lock."
                )
        original(self, bucket_name, key_name, **asked)


def _check_sum(said: str | None, body: bytes) -> None:
    if not said:
        return
    try:
        raw = base64.b64decode(said, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != hashlib.sha256().digest_size:
        raise S3Refusal("InvalidRequest", "Value for x-amz-checksum-sha256 header is invalid.")
    if raw != hashlib.sha256(body).digest():
        raise S3Refusal(
            "BadDigest", "The SHA256 you specified did not match the calculated checksum."
        )


def _check_retention(mode: str, until: str, clock: AccountClock) -> None:
    if mode not in MODES:
        raise S3Refusal("InvalidArgument", "Unknown wormMode directive.")
    if _moment(until) <= clock.utc():
        raise S3Refusal("InvalidArgument", "The retain until date must be in the future!")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
