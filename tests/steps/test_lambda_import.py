"""All functions of eu-west-1 imported into an empty region of the simulated account."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import steps.lambda_options as dropdowns
from steps.lambda_function import Function
from steps.lambda_layers import Layer
from steps.lambda_roles import RoleLogs
from steps.lambda_triggers import Triggers
from steps.logs import Group, Retention
from steps.logs_options import groups, longer_groups
from tests.steps.driving import Account
from wizard.effects import Blob, Read, Write
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready
from wizard.step import Option, Probe

SOURCE, REGION = "eu-west-1", "us-west-2"
PASSWORD = "dGhpcyBpcyBub3QgYSByZWFsIHBhc3N3b3Jk"


class Import:
    """Two runs of the import on one account, as the items of the checklist make it."""

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self.gateway = WorldGateway(
            endpoint_url=ready.endpoint_url, region=REGION, secrets=Secrets({})
        )
        self.account = Account(self.gateway, self._now)
        self.options: list[Option] = self.account.read(dropdowns.functions(SOURCE, REGION))
        self.names = [str(one.value) for one in self.options if one.suggested]
        (vpc,) = self.answer("ec2", "DescribeVpcs")["Vpcs"]
        self.vpc = str(vpc["VpcId"])
        found = self.account.read(dropdowns.subnets(self.vpc))
        self.subnets = tuple(one.value for one in found if one.suggested)
        self.answer("sqs", "CreateQueue", {"QueueName": "emailer"})
        self.first = self.run()
        self.made = [call for call in self.account.calls if isinstance(call, Write)][1:]
        self.second = self.run()

    def answer(self, service: str, operation: str, params: Any = None, *, at: str = REGION) -> Any:
        kind = Write if operation.startswith("Create") else Read
        return self.account.answers("by hand")(kind(service, operation, params or {}, region=at))

    def function(self, name: str, **more: Any) -> Function:
        return Function(
            name=name,
            source=SOURCE,
            region=REGION,
            account_id=self.ready.account_id,
            vpc_id=self.vpc,
            subnets=self.subnets,
            **more,
        )

    def run(self) -> dict[str, Any]:
        """Roles, layers, functions; what was found in the end of each."""
        found: dict[str, Any] = {}
        for one in self.account.read(dropdowns.roles(SOURCE, self.names)):
            found[f"role {one.value}"] = self.right(
                RoleLogs(
                    role=str(one.value),
                    source=SOURCE,
                    region=REGION,
                    account_id=self.ready.account_id,
                )
            )
        for one in self.account.read(dropdowns.layers(SOURCE, self.ready.account_id, self.names)):
            found[str(one.value)] = self.right(Layer(arn=str(one.value), source=SOURCE))
        for name in self.names:
            found[name] = self.right(self.function(name))
            triggers = Triggers(name=name, source=SOURCE, region=REGION)
            found[f"triggers {name}"] = self.right(triggers)
        return found

    def right(self, step: Probe) -> dict[str, Any]:
        """Acts and waits until nothing differs."""
        for _ in range(6):
            found, differences = self.account.look(step)
            if not differences:
                assert found is not None
                return {**found, "outputs": dict(step.outputs(found))}
            if all(one.settles for one in differences):
                self.advance(10)
                continue
            self.account.act(step)
        raise AssertionError(differences)

    def advance(self, seconds: float) -> None:
        where = f"{self.ready.endpoint_url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": seconds}).raise_for_status()

    def _now(self) -> float:
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/network").raise_for_status()
        return float(answer.json()["account_time"])


@pytest.fixture(scope="module")
def imported() -> Iterator[Import]:
    with Simulator(speed=60) as simulator:
        yield Import(simulator.ready)


def option(imported: Import, name: str) -> Option:
    return next(one for one in imported.options if one.value == name)


def here(imported: Import, name: str) -> Any:
    return imported.answer("lambda", "GetFunction", {"FunctionName": name})["Configuration"]


def test_the_list_names_what_cannot_be_imported(imported: Import) -> None:
    assert len(imported.options) == 12
    assert "nodejs14.x" in option(imported, "saas-sms-sender").disabled
    image = option(imported, "saas-telemetry-ingest")
    assert not image.suggested
    assert f"{REGION}.amazonaws.com/saas/telemetry-ingest:2024-11" in image.detail
    mail = option(imported, "saas-email-sender").detail
    assert "nodejs20.x x86_64" in mail
    assert "layers supertokens-common" in mail
    assert "triggers emailer" in mail
    assert "SMTP_PASSWORD" in mail
    assert PASSWORD not in repr(imported.options)
    assert len(imported.names) == 10


def test_a_second_run_writes_nothing(imported: Import) -> None:
    writes = [call for call in imported.account.calls if isinstance(call, Write)]
    assert writes[1:] == imported.made
    assert {name: one for name, one in imported.second.items() if name in imported.names} == {
        name: one for name, one in imported.first.items() if name in imported.names
    }


def test_the_code_is_the_same(imported: Import) -> None:
    for name in imported.names:
        there = imported.answer("lambda", "GetFunction", {"FunctionName": name}, at=SOURCE)
        assert here(imported, name)["CodeSha256"] == there["Configuration"]["CodeSha256"]
        assert here(imported, name)["State"] == "Active"


def test_the_layer_is_published_once_and_used(imported: Import) -> None:
    published = [call for call in imported.made if call.operation == "PublishLayerVersion"]
    assert len(published) == 1
    layers = {
        layer["Arn"]
        for name in imported.names
        for layer in here(imported, name).get("Layers") or ()
    }
    assert {arn.split(":")[3] for arn in layers} == {REGION}


def test_environments_name_the_new_region_and_are_written_down_nowhere(imported: Import) -> None:
    variables = here(imported, "saas-email-sender")["Environment"]["Variables"]
    assert variables["SMTP_HOST"] == f"email-smtp.{REGION}.amazonaws.com"
    assert variables["SMTP_PASSWORD"] == PASSWORD
    told = [imported.gateway.describe(call) for call in imported.made]
    assert PASSWORD not in repr([told, imported.first])
    assert "X-Amz-Signature" not in repr([told, imported.first])
    answered = [
        one["response"] for made in vars(imported.account)["_made"].values() for one in made
    ]
    assert answered
    assert "X-Amz-Signature" not in repr(answered)
    assert PASSWORD not in repr(answered)
    assert imported.first["saas-email-sender"]["environment"]["SMTP_PASSWORD"] == "same"
    assert "REGION names eu-west-1" in imported.first["saas-email-sender"]["outputs"]["notes"]


def test_the_bytes_go_as_blobs(imported: Import) -> None:
    creates = [call for call in imported.made if call.operation == "CreateFunction"]
    assert len(creates) == 10
    assert all(isinstance(call.params["Code"]["ZipFile"], Blob) for call in creates)


def test_everything_that_sets_a_function_off_is_disabled(imported: Import) -> None:
    mappings = imported.answer("lambda", "ListEventSourceMappings")["EventSourceMappings"]
    assert [one["State"] for one in mappings] == ["Disabled"]
    rules = imported.answer("events", "ListRules")["Rules"]
    assert len(rules) == 3
    assert {one["State"] for one in rules} == {"DISABLED"}
    schedules = imported.answer("scheduler", "ListSchedules")["Schedules"]
    assert [(one["Name"], one["State"]) for one in schedules] == [
        ("saas-core-health-probe-clock", "DISABLED")
    ]
    assert schedules[0]["Target"]["Arn"].split(":")[3] == REGION


def test_a_queue_that_is_not_here_is_told(imported: Import) -> None:
    (note,) = [
        one
        for one in imported.first["triggers saas-migration-runner"]["outputs"]["notes"]
        if "mapping" in one
    ]
    assert "migration has no counterpart in us-west-2" in note


def test_what_hangs_on_a_function_comes_along(imported: Import) -> None:
    name = {"FunctionName": "saas-license-check"}
    (alias,) = imported.answer("lambda", "ListAliases", name)["Aliases"]
    assert (alias["Name"], alias["FunctionVersion"]) == ("live", "1")
    (url,) = imported.answer("lambda", "ListFunctionUrlConfigs", name)["FunctionUrlConfigs"]
    assert url["AuthType"] == "AWS_IAM"
    assert imported.answer("lambda", "GetFunction", name)["Concurrency"] == {
        "ReservedConcurrentExecutions": 5
    }
    late = imported.answer("lambda", "GetFunctionEventInvokeConfig", name)
    assert (late["MaximumRetryAttempts"], late["MaximumEventAgeInSeconds"]) == (0, 3600)
    policy = imported.answer("lambda", "GetPolicy", {"FunctionName": "saas-dashboard-metrics"})
    (statement,) = json.loads(policy["Policy"])["Statement"]
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"].split(":")[3] == REGION


def test_vpc_and_architecture(imported: Import) -> None:
    vpc = here(imported, "saas-core-scale-worker")["VpcConfig"]
    assert set(vpc["SubnetIds"]) == set(imported.subnets)
    assert len(vpc["SecurityGroupIds"]) == 1
    assert here(imported, "saas-data-export")["Architectures"] == ["arm64"]


def test_the_role_may_write_logs_here_now(imported: Import) -> None:
    role = imported.first["role lambda-saas-execution"]
    assert role["here"]
    (put,) = [call for call in imported.made if call.service == "iam"]
    assert put.operation == "PutRolePolicy"
    assert put.params["PolicyName"] == f"lambda-logs-{REGION}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("saas-sms-sender", "AWS has ended nodejs14.x"),
        ("saas-telemetry-ingest", "push or replicate"),
        ("none-such", "There is no function none-such"),
    ],
)
def test_what_cannot_be_imported_says_why(imported: Import, name: str, words: str) -> None:
    _, differences = imported.account.look(imported.function(name))
    assert all(not one.fixable for one in differences)
    assert words in differences[0].reason


def test_other_code_is_shown_and_not_overwritten(imported: Import) -> None:
    name = "saas-onboarding-webhook"
    where = {"FunctionName": name, "Description": "by hand", "Timeout": 9}
    imported.account.answers("by hand")(Write("lambda", "UpdateFunctionConfiguration", where))
    imported.advance(10)
    _, differences = imported.account.look(imported.function(name))
    assert {one.field for one in differences} == {"Description", "Timeout"}
    assert all("not to be overwritten" in one.reason for one in differences)
    imported.right(imported.function(name, overwrite=True))
    assert here(imported, name)["Timeout"] == 30


def test_retention_of_every_group(imported: Import) -> None:
    for name in ("own/default", "own/week", "own/decade", "own/ticked"):
        imported.answer("logs", "CreateLogGroup", {"logGroupName": name})
    by_hand = imported.account.answers("by hand")
    for name, days in (("own/week", 7), ("own/decade", 3653), ("own/ticked", 400)):
        params = {"logGroupName": name, "retentionInDays": days}
        by_hand(Write("logs", "PutRetentionPolicy", params))
    imported.right(Group(name="/aws/lambda/saas-data-export"))
    listed = [str(one.value) for one in imported.account.read(groups())]
    longer = [str(one.value) for one in imported.account.read(longer_groups(365))]
    assert longer == ["own/decade", "own/ticked"]
    for name in listed:
        imported.right(Retention(name=name, days=365, lower=("own/ticked",)))
    made = imported.answer("logs", "DescribeLogGroups")["logGroups"]
    kept = {one["logGroupName"]: one["retentionInDays"] for one in made}
    assert kept.pop("own/decade") == 3653
    assert set(kept.values()) == {365}
    before = len(imported.account.calls)
    for name in listed:
        imported.right(Retention(name=name, days=365, lower=("own/ticked",)))
    assert len(imported.account.calls) == before
