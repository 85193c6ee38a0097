"""Registering targets: which instances AWS takes, and how they leave.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import InvalidInstanceIdError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup

from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.patching import Method, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock


def install(clock: AccountClock) -> None:
    """Patch registration: a target is an instance and a port, and time passes."""

    @wrap(FakeTargetGroup, "__init__")
    def initialise(original: Method, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.draining_until = {}

    @replace(FakeTargetGroup, "register")
    def register(self: Any, targets: list[dict[str, Any]]) -> None:
        if self.target_type == "instance":
            _check(self, [target["Id"] for target in targets])
        for target in targets:
            port = target.get("Port", self.port)
            if not 1 <= int(port) <= 65535:
                raise validation(
                    f"1 validation error detected: Value '{port}' at 'targets.1.member.port' "
                    "failed to satisfy constraint: Member must have value less than or equal to "
                    "65535"
                )
            key = f"{target['Id']}:{port}"
            self.draining_until.pop(key, None)
            self.targets.setdefault(
                key, {"Id": target["Id"], "Port": int(port), "RegisteredAt": clock.now()}
            )

    @replace(FakeTargetGroup, "deregister")
    def deregister(self: Any, targets: list[dict[str, Any]]) -> None:
        for key in [key for target in targets for key in _keys(self, target)]:
            registered = self.targets.pop(key)
            if registered.get("State") in {"healthy", "unhealthy"}:
                delay = float(self.attributes["deregistration_delay.timeout_seconds"])
                self.draining_until[key] = clock.now() + delay

    @replace(FakeTargetGroup, "deregister_terminated_instances")
    def deregister_terminated_instances(self: Any, instance_ids: list[str]) -> None:
        gone = [target for target in self.targets.values() if target["Id"] in instance_ids]
        self.deregister([{"Id": target["Id"], "Port": target["Port"]} for target in gone])

    @replace(ELBv2Backend, "describe_target_health")
    def describe_target_health(self: Any, arn: str, targets: list[dict[str, Any]]) -> list[Any]:
        group = self.target_groups.get(arn)
        if group is None:
            raise refusal("TargetGroupNotFound", f"Target group '{arn}' not found")
        if targets:
            wanted = [(one["Id"], one.get("Port", group.port)) for one in targets]
        else:
            leaving = [key for key, until in group.draining_until.items() if until > clock.now()]
            wanted = [
                (key.rpartition(":")[0], int(key.rpartition(":")[2]))
                for key in [*group.targets, *leaving]
            ]
        return [
            group.health_for({"Id": target_id, "Port": port}, self.ec2_backend)
            for target_id, port in wanted
        ]


def _check(group: Any, instance_ids: list[str]) -> None:
    missing, still, elsewhere = [], [], []
    for instance_id in instance_ids:
        if not instance_id.startswith("i-"):
            raise validation(f"Instance ID '{instance_id}' is not valid")
        try:
            instance = group.ec2_backend.get_instance(instance_id)
        except InvalidInstanceIdError:
            missing.append(instance_id)
            continue
        if instance.state != "running":
            still.append(instance_id)
        elif instance.vpc_id != group.vpc_id:
            elsewhere.append(instance_id)
    if missing:
        raise refusal("InvalidTarget", f"The following instances do not exist: {_list(missing)}")
    if still:
        raise refusal(
            "InvalidTarget",
            "The following targets are not in a running state and cannot be registered: "
            + _list(still),
        )
    if elsewhere:
        raise refusal(
            "InvalidTarget",
            "The following targets are not in the target group VPC "
            f"'{group.vpc_id}': {_list(elsewhere)}",
        )


def _list(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _keys(group: Any, target: dict[str, Any]) -> list[str]:
    """The registrations that a deregistration names; without a port, all of the instance."""
    if "Port" in target:
        keys = [f"{target['Id']}:{target['Port']}"]
    else:
        keys = [key for key in group.targets if key.startswith(f"{target['Id']}:")]
    found = [key for key in keys if key in group.targets]
    if not found:
        raise refusal(
            "InvalidTarget", f"The following targets are not registered: '{target['Id']}'"
        )
    return found
