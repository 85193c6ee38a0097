"""Which metrics AWS really publishes for what is in the account, and their figures.

A metric exists only in the sets of dimensions that a service publishes; any other combination has
no data for ever. Sources: "CloudWatch metrics for your Application Load Balancer" and "Amazon
CloudWatch dimensions for Aurora" in the services' user guides. Times are account seconds.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import lambda_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.events.models import events_backends
from moto.rds.models import rds_backends

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import Served, World

Dimensions = frozenset[tuple[str, str]]
# (value, how many samples had it)
Samples = list[tuple[float, float]]

GIB = 1024.0**3
# What ELB answers itself when no target does.
_BALANCER_FAILURES = {502, 503, 504, 561}
# How the cores answer under a load test: seconds, share of the requests.
_LOADED_SECONDS = ((0.021, 0.50), (0.048, 0.40), (0.092, 0.09), (0.310, 0.01))
# Mean figures of one database instance.
_DATABASE = {
    "CPUUtilization": 17.0,
    "DatabaseConnections": 84.0,
    "FreeableMemory": 5.5 * GIB,
    "FreeLocalStorage": 24.0 * GIB,
    "ReadIOPS": 42.0,
    "WriteIOPS": 118.0,
    "ReadLatency": 0.0006,
    "CommitLatency": 2.1,
}
_LOCAL = "FreeLocalStorage"
_VOLUME = {"VolumeBytesUsed": 68.0 * GIB, "VolumeReadIOPs": 2100.0, "VolumeWriteIOPs": 35400.0}


@dataclass(frozen=True, slots=True)
class Load:
    """A load test that ran against a load balancer: from `start` on, so many minutes."""

    start: float
    minutes: int
    requests_per_minute: float


@dataclass(frozen=True, slots=True)
class Series:
    """One metric in one set of dimensions. `samples(start, end)` is empty where it has no data."""

    namespace: str
    name: str
    dimensions: Dimensions
    samples: Callable[[float, float], Samples]


def record_load(lb_dimension: str, start: float, minutes: int, requests_per_minute: float) -> None:
    """Say that a load test ran; its requests appear in the metrics of `app/<name>/<id>`.

    Raises LookupError when no load balancer has that dimension.
    """
    for regions in elbv2_backends.values():
        for backend in regions.values():
            for balancer in backend.load_balancers.values():
                if balancer.arn.endswith(f":loadbalancer/{lb_dimension}"):
                    loads = balancer.__dict__.setdefault("loads", [])
                    loads.append(Load(start, minutes, requests_per_minute))
                    return
    raise LookupError(f"no load balancer {lb_dimension}: nothing can have been tested")


def published(account: str, region: str, clock: AccountClock, world: World) -> Iterator[Series]:
    """Every metric that AWS's services publish in that region, from what is there now."""
    yield from _balancers(account, region, world)
    yield from _databases(account, region, clock)
    yield from _functions(account, region)
    yield from _instances(account, region)


def _dimensions(**pairs: str) -> Dimensions:
    return frozenset(pairs.items())


def _gauge(value: Callable[[float], float | None], since: float) -> Callable[..., Samples]:
    """Something that is measured every minute from `since` on."""

    def samples(start: float, end: float) -> Samples:
        minutes = (end - max(start, since)) / 60
        found = value(end) if minutes > 0 else None
        return [] if found is None else [(found, max(1.0, round(minutes)))]

    return samples


def _wave(base: float, seed: str) -> Callable[[float], float]:
    """A figure that moves slowly around its mean, the same in every run."""
    phase = zlib.crc32(seed.encode()) % 360
    return lambda at: base * (1 + 0.08 * math.sin(phase + at / 3600))


def _balancers(account: str, region: str, world: World) -> Iterator[Series]:
    backend: Any = elbv2_backends[account][region]
    for balancer in list(backend.load_balancers.values()):
        if balancer.type != "application" or balancer.state != "active":
            continue
        name = balancer.arn.split(":loadbalancer/")[1]
        groups = [
            group
            for group in backend.target_groups.values()
            if balancer.arn in group.load_balancer_arns
        ]
        sets = [_dimensions(LoadBalancer=name)]
        for group in groups:
            tail = group.arn.rsplit(":", 1)[1]
            both = _dimensions(LoadBalancer=name, TargetGroup=tail)
            sets.append(both)
            for metric, state in (("HealthyHostCount", "healthy"), ("UnHealthyHostCount", None)):
                count = _hosts(backend, group, state or "unhealthy")
                since = float(getattr(balancer, "active_at", 0.0))
                yield Series("AWS/ApplicationELB", metric, both, _gauge(count, since))
        loads = balancer.__dict__.get("loads", [])
        for metric in _TRAFFIC:
            counted = _traffic(world.requests.get(name, []), loads, metric)
            chosen = sets[:1] if metric == "HTTPCode_ELB_5XX_Count" else sets
            for dimensions in chosen:
                yield Series("AWS/ApplicationELB", metric, dimensions, counted)


def _hosts(backend: Any, group: Any, state: str) -> Callable[[float], float | None]:
    def count(_at: float) -> float | None:
        if not group.targets:
            return None
        found = [group.health_for(target, backend.ec2_backend) for target in group.targets.values()]
        return float(sum(one.status == state for one in found))

    return count


