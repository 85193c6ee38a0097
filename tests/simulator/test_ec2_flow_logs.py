"""Flow logs into buckets: failures inside a 200, the bucket's policy, and delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import lay
from wizard.simulator.services import ec2_flow_logs

BUCKET = "flow-logs-of-this-company"
FOLDER = f"arn:aws:s3:::{BUCKET}/vpc-flow-logs/"
FOREIGN = {
    "Sid": "s3-access-logs",
    "Effect": "Allow",
    "Principal": {"Service": "logging.s3.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": f"arn:aws:s3:::{BUCKET}/saas/*",
}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("ec2", "s3") as made:
        made.client("s3").create_bucket(Bucket=BUCKET)
        made.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=written([FOREIGN]))
        yield made


@pytest.fixture
def vpc(account: Account) -> str:
    return lay(account).vpc


def written(statements: list[Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def make(account: Account, vpc: str, **more: Any) -> Any:
    return account.client("ec2").create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[vpc],
        TrafficType="ALL",
        LogDestinationType="s3",
        **{"LogDestination": FOLDER, **more},
    )


def sids(account: Account) -> list[str]:
    policy = account.client("s3").get_bucket_policy(Bucket=BUCKET)["Policy"]
    return [one["Sid"] for one in json.loads(policy)["Statement"]]


def found(account: Account) -> Any:
    return account.client("ec2").describe_flow_logs()["FlowLogs"][0]


def test_statements_are_appended_once(account: Account, vpc: str) -> None:
    assert make(account, vpc)["Unsuccessful"] == []
    appended = ["s3-access-logs", "AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck"]
    assert sids(account) == appended
    other = account.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    assert make(account, other)["Unsuccessful"] == []
    assert sids(account) == appended


def test_policy_is_overwritten_where_that_is_the_habit(
    account: Account, vpc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ec2_flow_logs, "POLICY_HABIT", ec2_flow_logs.OVERWRITES)
    make(account, vpc)
    assert sids(account) == ["AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck"]


def test_denied_delivery_fails_inside_a_200(account: Account, vpc: str) -> None:
    deny = {**FOREIGN, "Sid": "no", "Effect": "Deny", "Principal": "*"}
    resource = f"arn:aws:s3:::{BUCKET}/*"
    policy = written([FOREIGN, {**deny, "Resource": resource}])
    account.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=policy)
    answer = make(account, vpc)
    assert answer["FlowLogIds"] == []
    (failed,) = answer["Unsuccessful"]
    assert failed["ResourceId"] == vpc
    assert failed["Error"]["Message"].startswith(f"Access Denied for LogDestination: {BUCKET}.")
    assert sids(account) == ["s3-access-logs", "no"]
    assert account.client("ec2").describe_flow_logs()["FlowLogs"] == []


def encrypt(account: Account, key: str) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    account.client("s3").put_bucket_encryption(
        Bucket=BUCKET, ServerSideEncryptionConfiguration=rules
    )


def test_key_named_by_its_id_is_undeliverable(account: Account, vpc: str) -> None:
    encrypt(account, "1234abcd-12ab-34cd-56ef-1234567890ab")
    (failed,) = make(account, vpc)["Unsuccessful"]
    assert "undeliverable" in failed["Error"]["Message"]
    encrypt(account, "arn:aws:kms:us-east-1:123456789012:key/1234abcd")
    assert make(account, vpc)["Unsuccessful"] == []


def test_reserved_prefix_and_other_words_under_one_token(account: Account, vpc: str) -> None:
    with refused("InvalidParameterValue", "reserved"):
        make(account, vpc, LogDestination=f"arn:aws:s3:::{BUCKET}/AWSLogs/")
    first = make(account, vpc, ClientToken="t")
    assert make(account, vpc, ClientToken="t")["FlowLogIds"] == first["FlowLogIds"]
    with refused("IdempotentParameterMismatch"):
        make(account, vpc, ClientToken="t", MaxAggregationInterval=60)


def test_delivery_shows_after_a_while_and_follows_the_policy(account: Account, vpc: str) -> None:
    make(account, vpc)
    assert found(account)["FlowLogStatus"] == "ACTIVE"
    assert "DeliverLogsStatus" not in found(account)
    account.clock.advance(300)
    assert found(account)["DeliverLogsStatus"] == "SUCCESS"
    account.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=written([FOREIGN]))
    assert found(account)["DeliverLogsStatus"] == "FAILED"
    assert found(account)["DeliverLogsErrorMessage"] == "Access error"
