"""The VPC of a new region: one to choose, and what the region's other parts need of it.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDefaultVpc.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
"""

from collections import Counter
from typing import Any, ClassVar

from steps.ec2 import in_vpc
from steps.fleet import INSTANCES, state, tag
from steps.subnets import best_of_zones
from wizard.effects import Facts, Json, Read, Write, has_unknown
from wizard.step import (
    Action,
    Difference,
    Differences,
    Option,
    Options,
    Patience,
    Reads,
    Writes,
    options,
    step,
)

DNS = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}
ZONES = 2
"""A database's subnet group, and any load balancer, wants subnets in two zones."""


@step("ec2.default_vpc")
class DefaultVpc(Action, frozen=True, kw_only=True):
    """A region that has a VPC: the default one, where somebody deleted all."""

    patience: ClassVar[Patience] = Patience(every=15, limit=3600)

    create: bool = True
    """Whether the wizard may make the default VPC when there is none at all."""

    def observe(self) -> Reads[Facts | None]:
        vpcs = yield Read("ec2", "DescribeVpcs", pages="Vpcs")
        default = [one["VpcId"] for one in vpcs if one.get("IsDefault")]
        return {
            "vpcs": sorted(str(one["VpcId"]) for one in vpcs),
            "default": default[0] if default else "",
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            # Only in a preview: a region that is not enabled yet tells nothing.
            reason = "it has one when it is enabled"
            return (Difference("vpcs", None, "one or more", reason, settles=True),)
        if found["vpcs"]:
            return ()
        reason = "the region has no VPC: somebody deleted the default one"
        return (
            Difference(
                "vpcs",
                [],
                "one or more",
                reason,
                fixable=self.create,
                person=not self.create,
            ),
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write("ec2", "CreateDefaultVpc", title="Create the default VPC")

    def instructions(self, found: Facts | None) -> str:
        return (
            "Create a VPC with subnets in two zones or more in the VPC console, or answer that the "
            "wizard may create the default one. It looks every 15 seconds and goes on by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return "the region to have a VPC"

    def outputs(self, found: Facts | None) -> Facts:
        """`vpcs`: the ids; `default`: that of the default one, empty when there is none."""
        return found if found is not None else {}


@step("ec2.region_vpc")
class RegionVpc(Action, frozen=True, kw_only=True):
    """A VPC with DNS, subnets in two zones, and route tables."""

    patience: ClassVar[Patience] = Patience(every=15, limit=3600)

    vpc_id: str
    enable_dns: bool = True
    """Whether the wizard may switch DNS support and host names on; private zones need both."""

    def observe(self) -> Reads[Facts | None]:
        vpcs = yield Read(
            "ec2",
            "DescribeVpcs",
            {"VpcIds": [self.vpc_id]},
            pages="Vpcs",
            absent=("InvalidVpcID.NotFound", "InvalidVpcID.Malformed"),
        )
        if not vpcs:
            return None
        subnets = yield Read("ec2", "DescribeSubnets", in_vpc(self.vpc_id), pages="Subnets")
        tables = yield Read("ec2", "DescribeRouteTables", in_vpc(self.vpc_id), pages="RouteTables")
        gateways = yield Read(
            "ec2",
            "DescribeInternetGateways",
            {"Filters": [{"Name": "attachment.vpc-id", "Values": [self.vpc_id]}]},
            pages="InternetGateways",
        )
        dns: dict[str, Json] = {}
        for attribute, field in DNS.items():
            answer = yield Read(
                "ec2", "DescribeVpcAttribute", {"VpcId": self.vpc_id, "Attribute": attribute}
            )
            dns[attribute] = bool((answer.get(field) or {}).get("Value"))
        return {
            "vpc_id": self.vpc_id,
            "name": tag(vpcs[0], "Name"),
            "cidr": vpcs[0]["CidrBlock"],
            "default": bool(vpcs[0].get("IsDefault")),
            "state": vpcs[0].get("State", ""),
            **dns,
            "subnets": {str(one["SubnetId"]): one["AvailabilityZone"] for one in subnets},
            "zones": sorted({str(one["AvailabilityZone"]) for one in subnets}),
            "route_tables": sorted(str(one["RouteTableId"]) for one in tables),
            "internet_gateways": sorted(str(one["InternetGatewayId"]) for one in gateways),
            "public_subnets": dict(best_of_zones(subnets, tables)),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None and has_unknown(self.vpc_id):
            return (Difference("vpc_id", None, self.vpc_id, "it is chosen later", settles=True),)
        if found is None:
            reason = f"there is no VPC {self.vpc_id} in this region: choose another"
            return (Difference("vpc_id", None, self.vpc_id, reason, fixable=False),)
        wrong = []
        if found["state"] != "available":
            wrong.append(Difference("state", found["state"], "available", settles=True))
        wrong += [
            Difference(
                attribute,
                found=False,
                wanted=True,
                reason=f"{attribute} is off, and names of a private zone would not be answered",
                fixable=self.enable_dns,
                person=not self.enable_dns,
            )
            for attribute in DNS
            if not found[attribute]
        ]
        if len(found["zones"]) < ZONES:
            reason = "a database's subnet group needs subnets in two zones: make them, or choose"
            wrong.append(
                Difference(
                    "zones",
                    found["zones"],
                    "two or more",
                    f"{reason} another VPC",
                    fixable=False,
                    person=True,
                )
            )
        return tuple(wrong)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        # One attribute a call, and host names want support first.
        for difference in differences:
            if difference.field in DNS and difference.fixable:
                yield Write(
                    "ec2",
                    "ModifyVpcAttribute",
                    {"VpcId": self.vpc_id, DNS[difference.field]: {"Value": True}},
                    title=f"Switch {difference.field} of {self.vpc_id} on",
                )

    def instructions(self, found: Facts | None) -> str:
        why = "; ".join(difference.reason for difference in self.differences(found))
        return (
            f"{self.vpc_id} is not ready: {why}. Mend it in the VPC console; the wizard looks "
            "every 15 seconds and goes on by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"the VPC: {found['state']}" if found else "the VPC to be chosen"

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None:
            return None
        return {
            "default": found["default"],
            "cidr": found["cidr"],
            **{attribute: found[attribute] for attribute in DNS},
            "zones": len(found["zones"]),
            "route_tables": len(found["route_tables"]),
            "internet_gateways": len(found["internet_gateways"]),
        }


@options("ec2.region_vpcs")
def region_vpcs() -> Options:
    """The region's VPCs with Name, CIDR and running instances; the default one is suggested."""
    found = yield Read("ec2", "DescribeVpcs", pages="Vpcs")
    instances: list[Any] = yield INSTANCES
    running = Counter(str(one.get("VpcId")) for one in instances if state(one) == "running")
    entries = sorted(found, key=lambda one: (not one.get("IsDefault"), str(one["VpcId"])))
    return [
        Option(
            one["VpcId"],
            f"{tag(one, 'Name') or 'unnamed'} ({one['VpcId']}, {one['CidrBlock']})",
            detail=f"{running[str(one['VpcId'])]} running instances"
            + (", default VPC" if one.get("IsDefault") else ""),
            suggested=bool(one.get("IsDefault")) or len(entries) == 1,
        )
        for one in entries
    ]
