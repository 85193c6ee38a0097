"""Settings of buckets that moto lacks, and the checks of server access logging."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("s3") as made:
        s3 = made.client("s3")
        for name in ("busy", "busy-logs"):
            s3.create_bucket(Bucket=name)
        yield made


def test_configurations_by_id_are_kept(account: Account) -> None:
    s3 = account.client("s3")
    filtered = {"Id": "ours", "Filter": {"Prefix": "a&b/"}}
    s3.put_bucket_metrics_configuration(Bucket="busy", Id="all", MetricsConfiguration={"Id": "all"})
    s3.put_bucket_metrics_configuration(Bucket="busy", Id="ours", MetricsConfiguration=filtered)
    listed = s3.list_bucket_metrics_configurations(Bucket="busy")
    assert listed["MetricsConfigurationList"] == [{"Id": "all"}, filtered]
    found = s3.get_bucket_metrics_configuration(Bucket="busy", Id="ours")
    assert found["MetricsConfiguration"] == filtered
    with refused("InvalidArgument"):
        s3.put_bucket_metrics_configuration(Bucket="busy", Id="x", MetricsConfiguration=filtered)
    s3.delete_bucket_metrics_configuration(Bucket="busy", Id="all")
    with refused("NoSuchConfiguration"):
        s3.get_bucket_metrics_configuration(Bucket="busy", Id="all")
    with refused("NoSuchConfiguration"):
        s3.delete_bucket_metrics_configuration(Bucket="busy", Id="all")
    tiering = {
        "Id": "t",
        "Status": "Enabled",
        "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
    }
    s3.put_bucket_intelligent_tiering_configuration(
        Bucket="busy", Id="t", IntelligentTieringConfiguration=tiering
    )
    listed = s3.list_bucket_intelligent_tiering_configurations(Bucket="busy")
    assert listed["IntelligentTieringConfigurationList"] == [tiering]
    assert "AnalyticsConfigurationList" not in s3.list_bucket_analytics_configurations(
        Bucket="busy"
    )


def test_who_pays_is_kept_and_the_bucket_is_not_made_anew(account: Account) -> None:
    s3 = account.client("s3")
    assert s3.get_bucket_request_payment(Bucket="busy")["Payer"] == "BucketOwner"
    s3.put_bucket_versioning(Bucket="busy", VersioningConfiguration={"Status": "Enabled"})
    account.clock.advance(2)
    s3.put_bucket_request_payment(Bucket="busy", RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket="busy")["Payer"] == "Requester"
    assert s3.get_bucket_versioning(Bucket="busy")["Status"] == "Enabled"


def test_a_bucket_whose_access_goes_by_tags_refuses_put_bucket_tagging(account: Account) -> None:
    s3 = account.client("s3")
    tags = {"TagSet": [{"Key": "a", "Value": "b"}]}
    assert s3.get_bucket_abac(Bucket="busy")["AbacStatus"] == {"Status": "Disabled"}
    s3.put_bucket_tagging(Bucket="busy", Tagging=tags)
    s3.put_bucket_abac(Bucket="busy", AbacStatus={"Status": "Enabled"})
    with refused("InvalidRequest", "TagResource"):
        s3.put_bucket_tagging(Bucket="busy", Tagging=tags)


def log(account: Account, target: str = "busy-logs", prefix: str = "saas/", **more: Any) -> None:
    account.client("s3").put_bucket_logging(
        Bucket="busy",
        BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": target, "TargetPrefix": prefix, **more}
        },
    )


def let(account: Account, resource: str = "saas/*", **condition: Any) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::busy-logs/{resource}",
        **({"Condition": condition} if condition else {}),
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    account.client("s3").put_bucket_policy(Bucket="busy-logs", Policy=policy)


def test_logging_wants_a_policy_that_covers_prefix_and_source(account: Account) -> None:
    with refused("InvalidTargetBucketForLogging", "bucket policy"):
        log(account)
    let(account, "other/*")
    with refused("InvalidTargetBucketForLogging"):
        log(account)
    let(account, ArnLike={"aws:SourceArn": "arn:aws:s3:::somebody"})
    with refused("InvalidTargetBucketForLogging"):
        log(account)
    # Not only the exact prefix with a star behind it.
    let(account, "*", ArnLike={"aws:SourceArn": "arn:aws:s3:::busy"})
    log(account)
    found = account.client("s3").get_bucket_logging(Bucket="busy")["LoggingEnabled"]
    assert (found["TargetBucket"], found["TargetPrefix"]) == ("busy-logs", "saas/")


def test_logging_refuses_targets_where_nothing_arrives(account: Account) -> None:
    let(account)
    with refused("InvalidTargetBucketForLogging"):
        log(account, "nowhere")
    owner = {"Type": "CanonicalUser", "ID": "a" * 64}
    with refused("InvalidArgument", "bucket owner enforced"):
        log(account, TargetGrants=[{"Grantee": owner, "Permission": "READ"}])
    s3 = account.client("s3")
    s3.put_bucket_request_payment(
        Bucket="busy-logs", RequestPaymentConfiguration={"Payer": "Requester"}
    )
    with refused("InvalidTargetBucketForLogging", "Requester Pays"):
        log(account)
    account.client("s3", "eu-west-1").create_bucket(
        Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    with refused("CrossLocationLoggingProhibited"):
        log(account, "far")


def test_an_old_bucket_takes_logs_by_its_acl(account: Account) -> None:
    s3 = account.client("s3")
    rules = [{"ObjectOwnership": "ObjectWriter"}]
    s3.put_bucket_ownership_controls(Bucket="busy-logs", OwnershipControls={"Rules": rules})
    with refused("InvalidTargetBucketForLogging"):
        log(account)
    s3.put_bucket_acl(Bucket="busy-logs", ACL="log-delivery-write")
    log(account)
