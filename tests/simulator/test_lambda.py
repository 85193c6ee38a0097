"""Lambda, its code and its triggers: what an import meets on AWS."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.simulator.conftest import Client
from tests.simulator.in_process import Account, refused, simulated
from wizard.simulator.process import Simulator
from wizard.simulator.services import lambda_code, lambda_refusals

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
EU = "eu-west-1"


def archive(text: str = "exports.handler = async () => 1;") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("index.js", text)
    return buffer.getvalue()


def create(account: Account, name: str, **more: Any) -> dict[str, Any]:
    iam = account.client("iam")
    if not iam.list_roles()["Roles"]:
        iam.create_role(RoleName="runs", AssumeRolePolicyDocument=TRUST)
    asked: dict[str, Any] = {
        "FunctionName": name,
        "Role": iam.get_role(RoleName="runs")["Role"]["Arn"],
        "Runtime": "nodejs20.x",
        "Handler": "index.handler",
        "Code": {"ZipFile": archive()},
        **more,
    }
    created: dict[str, Any] = account.client("lambda").create_function(**asked)
    return created


def test_an_ended_runtime_is_refused() -> None:
    with simulated("lambda_") as account:
        words = "The runtime parameter of nodejs14.x is no longer supported"
        with refused("InvalidParameterValueException", words):
            create(account, "old", Runtime="nodejs14.x")


def test_a_layer_of_another_region_is_refused() -> None:
    with simulated("lambda_") as account:
        theirs = account.client("lambda", EU).publish_layer_version(
            LayerName="shared", Content={"ZipFile": archive()}
        )["LayerVersionArn"]
        with refused("InvalidParameterValueException", "expected to be in region us-east-1"):
            create(account, "one", Layers=[theirs])
        found = account.client("lambda", EU).get_layer_version_by_arn(Arn=theirs)
        assert found["LayerVersionArn"] == theirs
        with refused("ResourceNotFoundException"):
            account.client("lambda").get_layer_version_by_arn(Arn=theirs)


def test_an_image_must_be_in_the_regions_registry() -> None:
    with simulated("lambda_") as account:
        image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/own/one:v1"
        package = {"PackageType": "Image", "Code": {"ImageUri": image}}
        with refused("InvalidParameterValueException", f"Source image {image} does not exist"):
            create(account, "one", **package)
        ecr = account.client("ecr")
        ecr.create_repository(repositoryName="own/one")
        manifest = {"mediaType": "application/json", "config": {"size": 1, "digest": "sha256:1"}}
        ecr.put_image(repositoryName="own/one", imageManifest=json.dumps(manifest), imageTag="v1")
        assert create(account, "one", **package)["PackageType"] == "Image"


def test_a_subnet_that_is_not_there_is_refused() -> None:
    with simulated("lambda_", "ec2") as account:
        vpc = {"SubnetIds": ["subnet-0123"], "SecurityGroupIds": []}
        with refused("InvalidParameterValueException", "'subnet-0123' does not exist"):
            create(account, "one", VpcConfig=vpc)


def test_code_storage_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    with simulated("lambda_") as account:
        create(account, "one")
        monkeypatch.setattr(lambda_refusals, "CODE_STORAGE", 10)
        with refused("CodeStorageExceededException", "Code storage limit exceeded"):
            create(account, "two")


def test_an_update_takes_its_time() -> None:
    with simulated("lambda_") as account:
        create(account, "one")
        account.clock.advance(8)
        functions = account.client("lambda")
        functions.update_function_code(FunctionName="one", ZipFile=archive("other"))
        found = functions.get_function_configuration(FunctionName="one")
        assert found["LastUpdateStatus"] == "InProgress"
        with refused("ResourceConflictException", "An update is in progress"):
            functions.update_function_configuration(FunctionName="one", Timeout=9)
        account.clock.advance(3)
        functions.update_function_configuration(
            FunctionName="one", TracingConfig={"Mode": "Active"}, EphemeralStorage={"Size": 1024}
        )
        account.clock.advance(3)
        found = functions.get_function_configuration(FunctionName="one")
        assert found["LastUpdateStatus"] == "Successful"
        assert found["TracingConfig"] == {"Mode": "Active"}
        assert found["EphemeralStorage"] == {"Size": 1024}


def test_the_same_statement_or_mapping_twice_is_a_conflict() -> None:
    with simulated("lambda_") as account:
        create(account, "one")
        functions = account.client("lambda")
        permission = {
            "FunctionName": "one",
            "StatementId": "s",
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
        }
        functions.add_permission(**permission)
        with refused("ResourceConflictException", r"The statement id (s) provided already exists"):
            functions.add_permission(**permission)
        account.client("sqs").create_queue(QueueName="q")
        source = "arn:aws:sqs:us-east-1:123456789012:q"
        mapping = {"EventSourceArn": source, "FunctionName": "one", "Enabled": False}
        made = functions.create_event_source_mapping(**mapping)
        assert made["State"] == "Disabled"
        with refused("ResourceConflictException", made["UUID"]):
            functions.create_event_source_mapping(**mapping)


def test_what_moto_does_not_answer() -> None:
    with simulated("lambda_") as account:
        create(account, "one")
        functions = account.client("lambda")
        name = {"FunctionName": "one"}
        assert functions.list_function_url_configs(**name)["FunctionUrlConfigs"] == []
        functions.create_function_url_config(**name, AuthType="AWS_IAM")
        (url,) = functions.list_function_url_configs(**name)["FunctionUrlConfigs"]
        assert (url["AuthType"], url["InvokeMode"]) == ("AWS_IAM", "BUFFERED")
        assert functions.get_runtime_management_config(**name)["UpdateRuntimeOn"] == "Auto"
        functions.put_runtime_management_config(**name, UpdateRuntimeOn="FunctionUpdate")
        found = functions.get_runtime_management_config(**name)
        assert found["UpdateRuntimeOn"] == "FunctionUpdate"
        warm = functions.list_provisioned_concurrency_configs(**name)
        assert warm["ProvisionedConcurrencyConfigs"] == []
        assert "CodeSigningConfigArn" not in functions.get_function_code_signing_config(**name)


def test_code_is_behind_a_presigned_url(simulator: Simulator, client: Client) -> None:
    functions = client("lambda", EU)
    found = functions.get_function(FunctionName="saas-email-sender")
    url = found["Code"]["Location"]
    answer = httpx.get(url)
    assert answer.headers["content-type"] == "application/zip"
    assert len(answer.content) == found["Configuration"]["CodeSize"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as code:
        assert code.namelist() == ["index.js"]
    layer = found["Configuration"]["Layers"][0]["Arn"]
    content = functions.get_layer_version_by_arn(Arn=layer)["Content"]
    assert len(httpx.get(content["Location"]).content) == content["CodeSize"]
    other = url.replace("saas-email-sender", "saas-data-export")
    refusal = httpx.get(other)
    assert (refusal.status_code, b"AccessDenied" in refusal.content) == (403, True)


def test_a_presigned_url_ends_after_ten_minutes(simulator: Simulator, client: Client) -> None:
    found = client("lambda", EU).get_function(FunctionName="saas-email-sender")
    parts = urlsplit(found["Code"]["Location"])
    until = float(dict(parse_qsl(parts.query))["X-Amz-Until"])
    where = f"{simulator.ready.endpoint_url}/_st-wizard/network"
    left = until - float(httpx.get(where).json()["account_time"])
    longest = lambda_code.VALID_REAL_SECONDS * 600  # ten minutes are one second here
    assert 0 < left <= longest
    httpx.post(
        f"{simulator.ready.endpoint_url}/_st-wizard/advance", json={"seconds": left + 1}
    ).raise_for_status()
    assert httpx.get(found["Code"]["Location"]).status_code == 403


def test_log_groups_have_a_class() -> None:
    with simulated("logs") as account:
        logs = account.client("logs")
        logs.create_log_group(logGroupName="plain")
        logs.create_log_group(logGroupName="sent", logGroupClass="DELIVERY")
        groups = {one["logGroupName"]: one for one in logs.describe_log_groups()["logGroups"]}
        assert groups["plain"]["logGroupClass"] == "STANDARD"
        assert (groups["sent"]["logGroupClass"], groups["sent"]["retentionInDays"]) == (
            "DELIVERY",
            2,
        )
        with refused("InvalidParameterException", "DELIVERY"):
            logs.put_retention_policy(logGroupName="sent", retentionInDays=365)
