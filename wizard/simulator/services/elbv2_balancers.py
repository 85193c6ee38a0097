"""Load balancers: what AWS refuses, how long they provision, and their attributes.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import InvalidSubnetIdError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.moto_api._internal import mock_random

from wizard.simulator.services.elbv2_zones import ATTRIBUTES, HOSTED_ZONES
from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.patching import Method, put, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

PROVISIONING_SECONDS = 150.0


def install(clock: AccountClock) -> None:
    """Patch creation, state, look-up, attributes and deletion of load balancers."""
    _states(clock)
    _lookups()

    @wrap(ELBv2Backend, "create_load_balancer")
    def create_load_balancer(original: Method, self: Any, **asked: Any) -> Any:
        name: str = asked["name"]
        scheme = asked.get("scheme") or "internet-facing"
        kind = asked.get("loadbalancer_type") or "application"
        _check_name(name)
        subnets = _checked_subnets(
            self, asked.get("subnet_ids") or [], asked.get("subnet_mappings") or [], kind
        )
        vpc_id = subnets[0].vpc_id
        if scheme == "internet-facing":
            _check_internet_gateway(self.ec2_backend, vpc_id)
        groups = _checked_groups(self.ec2_backend, asked.get("security_groups") or [], vpc_id, kind)
        asked.update(scheme=scheme, security_groups=groups, loadbalancer_type=kind)
        for balancer in self.load_balancers.values():
            if balancer.name == name:
                if _same(balancer, asked, subnets):
                    return balancer
                raise refusal(
                    "DuplicateLoadBalancerName",
                    f"A load balancer with the same name '{name}' exists, "
                    "but with different settings",
                )
        balancer = original(self, **asked)
        now = clock.now()
        balancer.active_at = now + PROVISIONING_SECONDS
        balancer.created_time = datetime.fromtimestamp(now, UTC)
        balancer.canonical_hosted_zone_id = HOSTED_ZONES[self.region_name]
        prefix = "internal-" if scheme == "internal" else ""
        digits = mock_random.randint(10**8, 2 * 10**9)
        balancer.dns_name = f"{prefix}{name}-{digits}.{self.region_name}.elb.amazonaws.com"
        balancer.attrs = dict(ATTRIBUTES)
        return balancer

    @wrap(ELBv2Backend, "delete_load_balancer")
    def delete_load_balancer(original: Method, self: Any, arn: str) -> None:
        balancer = self.load_balancers.get(arn)
        if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
            raise refusal(
                "OperationNotPermitted",
                f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
            )
        original(self, arn)

    @wrap(ELBv2Backend, "set_security_groups")
    def set_security_groups(original: Method, self: Any, arn: str, groups: list[str]) -> None:
        if (balancer := self.load_balancers.get(arn)) is not None:
            _checked_groups(self.ec2_backend, groups, balancer.vpc_id, balancer.type)
        original(self, arn, groups)

    @wrap(ELBv2Backend, "set_subnets")
    def set_subnets(
        original: Method, self: Any, arn: str, subnets: list[str], mappings: list[dict[str, Any]]
    ) -> Any:
        if (balancer := self.load_balancers.get(arn)) is not None:
            _checked_subnets(self, subnets, mappings, balancer.type)
        return original(self, arn, subnets, mappings)


def _states(clock: AccountClock) -> None:
    def state(self: Any) -> str:
        if self.__dict__["state"] == "provisioning" and clock.now() >= self.active_at:
            return "active"
        kept: str = self.__dict__["state"]
        return kept

    def set_state(self: Any, value: str) -> None:
        self.__dict__["state"] = value

    # Time alone makes it active; moto does so at the first look.
    put(FakeLoadBalancer, "state", property(state, set_state))
    put(FakeLoadBalancer, "active_at", float("inf"))
    put(FakeLoadBalancer, "VALID_ATTRS", FakeLoadBalancer.VALID_ATTRS | set(ATTRIBUTES))

    @replace(FakeLoadBalancer, "activate")
    def activate(self: Any) -> None:
        """Leave the state to the clock."""


def _lookups() -> None:
    @replace(ELBv2Backend, "describe_load_balancers")
    def describe_load_balancers(
        self: Any, arns: list[str] | None, names: list[str] | None
    ) -> list[Any]:
        everything = list(self.load_balancers.values())
        if not arns and not names:
            return everything
        found = [one for one in everything if one.arn in (arns or []) or one.name in (names or [])]
        if len(found) < len(set(arns or []) | set(names or [])):
            raise refusal("LoadBalancerNotFound", "One or more load balancers not found")
        return found


def _check_name(name: str) -> None:
    if len(name) > 32:
        raise validation(f"The load balancer name '{name}' cannot be longer than '32' characters")
    if re.fullmatch(r"[A-Za-z0-9-]+", name) is None:
        raise validation(
            f"The load balancer name '{name}' can only contain characters that are alphanumeric "
            "characters and hyphens(-)"
        )
    if name.startswith("-") or name.endswith("-"):
        raise validation(f"The load balancer name '{name}' cannot begin or end with a hyphen(-)")
    if name.startswith("internal-"):
        raise validation(f"The load balancer name '{name}' cannot begin with 'internal-'")


def _checked_subnets(
    backend: Any, ids: list[str], mappings: list[dict[str, Any]], kind: str
) -> list[Any]:
    wanted = ids or [mapping["SubnetId"] for mapping in mappings]
    subnets = []
    for subnet_id in wanted:
        try:
            subnets.append(backend.ec2_backend.get_subnet(subnet_id))
        except InvalidSubnetIdError as error:
            raise refusal(
                "SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist"
            ) from error
    zones = [subnet.availability_zone for subnet in subnets]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise refusal("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    if len(set(zones)) < len(zones):
        raise refusal(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    if len(zones) < (2 if kind == "application" else 1):
        raise validation(
            "At least two subnets in two different Availability Zones must be specified"
        )
    for subnet in subnets:
        if subnet.cidr.prefixlen > 27 or subnet.available_ip_address_count < 8:
            raise refusal(
                "InvalidSubnet",
                f"Not enough IP space available in {subnet.id}. "
                "ELB requires at least 8 free IP addresses in each subnet.",
            )
    return subnets


def _check_internet_gateway(ec2: Any, vpc_id: str) -> None:
    # AWS asks only for the gateway of the VPC; that the subnets' route tables lead to it is for
    # the caller to see (the console warns, the API does not).
    if not any(
        gateway.vpc is not None and gateway.vpc.id == vpc_id
        for gateway in ec2.internet_gateways.values()
    ):
        raise refusal("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")


def _checked_groups(ec2: Any, ids: list[str], vpc_id: str, kind: str) -> list[str]:
    for group_id in ids:
        group = ec2.get_security_group_from_id(group_id)
        if group is None:
            raise refusal("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise refusal("InvalidConfigurationRequest", "One or more security groups are invalid")
    if ids or kind != "application":
        return ids
    return [ec2.get_default_security_group(vpc_id).id]


def _same(balancer: Any, asked: dict[str, Any], subnets: list[Any]) -> bool:
    return (
        balancer.scheme == asked["scheme"]
        and balancer.type == asked["loadbalancer_type"]
        and balancer.ip_address_type == (asked.get("ip_address_type") or "ipv4")
        and set(balancer.security_groups) == set(asked["security_groups"])
        and {subnet.id for subnet in balancer.subnets} == {subnet.id for subnet in subnets}
    )
