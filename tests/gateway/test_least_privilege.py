"""The documents that allow given calls: complete, tied where they can be, and small enough."""

import ast
from pathlib import Path
from typing import Any

from wizard.gateway.least_privilege import (
    LIMIT,
    OWN,
    Allowed,
    allowed_actions,
    policies,
    size,
)

READ = Allowed("ec2", "DescribeVpcs", writes=False)
WRITE = Allowed("ec2", "CreateVpcEndpoint", writes=True)
ELSEWHERE = Allowed("s3", "PutBucketPolicy", writes=True, elsewhere=True)
ROOT = Path(__file__).parents[2] / "wizard"


def by_sid(documents: list[Any]) -> dict[str, Any]:
    return {one["Sid"]: one for document in documents for one in document["Statement"]}


def test_reads_and_changes_stand_apart() -> None:
    found = by_sid(policies([READ, WRITE]))
    assert found["ReadEc2"] == {
        "Sid": "ReadEc2",
        "Effect": "Allow",
        "Action": ["ec2:DescribeVpcs"],
        "Resource": "*",
    }
    assert found["ChangeEc2"]["Action"] == ["ec2:CreateTags", "ec2:CreateVpcEndpoint"]


def test_who_may_be_asked_by_anybody_needs_nothing() -> None:
    assert policies([Allowed("sts", "GetCallerIdentity", writes=False)]) == []


def test_changes_are_tied_to_a_region_unless_they_are_made_elsewhere() -> None:
    of_iam = Allowed("iam", "PutRolePolicy", writes=True)
    found = by_sid(policies([READ, WRITE, ELSEWHERE, of_iam], "eu-central-2"))
    tied = {"StringEquals": {"aws:RequestedRegion": "eu-central-2"}}
    assert {sid: one.get("Condition") for sid, one in found.items()} == {
        "ReadEc2": None,
        "ChangeEc2There": tied,
        "ChangeS3": None,
        "ChangeIam": None,
    }


def test_roles_are_handed_only_to_the_services_that_are_to_have_them() -> None:
    calls = [
        Allowed("lambda", "CreateFunction", writes=True),
        Allowed("s3", "PutBucketReplication", writes=True),
        Allowed("elbv2", "CreateLoadBalancer", writes=True),
    ]
    found = by_sid(policies(calls))
    assert found["PassRoles1" if "PassRoles1" in found else "PassRoles2"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com", "s3.amazonaws.com"]}
    }
    linked = [one for sid, one in found.items() if sid.startswith("LinkedRoles")]
    assert [one["Condition"] for one in linked] == [
        {"StringEquals": {"iam:AWSServiceName": ["elasticloadbalancing.amazonaws.com"]}}
    ]
    keys = [one for sid, one in found.items() if sid.startswith("UseKeys")]
    assert {action for one in keys for action in one["Action"]} == {
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:Encrypt",
    }
    assert all("kms:ViaService" in one["Condition"]["StringLike"] for one in keys)


def test_what_is_too_much_for_one_policy_becomes_several() -> None:
    calls = [
        Allowed(f"service-{number}", f"Describe{'Thing' * 12}{letter}", writes=False)
        for number in range(12)
        for letter in "ABCDEFGHIJ"
    ]
    documents = policies(calls)
    assert len(documents) == 2
    assert all(size(document) <= LIMIT for document in documents)
    assert len(allowed_actions(documents)) == 120
    sids = [one["Sid"] for document in documents for one in document["Statement"]]
    assert len(sids) == len(set(sids))
    assert all(sid.isalnum() for sid in sids)


def test_the_wizards_own_reads_are_those_that_its_code_makes() -> None:
    made = set()
    for path in ROOT.rglob("*.py"):
        # Keeping evidence in a bucket is no part of a checklist's policy: README names its actions,
        # and `tests/cli/test_export_kept.py` sees each used.
        if {"simulator", "evidence"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="Read" | "Write"),
                    args=[ast.Constant(value=service), ast.Constant(value=operation), *_],
                ):
                    made.add((service, operation))
                case ast.Call(func=ast.Name(id="Read" | "Write")):
                    raise AssertionError(f"{path}, line {node.lineno}: not plain texts")
                case _:
                    pass
    # DescribeRegions is asked where ListRegions may not be, LookupEvents by `corroborate`, whose
    # policy `policy --corroborate` prints.
    others = {("ec2", "DescribeRegions"), ("cloudtrail", "LookupEvents")}
    assert made == {*OWN, ("sts", "GetCallerIdentity"), *others}
