"""The VPC that the target group and the load balancer go into.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
"""

from typing import Any

from steps.fleet import tag
from steps.subnets import best_of_zones, unsuitable
from wizard.effects import Facts, Read
from wizard.step import Difference, Differences, Patience, Probe, Reads, step


def in_vpc(vpc_id: str) -> dict[str, Any]:
    """Parameters of a list that is to hold what is in the VPC only."""
    return {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}


@step("ec2.vpc")
class Vpc(Probe, frozen=True, kw_only=True):
    """A VPC that an internet-facing load balancer can be put into."""

    patience = Patience(every=15, limit=3600)

    vpc_id: str

    def observe(self) -> Reads[Facts | None]:
        vpcs = yield Read(
            "ec2",
            "DescribeVpcs",
            {"VpcIds": [self.vpc_id]},
            pages="Vpcs",
            absent=("InvalidVpcID.NotFound",),
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
        best = best_of_zones(subnets, tables)
        return {
            "vpc_id": self.vpc_id,
            "name": tag(vpcs[0], "Name"),
            "cidr": vpcs[0]["CidrBlock"],
            "state": vpcs[0].get("State", ""),
            "internet_gateways": sorted(one["InternetGatewayId"] for one in gateways),
            "route_tables": len(tables),
            "subnets": dict(best),
            "unsuitable": {
                one["SubnetId"]: f"{one['AvailabilityZone']}: {reason}"
                for one in subnets
                if (reason := unsuitable(one, tables))
            },
            "zones_left_out": sorted({one["AvailabilityZone"] for one in subnets} - set(best)),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = "there is no such VPC in this region: choose another"
            return (Difference("vpc_id", None, self.vpc_id, reason, fixable=False),)
        wrong = []
        if found["state"] != "available":
            wrong.append(Difference("state", found["state"], "available", settles=True))
        if not found["internet_gateways"]:
            reason = "an internet-facing load balancer needs an internet gateway"
            wrong.append(Difference("internet_gateways", [], "one attached", reason))
        if len(found["subnets"]) < 2:
            reason = "a load balancer needs suitable public subnets in two zones"
            wrong.append(Difference("subnets", found["subnets"], "two zones or more", reason))
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        why = "; ".join(difference.reason for difference in self.differences(found))
        return (
            f"{self.vpc_id} cannot hold the load balancer: {why}. Choose another VPC, or mend it "
            "in the VPC console: the wizard looks every 15 seconds and goes on by itself."
        )
