"""Flow logs on an account whose CreateFlowLogs overwrites the bucket's policy."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from steps.flow_logs import FlowLog
from tests.simulator.in_process import Account as Simulated
from tests.simulator.in_process import simulated
from tests.simulator.network import lay
from tests.steps.driving import Account
from wizard.effects import Write
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.services import ec2_flow_logs

BUCKET = "flow-logs-of-this-company"
THEIRS = {
    "Sid": "theirs",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:DeleteObject",
    "Resource": f"arn:aws:s3:::{BUCKET}/*",
}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulated]:
    monkeypatch.setattr(ec2_flow_logs, "POLICY_HABIT", ec2_flow_logs.OVERWRITES)
    with simulated("ec2", "s3") as account:
        account.client("s3").create_bucket(Bucket=BUCKET)
        document = {"Version": "2012-10-17", "Statement": [THEIRS]}
        account.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(document))
        yield account


def test_all_statements_are_there_again_afterwards(made: Simulated) -> None:
    gateway = WorldGateway(region="us-east-1", secrets=Secrets({}))
    account = Account(gateway, made.clock.now)
    step = FlowLog(
        vpc_id=lay(made).vpc,
        region="us-east-1",
        account_id="123456789012",
        session=1,
        bucket=BUCKET,
        source="saas",
    )
    assert account.act(step)
    wrote = [effect.operation for effect in account.calls if isinstance(effect, Write)]
    assert wrote == ["PutBucketPolicy", "CreateFlowLogs", "PutBucketPolicy"]
    policy = json.loads(made.client("s3").get_bucket_policy(Bucket=BUCKET)["Policy"])
    names: list[Any] = [one["Sid"] for one in policy["Statement"]]
    assert {"theirs", "st-wizard-s3-access-logs"} < set(names)
    _, differences = account.look(step)
    assert [one.field for one in differences if not one.settles] == []
    made.clock.advance(600)
    assert account.look(step)[1] == ()
