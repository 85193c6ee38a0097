"""Where a name of the simulated account leads, as the internet sees it.

Only AWS's own API is asked, through the inside clients, so that what is provisioning, pending or
deleted there is so here.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Client = Callable[[str, str], Any]
_LOAD_BALANCER = re.compile(
    r"^(?:dualstack\.)?(?P<name>.+)\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.elb\.amazonaws\.com$"
)
_LONGEST_CHAIN = 8
_GLOBAL = "us-east-1"


@dataclass(frozen=True, slots=True)
class Unreachable(Exception):  # noqa: N818  what a network says, no fault of ours
    """The proxy's answer: 502 (refused or no such name) or 504 (nothing answers)."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """A load balancer that the name leads to, as DescribeLoadBalancers shows it."""

    region: str
    shape: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance that the name or address leads to, as DescribeInstances shows it."""

    region: str
    shape: dict[str, Any]


class Names:
    """The public DNS of the account. `regions` are those in which EC2 is in use."""

    def __init__(self, client: Client, regions: Callable[[], list[str]]) -> None:
        self._client = client
        self._regions = regions

    def resolve(self, host: str) -> LoadBalancer | Instance:
        """Follow the name to its end; raises Unreachable(502) when it leads nowhere."""
        name = host.lower().rstrip(".")
        for _ in range(_LONGEST_CHAIN):
            found = self._end(name)
            if found is not None:
                return found
            name = self._next(name)
        raise Unreachable(502, f"{host}: the chain of records is longer than {_LONGEST_CHAIN}")

    def _end(self, name: str) -> LoadBalancer | Instance | None:
        if _is_address(name):
            return self._instance(name, "PublicIpAddress")
        matched = _LOAD_BALANCER.match(name)
        if matched is not None:
            return self._load_balancer(name.removeprefix("dualstack."), matched["region"])
        if name.startswith("ec2-") and name.endswith(".amazonaws.com"):
            return self._instance(name, "PublicDnsName")
        return None

    def _load_balancer(self, name: str, region: str) -> LoadBalancer:
        pages = self._client("elbv2", region).get_paginator("describe_load_balancers").paginate()
        for page in pages:
            for shape in page["LoadBalancers"]:
                if shape["DNSName"].lower() == name:
                    return LoadBalancer(region, shape)
        raise Unreachable(502, f"{name}: no such load balancer")

    def _instance(self, value: str, field: str) -> Instance:
        for region in self._regions():
            pages = self._client("ec2", region).get_paginator("describe_instances").paginate()
            for page in pages:
                for reservation in page["Reservations"]:
                    for shape in reservation["Instances"]:
                        if shape.get(field) == value:
                            return Instance(region, shape)
        raise Unreachable(504, f"{value}: nothing has this address")

    def _next(self, name: str) -> str:
        """What the record of a public zone points to."""
        zone = self._zone(name)
        if zone is None:
            raise Unreachable(502, f"{name}: no such name")
        records = {
            (r["Name"].rstrip(".").replace("\\052", "*"), r["Type"]): r for r in self._records(zone)
        }
        parent = name.partition(".")[2]
        for owner in (name, f"*.{parent}"):
            for kind in ("A", "CNAME"):
                record = records.get((owner, kind))
                if record is None:
                    continue
                if "AliasTarget" in record:
                    return str(record["AliasTarget"]["DNSName"]).lower().rstrip(".")
                return str(record["ResourceRecords"][0]["Value"]).lower().rstrip(".")
        raise Unreachable(502, f"{name}: no A or CNAME record")

    def _zone(self, name: str) -> str | None:
        best: tuple[int, str] | None = None
        pages = self._client("route53", _GLOBAL).get_paginator("list_hosted_zones").paginate()
        for zone in (zone for page in pages for zone in page["HostedZones"]):
            apex = zone["Name"].rstrip(".").lower()
            inside = name == apex or name.endswith(f".{apex}")
            if inside and not zone["Config"].get("PrivateZone") and len(apex) > (best or (0,))[0]:
                best = (len(apex), zone["Id"])
        return None if best is None else best[1]

    def _records(self, zone_id: str) -> Iterator[dict[str, Any]]:
        paginator = self._client("route53", _GLOBAL).get_paginator("list_resource_record_sets")
        for page in paginator.paginate(HostedZoneId=zone_id):
            yield from page["ResourceRecordSets"]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
