"""Lambda, SSM, Logs and tagging: the little that the checklists ask of them, as on AWS."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from wizard.simulator.world import Core

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def _create(account: Account, name: str, **more: Any) -> dict[str, Any]:
    iam = account.client("iam")
    roles = {role["RoleName"]: role["Arn"] for role in iam.list_roles()["Roles"]}
    if "runs" not in roles:
        made = iam.create_role(RoleName="runs", AssumeRolePolicyDocument=json.dumps(TRUST))
        roles["runs"] = made["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "exports.handler = async () => 1;")
    created: dict[str, Any] = account.client("lambda").create_function(
        FunctionName=name,
        Role=roles["runs"],
        Runtime="nodejs20.x",
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        **more,
    )
    return created


def test_a_function_is_pending_and_keeps_what_it_was_given() -> None:
    with simulated("lambda_") as account:
        functions = account.client("lambda")
        target = "arn:aws:sqs:us-east-1:123456789012:dead"
        made = _create(
            account,
            "one",
            DeadLetterConfig={"TargetArn": target},
            LoggingConfig={"LogFormat": "JSON", "LogGroup": "/own/group"},
        )
        assert (made["State"], made["StateReasonCode"]) == ("Pending", "Creating")
        with refused("ResourceConflictException", "Pending"):
            functions.update_function_configuration(FunctionName="one", Timeout=9)
        account.clock.advance(8)
        found = functions.get_function_configuration(FunctionName="one")
        assert found["State"] == "Active"
        assert found["DeadLetterConfig"] == {"TargetArn": target}
        assert found["LoggingConfig"]["LogGroup"] == "/own/group"
        updated = functions.update_function_configuration(FunctionName="one", Timeout=9)
        assert updated["Timeout"] == 9


def test_functions_are_listed_in_fifties() -> None:
    with simulated("lambda_") as account:
        for number in range(51):
            _create(account, f"f{number}")
        pages = account.client("lambda").get_paginator("list_functions").paginate()
        assert [len(page["Functions"]) for page in pages] == [50, 1]
        with refused("InvalidParameterValueException", "pagination token"):
            account.client("lambda").list_functions(Marker="made-up")


def test_a_document_is_creating_first() -> None:
    with simulated("ssm") as account:
        ssm = account.client("ssm")
        content = {"schemaVersion": "2.2", "description": "d", "mainSteps": []}
        made = ssm.create_document(Name="own", DocumentType="Command", Content=json.dumps(content))
        assert made["DocumentDescription"]["Status"] == "Creating"
        account.clock.advance(5)
        assert ssm.describe_document(Name="own")["Document"]["Status"] == "Active"
        versions = ssm.list_document_versions(Name="own")["DocumentVersions"]
        assert [(one["DocumentVersion"], one["IsDefaultVersion"]) for one in versions] == [
            ("1", True)
        ]


def test_an_instance_is_online_when_it_has_booted() -> None:
    with simulated("ec2", "ssm") as account:
        ssm = account.client("ssm")
        made = account.client("ec2").run_instances(ImageId="ami-1", MinCount=2, MaxCount=2)
        ids = [instance["InstanceId"] for instance in made["Instances"]]
        account.clock.advance(120)
        now = account.clock.now()
        account.world.register_core(Core(ids[0], "app-acme", "us-east-1", ready_at=now + 60))

        def online() -> list[str]:
            wanted = [{"Key": "InstanceIds", "Values": ids}]
            found = ssm.describe_instance_information(Filters=wanted)["InstanceInformationList"]
            return [one["InstanceId"] for one in found if one["PingStatus"] == "Online"]

        assert online() == ids[1:]
        account.clock.advance(60)
        assert online() == ids


@pytest.mark.parametrize("days", [366, 360, 0, 2])
def test_retention_only_in_the_days_of_aws(days: int) -> None:
    with simulated("logs") as account:
        logs = account.client("logs")
        logs.create_log_group(logGroupName="own")
        with refused("InvalidParameterException", f"Value '{days}' at 'retentionInDays'"):
            logs.put_retention_policy(logGroupName="own", retentionInDays=days)
        logs.put_retention_policy(logGroupName="own", retentionInDays=365)
        assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 365
        with refused("ResourceNotFoundException"):
            logs.put_retention_policy(logGroupName="none", retentionInDays=365)


def test_each_value_of_a_tag_is_told_once() -> None:
    with simulated("sns", "tagging") as account:
        sns = account.client("sns")
        for name, owner in (("a", "z@example.com"), ("b", "a@example.com"), ("c", "z@example.com")):
            sns.create_topic(Name=name, Tags=[{"Key": "VantaOwner", "Value": owner}])
        tagging = account.client("resourcegroupstaggingapi")
        assert tagging.get_tag_values(Key="VantaOwner")["TagValues"] == [
            "a@example.com",
            "z@example.com",
        ]
        assert tagging.get_tag_keys()["TagKeys"] == ["VantaOwner"]
