"""The layer that lets a caller do what its policies allow, and says what they lack."""

import json
from typing import Any

import pytest

from wizard.simulator.middleware.actions import needed
from wizard.simulator.middleware.authorization import Authorization
from wizard.simulator.middleware.call import Answer, Call

OK = Answer(200, (), b"{}")


def a_call(service: str, operation: str, body: str = "", **environ: str) -> Call:
    protocol = {"ec2": "ec2", "rds": "query", "elbv2": "query"}.get(service, "json")
    named = {f"HTTP_X_AMZ_{name}": value for name, value in environ.items()}
    return Call(service, operation, "eu-west-1", protocol, "AKIA", "id", 0.0, named, body.encode())


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def work(call: Call) -> Answer:
    return OK


@pytest.mark.parametrize(
    ("call", "actions"),
    [
        (a_call("sts", "GetCallerIdentity"), []),
        (a_call("tagging", "GetTagValues"), ["tag:GetTagValues"]),
        (a_call("s3", "HeadBucket"), ["s3:ListBucket"]),
        (a_call("s3", "CreateBucket"), ["s3:CreateBucket"]),
        (
            a_call("s3", "CreateBucket", OBJECT_OWNERSHIP="BucketOwnerEnforced"),
            ["s3:CreateBucket", "s3:PutBucketOwnershipControls"],
        ),
        (
            a_call("ec2", "CreateVpcEndpoint", "TagSpecification.1.Tag.1.Key=Name"),
            ["ec2:CreateVpcEndpoint", "ec2:CreateTags"],
        ),
        (a_call("ec2", "CreateVpcEndpoint", "VpcId=vpc-1"), ["ec2:CreateVpcEndpoint"]),
        (
            a_call("elbv2", "CreateLoadBalancer", "Tags.member.1.Key=a"),
            ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:AddTags"],
        ),
        (
            a_call("rds", "CreateDBCluster", "ManageMasterUserPassword=true&KmsKeyId=k"),
            [
                "rds:CreateDBCluster",
                "kms:CreateGrant",
                "kms:DescribeKey",
                "secretsmanager:CreateSecret",
                "secretsmanager:TagResource",
            ],
        ),
    ],
)
def test_a_request_needs_what_it_carries(call: Call, actions: list[str]) -> None:
    assert [one.action for one in needed(call)] == actions


def test_without_policies_everything_is_allowed_and_counted() -> None:
    layer = Authorization()
    assert layer(a_call("sns", "Publish"), work) is OK
    assert layer.seen() == {"used": {"sns:Publish": 1}, "denied": {}}


def test_what_no_policy_allows_is_refused_by_name() -> None:
    layer = Authorization()
    layer.enforce([allow("sns:Publish"), allow("rds:Describe*")])
    assert layer(a_call("sns", "Publish"), work) is OK
    assert layer(a_call("rds", "DescribeDBClusters"), work) is OK
    answer = layer(a_call("sns", "CreateTopic"), work)
    assert (answer.status, answer.error_code) == (403, "AuthorizationError")
    assert b"not authorized to perform: sns:CreateTopic" in answer.body
    assert layer.seen()["denied"] == {"sns:CreateTopic": 1}
    layer.enforce(None)
    assert layer(a_call("sns", "CreateTopic"), work) is OK


def test_conditions_count() -> None:
    layer = Authorization()
    there = {"StringEquals": {"aws:RequestedRegion": "eu-central-2"}}
    to_s3 = {"StringEquals": {"iam:PassedToService": ["s3.amazonaws.com"]}}
    schedule = a_call("scheduler", "CreateSchedule", '{"RoleArn": "arn:aws:iam::1:role/r"}')
    layer.enforce([allow("sns:Publish", Condition=there)])
    assert layer(a_call("sns", "Publish"), work).status == 403
    layer.enforce([allow("scheduler:*"), allow("iam:PassRole", Condition=to_s3)])
    assert b"iam:PassRole" in layer(schedule, work).body
    layer.enforce([allow("scheduler:*"), allow("iam:PassRole")])
    assert layer(schedule, work) is OK


def test_a_resource_that_is_not_compared_is_refused() -> None:
    narrow = allow("s3:PutObject")
    narrow["Statement"][0]["Resource"] = "arn:aws:s3:::one/*"
    with pytest.raises(ValueError, match="must be \\*"):
        Authorization().enforce([narrow])


def test_a_function_is_shown_without_what_may_not_be_seen() -> None:
    shown = {
        "Configuration": {"KMSKeyArn": "arn", "Environment": {"Variables": {"A": "b"}}},
        "Tags": {"team": "core"},
    }

    def answers(call: Call) -> Answer:
        return Answer(200, (), json.dumps(shown).encode())

    layer, call = Authorization(), a_call("lambda", "GetFunction")
    layer.enforce([allow("lambda:GetFunction")])
    seen = json.loads(layer(call, answers).body)
    assert "Tags" not in seen
    assert seen["Configuration"]["Environment"]["Error"]["ErrorCode"] == "AccessDeniedException"
    assert set(layer.seen()["denied"]) == {"lambda:ListTags", "kms:Decrypt"}
    layer.enforce([allow("lambda:GetFunction", "lambda:ListTags", "kms:Decrypt")])
    assert json.loads(layer(call, answers).body) == shown
