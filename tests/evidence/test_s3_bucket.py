"""The bucket that a bundle is to be kept in: its address, and what it promises."""

from typing import Any

import pytest

from tests.e2e.account import Account
from tests.evidence.in_s3 import at, run, seen, upload, writes
from wizard.errors import RefusedError, UsageError
from wizard.evidence.s3_address import Address, address
from wizard.evidence.s3_place import look, retention
from wizard.gateway.world import WorldGateway


def test_a_bucket_without_object_lock_promises_nothing(
    account: Account, gateway: WorldGateway, s3: Any
) -> None:
    s3.create_bucket(Bucket="acme-plain-one")
    s3.delete_public_access_block(Bucket="acme-plain-one")
    found = seen(gateway, "acme-plain-one", account)
    assert not found.locks
    said = " ".join(found.warnings)
    for words in ("Object Lock is off", "Versioning is off", "Block Public Access"):
        assert words in said
    with pytest.raises(RefusedError, match="Object Lock is not on"):
        retention(found, 30, "", gateway.now())


def test_a_good_bucket_has_no_warnings_and_is_found_in_its_region(
    account: Account, gateway: WorldGateway
) -> None:
    far = account.client("s3", "eu-west-1")
    far.create_bucket(
        Bucket="acme-far",
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
    found = seen(gateway, "acme-far", account)
    assert (found.region, found.locks, found.versioned) == ("eu-west-1", True, True)
    assert found.encryption == "AES256"
    assert found.warnings == ()
    place, _ = run(upload(gateway, account, "acme-far"))
    assert place.complete


def test_what_may_not_be_read_of_the_bucket_is_said(
    account: Account, gateway: WorldGateway, bucket: str
) -> None:
    account.order("faults", service="s3", operation="GetBucketVersioning", kind="deny")
    account.order("faults", service="s3", operation="GetBucketEncryption", kind="deny")
    found = seen(gateway, bucket, account)
    assert [warning.split()[0] for warning in found.warnings] == [
        "GetBucketVersioning",
        "GetBucketEncryption",
    ]


@pytest.mark.parametrize("owner", ["111111111111"])
def test_a_bucket_of_another_account_than_said_gets_nothing(
    owner: str, account: Account, gateway: WorldGateway, bucket: str
) -> None:
    account.forget()
    with pytest.raises(RefusedError, match="not of account 111111111111"):
        look(gateway, at(bucket), owner, "us-east-1")
    assert writes(account) == []


def test_a_bucket_that_is_not_there_is_said_so(account: Account, gateway: WorldGateway) -> None:
    with pytest.raises(RefusedError, match="no such bucket"):
        seen(gateway, "acme-nowhere", account)


@pytest.mark.parametrize(
    ("url", "bucket", "prefix"),
    [
        ("s3://acme", "acme", ""),
        ("s3://acme/", "acme", ""),
        ("s3://acme/audits/2026/", "acme", "audits/2026/"),
    ],
)
def test_an_address_is_bucket_and_prefix(url: str, bucket: str, prefix: str) -> None:
    assert address(url) == Address(bucket, prefix)
    assert address(url).url("f") == f"s3://{bucket}/{prefix}f/"


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3://A", "s3://acme//x", "s3://acme/../x", "s3://acme/a b", "s3://acme/\u202e"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not a place in S3"):
        address(url)
