"""Reads a source cluster and all that it is made with, in its own region.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from steps.rds_copy import DEFAULT_GROUP, not_copied, settings
from wizard.effects import Facts, Json, Read
from wizard.step import Reads

NO_GROUP = ("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault")


def place(arn: str) -> tuple[str, str]:
    """Region and identifier of a cluster's or an instance's ARN."""
    parts = arn.split(":", 6)
    return (parts[3], parts[6]) if len(parts) == 7 else ("", arn)


def read_source(arn: str) -> Reads[Facts | None]:
    """The cluster's settings, members, parameters and security groups by name; None without it."""
    region, identifier = place(arn)
    clusters = yield Read(
        "rds",
        "DescribeDBClusters",
        {"DBClusterIdentifier": identifier},
        pages="DBClusters",
        absent=("DBClusterNotFoundFault",),
        region=region,
    )
    if not clusters:
        return None
    cluster = clusters[0]
    instances = yield from read_members(identifier, region)
    ordered = _ordered(cluster, instances)
    groups = yield from read_groups(cluster, region)
    name = str(cluster.get("DBClusterParameterGroup") or DEFAULT_GROUP)
    return {
        "arn": cluster["DBClusterArn"],
        "region": region,
        "id": identifier,
        "status": cluster.get("Status", ""),
        "settings": settings(cluster) | {"EngineVersion": cluster["EngineVersion"]},
        "not_copied": not_copied(cluster),
        "subnet_group": cluster.get("DBSubnetGroup") or "default",
        "security_groups": list(groups),
        "members": [member(one) for one in ordered],
        "cluster_parameters": (yield from read_cluster_parameters(name, region)),
        "instance_parameters": (
            yield from _instance_parameters((member(one) for one in ordered), region)
        ),
    }


def read_members(cluster: str, region: str | None = None) -> Reads[list[Any]]:
    """The cluster's instances; none when there is no such cluster."""
    found = yield Read(
        "rds",
        "DescribeDBInstances",
        {"Filters": [{"Name": "db-cluster-id", "Values": [cluster]}]},
        pages="DBInstances",
        absent=("DBClusterNotFoundFault",),
        region=region,
    )
    return list(found)


def read_groups(cluster: Facts, region: str | None = None) -> Reads[dict[str, str]]:
    """Name → id of the cluster's security groups, by name."""
    ids = [one["VpcSecurityGroupId"] for one in cluster.get("VpcSecurityGroups") or ()]
    if not ids:
        return {}
    found = yield Read(
        "ec2",
        "DescribeSecurityGroups",
        {"GroupIds": ids},
        pages="SecurityGroups",
        absent=("InvalidGroup.NotFound",),
        region=region,
    )
    return dict(sorted((str(one["GroupName"]), str(one["GroupId"])) for one in found))


def member(instance: Mapping[str, Any]) -> dict[str, Json]:
    """What one instance is made with, in the words of `steps.rds_instance.Member`."""
    groups = [str(one["DBParameterGroupName"]) for one in instance.get("DBParameterGroups") or ()]
    own = [name for name in groups if not name.startswith(DEFAULT_GROUP)]
    insights = bool(instance.get("PerformanceInsightsEnabled"))
    return {
        "id": instance["DBInstanceIdentifier"],
        "instance_class": instance["DBInstanceClass"],
        "promotion_tier": instance.get("PromotionTier"),
        "publicly_accessible": bool(instance.get("PubliclyAccessible")),
        "parameter_group": own[0] if own else None,
        "auto_minor_version_upgrade": bool(instance.get("AutoMinorVersionUpgrade", True)),
        "monitoring_interval": int(instance.get("MonitoringInterval") or 0),
        "monitoring_role_arn": instance.get("MonitoringRoleArn"),
        "performance_insights": insights,
        "insights_days": instance.get("PerformanceInsightsRetentionPeriod") if insights else None,
        "certificate": instance.get("CACertificateIdentifier"),
    }


def read_cluster_parameters(name: str, region: str | None = None) -> Reads[Facts | None]:
    """A cluster parameter group and what users set in it; None for AWS's own, or none there."""
    if name.startswith(DEFAULT_GROUP):
        return None
    groups = yield Read(
        "rds",
        "DescribeDBClusterParameterGroups",
        {"DBClusterParameterGroupName": name},
        pages="DBClusterParameterGroups",
        absent=NO_GROUP,
        region=region,
    )
    if not groups:
        return None
    parameters = yield Read(
        "rds",
        "DescribeDBClusterParameters",
        {"DBClusterParameterGroupName": name, "Source": "user"},
        pages="Parameters",
        region=region,
    )
    return _group(name, groups[0], parameters)


def read_instance_parameters(name: str, region: str | None = None) -> Reads[Facts | None]:
    """An instance parameter group and what users set in it; None when it is not there."""
    groups = yield Read(
        "rds",
        "DescribeDBParameterGroups",
        {"DBParameterGroupName": name},
        pages="DBParameterGroups",
        absent=NO_GROUP,
        region=region,
    )
    if not groups:
        return None
    parameters = yield Read(
        "rds",
        "DescribeDBParameters",
        {"DBParameterGroupName": name, "Source": "user"},
        pages="Parameters",
        region=region,
    )
    return _group(name, groups[0], parameters)


def _instance_parameters(members: Iterable[Facts], region: str) -> Reads[list[Facts]]:
    found = []
    for name in dict.fromkeys(str(one["parameter_group"]) for one in members):
        if name != "None":
            group = yield from read_instance_parameters(name, region)
            if group is not None:
                found.append(group)
    return found


def _group(name: str, group: Facts, parameters: Iterable[Facts]) -> Facts:
    return {
        "name": name,
        "family": group["DBParameterGroupFamily"],
        "description": group.get("Description") or name,
        "values": {
            str(one["ParameterName"]): str(one.get("ParameterValue", ""))
            for one in sorted(parameters, key=lambda one: str(one["ParameterName"]))
            if one.get("IsModifiable", True)
        },
        # A static parameter can only wait for a reboot.
        "static": sorted(
            str(one["ParameterName"]) for one in parameters if one.get("ApplyType") == "static"
        ),
    }


def _ordered(cluster: Facts, instances: Iterable[Any]) -> list[Any]:
    """The writer first, then by promotion tier."""
    writers = {
        str(one["DBInstanceIdentifier"])
        for one in cluster.get("DBClusterMembers") or ()
        if one.get("IsClusterWriter")
    }
    return sorted(
        instances,
        key=lambda one: (
            one["DBInstanceIdentifier"] not in writers,
            int(one.get("PromotionTier") or 0),
            str(one["DBInstanceIdentifier"]),
        ),
    )
