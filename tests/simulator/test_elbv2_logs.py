"""Access logs: the bucket is checked as Elastic Load Balancing checks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import lay

BUCKET = "prod-access-logs"
DENIED = f"Access Denied for bucket: {BUCKET}. Please check S3bucket permission"
SERVICE = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
LEGACY = {"AWS": "arn:aws:iam::127311923021:root"}


class Balancer:
    """A load balancer and its bucket."""

    def __init__(self, account: Account) -> None:
        self.elbv2, self.s3 = account.client("elbv2"), account.client("s3")
        network = lay(account)
        self.arn: str = self.elbv2.create_load_balancer(Name="prod", Subnets=network.subnets)[
            "LoadBalancers"
        ][0]["LoadBalancerArn"]
        self.s3.create_bucket(Bucket=BUCKET)

    def allow(self, principal: dict[str, str], path: str = "", **more: Any) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/{path}AWSLogs/123456789012/*",
            **more,
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        self.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))

    def enable(self, bucket: str = BUCKET, prefix: str = "") -> None:
        wanted = {"enabled": "true", "bucket": bucket, "prefix": prefix}
        self.elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=self.arn,
            Attributes=[
                {"Key": f"access_logs.s3.{key}", "Value": value} for key, value in wanted.items()
            ],
        )

    def enabled(self) -> bool:
        found = self.elbv2.describe_load_balancer_attributes(LoadBalancerArn=self.arn)
        return {"Key": "access_logs.s3.enabled", "Value": "true"} in found["Attributes"]

    def keys(self) -> list[str]:
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@pytest.fixture
def balancer() -> Iterator[Balancer]:
    with simulated("elbv2", "s3") as account:
        yield Balancer(account)


@pytest.mark.parametrize("principal", [SERVICE, LEGACY])
def test_writes_the_test_file(balancer: Balancer, principal: dict[str, str]) -> None:
    balancer.allow(principal)
    balancer.enable()
    assert balancer.enabled()
    assert balancer.keys() == ["AWSLogs/123456789012/ELBAccessLogTestFile"]


def test_refuses_without_policy_and_changes_nothing(balancer: Balancer) -> None:
    with refused("InvalidConfigurationRequest", DENIED):
        balancer.enable()
    assert not balancer.enabled()
    assert balancer.keys() == []


def test_prefix_must_be_the_one_allowed(balancer: Balancer) -> None:
    balancer.allow(SERVICE, "alb/")
    with refused("InvalidConfigurationRequest", DENIED):
        balancer.enable()
    with refused("InvalidConfigurationRequest", "AWSLogs"):
        balancer.enable(prefix="AWSLogs")
    balancer.enable(prefix="alb")
    assert balancer.keys() == ["alb/AWSLogs/123456789012/ELBAccessLogTestFile"]


def test_conditions_count(balancer: Balancer) -> None:
    region = "arn:aws:elasticloadbalancing:{}:123456789012:loadbalancer/*"
    other = {"ArnLike": {"aws:SourceArn": region.format("eu-west-1")}}
    balancer.allow(SERVICE, Condition=other)
    with refused("InvalidConfigurationRequest", DENIED):
        balancer.enable()
    balancer.allow(SERVICE, Condition={"ArnLike": {"aws:SourceArn": region.format("us-east-1")}})
    balancer.enable()


def test_kms_default_encryption_is_refused(balancer: Balancer) -> None:
    balancer.allow(SERVICE)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    balancer.s3.put_bucket_encryption(
        Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )
    with refused("InvalidConfigurationRequest", DENIED):
        balancer.enable()


def test_bucket_must_exist_in_the_region() -> None:
    with simulated("elbv2", "s3") as account:
        balancer = Balancer(account)
        account.client("s3", "eu-west-1").create_bucket(
            Bucket="logs-eu", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        with refused("InvalidConfigurationRequest", "not located in the same region with ELB"):
            balancer.enable("logs-eu")
        with refused("InvalidConfigurationRequest", "does not exist"):
            balancer.enable("nowhere-to-be-found")
