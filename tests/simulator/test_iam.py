"""IAM and Access Analyzer of the simulated account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("access_analyzer", "iam") as made:
        yield made


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def grant(*resources: str, action: str = "s3:GetObject", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": list(resources), **more}


def test_five_versions_and_no_more(account: Account) -> None:
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(grant("*")))["Policy"]["Arn"]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(grant("*")))
    with refused("LimitExceeded", "up to 5 versions"):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(grant("*")))
    with refused("DeleteConflict"):
        iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    made = iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(grant("*")), SetAsDefault=True
    )
    assert made["PolicyVersion"]["VersionId"] == "v6"
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v6"


def test_a_policy_takes_6144_characters_without_white_space(account: Account) -> None:
    iam = account.client("iam")
    fits = document(grant(*(f"arn:aws:s3:::bucket-{number:03}/*" for number in range(180))))
    longer = document(grant(*(f"arn:aws:s3:::bucket-{number:03}/*" for number in range(220))))
    arn = iam.create_policy(PolicyName="p", PolicyDocument=fits)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=fits.replace(" ", " " * 5))
    with refused("LimitExceeded", "PolicySize: 6144"):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=longer)
    with refused("LimitExceeded", "PolicySize: 6144"):
        iam.create_policy(PolicyName="q", PolicyDocument=longer)
    with refused("MalformedPolicyDocument"):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument="{“Version”: 1}")


def decided(answer: Any) -> dict[tuple[str, str], str]:
    return {
        (one["EvalActionName"], part["EvalResourceName"]): part["EvalResourceDecision"]
        for one in answer["EvaluationResults"]
        for part in one["ResourceSpecificResults"]
    }


def test_the_simulator_decides_as_policies_do(account: Account) -> None:
    iam = account.client("iam")
    policies = [
        document(
            grant("arn:aws:s3:::a/*", action="s3:Get*"),
            grant("arn:aws:s3:::b/*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}),
            {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::a/secret"},
        )
    ]
    resources = ["arn:aws:s3:::a/x", "arn:aws:s3:::a/secret", "arn:aws:s3:::b/x"]
    answer = iam.simulate_custom_policy(
        PolicyInputList=policies, ActionNames=["s3:GetObject"], ResourceArns=resources
    )
    words = ["allowed", "explicitDeny", "implicitDeny"]
    assert list(decided(answer).values()) == words
    assert answer["EvaluationResults"][0]["MissingContextValues"] == ["aws:sourcevpc"]
    entry = {
        "ContextKeyName": "aws:SourceVpc",
        "ContextKeyValues": ["vpc-1"],
        "ContextKeyType": "string",
    }
    answer = iam.simulate_custom_policy(
        PolicyInputList=policies,
        ActionNames=["s3:GetObject"],
        ResourceArns=["arn:aws:s3:::b/x"],
        ContextEntries=[entry],
    )
    assert answer["EvaluationResults"][0]["EvalDecision"] == "allowed"
    for wrong in (["s3:*"], ["nonsense"]):
        with refused("InvalidInput"):
            iam.simulate_custom_policy(PolicyInputList=policies, ActionNames=wrong)
    with refused("InvalidInput"):
        iam.simulate_custom_policy(PolicyInputList=["x"], ActionNames=["s3:GetObject"])


def test_the_simulator_knows_what_a_role_holds(account: Account) -> None:
    iam = account.client("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(grant("*")))["Policy"]["Arn"]

    def may(action: str) -> str:
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action])
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    assert may("s3:GetObject") == "implicitDeny"
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert may("s3:GetObject") == "allowed"
    listing = document(grant("*", action="s3:ListBucket"))
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=listing)
    assert may("s3:ListBucket") == "allowed"
    with refused("NoSuchEntity"):
        iam.simulate_principal_policy(PolicySourceArn=f"{role}x", ActionNames=["s3:GetObject"])


def found(account: Account, text: str, kind: str = "RESOURCE_POLICY") -> list[str]:
    answer = account.client("accessanalyzer").validate_policy(
        policyDocument=text, policyType=kind, validatePolicyResourceType="AWS::S3::Bucket"
    )
    return [f"{one['findingType']} {one['issueCode']}" for one in answer["findings"]]


READ = {
    "Sid": "a",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::b/*",
    "Condition": {"StringEquals": {"aws:sourceVpc": "vpc-1"}},
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Effect": "Permit"}, "INVALID_EFFECT"),
        ({"Action": "s3 GetObject"}, "INVALID_ACTION"),
        ({"Action": "ec2:RunInstances"}, "UNSUPPORTED_ACTION_IN_POLICY"),
        ({"Resource": "b/*"}, "INVALID_ARN_RESOURCE"),
        ({"Resource": "arn:aws:s3:::b/*”"}, "INVALID_ARN_RESOURCE"),
        ({"More": 1}, "UNSUPPORTED_ELEMENT"),
        ({"Condition": {"StringEqual": {"aws:sourceVpc": "x"}}}, "INVALID_CONDITION_OPERATOR"),
        ({"Condition": {"StringEquals": {"aws:Vpc": "x"}}}, "INVALID_GLOBAL_CONDITION_KEY"),
    ],
)
def test_what_access_analyzer_finds(account: Account, change: dict[str, Any], code: str) -> None:
    assert found(account, document(READ)) == []
    assert found(account, document({**READ, **change})) == [f"ERROR {code}"]


def test_documents_that_are_none(account: Account) -> None:
    assert found(account, "{“Version”}") == ["ERROR JSON_SYNTAX_ERROR"]
    assert found(account, "[]") == ["ERROR DATA_TYPE_MISMATCH"]
    assert found(account, "{}") == ["WARNING MISSING_VERSION", "ERROR MISSING_STATEMENT"]
    assert found(account, document(READ, READ)) == ["ERROR UNIQUE_SIDS_REQUIRED"]
    without = {key: value for key, value in READ.items() if key != "Principal"}
    assert found(account, document(without)) == ["ERROR MISSING_PRINCIPAL"]
    assert found(account, document(READ), "IDENTITY_POLICY") == ["ERROR UNSUPPORTED_ELEMENT"]