_Pick = Callable[["Served"], float | None]


def _when(condition: Callable[[int], bool]) -> _Pick:
    return lambda served: 1.0 if condition(served.status) else None


# Reported only when there is something to report, as ELB does.
_TRAFFIC: dict[str, _Pick] = {
    "RequestCount": _when(lambda status: status not in _BALANCER_FAILURES),
    "TargetResponseTime": lambda served: (
        None if served.status in _BALANCER_FAILURES else served.seconds
    ),
    "HTTPCode_Target_2XX_Count": _when(lambda status: 200 <= status < 300),
    "HTTPCode_Target_4XX_Count": _when(lambda status: 400 <= status < 500),
    "HTTPCode_Target_5XX_Count": _when(
        lambda status: status >= 500 and status not in _BALANCER_FAILURES
    ),
    "HTTPCode_ELB_5XX_Count": _when(lambda status: status in _BALANCER_FAILURES),
}
_LOADED = {"RequestCount", "HTTPCode_Target_2XX_Count"}


def _traffic(
    requests: list[Served], loads: list[Load], metric: str
) -> Callable[[float, float], Samples]:
    pick = _TRAFFIC[metric]

    def samples(start: float, end: float) -> Samples:
        found: Samples = [
            (value, 1.0)
            for served in list(requests)
            if start <= served.account_time < end and (value := pick(served)) is not None
        ]
        for load in loads:
            overlap = min(end, load.start + load.minutes * 60) - max(start, load.start)
            sent = max(0.0, overlap) / 60 * load.requests_per_minute
            if sent and metric in _LOADED:
                found.append((1.0, sent))
            elif sent and metric == "TargetResponseTime":
                found.extend((seconds, sent * share) for seconds, share in _LOADED_SECONDS)
        return found

    return samples


def _databases(account: str, region: str, clock: AccountClock) -> Iterator[Series]:
    backend: Any = rds_backends[account][region]
    for cluster in list(backend.clusters.values()):
        name = cluster.db_cluster_identifier
        members = [
            instance
            for instance in backend.databases.values()
            if instance.db_cluster_identifier == name and _available(instance, clock)
        ]
        for number, instance in enumerate(members):
            role = "WRITER" if number == 0 else "READER"
            since = float(getattr(instance, "available_at", 0.0))
            for metric, base in _measured(instance.db_instance_class):
                gauge = _gauge(_wave(base, f"{instance.db_instance_identifier}{metric}"), since)
                for dimensions in (
                    _dimensions(DBInstanceIdentifier=instance.db_instance_identifier),
                    _dimensions(DBClusterIdentifier=name),
                    _dimensions(DBClusterIdentifier=name, Role=role),
                ):
                    yield Series("AWS/RDS", metric, dimensions, gauge)
        for metric, base in _VOLUME.items() if members else ():
            gauge = _gauge(_wave(base, f"{name}{metric}"), 0.0)
            for dimensions in (
                _dimensions(DBClusterIdentifier=name),
                _dimensions(DbClusterIdentifier=name, EngineName=cluster.engine),
            ):
                yield Series("AWS/RDS", metric, dimensions, gauge)


def _measured(instance_class: str) -> list[tuple[str, float]]:
    """Metrics of an instance of that class: Serverless v2 tells nothing of local storage."""
    serverless = instance_class == "db.serverless"
    return [(name, base) for name, base in _DATABASE.items() if not (serverless and name == _LOCAL)]


def _available(instance: Any, clock: AccountClock) -> bool:
    return clock.now() >= float(getattr(instance, "available_at", 0.0))


def _functions(account: str, region: str) -> Iterator[Series]:
    """Functions that something invokes; one that nobody calls publishes nothing."""
    rules: Any = events_backends[account][region].event_buses
    scheduled = {
        str(target["Arn"]).rsplit(":", 1)[-1]
        for bus in rules.values()
        for rule in bus.rules.values()
        for target in rule.targets
    }
    backend: Any = lambda_backends[account][region]
    for function in list(backend.list_functions()):
        if function.function_name not in scheduled:
            continue
        dimensions = _dimensions(FunctionName=function.function_name)
        since = float(getattr(function, "active_at", 0.0))
        for metric, base in (("Invocations", 1.0), ("Errors", 0.0), ("Throttles", 0.0)):
            gauge = _gauge(_wave(base, metric) if base == 0 else (lambda _at: 1.0), since)
            yield Series("AWS/Lambda", metric, dimensions, gauge)
        gauge = _gauge(_wave(412.0, function.function_name), since)
        yield Series("AWS/Lambda", "Duration", dimensions, gauge)


def _instances(account: str, region: str) -> Iterator[Series]:
    backend: Any = ec2_backends[account][region]
    for reservation in list(backend.reservations.values()):
        for instance in reservation.instances:
            if instance.state != "running":
                continue
            dimensions = _dimensions(InstanceId=instance.id)
            for metric, base in (("CPUUtilization", 11.0), ("StatusCheckFailed", 0.0)):
                gauge = _gauge(_wave(base, f"{instance.id}{metric}"), 0.0)
                yield Series("AWS/EC2", metric, dimensions, gauge)
