"""The gateway on a simulated account: everything that a run needs of it, over the wire."""

from collections.abc import Iterator

import httpx
import pytest

from wizard.effects import Columns, Handshake, Now, Read, Request, Rows, Secret, Write
from wizard.errors import CallError, CredentialsError, DeniedError
from wizard.gateway.backoff import Backoff
from wizard.gateway.protocol import Gateway
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(speed=120) as running:
        yield running


@pytest.fixture(scope="module")
def world(simulator: Simulator) -> Iterator[WorldGateway]:
    secrets = Secrets({"ST_WIZARD_SECRET_SCALE_PASSWORD": "wrong-password"}, keyring=object())
    gateway = WorldGateway(
        endpoint_url=simulator.ready.endpoint_url,
        secrets=secrets,
        backoff=Backoff(sleep=lambda _: None),
    )
    yield gateway
    gateway.close()


def test_a_region_that_is_not_enabled_keeps_nobody_from_saying_who_they_are(
    simulator: Simulator,
) -> None:
    closed = WorldGateway(endpoint_url=simulator.ready.endpoint_url, region="eu-central-2")
    assert closed.identity().account_id == simulator.ready.account_id
    assert closed.identity().region == "eu-central-2"
    closed.close()


def test_identity(world: WorldGateway, simulator: Simulator) -> None:
    as_protocol: Gateway = world
    pin = as_protocol.identity()
    assert pin.account_id == simulator.ready.account_id
    assert pin.partition == "aws"
    assert pin.alias == "supertokens-demo"
    assert pin.endpoint_url == simulator.ready.endpoint_url
    assert (pin.region, pin.profile, pin.speed) == ("us-east-1", "", 120.0)
    world.reset_credentials()
    assert world.identity() == pin


def test_time_is_the_accounts(world: WorldGateway) -> None:
    first, second = world.now(), world.call(Now()).value
    assert second >= first


def test_all_pages_of_the_company(world: WorldGateway) -> None:
    topics = world.call(Read("sns", "ListTopics", pages="Topics"))
    assert topics.pages > 1
    assert topics.entries == len(topics.value) > 100
    groups = world.call(Read("logs", "DescribeLogGroups", pages="logGroups[].logGroupName"))
    assert groups.pages > 1
    assert all(isinstance(name, str) for name in groups.value)


def test_facts_are_json(world: WorldGateway) -> None:
    buckets = world.call(Read("s3", "ListBuckets", pages="Buckets")).value
    assert all(bucket["CreationDate"].endswith("Z") for bucket in buckets)


def test_other_regions(world: WorldGateway) -> None:
    here = world.call(Read("ec2", "DescribeVpcs", pages="Vpcs[].VpcId")).value
    there = world.call(Read("ec2", "DescribeVpcs", pages="Vpcs[].VpcId", region="eu-west-1")).value
    assert not set(here) & set(there)


def test_a_write_and_its_answer(world: WorldGateway) -> None:
    answer = world.call(Write("sns", "CreateTopic", {"Name": "gateway-test"}))
    assert answer.value["TopicArn"].endswith(":gateway-test")
    assert answer.request_id
    assert answer.date


def test_the_company_database(world: WorldGateway, simulator: Simulator) -> None:
    url, table = simulator.ready.database_url, "apps_with_load_balancer"
    names = {column["name"] for column in world.call(Columns(url, table)).value}
    rows = world.call(Rows(url, table, {})).value
    assert rows
    assert set(rows[0]) == names


def test_the_scale_api_says_no_to_a_wrong_password(
    world: WorldGateway, simulator: Simulator
) -> None:
    url = f"{simulator.ready.scale_api_url}/0/manual/app/scale/deployment"
    body = {"appId": "a", "scaleTo": 1, "deploymentToScale": "production"}
    password = {"password": Secret("scale-password")}
    answer = world.call(Request("POST", url, body | password, mutating=True))
    assert answer.value["status"] == 401
    with pytest.raises(CallError, match="st-wizard secret set other"):
        world.call(Request("POST", url, {"password": Secret("other")}, mutating=True))


def test_names_lead_into_the_simulated_network(world: WorldGateway) -> None:
    name = "initech.aws.supertokens.com"
    found = world.call(Handshake(name, 3567, name, "/hello")).value
    assert (found["trusted"], found["matches"], found["status"]) == (True, True, 200)
    answer = world.call(Request("GET", f"https://{name}:3567/hello"))
    assert answer.value["status"] == 200


def test_describing_names_the_endpoint(world: WorldGateway) -> None:
    described = world.describe(Write("sns", "CreateTopic", {"Name": "a"}))
    assert described.region == "us-east-1"
    assert described.cli.endswith(f"--endpoint-url {world.endpoint_url}")


def test_an_expired_token_is_not_taken_for_a_foreign_bucket(
    world: WorldGateway, simulator: Simulator
) -> None:
    for service, operation in (("s3", "HeadBucket"), ("sts", "GetCallerIdentity")):
        order = {"service": service, "operation": operation, "kind": "expired", "times": 1}
        httpx.post(f"{simulator.ready.endpoint_url}/_st-wizard/faults", json=order)
    with pytest.raises(CredentialsError):
        world.call(Read("s3", "HeadBucket", {"Bucket": "supertokens-ssl"}))
    order = {"service": "s3", "operation": "HeadBucket", "kind": "deny", "times": 1}
    httpx.post(f"{simulator.ready.endpoint_url}/_st-wizard/faults", json=order)
    with pytest.raises(DeniedError):
        world.call(Read("s3", "HeadBucket", {"Bucket": "supertokens-ssl"}))
