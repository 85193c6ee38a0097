"""Instances, endpoints, flow logs and pages of the simulated account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import lay

SERVICE = "com.amazonaws.us-east-1.s3"


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("ec2", "s3") as made:
        yield made


@pytest.fixture
def ec2(account: Account) -> Any:
    return account.client("ec2")


def run(ec2: Any, count: int = 1, **more: Any) -> list[str]:
    made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=count, MaxCount=count, **more)
    return [one["InstanceId"] for one in made["Instances"]]


def test_boots_and_passes_its_checks(account: Account, ec2: Any) -> None:
    (instance,) = run(ec2)

    def state() -> str:
        found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
        return str(found["State"]["Name"])

    def checks() -> list[str]:
        found = ec2.describe_instance_status(InstanceIds=[instance])["InstanceStatuses"]
        return [one["InstanceStatus"]["Status"] for one in found]

    with refused("InvalidInstanceID.NotFound"):
        state()
    assert ec2.describe_instances()["Reservations"] == []
    account.clock.advance(2)
    assert state() == "pending"
    assert checks() == []
    account.clock.advance(18)
    assert state() == "running"
    assert checks() == ["initializing"]
    account.clock.advance(70)
    assert checks() == ["ok"]
    ec2.stop_instances(InstanceIds=[instance])
    ec2.start_instances(InstanceIds=[instance])
    account.clock.advance(2)
    assert state() == "pending"


def test_launch_time_is_the_accounts(account: Account, ec2: Any) -> None:
    run(ec2)
    launched = account.clock.utc()
    account.clock.advance(600)
    found = ec2.describe_instances()["Reservations"][0]["Instances"][0]
    assert found["LaunchTime"] == launched.replace(microsecond=0)


def test_client_token_launches_once(ec2: Any) -> None:
    assert run(ec2, ClientToken="once") == run(ec2, ClientToken="once")
    assert run(ec2, ClientToken="other") != run(ec2, ClientToken="once")


def test_dry_runs_change_nothing(account: Account, ec2: Any) -> None:
    network = lay(account)
    with refused("DryRunOperation", "Request would have succeeded"):
        ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName=SERVICE, DryRun=True)
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"] == []
    with refused("DryRunOperation"):
        ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, DryRun=True)
    with refused("DryRunOperation"):
        ec2.describe_route_tables(DryRun=True)


def test_endpoints_take_time_and_are_made_once(account: Account, ec2: Any) -> None:
    network = lay(account)
    table = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [network.vpc]}])
    asked = {
        "VpcId": network.vpc,
        "ServiceName": SERVICE,
        "RouteTableIds": [table["RouteTables"][0]["RouteTableId"]],
    }

    def make(token: str) -> Any:
        return ec2.create_vpc_endpoint(ClientToken=token, **asked)["VpcEndpoint"]

    first = make("a")
    assert first["State"] == "pending"
    assert make("a")["VpcEndpointId"] == first["VpcEndpointId"]
    with refused("RouteAlreadyExists"):
        make("b")
    with refused("InvalidServiceName"):
        ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName="com.amazonaws.eu-west-1.s3")
    account.clock.advance(30)
    (found,) = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert found["State"] == "available"
    assert found["VpcEndpointType"] == "Gateway"


def test_flow_logs_go_below_a_prefix(account: Account, ec2: Any) -> None:
    network = lay(account)
    account.client("s3").create_bucket(Bucket="flow-logs-here")

    def make(destination: str, token: str) -> Any:
        return ec2.create_flow_logs(
            ResourceType="VPC",
            ResourceIds=[network.vpc],
            TrafficType="ALL",
            LogDestinationType="s3",
            LogDestination=destination,
            ClientToken=token,
        )

    folder = "arn:aws:s3:::flow-logs-here/vpc-flow-logs/"
    made = make(folder, "a")
    assert made["Unsuccessful"] == []
    assert make(folder, "a")["FlowLogIds"] == made["FlowLogIds"]
    with refused("FlowLogAlreadyExists"):
        make(folder, "b")
    (found,) = ec2.describe_flow_logs()["FlowLogs"]
    assert found["LogDestination"] == folder
    missing = make("arn:aws:s3:::no-such-bucket-anywhere/x", "c")
    assert missing["FlowLogIds"] == []
    assert len(missing["Unsuccessful"]) == 1


def test_lists_are_paged(account: Account, ec2: Any) -> None:
    network = lay(account, "abcdef")
    pages = ec2.get_paginator("describe_subnets").paginate(
        Filters=[{"Name": "vpc-id", "Values": [network.vpc]}], PaginationConfig={"PageSize": 5}
    )
    assert [len(page["Subnets"]) for page in pages] == [5, 1]
    for _ in range(6):
        run(ec2)
    account.clock.advance(2)
    first = ec2.describe_instances(MaxResults=5)
    rest = ec2.describe_instances(MaxResults=5, NextToken=first["NextToken"])
    assert [len(first["Reservations"]), len(rest["Reservations"])] == [5, 1]
    with refused("InvalidParameterValue", "less than 1000"):
        ec2.describe_vpcs(MaxResults=1001)
    with refused("InvalidParameterCombination"):
        ec2.describe_instances(
            MaxResults=5, InstanceIds=[first["Reservations"][0]["Instances"][0]["InstanceId"]]
        )
