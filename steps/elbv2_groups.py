"""Target groups of Elastic Load Balancing, and the instances registered in them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from steps.fleet import INSTANCES, app_of, state, zone
from steps.target_health import targets as read_targets
from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes, compare, step

# The API's name of each field that CreateTargetGroup takes.
_FIXED: Mapping[str, str] = {
    "target_type": "TargetType",
    "protocol": "Protocol",
    "port": "Port",
    "protocol_version": "ProtocolVersion",
    "ip_address_type": "IpAddressType",
    "vpc_id": "VpcId",
}
_HEALTH: Mapping[str, str] = {
    "health_check_protocol": "HealthCheckProtocol",
    "health_check_port": "HealthCheckPort",
    "health_check_path": "HealthCheckPath",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthy_threshold": "HealthyThresholdCount",
    "unhealthy_threshold": "UnhealthyThresholdCount",
}


@step("elbv2.target_group")
class TargetGroup(Action, frozen=True, kw_only=True):
    """A target group with every setting said, because AWS's defaults are not the runbook's.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""

    volatile: ClassVar[tuple[str, ...]] = ("load_balancer_arns",)
    """The listener's item asserts what it serves."""

    name: str
    vpc_id: str
    target_type: str
    protocol: str
    port: int
    protocol_version: str
    ip_address_type: str
    health_check_protocol: str
    """AWS takes HTTP when it is left out, whatever the group's protocol."""
    health_check_port: str
    health_check_path: str
    healthy_threshold: int
    unhealthy_threshold: int
    timeout: int
    """Seconds."""
    interval: int
    """Seconds."""
    success_codes: str
    load_balancer: str = ""
    """Name of the one load balancer that may use it; empty: none is asked about."""

    def observe(self) -> Reads[Facts | None]:
        groups = yield Read(
            "elbv2",
            "DescribeTargetGroups",
            {"Names": [self.name]},
            pages="TargetGroups",
            absent=("TargetGroupNotFound",),
        )
        return _described(groups[0]) if groups else None

    def differences(self, found: Facts | None) -> Differences:
        wanted: dict[str, Json] = {
            field: getattr(self, field) for field in (*_FIXED, *_HEALTH, "success_codes")
        }
        if found is None:
            return compare({"name": self.name, **wanted}, None)
        wrong = tuple(
            self._kept(difference) if difference.field in _FIXED else difference
            for difference in compare({**wanted, "health_check_enabled": True}, found)
        )
        return (*self._foreign(found), *wrong)

    def _foreign(self, found: Facts) -> Differences:
        owners = [arn.partition(":loadbalancer/")[2] for arn in found["load_balancer_arns"]]
        others = [owner for owner in owners if owner.split("/")[1:2] != [self.load_balancer]]
        if not others or not self.load_balancer:
            return ()
        reason = (
            f"the target group {self.name} serves {others[0]}, not {self.load_balancer}: what is "
            "changed or registered in it would reach that one's clients; choose another name"
        )
        return (Difference("load_balancers", others, self.load_balancer, reason, fixable=False),)

    def _kept(self, difference: Difference) -> Difference:
        return Difference(
            difference.field,
            difference.found,
            difference.wanted,
            f"a target group {self.name} exists with {difference.field} {difference.found}, which "
            "AWS cannot change: choose another name, or delete that group if nobody uses it",
            fixable=False,
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        health = {
            **{api: getattr(self, field) for field, api in _HEALTH.items()},
            "HealthCheckEnabled": True,
            "Matcher": {"HttpCode": self.success_codes},
        }
        if found is None:
            fixed = {api: getattr(self, field) for field, api in _FIXED.items()}
            yield Write(
                "elbv2",
                "CreateTargetGroup",
                {"Name": self.name, **fixed, **health},
                title=f"Create target group {self.name}",
            )
            return
        yield Write(
            "elbv2",
            "ModifyTargetGroup",
            {"TargetGroupArn": found["arn"], **health},
            title=f"Set the health checks of target group {self.name}",
        )


def _described(group: Facts) -> Facts:
    arn = str(group["TargetGroupArn"])
    return {
        "name": group["TargetGroupName"],
        "arn": arn,
        "dimension": arn.rpartition(":")[2],
        **{field: group.get(api) for field, api in (*_FIXED.items(), *_HEALTH.items())},
        "success_codes": (group.get("Matcher") or {}).get("HttpCode"),
        "health_check_enabled": group.get("HealthCheckEnabled", True),
        "load_balancer_arns": list(group.get("LoadBalancerArns") or ()),
    }


@step("elbv2.targets")
class Targets(Action, frozen=True, kw_only=True):
    """Instances registered in a target group, each with the port its core answers on.

    Whether they are healthy is another question: without a listener AWS does not check them.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("states", "why")
    """Health comes and goes; the listener's item asserts it."""

    target_group_arn: str
    targets: tuple[str, ...] | str
    """Each `i-…:port`. Text only in a preview, where the instances do not exist yet."""
    minimum_instances: int = 2
    minimum_zones: int = 2

    def observe(self) -> Reads[Facts | None]:
        described = yield from read_targets(self.target_group_arn)
        instances = yield INSTANCES
        known = {str(one["InstanceId"]): one for one in instances}
        wanted = {instance: known.get(instance) for instance, _ in self._pairs()}
        ours = {app_of(one) for one in wanted.values() if one is not None}
        asked = set(self._wanted())
        there = [one for one in described if one["state"] != "draining"]
        return {
            "registered": sorted(one["target"] for one in there),
            "foreign": {
                one["target"]: app
                for one in there
                if one["target"] not in asked
                and (app := app_of(known.get(one["instance"], {})))
                and app not in ours
            },
            "states": {one["target"]: one["state"] for one in described},
            "why": {one["target"]: one["why"] for one in described if one["why"]},
            "instances": {
                instance: "gone" if one is None else state(one) for instance, one in wanted.items()
            },
            "zones": sorted({zone(one) for one in wanted.values() if one is not None}),
        }

    def differences(self, found: Facts | None) -> Differences:
        registered = set(found["registered"]) if found else set()
        wrong = [
            Difference(f"target {target}", None, "registered")
            for target in self._wanted()
            if target not in registered
        ]
        return (*self._unfit(found), *wrong)

    def _unfit(self, found: Facts | None) -> Differences:
        if found is None:
            return ()
        instances: Mapping[str, Any] = found["instances"]
        foreign: Mapping[str, str] = found.get("foreign") or {}
        wrong = [
            Difference(
                f"target {target}",
                app,
                None,
                f"{target}, which is registered already, is of {app}: the two apps would answer "
                "each other's clients; choose another target group, or take it out",
                fixable=False,
            )
            for target, app in foreign.items()
        ]
        wrong += [
            Difference(
                f"instance {instance}",
                condition,
                "running",
                f"{instance} is {condition}: start it, or choose another instance",
                fixable=False,
            )
            for instance, condition in instances.items()
            if condition not in {"running", "pending"}
        ]
        for field, have, least in (
            ("instances", len(instances), self.minimum_instances),
            ("zones", len(found["zones"]), self.minimum_zones),
        ):
            if have < least:
                reason = f"the app is to span {least} {field} at least: choose more instances"
                wrong.append(Difference(field, have, least, reason, fixable=False))
        return tuple(wrong)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        registered = set(found["registered"]) if found else set()
        missing = [pair for pair in self._pairs() if f"{pair[0]}:{pair[1]}" not in registered]
        known: list[Json] = [{"Id": instance, "Port": port} for instance, port in missing]
        yield Write(
            "elbv2",
            "RegisterTargets",
            {
                "TargetGroupArn": self.target_group_arn,
                # In a preview the instances are not chosen yet.
                "Targets": self.targets if isinstance(self.targets, str) else known,
            },
            title=f"Register {len(missing)} instances" if missing else "Register the instances",
        )

    def _wanted(self) -> list[str]:
        if isinstance(self.targets, str):
            return [self.targets]
        return [f"{instance}:{port}" for instance, port in self._pairs()]

    def _pairs(self) -> list[tuple[str, int]]:
        if isinstance(self.targets, str):
            return []
        split = [target.rpartition(":") for target in self.targets]
        return [(instance, int(port)) for instance, _, port in split]
