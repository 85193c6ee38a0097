"""The copy map: which settings of a source cluster a new one gets, and under which names. Pure.

What RDS describes and what it takes have different names, and what belongs to a region is made
there or chosen, never copied.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.effects import Facts, Json

COPIED: Mapping[str, str] = {
    "Engine": "Engine",
    "DatabaseName": "DatabaseName",
    "MasterUsername": "MasterUsername",
    "Port": "Port",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "StorageEncrypted": "StorageEncrypted",
    "StorageType": "StorageType",
    "NetworkType": "NetworkType",
    "EngineLifecycleSupport": "EngineLifecycleSupport",
    "ServerlessV2ScalingConfiguration": "ServerlessV2ScalingConfiguration",
    "EnabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "IAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "HttpEndpointEnabled": "EnableHttpEndpoint",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "PerformanceInsightsEnabled": "EnablePerformanceInsights",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
}
"""Field of DescribeDBClusters → parameter of CreateDBCluster."""

NEVER: Mapping[str, str] = {
    "AvailabilityZones": "belongs to the region: the subnets give the zones",
    "AssociatedRoles": "add them with AddRoleToDBCluster where they are needed",
    "DBClusterArn": "AWS gives a new one",
    "DbClusterResourceId": "AWS gives a new one",
    "Endpoint": "AWS gives a new one",
    "ReaderEndpoint": "AWS gives a new one",
    "CustomEndpoints": "make them anew where they are needed",
    "HostedZoneId": "belongs to the region",
    "GlobalClusterIdentifier": "the new cluster is one of its own, not a replica",
    "ReplicationSourceIdentifier": "the new cluster is one of its own, not a replica",
    "ReadReplicaIdentifiers": "the new cluster has none",
    "MasterUserSecret": "the password cannot be read, and the new cluster has its own",
}
"""Field → why it is not copied."""

GIVEN = frozenset(
    {
        "AvailabilityZones",
        "DBClusterArn",
        "DbClusterResourceId",
        "Endpoint",
        "ReaderEndpoint",
        "HostedZoneId",
        "MasterUserSecret",
    }
)
"""Of what is never copied, what every new cluster has of its own."""

MODIFIED = frozenset(
    {
        "BackupRetentionPeriod",
        "PreferredBackupWindow",
        "PreferredMaintenanceWindow",
        "CopyTagsToSnapshot",
        "DeletionProtection",
        "EnabledCloudwatchLogsExports",
        "IAMDatabaseAuthenticationEnabled",
        "ServerlessV2ScalingConfiguration",
        "VpcSecurityGroups",
    }
)
"""What is mended on a cluster that is there, unless it would be `worse`: no restart."""

FOREIGN = frozenset({"Engine", "StorageEncrypted"})
"""What makes a cluster that is there another one than is asked for."""

DEFAULT_GROUP = "default."
"""How the parameter groups that AWS makes itself begin."""
LONGEST_NAME = 63
AS_THE_SOURCE = "as the source"
"""Instead of one class for all: each member's own."""
AWS_KEY = "alias/aws/rds"
SERVERLESS = "db.serverless"

_FLAGS = frozenset(
    {
        "CopyTagsToSnapshot",
        "StorageEncrypted",
        "IAMDatabaseAuthenticationEnabled",
        "HttpEndpointEnabled",
        "PerformanceInsightsEnabled",
    }
)
_WITH_INSIGHTS = frozenset({"PerformanceInsightsRetentionPeriod"})


def settings(cluster: Mapping[str, Any]) -> dict[str, Json]:
    """The copied settings as the cluster has them; what RDS leaves out is left out."""
    found: dict[str, Json] = {}
    for field in COPIED:
        value = cluster.get(field)
        if field in _FLAGS:
            value = bool(value)
        if field == "EnabledCloudwatchLogsExports":
            value = sorted(value or ())
        if field == "ServerlessV2ScalingConfiguration" and value:
            value = {key: value[key] for key in sorted(value)}
        if value is not None and value != "":
            found[field] = value
    if not found["PerformanceInsightsEnabled"]:
        for field in _WITH_INSIGHTS:
            found.pop(field, None)
    if not found.get("MonitoringInterval"):
        # With a role RDS wants an interval too, and 0 is what is left out.
        found.pop("MonitoringRoleArn", None)
    return found


