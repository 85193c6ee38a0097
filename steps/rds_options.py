"""Dropdowns of RDS: the cluster that holds an app's data, and what it takes."""

from collections.abc import Iterable
from typing import Any

from wizard.effects import Read
from wizard.step import Option, Options, options

_POSTGRES = "postgres"


@options("rds.clusters")
def clusters() -> Options:
    """The region's clusters; the only one of PostgreSQL, if there is only one, is suggested."""
    found = yield Read("rds", "DescribeDBClusters", pages="DBClusters")
    fitting = [one for one in found if _POSTGRES in str(one.get("Engine", ""))]
    return [
        Option(
            one["DBClusterIdentifier"],
            str(one["DBClusterIdentifier"]),
            detail=(
                f"{one.get('Engine')} {one.get('EngineVersion', '')}, "
                f"{len(one.get('DBClusterMembers') or ())} instances, {one.get('Status', '')}"
            ),
            suggested=one in fitting and len(fitting) == 1,
        )
        for one in sorted(found, key=lambda one: str(one["DBClusterIdentifier"]))
    ]


@options("rds.max_connections")
def max_connections(db_cluster: str | None = None) -> Options:
    """What the parameter groups of the cluster's instances say; none when they leave it to RDS,
    which derives it from the instance's memory. The smallest is suggested."""
    if not db_cluster:
        return []
    instances = yield Read(
        "rds",
        "DescribeDBInstances",
        {"Filters": [{"Name": "db-cluster-id", "Values": [db_cluster]}]},
        pages="DBInstances",
        absent=("DBClusterNotFoundFault",),
    )
    said: dict[int, str] = {}
    for group in _groups(instances):
        parameters = yield Read(
            "rds",
            "DescribeDBParameters",
            {"DBParameterGroupName": group, "Source": "user"},
            pages="Parameters",
            absent=("DBParameterGroupNotFound",),
        )
        for one in parameters:
            value = str(one.get("ParameterValue", ""))
            if one.get("ParameterName") == "max_connections" and value.isdigit():
                said[int(value)] = group
    return [
        Option(value, str(value), detail=f"parameter group {group}", suggested=value == min(said))
        for value, group in sorted(said.items())
    ]


def _groups(instances: Iterable[Any]) -> list[str]:
    return sorted(
        {
            str(group["DBParameterGroupName"])
            for instance in instances
            for group in instance.get("DBParameterGroups") or ()
        }
    )
