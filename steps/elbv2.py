"""Application Load Balancers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from typing import ClassVar

from steps.ports import opened_to_addresses
from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, compare, step


@step("elbv2.load_balancer")
class LoadBalancer(Action, frozen=True, kw_only=True):
    """An Application Load Balancer that is active, in these subnets, with these groups."""

    patience: ClassVar[Patience] = Patience(every=15, limit=900)

    name: str
    type: str
    scheme: str
    ip_address_type: str
    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]
    port: int
    """Of its listener: one of the security groups must let it in."""

    def observe(self) -> Reads[Facts | None]:
        groups = yield Read(
            "ec2",
            "DescribeSecurityGroups",
            {"GroupIds": list(self.security_groups)},
            pages="SecurityGroups",
            absent=("InvalidGroup.NotFound", "InvalidGroupId.Malformed"),
        )
        opening = [one["GroupId"] for one in groups if opened_to_addresses(one, self.port)]
        balancers = yield Read(
            "elbv2",
            "DescribeLoadBalancers",
            {"Names": [self.name]},
            pages="LoadBalancers",
            absent=("LoadBalancerNotFound",),
        )
        found = _described(balancers[0]) if balancers else {"arn": None}
        return {**found, "groups_opening_port": sorted(opening)}

    def differences(self, found: Facts | None) -> Differences:
        wanted: dict[str, Json] = {
            "type": self.type,
            "scheme": self.scheme,
            "ip_address_type": self.ip_address_type,
            "subnets": sorted(self.subnets),
            "security_groups": sorted(self.security_groups),
        }
        closed = self._closed(found)
        if found is None or found["arn"] is None:
            return (*closed, *compare({"name": self.name, **wanted}, None))
        wrong = [
            self._kept(difference) if difference.field in {"type", "scheme"} else difference
            for difference in compare(wanted, found)
        ]
        return (*closed, *wrong, *self._unready(found))

    def _closed(self, found: Facts | None) -> Differences:
        if found is None or found["groups_opening_port"]:
            return ()
        reason = (
            f"none of the chosen security groups lets anybody in on port {self.port}: choose "
            "supertokens-nginx-port, or open the port in it"
        )
        return (Difference("groups_opening_port", [], f"port {self.port}", reason, fixable=False),)

    def _kept(self, difference: Difference) -> Difference:
        return Difference(
            difference.field,
            difference.found,
            difference.wanted,
            f"a load balancer {self.name} exists with {difference.field} {difference.found}, which "
            "AWS cannot change: choose another name",
            fixable=False,
        )

    def _unready(self, found: Facts) -> Differences:
        match found["state"]:
            case "active":
                return ()
            case "provisioning":
                reason = "AWS is setting it up; that takes minutes"
                settles = True
            case "active_impaired":
                reason = f"it serves, but cannot grow: {found['state_reason'] or 'no reason given'}"
                settles = True
            case other:
                why = found["state_reason"] or "no reason given"
                reason = f"AWS could not set it up ({other}: {why}): delete it, then retry"
                settles = False
        return (
            Difference("state", found["state"], "active", reason, settles=settles, fixable=settles),
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        if found is None or found["arn"] is None:
            yield Write(
                "elbv2",
                "CreateLoadBalancer",
                {
                    "Name": self.name,
                    "Type": self.type,
                    "Scheme": self.scheme,
                    "IpAddressType": self.ip_address_type,
                    "Subnets": list(self.subnets),
                    "SecurityGroups": list(self.security_groups),
                },
                title=f"Create load balancer {self.name}",
            )
            return
        arn = found["arn"]
        for field in (difference.field for difference in differences):
            match field:
                case "subnets":
                    yield Write(
                        "elbv2",
                        "SetSubnets",
                        {"LoadBalancerArn": arn, "Subnets": list(self.subnets)},
                        title=f"Set the zones of load balancer {self.name}",
                    )
                case "security_groups":
                    yield Write(
                        "elbv2",
                        "SetSecurityGroups",
                        {"LoadBalancerArn": arn, "SecurityGroups": list(self.security_groups)},
                        title=f"Set the security groups of load balancer {self.name}",
                    )
                case "ip_address_type":
                    yield Write(
                        "elbv2",
                        "SetIpAddressType",
                        {"LoadBalancerArn": arn, "IpAddressType": self.ip_address_type},
                        title=f"Set the IP address type of load balancer {self.name}",
                    )
                case _:
                    continue

    def waiting_for(self, found: Facts | None) -> str:
        state = found["state"] if found and found["arn"] else "not there yet"
        return f"load balancer {self.name} to be active: {state}"


def _described(balancer: Facts) -> Facts:
    arn = str(balancer["LoadBalancerArn"])
    condition = balancer.get("State") or {}
    zones = balancer.get("AvailabilityZones") or ()
    return {
        "arn": arn,
        "name": balancer["LoadBalancerName"],
        "dimension": arn.partition(":loadbalancer/")[2],
        "dns_name": balancer.get("DNSName"),
        "zone_id": balancer.get("CanonicalHostedZoneId"),
        "vpc_id": balancer.get("VpcId"),
        "type": balancer.get("Type"),
        "scheme": balancer.get("Scheme"),
        "ip_address_type": balancer.get("IpAddressType"),
        "subnets": sorted(one["SubnetId"] for one in zones),
        "zones": sorted(one["ZoneName"] for one in zones),
        "security_groups": sorted(balancer.get("SecurityGroups") or ()),
        "state": condition.get("Code"),
        "state_reason": condition.get("Reason") or "",
    }
