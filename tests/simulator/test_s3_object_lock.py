"""Objects that cannot be overwritten or deleted for a time, and checksums that are checked."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated

BUCKET = "acme-evidence"
BODY = b"evidence"


def checksum(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("s3") as made:
        yield made


@pytest.fixture
def s3(account: Account) -> Any:
    client = account.client("s3")
    client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    return client


def put(s3: Any, key: str = "a", body: bytes = BODY, **more: Any) -> Any:
    more.setdefault("ChecksumSHA256", checksum(body))
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, ChecksumAlgorithm="SHA256", **more)


def default(s3: Any, mode: str, **period: int) -> None:
    rule = {"DefaultRetention": {"Mode": mode, **period}}
    s3.put_object_lock_configuration(
        Bucket=BUCKET,
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule},
    )


def test_a_wrong_checksum_is_refused(s3: Any) -> None:
    with refused("BadDigest"):
        put(s3, ChecksumSHA256=checksum(b"other"))
    with refused("InvalidRequest", "x-amz-checksum-sha256"):
        put(s3, ChecksumSHA256="!!")
    answer = put(s3)
    assert answer["ChecksumSHA256"] == checksum(BODY)
    head = s3.head_object(Bucket=BUCKET, Key="a", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == checksum(BODY)


def test_what_is_there_is_not_overwritten_when_that_is_asked(s3: Any) -> None:
    put(s3, IfNoneMatch="*")
    with refused("PreconditionFailed"):
        put(s3, body=b"other", IfNoneMatch="*")


def test_a_bucket_without_object_lock_says_so(account: Account) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="acme-plain")
    with refused("ObjectLockConfigurationNotFoundError"):
        s3.get_object_lock_configuration(Bucket="acme-plain")


def test_object_lock_can_be_switched_on_for_a_bucket_that_holds_something(
    account: Account,
) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="acme-plain")
    enabled = {"ObjectLockEnabled": "Enabled"}
    with refused("InvalidBucketState"):
        s3.put_object_lock_configuration(Bucket="acme-plain", ObjectLockConfiguration=enabled)
    s3.put_bucket_versioning(Bucket="acme-plain", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="acme-plain", Key="a", Body=b"1")
    s3.put_object_lock_configuration(Bucket="acme-plain", ObjectLockConfiguration=enabled)
    found = s3.get_object_lock_configuration(Bucket="acme-plain")["ObjectLockConfiguration"]
    assert found == {"ObjectLockEnabled": "Enabled"}


def test_versioning_of_a_locked_bucket_stays_on(s3: Any) -> None:
    with refused("InvalidBucketState"):
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})


def test_the_default_gives_each_object_its_retention_on_account_time(
    account: Account, s3: Any
) -> None:
    default(s3, "GOVERNANCE", Days=30)
    rule = s3.get_object_lock_configuration(Bucket=BUCKET)["ObjectLockConfiguration"]["Rule"]
    assert rule == {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}
    put(s3)
    head = s3.head_object(Bucket=BUCKET, Key="a")
    assert head["ObjectLockMode"] == "GOVERNANCE"
    until = head["ObjectLockRetainUntilDate"] - account.clock.utc()
    assert abs(until - timedelta(days=30)) < timedelta(seconds=2)


def test_days_and_years_exclude_each_other(s3: Any) -> None:
    with refused("MalformedXML"):
        default(s3, "GOVERNANCE", Days=1, Years=1)


def test_a_version_that_is_kept_is_not_deleted_until_its_time(account: Account, s3: Any) -> None:
    until = account.clock.utc() + timedelta(days=2)
    version = put(s3, ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until)["VersionId"]
    for more in ({}, {"BypassGovernanceRetention": True}):
        with refused("AccessDenied"):
            s3.delete_object(Bucket=BUCKET, Key="a", VersionId=version, **more)
    account.clock.advance(timedelta(days=3).total_seconds())
    s3.delete_object(Bucket=BUCKET, Key="a", VersionId=version)


def test_governance_gives_way_only_to_who_asks_for_it(account: Account, s3: Any) -> None:
    until = account.clock.utc() + timedelta(days=2)
    version = put(s3, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)["VersionId"]
    for more in ({}, {"BypassGovernanceRetention": False}):
        with refused("AccessDenied"):
            s3.delete_object(Bucket=BUCKET, Key="a", VersionId=version, **more)
    s3.delete_object(Bucket=BUCKET, Key="a", VersionId=version, BypassGovernanceRetention=True)


def test_compliance_can_be_made_longer_and_never_shorter(account: Account, s3: Any) -> None:
    until = account.clock.utc() + timedelta(days=2)
    version = put(s3, ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until)["VersionId"]

    def retain(mode: str, days: int) -> None:
        at = account.clock.utc() + timedelta(days=days)
        s3.put_object_retention(
            Bucket=BUCKET,
            Key="a",
            VersionId=version,
            Retention={"Mode": mode, "RetainUntilDate": at},
        )

    with refused("AccessDenied"):
        retain("COMPLIANCE", 1)
    with refused("AccessDenied"):
        retain("GOVERNANCE", 5)
    retain("COMPLIANCE", 5)


def test_a_retention_is_whole_and_in_the_future(account: Account, s3: Any) -> None:
    with refused("InvalidArgument", "both"):
        put(s3, ObjectLockMode="GOVERNANCE")
    past = account.clock.utc() - timedelta(days=1)
    with refused("InvalidArgument", "in the future"):
        put(s3, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=past)
