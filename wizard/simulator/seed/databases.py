"""The Aurora PostgreSQL clusters, their instances, parameter groups and tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizard.simulator.seed.company import EU, OWNER, US
from wizard.simulator.seed.ground import Ground, tag_list
from wizard.simulator.seed.network import Network

ENGINE = "aurora-postgresql"
VERSION = "15.4"
FAMILY = "aurora-postgresql15"
SUBNET_GROUP = "supertokens-prod"
CLUSTER_PARAMETERS = "supertokens-aurora-postgresql15-cluster"
INSTANCE_PARAMETERS = "supertokens-aurora-postgresql15"
MAX_CONNECTIONS = "1600"
TAGS = {
    "VantaContainsUserData": "true",
    "VantaDescription": "db cluster to store development/production containers data",
    "VantaOwner": OWNER,
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster and the class of its instances; the first instance is the writer."""

    name: str
    region: str
    instance_class: str
    instances: tuple[str, ...]


CLUSTERS = (
    Cluster(
        "supertokens-prod-us-east-1",
        US,
        "db.r6g.large",
        ("supertokens-prod-us-east-1-writer", "supertokens-prod-us-east-1-reader"),
    ),
    Cluster(
        "supertokens-prod-eu-west-1",
        EU,
        "db.r6g.large",
        ("supertokens-prod-eu-west-1-writer", "supertokens-prod-eu-west-1-reader"),
    ),
    Cluster("supertokens-dev-eu-west-1", EU, "db.t4g.medium", ("supertokens-dev-eu-west-1-1",)),
)


def plant_databases(ground: Ground, region: str, network: Network) -> None:
    """Make the groups, then each cluster with its instances."""
    rds = ground.client("rds", region)
    rds.create_db_subnet_group(
        DBSubnetGroupName=SUBNET_GROUP,
        DBSubnetGroupDescription="prod subnets",
        SubnetIds=[network.subnets[zone] for zone in ("a", "b", "c")],
        Tags=tag_list({"VantaOwner": OWNER}),
    )
    _parameters(rds)
    for cluster in (cluster for cluster in CLUSTERS if cluster.region == region):
        _cluster(rds, cluster, network)


def _parameters(rds: Any) -> None:
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=CLUSTER_PARAMETERS,
        DBParameterGroupFamily=FAMILY,
        Description="prod clusters",
    )
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=CLUSTER_PARAMETERS,
        Parameters=[_user("rds.force_ssl", "1", "immediate")],
    )
    rds.create_db_parameter_group(
        DBParameterGroupName=INSTANCE_PARAMETERS,
        DBParameterGroupFamily=FAMILY,
        Description="prod instances",
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName=INSTANCE_PARAMETERS,
        Parameters=[
            _user("max_connections", MAX_CONNECTIONS, "pending-reboot"),
            _user("log_min_duration_statement", "1000", "immediate"),
        ],
    )


def _user(name: str, value: str, method: str) -> dict[str, str]:
    return {
        "ParameterName": name,
        "ParameterValue": value,
        "ApplyMethod": method,
        "Source": "user",
    }


def _cluster(rds: Any, cluster: Cluster, network: Network) -> None:
    rds.create_db_cluster(
        DBClusterIdentifier=cluster.name,
        Engine=ENGINE,
        EngineVersion=VERSION,
        MasterUsername="supertokens",
        MasterUserPassword="demo-account-only",
        DatabaseName="supertokens",
        DBSubnetGroupName=SUBNET_GROUP,
        DBClusterParameterGroupName=CLUSTER_PARAMETERS,
        VpcSecurityGroupIds=[network.groups["default"]],
        StorageEncrypted=True,
        BackupRetentionPeriod=14,
        PreferredBackupWindow="03:10-03:40",
        PreferredMaintenanceWindow="sun:04:10-sun:04:40",
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=tag_list(TAGS),
    )
    for number, name in enumerate(cluster.instances):
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBClusterIdentifier=cluster.name,
            Engine=ENGINE,
            DBInstanceClass=cluster.instance_class,
            DBParameterGroupName=INSTANCE_PARAMETERS,
            PubliclyAccessible=False,
            AutoMinorVersionUpgrade=True,
            EnablePerformanceInsights=True,
            PerformanceInsightsRetentionPeriod=7,
            PromotionTier=number,
            CopyTagsToSnapshot=True,
            Tags=tag_list(TAGS),
        )
