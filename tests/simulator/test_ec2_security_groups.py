"""Security groups and endpoints of the simulated account: all of a batch, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import lay


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("ec2") as made:
        yield made


@pytest.fixture
def ec2(account: Account) -> Any:
    return account.client("ec2")


@pytest.fixture
def vpc(account: Account) -> str:
    return lay(account).vpc


@pytest.fixture
def group(ec2: Any, vpc: str) -> str:
    made = ec2.create_security_group(GroupName="g", Description="a group", VpcId=vpc)
    return str(made["GroupId"])


def tcp(port: int, *cidrs: str, **more: str) -> dict[str, Any]:
    ranges = [{"CidrIp": cidr, **more} for cidr in cidrs]
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges}


def allow(ec2: Any, group: str, *rules: dict[str, Any]) -> None:
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(rules))


def count(ec2: Any, group: str) -> int:
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    return sum(len(one["IpRanges"]) for one in found["IpPermissions"])


def test_batch_with_a_duplicate_is_refused_whole(ec2: Any, group: str) -> None:
    allow(ec2, group, tcp(22, "10.0.0.1/32"))
    with refused("InvalidPermission.Duplicate", "peer: 10.0.0.1/32, TCP, from port: 22"):
        allow(ec2, group, tcp(80, "10.0.0.2/32"), tcp(22, "10.0.0.1/32"))
    assert count(ec2, group) == 1
    with refused("InvalidPermission.Duplicate"):
        allow(ec2, group, tcp(80, "10.0.0.2/32"), tcp(80, "10.0.0.2/32", Description="again"))
    allow(ec2, group, {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]})
    with refused("InvalidPermission.Duplicate"):
        allow(ec2, group, {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]})


def test_group_has_sixty_rules_at_most(ec2: Any, group: str) -> None:
    allow(ec2, group, tcp(22, *(f"10.0.0.{host}/32" for host in range(40))))
    with refused("RulesPerSecurityGroupLimitExceeded"):
        allow(ec2, group, tcp(80, "10.1.0.0/16"), tcp(22, *(f"10.2.0.{n}/32" for n in range(20))))
    assert count(ec2, group) == 40


def test_descriptions_are_plain(ec2: Any, vpc: str, group: str) -> None:
    with refused("InvalidParameterValue", "Character sets beyond ASCII"):
        ec2.create_security_group(GroupName="h", Description="Gruppe für alle", VpcId=vpc)
    with refused("InvalidParameterValue", "Invalid rule description"):
        allow(ec2, group, tcp(22, "10.0.0.1/32", Description="Büro"))
    assert count(ec2, group) == 0


def test_names_are_taken_once_in_a_vpc(ec2: Any, vpc: str, group: str) -> None:
    del group
    with refused("InvalidGroup.Duplicate"):
        ec2.create_security_group(GroupName="g", Description="another", VpcId=vpc)


def routes(ec2: Any, table: str) -> dict[str, str]:
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    return {
        one["DestinationPrefixListId"]: one["GatewayId"]
        for one in found["Routes"]
        if "DestinationPrefixListId" in one
    }


def test_endpoint_makes_the_routes_of_its_tables(account: Account, ec2: Any, vpc: str) -> None:
    service = "com.amazonaws.us-east-1.s3"
    first, second = (
        ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)
    )
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, RouteTableIds=[first])
    endpoint = made["VpcEndpoint"]["VpcEndpointId"]
    assert list(routes(ec2, first).values()) == [endpoint]
    assert routes(ec2, second) == {}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[second])
    assert routes(ec2, second) == routes(ec2, first)
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[second])
    with refused("RouteAlreadyExists", second):
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, RouteTableIds=[second])
    other = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service)["VpcEndpoint"]["VpcEndpointId"]
    with refused("RouteAlreadyExists"):
        ec2.modify_vpc_endpoint(VpcEndpointId=other, AddRouteTableIds=[second])
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=[second])
    assert routes(ec2, second) == {}
    ec2.modify_vpc_endpoint(VpcEndpointId=other, AddRouteTableIds=[second])
    account.clock.advance(30)
    states = {one["State"] for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]}
    assert states == {"available"}
