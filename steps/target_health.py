"""The health of a target group's targets, in words that say what to do."""

from collections.abc import Mapping, Sequence

from wizard.effects import Json, Read
from wizard.step import Difference, Differences, Reads

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
REASONS: Mapping[str, str] = {
    "Elb.RegistrationInProgress": "it is being registered",
    "Elb.InitialHealthChecking": "the first health checks are under way",
    "Elb.InternalError": "the load balancer had an internal error",
    "Target.Timeout": "nothing answers on that port in time: does a security group keep the load "
    "balancer out, is nginx up?",
    "Target.ResponseCodeMismatch": "the health check is not answered with 200: is the core up, is "
    "its database?",
    "Target.FailedHealthChecks": "the connection is refused or TLS fails: does nginx serve HTTPS "
    "on that port?",
    "Target.NotRegistered": "it is not registered",
    "Target.NotInUse": "its zone is not enabled on the load balancer, or no listener forwards to "
    "the group yet",
    "Target.DeregistrationInProgress": "it is being taken out",
    "Target.InvalidState": "the instance is stopped or terminated",
    "Target.IpUnusable": "its address is used by a load balancer",
    "Target.HealthCheckDisabled": "health checks are off",
}
SETTLING = {"initial", "draining", "unused"}


def targets(target_group_arn: str) -> Reads[list[Json]]:
    """Each target as `{"target": "i-…:3567", "instance", "port", "state", "why"}`."""
    answer = yield Read(
        "elbv2",
        "DescribeTargetHealth",
        {"TargetGroupArn": target_group_arn},
        absent=("TargetGroupNotFound",),
    )
    described = answer["TargetHealthDescriptions"] if answer else []
    return [
        {
            "target": f"{entry['Target']['Id']}:{entry['Target']['Port']}",
            "instance": entry["Target"]["Id"],
            "port": entry["Target"]["Port"],
            "state": entry["TargetHealth"]["State"],
            "why": why(entry["TargetHealth"]),
        }
        for entry in sorted(described, key=lambda e: (e["Target"]["Id"], e["Target"]["Port"]))
    ]


def why(health: Mapping[str, Json]) -> str:
    """Why a target is as it is, empty for one that is healthy."""
    if health["State"] == "healthy":
        return ""
    said = health.get("Reason") or ""
    return REASONS.get(said) or health.get("Description") or said or "AWS gives no reason"


def sick(found: Sequence[Mapping[str, Json]]) -> Differences:
    """What keeps the targets from being all healthy; those that only need time settle."""
    if not found:
        return (
            Difference(
                "targets",
                [],
                "at least one healthy target",
                reason="No target is registered: the load balancer would answer 503 to all.",
                fixable=False,
            ),
        )
    return tuple(
        Difference(
            f"target {entry['target']}",
            entry["state"],
            "healthy",
            reason=f"{entry['target']} is {entry['state']}: {entry['why']}",
            settles=entry["state"] in SETTLING,
            fixable=False,
        )
        for entry in found
        if entry["state"] != "healthy"
    )


def summary(found: Sequence[Mapping[str, Json]]) -> str:
    """One line: `1 of 2 targets healthy; i-1:3567 initial`."""
    rest = [f"{entry['target']} {entry['state']}" for entry in found if entry["state"] != "healthy"]
    line = f"{len(found) - len(rest)} of {len(found)} targets healthy"
    return "; ".join([line, *rest])
