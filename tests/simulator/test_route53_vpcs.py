"""Private zones of the simulated account, and the VPCs that see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import lay


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("ec2", "route53") as made:
        yield made


@pytest.fixture
def route53(account: Account) -> Any:
    return account.client("route53")


@pytest.fixture
def vpc(account: Account) -> str:
    return lay(account).vpc


def seen_from(vpc: str, region: str = "us-east-1") -> dict[str, str]:
    return {"VPCRegion": region, "VPCId": vpc}


def make(route53: Any, vpc: str, reference: str, name: str = "region.dns") -> Any:
    return route53.create_hosted_zone(
        Name=name,
        VPC=seen_from(vpc),
        CallerReference=reference,
        HostedZoneConfig={"PrivateZone": True},
    )


def test_zone_is_one_of_its_name_on_a_vpc(account: Account, route53: Any, vpc: str) -> None:
    made = make(route53, vpc, "a")
    zone_id = made["HostedZone"]["Id"]
    with refused("HostedZoneAlreadyExists"):
        make(route53, vpc, "a")
    with refused("ConflictingDomainExists"):
        make(route53, vpc, "b", "REGION.dns.")
    other = account.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    make(route53, other, "c")
    with refused("ConflictingDomainExists"):
        route53.associate_vpc_with_hosted_zone(HostedZoneId=zone_id, VPC=seen_from(other))
    change = route53.get_change(Id=made["ChangeInfo"]["Id"])["ChangeInfo"]
    assert change["Status"] == "PENDING"
    account.clock.advance(60)
    change = route53.get_change(Id=made["ChangeInfo"]["Id"])["ChangeInfo"]
    assert change["Status"] == "INSYNC"


def test_only_vpcs_that_exist_are_associated(account: Account, route53: Any, vpc: str) -> None:
    with refused("InvalidVPCId"):
        make(route53, "vpc-0123456789abcdef0", "a")
    zone_id = make(route53, vpc, "b")["HostedZone"]["Id"]
    with refused("InvalidVPCId"):
        route53.associate_vpc_with_hosted_zone(
            HostedZoneId=zone_id, VPC=seen_from(vpc, "eu-west-1")
        )
    far = account.client("ec2", "eu-west-1").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    route53.associate_vpc_with_hosted_zone(HostedZoneId=zone_id, VPC=seen_from(far, "eu-west-1"))
    found = route53.get_hosted_zone(Id=zone_id)["VPCs"]
    assert found == [seen_from(vpc), seen_from(far, "eu-west-1")]


def test_zones_of_a_vpc_are_listed_in_pages(account: Account, route53: Any, vpc: str) -> None:
    for number in range(3):
        make(route53, vpc, str(number), f"z{number}.dns")
    first = route53.list_hosted_zones_by_vpc(VPCId=vpc, VPCRegion="us-east-1", MaxItems="2")
    assert [one["Name"] for one in first["HostedZoneSummaries"]] == ["z0.dns.", "z1.dns."]
    rest = route53.list_hosted_zones_by_vpc(
        VPCId=vpc, VPCRegion="us-east-1", MaxItems="2", NextToken=first["NextToken"]
    )
    (last,) = rest["HostedZoneSummaries"]
    assert (last["Name"], set(last["Owner"])) == ("z2.dns.", {"OwningAccount"})
    assert "NextToken" not in rest
    other = account.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    empty = route53.list_hosted_zones_by_vpc(VPCId=other, VPCRegion="us-east-1")
    assert empty["HostedZoneSummaries"] == []
    with refused("InvalidVPCId"):
        route53.list_hosted_zones_by_vpc(VPCId=vpc, VPCRegion="eu-west-1")
