"""The IAM actions of operations, and that the exceptions name real operations."""

import json

import pytest

from wizard.gateway.permissions import EXCEPTIONS, actions, policy
from wizard.gateway.redact import input_shape


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("elbv2", "CreateTargetGroup", "elasticloadbalancing:CreateTargetGroup"),
        ("s3", "HeadBucket", "s3:ListBucket"),
        ("s3", "GetBucketVersioning", "s3:GetBucketVersioning"),
        ("s3", "PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("service-quotas", "GetServiceQuota", "servicequotas:GetServiceQuota"),
        ("resourcegroupstaggingapi", "GetTagValues", "tag:GetTagValues"),
        ("cloudwatch", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
    ],
)
def test_actions(service: str, operation: str, action: str) -> None:
    assert actions(service, operation)[0] == action


@pytest.mark.parametrize(("service", "operation"), sorted(EXCEPTIONS))
def test_exceptions_are_operations(service: str, operation: str) -> None:
    assert input_shape(service, operation) is not None


def test_a_policy_can_be_pasted() -> None:
    document = json.loads(policy(["s3:B", "s3:A", "s3:B"], "arn:aws:s3:::x"))
    assert document["Statement"] == [
        {"Effect": "Allow", "Action": ["s3:A", "s3:B"], "Resource": "arn:aws:s3:::x"}
    ]
