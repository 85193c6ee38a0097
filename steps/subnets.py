"""Which subnets a load balancer can live in, and why others cannot. Pure.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
"""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from wizard.effects import Facts

SMALLEST = 27
"""The prefix length of the smallest subnet that ELB takes."""
FREE = 8
"""How many addresses ELB wants free in each subnet."""


def unsuitable(subnet: Facts, tables: Iterable[Any]) -> str:
    """Why an internet-facing load balancer cannot be in the subnet; empty when it can."""
    block = ipaddress.ip_network(str(subnet["CidrBlock"]))
    if subnet.get("State", "available") != "available":
        return f"is {subnet['State']}"
    if block.prefixlen > SMALLEST:
        return f"is a /{block.prefixlen}: ELB wants a /{SMALLEST} or larger"
    free = int(subnet.get("AvailableIpAddressCount", FREE))
    if free < FREE:
        return f"has {free} free addresses: ELB wants {FREE}"
    if not leads_out(str(subnet["SubnetId"]), str(subnet["VpcId"]), tables):
        return "has no route to an internet gateway"
    return ""


def leads_out(subnet_id: str, vpc_id: str, tables: Iterable[Any]) -> bool:
    """Whether the subnet's route table, its own or the VPC's main one, leads to the internet."""
    main: Any = None
    for table in tables:
        if table.get("VpcId") != vpc_id:
            continue
        for association in table.get("Associations") or ():
            if association.get("SubnetId") == subnet_id:
                return _has_gateway(table)
            if association.get("Main"):
                main = table
    return main is not None and _has_gateway(main)


def _has_gateway(table: Facts) -> bool:
    return any(
        str(route.get("GatewayId") or "").startswith("igw-")
        and route.get("DestinationCidrBlock") == "0.0.0.0/0"
        and route.get("State", "active") == "active"
        for route in table.get("Routes") or ()
    )


def best_of_zones(subnets: Iterable[Any], tables: Iterable[Any]) -> Mapping[str, str]:
    """Zone → the suitable subnet to take there: the one with most room, then the first by id."""
    known = tuple(tables)
    roomy = sorted(
        (one for one in subnets if not unsuitable(one, known)),
        key=lambda one: (-int(one.get("AvailableIpAddressCount", 0)), str(one["SubnetId"])),
    )
    best: dict[str, str] = {}
    for one in roomy:
        best.setdefault(str(one["AvailabilityZone"]), str(one["SubnetId"]))
    return dict(sorted(best.items()))
