"""The buckets of a new region on the simulated account, from nothing and once more."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from steps.s3 import PublicAccessBlock
from steps.s3_like import BucketLike, settings
from steps.s3_log_delivery import AccessLogsPolicy, ServerAccessLogging
from steps.s3_tags import Tags, descriptions
from steps.s3_vpc_policy import VpcReadPolicy
from tests.steps.new_region import LOGS, REFERENCE, REGION, SAAS, SSL, Region, suggested
from wizard.simulator.process import Simulator


@pytest.fixture(scope="module")
def region() -> Iterator[Region]:
    with Simulator() as simulator:
        subject = Region(simulator.ready)
        yield subject
        subject.gateway.close()


@pytest.fixture(scope="module")
def vpc(region: Region) -> str:
    return str(region.read("ec2", "DescribeVpcs")["Vpcs"][0]["VpcId"])


def like(region: Region, kind: str, purpose: Any, copy: list[str]) -> BucketLike:
    return BucketLike(
        bucket=f"supertokens-{kind}-{REGION}",
        region=REGION,
        account_id=region.mine,
        like=f"supertokens-{kind}-{REFERENCE}",
        like_region=REFERENCE,
        copy=tuple(copy),
        purpose=purpose,
    )


@pytest.fixture(scope="module")
def buckets(region: Region) -> dict[str, BucketLike]:
    """Both buckets, made with the settings that are ticked."""
    made = {}
    for kind, purpose in (("saas", "replica"), ("s3-access-logs", "logs")):
        offered = region.account.read(
            settings(f"supertokens-{kind}-{REFERENCE}", REFERENCE, region.mine, purpose)
        )
        made[kind] = like(region, kind, purpose, suggested(offered))
        region.make(made[kind])
    return made


@pytest.fixture(scope="module")
def policy(region: Region, buckets: dict[str, BucketLike]) -> AccessLogsPolicy:
    """The policy under which logs are delivered."""
    assert buckets
    step = AccessLogsPolicy(bucket=LOGS, account_id=region.mine, region=REGION, source=SAAS)
    logging = ServerAccessLogging(bucket=SAAS, region=REGION, account_id=region.mine, target=LOGS)
    _, (wrong,) = region.account.look(logging)
    assert (wrong.field, wrong.fixable) == ("target.policy", False)
    region.make(step)
    return step


def test_settings_are_copied_and_what_must_not_be_is_refused(
    region: Region, buckets: dict[str, BucketLike]
) -> None:
    assert set(buckets["saas"].copy) >= {"lifecycle", "cors", "versioning", "metrics"}
    rules_of = region.read("s3", "GetBucketLifecycleConfiguration", Bucket=SAAS)["Rules"]
    assert [rule["ID"] for rule in rules_of] == ["drop-old-versions"]
    assert region.read("s3", "GetBucketVersioning", Bucket=SAAS)["Status"] == "Enabled"
    found, _ = region.account.look(buckets["saas"])
    assert found is not None
    assert found["notification"] is None
    assert found["source"]["notification"]
    why = {
        option.value: option.disabled
        for option in region.account.read(
            settings(f"supertokens-saas-{REFERENCE}", REFERENCE, region.mine, "replica")
        )
        if option.disabled
    }
    assert {"notification", "policy", "logging"} <= set(why)


def test_a_bucket_of_acls_gives_a_new_one_without(
    region: Region, buckets: dict[str, BucketLike]
) -> None:
    found, _ = region.account.look(buckets["s3-access-logs"])
    assert found is not None
    assert found["source"]["ownership"] == "ObjectWriter"
    assert "groups/s3/LogDelivery" in found["source"]["acl"][0]
    assert (found["ownership"], found["acl"]) == ("BucketOwnerEnforced", None)
    assert found["encryption"]["SSEAlgorithm"] == "AES256"


def test_the_buckets_of_others_and_of_other_regions_stop_it(region: Region) -> None:
    foreign = BucketLike(
        bucket="supertokens",
        region=REGION,
        account_id=region.mine,
        like=SSL,
        like_region="eu-west-1",
        copy=(),
    )
    _, (wrong,) = region.account.look(foreign)
    assert (wrong.field, wrong.fixable) == ("owner", False)
    elsewhere = BucketLike(
        bucket="supertokens-saas-eu-west-1",
        region=REGION,
        account_id=region.mine,
        like=SSL,
        like_region="eu-west-1",
        copy=(),
    )
    _, (wrong,) = region.account.look(elsewhere)
    assert (wrong.field, wrong.fixable) == ("region", False)


def test_logging_after_the_policy(region: Region, policy: AccessLogsPolicy) -> None:
    region.make(
        ServerAccessLogging(bucket=SAAS, region=REGION, account_id=region.mine, target=LOGS)
    )
    document = json.loads(region.read("s3", "GetBucketPolicy", Bucket=LOGS)["Policy"])
    assert [one["Sid"] for one in document["Statement"]] == [one["Sid"] for one in policy.wanted()]
    # A setting of the target that would stop the logs is seen, and is not ours to change.
    region.write(
        "PutBucketRequestPayment",
        Bucket=LOGS,
        RequestPaymentConfiguration={"Payer": "Requester"},
    )
    _, (wrong,) = region.account.look(
        ServerAccessLogging(bucket=SAAS, region=REGION, account_id=region.mine, target=LOGS)
    )
    assert (wrong.field, wrong.fixable) == ("target.request_payment", False)
    region.make(like(region, "s3-access-logs", "logs", []))


@pytest.mark.usefixtures("buckets")
def test_the_vpc_reads_and_the_bucket_is_not_public(region: Region, vpc: str) -> None:
    step = VpcReadPolicy(bucket=SAAS, account_id=region.mine, vpc_id=vpc)
    region.make(step)
    found, _ = region.account.look(step)
    assert found is not None
    assert (found["public"], found["analyzer"], found["findings"]) == (False, "asked", [])
    assert found["policy"]["Id"] == "Policy1594127151493"
    region.right(PublicAccessBlock(bucket=SAAS, account_id=region.mine))
    missing = VpcReadPolicy(bucket=SAAS, account_id=region.mine, vpc_id="vpc-0123456789abcdef0")
    _, (wrong,) = region.account.look(missing)
    assert (wrong.field, wrong.fixable) == ("vpc", False)


@pytest.mark.usefixtures("buckets")
def test_both_buckets_are_tagged_as_the_reference_is(region: Region) -> None:
    (described,) = suggested(
        region.account.read(
            descriptions(f"supertokens-saas-{REFERENCE}", REFERENCE, REGION, region.mine)
        )
    )
    assert described == "store SSL certificates for saas instances"
    region.make(Tags(bucket=SAAS, account_id=region.mine, tags={"VantaDescription": described}))
    region.make(Tags(bucket=SAAS, account_id=region.mine, tags={"VantaOwner": "me@example.com"}))
    kept = region.read("s3", "GetBucketTagging", Bucket=SAAS)["TagSet"]
    assert {tag["Key"] for tag in kept} == {"VantaDescription", "VantaOwner"}
