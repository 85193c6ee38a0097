"""The scale API and the inbox: what the company's side of the demo does."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Client, clients
from wizard.simulator.process import Simulator
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD, SCALE_PATH

REGION = "us-east-1"
APP = "app-acme"


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    """An account of its own, at real speed: its clock is moved by the tests."""
    with Simulator(speed=1) as running:
        yield running


@pytest.fixture(scope="module")
def ec2(account: Simulator) -> Any:
    made: Client = clients(account.ready)
    return made("ec2", REGION)


def scale(account: Simulator, **changes: Any) -> httpx.Response:
    body = {
        "password": DEMO_SCALE_PASSWORD,
        "appId": APP,
        "scaleTo": 3,
        "deploymentToScale": "production",
        **changes,
    }
    body = {name: value for name, value in body.items() if value is not None}
    return httpx.post(account.ready.scale_api_url + SCALE_PATH, json=body, trust_env=False)


def cores(ec2: Any) -> list[dict[str, Any]]:
    wanted = [
        {"Name": "tag:Name", "Values": ["core-acme-prod-*"]},
        {"Name": "instance-state-name", "Values": ["pending", "running"]},
    ]
    found = ec2.describe_instances(Filters=wanted)["Reservations"]
    return [one for each in found for one in each["Instances"]]


def advance(account: Simulator, seconds: float) -> None:
    url = f"{account.ready.endpoint_url}/_st-wizard/advance"
    httpx.post(url, json={"seconds": seconds}, trust_env=False).raise_for_status()


@pytest.mark.parametrize("password", [None, "", "wrong", DEMO_SCALE_PASSWORD + "x"])
def test_needs_the_password(password: str | None, account: Simulator) -> None:
    answer = scale(account, password=password)
    assert answer.status_code == 401
    assert DEMO_SCALE_PASSWORD not in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"scaleTo": "three"},
        {"scaleTo": None},
        {"scaleTo": 0},
        {"scaleTo": 1000},
        {"appId": None},
        {"deploymentToScale": "everything"},
    ],
)
def test_refuses_bad_bodies(changes: dict[str, Any], account: Simulator) -> None:
    assert scale(account, **changes).status_code == 400


def test_other_paths_and_unknown_apps(account: Simulator) -> None:
    assert httpx.get(account.ready.scale_api_url + SCALE_PATH, trust_env=False).status_code == 404
    assert scale(account, appId="app-nobody").status_code == 404


def test_no_more_than_there_are_changes_nothing(account: Simulator, ec2: Any) -> None:
    before = [one["InstanceId"] for one in cores(ec2)]
    assert len(before) == 1
    assert scale(account, scaleTo=1).status_code == 200
    advance(account, 600)
    assert [one["InstanceId"] for one in cores(ec2)] == before


def test_new_cores_appear_boot_and_answer(account: Simulator, ec2: Any) -> None:
    before = cores(ec2)
    assert scale(account, scaleTo=3).json() == {"status": "OK"}
    assert scale(account, scaleTo=3).status_code == 200  # asked twice, started once
    advance(account, 30)
    assert len(cores(ec2)) == len(before)
    advance(account, 50)
    advance(account, 10)  # eventual consistency of DescribeInstances
    assert len(cores(ec2)) == len(before) + 1
    advance(account, 90)
    advance(account, 10)
    after = cores(ec2)
    assert len(after) == 3
    new = [one for one in after if one["InstanceId"] not in {x["InstanceId"] for x in before}]
    assert len({one["Placement"]["AvailabilityZone"] for one in after}) >= 2
    assert {one["VpcId"] for one in after} == {before[0]["VpcId"]}
    groups = {group["GroupId"] for group in before[0]["SecurityGroups"]}
    assert all({group["GroupId"] for group in one["SecurityGroups"]} == groups for one in new)
    names = {tag["Value"] for one in new for tag in one["Tags"] if tag["Key"] == "Name"}
    # Number 2 is taken by an instance that is stopped.
    assert names == {"core-acme-prod-3", "core-acme-prod-4"}
    last = new[-1]["InstanceId"]
    assert _check(ec2, last) in {"not-applicable", "initializing"}
    advance(account, 600)
    assert _check(ec2, last) == "ok"


def _check(ec2: Any, instance_id: str) -> str:
    found = ec2.describe_instance_status(InstanceIds=[instance_id], IncludeAllInstances=True)
    return str(found["InstanceStatuses"][0]["InstanceStatus"]["Status"])


def test_a_subscription_waits_for_its_mailed_link(account: Simulator) -> None:
    sns = clients(account.ready)("sns", REGION)
    topic = sns.create_topic(Name="inbox-test")["TopicArn"]
    endpoint = "team+<b>alarms</b>@supertokens.com"
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=endpoint)
    inbox = account.ready.inbox_url
    page = httpx.get(inbox, trust_env=False).text
    assert "&lt;b&gt;alarms" in page
    assert "<b>" not in page
    mails = httpx.get(f"{inbox}/mails.json", trust_env=False).json()
    mail = next(one for one in mails if one["to"] == endpoint)
    assert mail["topic_arn"] == topic
    confirmed = httpx.get(mail["confirm_url"], trust_env=False)
    assert (confirmed.status_code, "confirmed" in confirmed.text) == (200, True)
    again = httpx.get(f"{inbox}/mails.json", trust_env=False).json()
    assert next(one for one in again if one["id"] == mail["id"])["confirm_url"] is None
    assert httpx.get(mail["confirm_url"], trust_env=False).status_code == 200
    advance(account, 60)
    listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed[0]["SubscriptionArn"].startswith(topic)
    assert httpx.get(f"{inbox}/confirm?mail=none", trust_env=False).status_code == 404
    assert httpx.get(inbox, headers={"Host": "evil.example"}, trust_env=False).status_code == 421
