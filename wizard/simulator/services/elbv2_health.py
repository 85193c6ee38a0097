"""What the load balancers' health checks find, from security groups and the company's cores.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, NamedTuple

from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup

from wizard.simulator.services.elbv2_groups import users_of
from wizard.simulator.services.patching import replace

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

REGISTRATION_SECONDS = 5.0
# A check more than this many intervals ago cannot change the state of today.
_REMEMBERED = 12


class Failure(NamedTuple):
    """Why a check failed, in AWS's reason code and words."""

    reason: str
    description: str


def install(clock: AccountClock, world: World) -> None:
    """Patch the health that moto tells of a target."""

    @replace(FakeTargetGroup, "health_for")
    def health_for(self: Any, target: dict[str, Any], ec2_backend: Any) -> FakeHealthStatus:
        asked_port = target.get("Port", self.port)
        state, reason, description = _health(
            self, target["Id"], asked_port, ec2_backend, (clock, world)
        )
        port = self.health_check_port
        shown = str(asked_port) if port == "traffic-port" else port
        return FakeHealthStatus(target["Id"], asked_port, shown, state, reason, description)


_Health = tuple[str, str | None, str | None]


def _health(
    group: Any, instance_id: str, port: int, ec2: Any, outside: tuple[AccountClock, World]
) -> _Health:
    clock, world = outside
    now = clock.now()
    key = f"{instance_id}:{port}"
    target = group.targets.get(key)
    if target is None:
        if group.draining_until.get(key, 0.0) > now:
            return (
                "draining",
                "Target.DeregistrationInProgress",
                "Target deregistration is in progress",
            )
        return (
            "unused",
            "Target.NotRegistered",
            "Target is not registered to the target group",
        )
    users = list(users_of(group))
    if not users:
        return (
            "unused",
            "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer",
        )
    instance = ec2.get_instance(instance_id)
    if instance.state not in {"pending", "running"}:
        return "unused", "Target.InvalidState", f"Target is in the {instance.state} state"
    serving = [
        (balancer, listener)
        for balancer, listener in users
        if instance.placement.zone in {subnet.availability_zone for subnet in balancer.subnets}
    ]
    if not serving:
        return (
            "unused",
            "Target.NotInUse",
            "Target is in an Availability Zone that is not enabled for the load balancer",
        )
    balancer, listener = serving[0]
    since = max(balancer.active_at, listener.created_at, target["RegisteredAt"])
    if now < since + REGISTRATION_SECONDS:
        return "initial", "Elb.RegistrationInProgress", "Target registration is in progress"
    return _checked(group, target, _Checks(balancer, instance, world, since, now))


class _Checks(NamedTuple):
    balancer: Any
    instance: Any
    world: World
    since: float
    now: float


def _checked(group: Any, target: dict[str, Any], checks: _Checks) -> _Health:
    """Carry out the checks that fell due since the last look, and say where they lead.

    The target's own record keeps `Since`, `Done` (checks), `State` and `Streak`, so the answer
    has the memory of AWS's: thresholds count consecutive checks.
    """
    interval = float(group.health_check_interval_seconds)
    if target.get("Since") != checks.since:
        target.update(Since=checks.since, Done=0, State="initial", Streak=0, Failure=None)
    due = int((checks.now - checks.since) // interval)
    for number in range(max(target["Done"], due - _REMEMBERED) + 1, due + 1):
        at = checks.since + number * interval
        _count(group, target, _outcome(group, target["Port"], checks, at))
    target["Done"] = due
    match target["State"]:
        case "initial":
            return "initial", "Elb.InitialHealthChecking", "Initial health checks in progress"
        case "unhealthy":
            failure: Failure = Failure(*target["Failure"])
            return "unhealthy", failure.reason, failure.description
        case _:
            return "healthy", None, None


def _count(group: Any, target: dict[str, Any], failure: Failure | None) -> None:
    passed = failure is None
    state = target["State"]
    if failure is not None:
        target["Failure"] = tuple(failure)
    # The streak counts checks that speak against the present state.
    against = passed if state != "healthy" else not passed
    target["Streak"] = target["Streak"] + 1 if against else 0
    if state == "initial":
        if passed:
            target.update(State="healthy", Streak=0)
            return
        target["Misses"] = target.get("Misses", 0) + 1
        if target["Misses"] >= int(group.unhealthy_threshold_count):
            target.update(State="unhealthy", Streak=0, Misses=0)
    elif state == "healthy" and target["Streak"] >= int(group.unhealthy_threshold_count):
        target.update(State="unhealthy", Streak=0)
    elif state == "unhealthy" and target["Streak"] >= int(group.healthy_threshold_count):
        target.update(State="healthy", Streak=0)


def _outcome(group: Any, traffic_port: int, checks: _Checks, at: float) -> Failure | None:
    chosen = group.health_check_port
    port = traffic_port if chosen == "traffic-port" else int(chosen)
    if not _reachable(checks.balancer, checks.instance, port):
        return Failure("Target.Timeout", "Request timed out")
    if not checks.world.answers(checks.instance.id, port, at):
        return Failure("Target.FailedHealthChecks", "Health checks failed")
    # The core's nginx speaks TLS only: plain HTTP gets its 400.
    if group.health_check_protocol == "HTTP":
        code = 400
    elif group.health_check_path != "/hello":
        code = 404
    else:
        code = 200 if checks.world.healthy(checks.instance.id, port, at) else 500
    if _matches(group.matcher["HttpCode"], code):
        return None
    return Failure(
        "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{code}]"
    )


def _matches(matcher: str, code: int) -> bool:
    for part in matcher.split(","):
        first, _, last = part.partition("-")
        if int(first) <= code <= int(last or first):
            return True
    return False


def _reachable(balancer: Any, instance: Any, port: int) -> bool:
    sources = [ipaddress.ip_network(subnet.cidr_block) for subnet in balancer.subnets]
    return any(
        _opens(rule, port, sources, balancer.security_groups)
        for group in instance.security_groups
        for rule in group.ingress_rules
    )


def _opens(rule: Any, port: int, sources: list[Any], groups: list[str]) -> bool:
    if str(rule.ip_protocol) not in {"-1", "tcp", "6"}:
        return False
    if str(rule.ip_protocol) != "-1" and not int(rule.from_port) <= port <= int(rule.to_port):
        return False
    if rule.source_group and rule.source_group.get("GroupId") in groups:
        return True
    cidr = (rule.ip_range or {}).get("CidrIp")
    return cidr is not None and any(
        source.overlaps(ipaddress.ip_network(cidr, strict=False)) for source in sources
    )
