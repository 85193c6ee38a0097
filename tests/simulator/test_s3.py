"""Buckets of the simulated account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.simulator.in_process import Account, refused, simulated

BUCKET = "prod-logs"
ARN = f"arn:aws:s3:::{BUCKET}"


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("s3") as made:
        yield made


@pytest.fixture
def s3(account: Account) -> Any:
    client = account.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


def statement(**more: Any) -> dict[str, Any]:
    plain = {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{ARN}/*",
    }
    return {key: value for key, value in {**plain, **more}.items() if value is not None}


def put(s3: Any, *statements: dict[str, Any]) -> None:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))


def test_new_buckets_are_closed_and_encrypted(s3: Any) -> None:
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    rules = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    owned = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    assert owned == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{“Version”: “2012-10-17”}", "invalid Json"),
        ("not a policy", "first byte must be '{'"),
        ('{"Version": "2012-10-17"}', "Missing required field Statement"),
        ('{"Version": "2012-10-17", "Statement": []}', "Statement is empty"),
        ('{"Version": "2020-01-01", "Statement": [{}]}', "valid version"),
        ('{"Version": "2012-10-17", "Statement": [{}], "More": 1}', "Unknown field More"),
    ],
)
def test_malformed_documents(s3: Any, text: str, words: str) -> None:
    with refused("MalformedPolicy", words):
        s3.put_bucket_policy(Bucket=BUCKET, Policy=text)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"Effect": "Permit"}, "Invalid effect"),
        ({"Principal": None}, "Missing required field Principal"),
        ({"Principal": {"AWS": "nobody"}}, "Invalid principal"),
        ({"Resource": "arn:aws:s3:::other/*"}, "invalid resource"),
        ({"Action": "ec2:RunInstances"}, "invalid action"),
        ({"Action": "s3:ListBucket"}, "does not apply to any resource"),
        ({"Action": "s3:PutObject", "Resource": ARN}, "does not apply to any resource"),
    ],
)
def test_malformed_statements(s3: Any, wrong: dict[str, Any], words: str) -> None:
    with refused("MalformedPolicy", words):
        put(s3, statement(**wrong))


def test_public_policies_are_blocked_until_allowed(s3: Any) -> None:
    everybody = statement(Principal="*", Action="s3:GetObject")
    blocked = "because public policies are blocked by the BlockPublicPolicy"
    with refused("AccessDenied", blocked):
        put(s3, everybody)
    put(s3, statement(Principal="*", Condition={"StringEquals": {"aws:SourceAccount": "1" * 12}}))
    assert s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"] == {"IsPublic": False}
    s3.delete_public_access_block(Bucket=BUCKET)
    put(s3, everybody)
    assert s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"] == {"IsPublic": True}


def test_denying_everybody_is_not_public(s3: Any) -> None:
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    put(s3, statement(Effect="Deny", Principal="*", Action="s3:*", Condition=insecure))
    assert s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"] == {"IsPublic": False}


@pytest.mark.parametrize("name", ["Upper", "a..b", "10.0.0.1", "xn--logs", "under_score"])
def test_names(account: Account, name: str) -> None:
    client = account.client("s3")
    client.meta.events.unregister("before-parameter-build.s3")
    with refused("InvalidBucketName"):
        client.create_bucket(Bucket=name)


def test_names_are_taken(account: Account, s3: Any) -> None:
    with refused("BucketAlreadyExists"):
        s3.create_bucket(Bucket="supertokens")
    with refused("403"):
        s3.head_bucket(Bucket="supertokens")
    with refused("404"):
        s3.head_bucket(Bucket="nobody-has-this")
    europe, there = account.client("s3", "eu-west-1"), {"LocationConstraint": "eu-west-1"}
    with refused("IllegalLocationConstraintException"):
        europe.create_bucket(Bucket="europe")
    europe.create_bucket(Bucket="europe", CreateBucketConfiguration=there)
    with refused("BucketAlreadyOwnedByYou"):
        europe.create_bucket(Bucket="europe", CreateBucketConfiguration=there)
    # In us-east-1 the second creation succeeds.
    s3.create_bucket(Bucket=BUCKET)
    with refused("403"):
        s3.head_bucket(Bucket=BUCKET, ExpectedBucketOwner="999999999999")


def test_another_region_is_redirected(account: Account, s3: Any) -> None:
    elsewhere = boto3.client(
        "s3",
        region_name="eu-west-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    seen: list[int] = []
    elsewhere.meta.events.register_first(
        "needs-retry.s3", lambda response, **_: seen.append(response[0].status_code)
    )
    # boto3 follows the redirect by itself once it has been told the region.
    found = elsewhere.get_bucket_versioning(Bucket=BUCKET)
    assert found["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert seen[0] == 301


def test_tags_are_replaced_whole_and_checked(s3: Any) -> None:
    def tag(*pairs: tuple[str, str]) -> None:
        tags = [{"Key": key, "Value": value} for key, value in pairs]
        s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tags})

    tag(("VantaOwner", "rishabh@supertokens.com"))
    tag(("VantaContainsUserData", "true"))
    held = s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    assert held == [{"Key": "VantaContainsUserData", "Value": "true"}]
    for wrong in ("[email protected]", "a;b"):
        with refused("InvalidTag", "TagValue"):
            tag(("VantaOwner", wrong))
    with refused("InvalidTag"):
        tag(("aws:mine", "x"))
    with refused("InvalidTag"):
        tag(*((f"k{number}", "v") for number in range(51)))


def test_versioning_reads_lag_a_second(account: Account, s3: Any) -> None:
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    account.clock.advance(1)
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"


def test_buckets_are_listed_in_pages(s3: Any) -> None:
    for number in range(4):
        s3.create_bucket(Bucket=f"more-{number}")
    first = s3.list_buckets(MaxBuckets=3)
    rest = s3.list_buckets(MaxBuckets=3, ContinuationToken=first["ContinuationToken"])
    names = [one["Name"] for one in (*first["Buckets"], *rest["Buckets"])]
    assert names == ["more-0", "more-1", "more-2", "more-3", BUCKET]
    with pytest.raises(ClientError, match="InvalidArgument"):
        s3.list_buckets(ContinuationToken="made-up")
