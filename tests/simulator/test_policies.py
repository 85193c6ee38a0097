"""Resource policies: who is allowed, and what counts as public."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.simulator.services.policies import Request, allows, is_public

SERVICE = ("Service", "logdelivery.elasticloadbalancing.amazonaws.com")
CALL = Request(
    frozenset({SERVICE}),
    "s3:PutObject",
    "arn:aws:s3:::logs/AWSLogs/1/file",
    {"aws:SecureTransport": "true", "aws:SourceArn": "arn:aws:elb:us-east-1:1:loadbalancer/x"},
)


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    plain = {
        "Effect": "Allow",
        "Principal": {SERVICE[0]: SERVICE[1]},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/*",
    }
    return {"Statement": [{**plain, **one} for one in statements]}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ({}, True),
        ({"Action": ["s3:GetObject", "S3:putobject"]}, True),
        ({"Action": "s3:Get*"}, False),
        ({"Principal": {"Service": "delivery.logs.amazonaws.com"}}, False),
        ({"Principal": "*"}, True),
        ({"Resource": "arn:aws:s3:::logs/AWSLogs/?/file"}, True),
        ({"Resource": "arn:aws:s3:::logs/[A]WSLogs/*"}, False),
        ({"Condition": {"ArnLike": {"aws:sourcearn": "arn:aws:elb:*:1:loadbalancer/*"}}}, True),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:elb:*:2:loadbalancer/*"}}}, False),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}, False),
        ({"Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "1"}}}, True),
        ({"Condition": {"Null": {"aws:SourceAccount": "true"}}}, True),
    ],
)
def test_one_statement(statement: dict[str, Any], allowed: bool) -> None:
    assert allows(policy(statement), CALL) is allowed


def test_a_denial_wins_where_it_applies() -> None:
    everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    insecure = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert allows(policy({}, {**everything, **insecure}), CALL)
    assert not allows(policy({}, everything), CALL)
    assert not allows({"Statement": {**policy({})["Statement"][0], "Effect": "Deny"}}, CALL)


@pytest.mark.parametrize(
    ("statement", "public"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": ["*"]}}, True),
        ({"Principal": {"AWS": "111122223333"}}, False),
        ({}, False),
        ({"Principal": "*", "Effect": "Deny"}, False),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}}, True),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, False),
        ({"Principal": "*", "Condition": {"StringLike": {"aws:SourceVpc": "vpc-*"}}}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}, False),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, True),
        (
            {"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "1"}}},
            True,
        ),
    ],
)
def test_public(statement: dict[str, Any], public: bool) -> None:
    assert is_public(policy(statement)) is public
