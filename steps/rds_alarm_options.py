"""Dropdowns for a database's alarms: what really has data, and thresholds that come in time.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/dimensions.html
"""

from collections.abc import Mapping
from typing import Any

from steps.rds_copy import AS_THE_SOURCE, SERVERLESS
from steps.rds_source import place, read_members
from wizard.effects import Json, Read
from wizard.step import Option, Options, Reads, options

LETTER_BYTES = 52428800
CLUSTER, WRITER, INSTANCE, LETTER = "cluster", "writer", "instance", "letter"
_GIB = 1024**3
_MIB = 1024**2
_SHARES = (5, 10)
"""Percent of the memory, as offered beside the runbook's threshold."""
_ACU_GIB = 2
"""Memory of one Aurora capacity unit, in GiB."""
_SETS = {
    frozenset({"DBClusterIdentifier"}): CLUSTER,
    frozenset({"DBClusterIdentifier", "Role"}): WRITER,
    frozenset({"DBInstanceIdentifier"}): INSTANCE,
    frozenset({"DbClusterIdentifier", "EngineName"}): LETTER,
}
_LABELS = {
    CLUSTER: "DBClusterIdentifier",
    WRITER: "DBClusterIdentifier and Role WRITER",
    INSTANCE: "DBInstanceIdentifier, an alarm for each instance",
    LETTER: "DbClusterIdentifier and EngineName aurora",
}


@options("rds.alarm_dimensions")
def alarm_dimensions(source: str) -> Options:
    """Dimensions of the memory, storage and CPU alarms; what the source's alarms use suggested."""
    used = yield from _used(source)
    best = next((kind for kind in (CLUSTER, WRITER) if kind in used), CLUSTER)
    return [_dimensions(kind, used, suggested=kind == best) for kind in (CLUSTER, WRITER, LETTER)]


@options("rds.iops_dimensions")
def iops_dimensions(source: str) -> Options:
    """Dimensions of the ReadIOPS alarm: of the cluster if the source's has that metric, else an
    alarm for each instance."""
    used = yield from _used(source)
    published = yield from _published(source, "ReadIOPS")
    best = CLUSTER if CLUSTER in published else INSTANCE
    return [
        _dimensions(
            kind,
            used,
            suggested=kind == best,
            more="" if kind in published else "not published for the source",
        )
        for kind in (CLUSTER, INSTANCE, LETTER)
    ]


@options("rds.storage_metrics")
def storage_metrics(source: str) -> Options:
    """The metric of free storage; the one that the source publishes is suggested."""
    lines = []
    for name, what in (
        ("FreeLocalStorage", "the instances' temporary storage, which Aurora reports"),
        ("FreeStorageSpace", "the letter; no metric of Aurora, the alarm never gets data"),
    ):
        published = yield from _published(source, name)
        words = "published for the source" if published else "not published for the source"
        lines.append(
            Option(name, name, detail=f"{what}; {words}", suggested=name == "FreeLocalStorage")
        )
    return lines


@options("rds.memory_thresholds")
def memory_thresholds(source: str, instance_class: str) -> Options:
    """Bytes of free memory below which the alarm goes off: the runbook's, and shares of it."""
    memory, told = yield from _memory(source, instance_class)
    lines = [
        Option(
            LETTER_BYTES,
            f"{LETTER_BYTES} ({human(LETTER_BYTES)})",
            detail="the letter" + (f"; {LETTER_BYTES / memory:.1%} of {told}" if memory else ""),
            suggested=True,
        )
    ]
    lines += [
        Option(
            memory * share // 100,
            f"{memory * share // 100} ({human(memory * share // 100)})",
            detail=f"{share} % of the memory of {told}",
        )
        for share in _SHARES
        if memory
    ]
    return lines


def human(size: int) -> str:
    """Bytes as a person reads them: `50 MiB`, `1.6 GiB`."""
    return f"{size / _GIB:.3g} GiB" if size >= _GIB else f"{size / _MIB:.3g} MiB"


def _dimensions(kind: str, used: Mapping[str, int], *, suggested: bool, more: str = "") -> Option:
    words = []
    if kind == LETTER:
        words.append("the letter; that pair has only the volume's metrics, so never any data")
    if kind in used:
        words.append(f"as {used[kind]} alarms of the source")
    if more:
        words.append(more)
    return Option(kind, _LABELS[kind], detail="; ".join(words), suggested=suggested)


def _used(source: str) -> Reads[Mapping[str, int]]:
    """Kind of dimensions → how many of the source's alarms have it."""
    region, identifier = place(source)
    alarms = yield Read(
        "cloudwatch",
        "DescribeAlarms",
        {"AlarmNamePrefix": f"db-{identifier}", "AlarmTypes": ["MetricAlarm"]},
        pages="MetricAlarms",
        region=region,
    )
    kinds = [_kind(one) for one in alarms if one.get("Namespace") == "AWS/RDS"]
    return {kind: kinds.count(kind) for kind in kinds if kind}


def _published(source: str, metric: str) -> Reads[set[str]]:
    """The kinds of dimensions in which the source has the metric."""
    region, identifier = place(source)
    members = yield from read_members(identifier, region)
    watched = {identifier, *(str(one["DBInstanceIdentifier"]) for one in members)}
    metrics = yield Read(
        "cloudwatch",
        "ListMetrics",
        {"Namespace": "AWS/RDS", "MetricName": metric},
        pages="Metrics",
        region=region,
    )
    return {
        _kind(one)
        for one in metrics
        if watched & {dimension["Value"] for dimension in one.get("Dimensions") or ()}
    }


def _kind(metric: Mapping[str, Any]) -> str:
    names = frozenset(str(one["Name"]) for one in metric.get("Dimensions") or ())
    return _SETS.get(names, "")


def _memory(source: str, instance_class: str) -> Reads[tuple[int, str]]:
    """Bytes of memory of the smallest instance, and its name; 0 when AWS does not say."""
    region, identifier = place(source)
    names = [instance_class]
    if instance_class == AS_THE_SOURCE:
        members = yield from read_members(identifier, region)
        names = sorted({str(one["DBInstanceClass"]) for one in members})
    if SERVERLESS in names:
        clusters = yield Read(
            "rds",
            "DescribeDBClusters",
            {"DBClusterIdentifier": identifier},
            pages="DBClusters",
            absent=("DBClusterNotFoundFault",),
            region=region,
        )
        range_: Json = clusters[0].get("ServerlessV2ScalingConfiguration") if clusters else None
        units = float((range_ or {}).get("MaxCapacity") or 0)
        return int(units * _ACU_GIB * _GIB), f"{SERVERLESS} at {units:g} units"
    found = yield Read(
        "ec2",
        "DescribeInstanceTypes",
        {"InstanceTypes": [name.removeprefix("db.") for name in names]},
        pages="InstanceTypes",
        absent=("InvalidInstanceType",),
        region=region,
    )
    sizes = {f"db.{one['InstanceType']}": int(one["MemoryInfo"]["SizeInMiB"]) for one in found}
    if not sizes:
        return 0, ""
    least = min(sizes, key=lambda name: sizes[name])
    return sizes[least] * _MIB, least
