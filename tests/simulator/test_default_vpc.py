"""VPCs of the simulated account, as AWS makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated


@pytest.fixture
def ec2() -> Iterator[Any]:
    with simulated("default_vpc", "ec2") as account:
        yield _client(account)


def _client(account: Account) -> Any:
    return account.client("ec2", "eu-west-3")


def _of(vpc: str) -> list[dict[str, Any]]:
    return [{"Name": "vpc-id", "Values": [vpc]}]


def _default(ec2: Any) -> str:
    found = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(found[0]["VpcId"])


def test_the_default_vpc_leads_to_the_internet(ec2: Any) -> None:
    vpc = _default(ec2)
    gateways = ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}]
    )["InternetGateways"]
    assert len(gateways) == 1
    tables = ec2.describe_route_tables(Filters=_of(vpc))["RouteTables"]
    assert len(tables) == 1
    assert tables[0]["Associations"][0]["Main"] is True
    out = [one for one in tables[0]["Routes"] if one["DestinationCidrBlock"] == "0.0.0.0/0"]
    assert [one["GatewayId"] for one in out] == [gateways[0]["InternetGatewayId"]]
    subnets = ec2.describe_subnets(Filters=_of(vpc))["Subnets"]
    assert len({one["AvailabilityZone"] for one in subnets}) == len(subnets) == 3
    assert all(one["MapPublicIpOnLaunch"] for one in subnets)


@pytest.mark.parametrize("default", [True, False])
def test_the_default_group_lets_its_members_in(ec2: Any, *, default: bool) -> None:
    vpc = _default(ec2) if default else ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    groups = ec2.describe_security_groups(Filters=_of(vpc))["SecurityGroups"]
    assert [one["GroupName"] for one in groups] == ["default"]
    rules = groups[0]["IpPermissions"]
    assert [one["IpProtocol"] for one in rules] == ["-1"]
    assert [one["GroupId"] for one in rules[0]["UserIdGroupPairs"]] == [groups[0]["GroupId"]]
    made = ec2.create_security_group(GroupName="own", Description="mine", VpcId=vpc)["GroupId"]
    own = ec2.describe_security_groups(GroupIds=[made])["SecurityGroups"][0]
    assert own["IpPermissions"] == []


def test_a_vpc_has_one_internet_gateway(ec2: Any) -> None:
    made = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    with refused("InvalidParameterValue", "already has an internet gateway"):
        ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=_default(ec2))


def test_a_default_vpc_that_was_deleted_can_be_made_again(ec2: Any) -> None:
    with refused("DefaultVpcAlreadyExists"):
        ec2.create_default_vpc()
    vpc = _default(ec2)
    for subnet in ec2.describe_subnets(Filters=_of(vpc))["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    gateway = ec2.describe_internet_gateways()["InternetGateways"][0]["InternetGatewayId"]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_vpcs()["Vpcs"] == []
    made = ec2.create_default_vpc()["Vpc"]
    assert made["IsDefault"] is True
    assert _default(ec2) == made["VpcId"]
    assert len(ec2.describe_internet_gateways()["InternetGateways"]) == 1
