"""Replication and Batch Operations of the simulated account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated

MINE = "123456789012"
ROLE = f"arn:aws:iam::{MINE}:role/copier"
NEW = {"Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"}}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("iam", "s3", "s3control") as made:
        s3 = made.client("s3")
        for name in ("source", "one-copy", "two-copy", "plain"):
            s3.create_bucket(Bucket=name)
            if name != "plain":
                s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        yield made


def rule(number: int, bucket: str, **more: Any) -> dict[str, Any]:
    plain = {
        "ID": f"rule-{number}",
        "Priority": number,
        "Status": "Enabled",
        "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"},
        **NEW,
    }
    return {key: value for key, value in {**plain, **more}.items() if value is not None}


def configure(account: Account, *rules: dict[str, Any]) -> None:
    account.client("s3").put_bucket_replication(
        Bucket="source", ReplicationConfiguration={"Role": ROLE, "Rules": list(rules)}
    )


def allow(account: Account, *services: str, resources: tuple[str, ...] = ("*",)) -> None:
    """A role with all of S3 on `resources`."""
    iam = account.client("iam")
    trust = [
        {"Effect": "Allow", "Principal": {"Service": one}, "Action": "sts:AssumeRole"}
        for one in services
    ]
    iam.create_role(RoleName="copier", AssumeRolePolicyDocument=document(*trust))
    grant = {"Effect": "Allow", "Action": "s3:*", "Resource": list(resources)}
    iam.put_role_policy(RoleName="copier", PolicyName="p", PolicyDocument=document(grant))


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def later(account: Account, seconds: float) -> None:
    account.clock.advance(seconds)
    account.world.settle(account.clock.now())


def status(account: Account, bucket: str, key: str = "a") -> str | None:
    found = account.client("s3").head_object(Bucket=bucket, Key=key)
    said: str | None = found.get("ReplicationStatus")
    return said


OLD = {"Filter": None, "DeleteMarkerReplication": None, "Priority": None, "Prefix": ""}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([rule(1, "nowhere")], "Destination bucket must exist"),
        ([rule(1, "plain")], "versioning enabled"),
        ([rule(1, "one-copy", Priority=None)], "Priority must be specified"),
        ([rule(1, "one-copy", DeleteMarkerReplication=None)], "DeleteMarkerReplication must be"),
        ([rule(1, "one-copy"), rule(2, "two-copy", Priority=1)], "same priority"),
        ([rule(1, "one-copy"), rule(2, "two-copy", ID="rule-1")], "Id must be unique"),
        ([rule(1, "one-copy", **OLD), rule(2, "two-copy", **OLD)], "cannot exceed 1"),
        ([rule(1, "one-copy", **OLD), rule(2, "two-copy")], "of one version"),
    ],
)
def test_configurations_that_s3_refuses(
    account: Account, rules: list[dict[str, Any]], words: str
) -> None:
    with refused("InvalidRequest", words):
        configure(account, *rules)


def test_a_source_must_be_versioned_too(account: Account) -> None:
    with pytest.raises(Exception, match="ersioning"):
        account.client("s3").put_bucket_replication(
            Bucket="plain",
            ReplicationConfiguration={"Role": ROLE, "Rules": [rule(1, "one-copy")]},
        )


def test_a_configuration_comes_back_as_it_was_put(account: Account) -> None:
    rules = [
        rule(1, "one-copy", Filter={"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}}),
        rule(2, "two-copy", Status="Disabled", DeleteMarkerReplication={"Status": "Enabled"}),
    ]
    configure(account, *rules)
    found = account.client("s3").get_bucket_replication(Bucket="source")
    assert found["ReplicationConfiguration"] == {"Role": ROLE, "Rules": rules}
    configure(account, rule(1, "one-copy", **OLD, ID=None))
    found = account.client("s3").get_bucket_replication(Bucket="source")
    (old,) = found["ReplicationConfiguration"]["Rules"]
    assert old["ID"]
    assert (old["Prefix"], "Filter" in old) == ("", False)


def test_new_objects_are_copied_in_account_time(account: Account) -> None:
    allow(account, "s3.amazonaws.com")
    s3 = account.client("s3")
    s3.put_object(Bucket="source", Key="before", Body=b"x")
    configure(account, rule(1, "one-copy"), rule(2, "two-copy", Filter={"Prefix": "b"}))
    made = s3.put_object(Bucket="source", Key="a", Body=b"hello")
    assert status(account, "source") == "PENDING"
    with refused("404"):
        s3.head_object(Bucket="one-copy", Key="a")
    later(account, 15)
    assert status(account, "source") == "COMPLETED"
    assert status(account, "one-copy") == "REPLICA"
    copied = s3.get_object(Bucket="one-copy", Key="a")
    assert (copied["Body"].read(), copied["VersionId"]) == (b"hello", made["VersionId"])
    assert "Contents" not in s3.list_objects_v2(Bucket="two-copy")
    assert status(account, "source", "before") is None


def test_a_role_that_may_not_write_there_copies_nothing(account: Account) -> None:
    allow(
        account,
        "s3.amazonaws.com",
        resources=("arn:aws:s3:::source", "arn:aws:s3:::source/*", "arn:aws:s3:::one-copy/*"),
    )
    configure(account, rule(1, "two-copy"))
    account.client("s3").put_object(Bucket="source", Key="a", Body=b"x")
    later(account, 15)
    assert status(account, "source") == "FAILED"


def create_job(account: Account, asked_as: str = "t", **more: Any) -> str:
    asked = {
        "AccountId": MINE,
        "ConfirmationRequired": False,
        "Operation": {"S3ReplicateObject": {}},
        "Report": {
            "Enabled": True,
            "Bucket": "arn:aws:s3:::plain",
            "Format": "Report_CSV_20180820",
            "Prefix": "reports",
            "ReportScope": "FailedTasksOnly",
        },
        "ClientRequestToken": asked_as,
        "ManifestGenerator": {
            "S3JobManifestGenerator": {
                "SourceBucket": "arn:aws:s3:::source",
                "EnableManifestOutput": False,
                "Filter": {
                    "EligibleForReplication": True,
                    "ObjectReplicationStatuses": ["NONE", "FAILED"],
                },
            }
        },
        "Priority": 1,
        "RoleArn": ROLE,
        **more,
    }
    return str(account.client("s3control").create_job(**asked)["JobId"])


def job(account: Account, job_id: str) -> Any:
    return account.client("s3control").describe_job(AccountId=MINE, JobId=job_id)["Job"]


def test_a_job_copies_what_was_there_before(account: Account) -> None:
    allow(account, "batchoperations.s3.amazonaws.com")
    s3 = account.client("s3")
    for key in ("a", "b"):
        s3.put_object(Bucket="source", Key=key, Body=b"x")
    with refused("InvalidRequest", "replication configuration"):
        create_job(account)
    configure(account, rule(1, "one-copy"))
    made = create_job(account)
    assert create_job(account) == made
    with refused("IdempotencyException"):
        create_job(account, Priority=2)
    assert job(account, made)["Status"] == "Preparing"
    later(account, 30)
    running = job(account, made)
    assert (running["Status"], running["ProgressSummary"]["TotalNumberOfTasks"]) == ("Active", 2)
    later(account, 60)
    over = job(account, made)
    assert over["Status"] == "Complete"
    assert over["ProgressSummary"]["NumberOfTasksSucceeded"] == 2
    assert over["TerminationDate"] > over["CreationTime"]
    assert [one["Key"] for one in s3.list_objects_v2(Bucket="one-copy")["Contents"]] == ["a", "b"]
    (listed,) = account.client("s3control").list_jobs(AccountId=MINE)["Jobs"]
    assert (listed["JobId"], listed["Status"]) == (made, "Complete")
    elsewhere = account.client("s3control", "eu-west-1")
    assert elsewhere.list_jobs(AccountId=MINE)["Jobs"] == []


def test_what_went_to_other_destinations_is_left_out_unless_asked_for(account: Account) -> None:
    allow(account, "batchoperations.s3.amazonaws.com", "s3.amazonaws.com")
    configure(account, rule(1, "one-copy"))
    account.client("s3").put_object(Bucket="source", Key="a", Body=b"x")
    later(account, 15)
    configure(account, rule(1, "one-copy"), rule(2, "two-copy"))
    made = create_job(account)
    later(account, 90)
    assert job(account, made)["ProgressSummary"]["TotalNumberOfTasks"] == 0
    again = {
        "S3JobManifestGenerator": {
            "SourceBucket": "arn:aws:s3:::source",
            "EnableManifestOutput": False,
            "Filter": {"ObjectReplicationStatuses": ["COMPLETED"]},
        }
    }
    made = create_job(account, "other", ManifestGenerator=again)
    later(account, 90)
    assert status(account, "two-copy") == "REPLICA"


def test_a_job_whose_role_nobody_trusts_fails(account: Account) -> None:
    allow(account, "s3.amazonaws.com")
    configure(account, rule(1, "one-copy"))
    made = create_job(account)
    later(account, 30)
    failed = job(account, made)
    assert failed["Status"] == "Failed"
    assert "cannot be assumed" in failed["FailureReasons"][0]["FailureReason"]
    with refused("NoSuchJob"):
        job(account, "00000000-0000-0000-0000-000000000000")