def not_copied(cluster: Mapping[str, Any]) -> dict[str, str]:
    """What the source has that stays behind, with the reason."""
    return {field: why for field, why in NEVER.items() if cluster.get(field)}


def creation(wanted: Mapping[str, Json]) -> dict[str, Json]:
    """CreateDBCluster's parameters for the copied settings among `wanted`.

    False and empty are what AWS takes itself, and not every engine knows each parameter.
    """
    return {
        parameter: wanted[field]
        for field, parameter in COPIED.items()
        if field in wanted and wanted[field] not in (False, [])
    }


def worse(field: str, found: Json, wanted: Json) -> bool:
    """Whether a setting of a cluster that is there would lose something: backups that are kept
    longer are deleted at once, who logs in by IAM is shut out, a busy cluster may not grow."""
    match field:
        case "DeletionProtection" | "IAMDatabaseAuthenticationEnabled":
            return bool(found) and not wanted
        case "BackupRetentionPeriod":
            return bool(found and wanted) and found > wanted
        case "ServerlessV2ScalingConfiguration":
            have, want = dict(found or {}), dict(wanted or {})
            sizes = ("MinCapacity", "MaxCapacity")
            return any(have.get(size, 0) > want.get(size, 0) for size in sizes)
        case _:
            return False


def modification(found: Mapping[str, Json], wanted: Mapping[str, Json]) -> dict[str, Json]:
    """ModifyDBCluster's parameters for settings that are to become as `wanted`."""
    asked: dict[str, Json] = {}
    for field, value in wanted.items():
        if field == "EnabledCloudwatchLogsExports":
            have = set(found.get(field) or ())
            asked["CloudwatchLogsExportConfiguration"] = {
                "EnableLogTypes": sorted(set(value) - have)
            }
        else:
            asked[COPIED.get(field, field)] = value
    return asked


def renamed(name: str, source_region: str, region: str, otherwise: str) -> str:
    """A name of the source region as it is in the new one, `otherwise` when it is not of that
    region or would be too long."""
    new = name.replace(source_region, region)
    return otherwise if source_region not in name or len(new) > LONGEST_NAME else new


def members(
    source: Iterable[Facts],
    existing: Iterable[Facts],
    *,
    source_id: str,
    cluster: str,
    source_region: str,
    region: str,
    instance_class: str,
) -> list[dict[str, Json]]:
    """The instances to be: one for each of the source's, the writer first, named as the source's
    with the cluster's name, or the region's, in place of the source's.

    Instances that are there already under other names take the place of those that are missing.
    """
    wanted: list[dict[str, Json]] = []
    for number, one in enumerate(source, 1):
        name = str(one["id"])
        tail = f"-{number}"
        numbered = cluster[: LONGEST_NAME - len(tail)].rstrip("-") + tail
        if name.startswith(source_id):
            key = f"{cluster}{name.removeprefix(source_id)}"
        else:
            key = renamed(name, source_region, region, numbered)
        if len(key) > LONGEST_NAME or key in {known["key"] for known in wanted}:
            key = numbered
        own = one["instance_class"] if instance_class == AS_THE_SOURCE else instance_class
        wanted.append({**one, "key": key, "source": one["id"], "instance_class": own})
    present = [str(one["id"]) for one in existing]
    strange = [name for name in present if name not in {one["key"] for one in wanted}]
    for one in wanted:
        if strange and one["key"] not in present:
            one["key"] = strange.pop(0)
    return [{key: value for key, value in one.items() if key != "id"} for one in wanted]
