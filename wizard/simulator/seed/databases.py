"""The Aurora PostgreSQL clusters, their instances, parameter groups and tags."""

from __future__ import annotations

import json
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
MONITORING_ROLE = "rds-monitoring-role"
MONITORING_SECONDS = 60
# The company's own key, where it has one; elsewhere RDS's own encrypts.
KEY_ALIAS = "alias/supertokens-rds"
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
    own_key: bool = False


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
        own_key=True,
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
    role = _monitoring_role(ground)
    for cluster in (cluster for cluster in CLUSTERS if cluster.region == region):
        key = {"KmsKeyId": _own_key(ground, region)} if cluster.own_key else {}
        _cluster(rds, cluster, network, key)
        _instances(rds, cluster, role)


def _monitoring_role(ground: Ground) -> str:
    """The role by which RDS sends the figures of Enhanced Monitoring; IAM is global."""
    roles: Any = ground.backend("iam", "aws").roles
    for role in roles.values():
        if role.name == MONITORING_ROLE:
            return str(role.arn)
    iam = ground.client("iam", US)
    trusted = {"Service": "monitoring.rds.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    made = iam.create_role(
        RoleName=MONITORING_ROLE,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    return str(made["Role"]["Arn"])


def _own_key(ground: Ground, region: str) -> str:
    kms = ground.client("kms", region)
    key = kms.create_key(Description="databases")["KeyMetadata"]
    kms.create_alias(AliasName=KEY_ALIAS, TargetKeyId=key["KeyId"])
    return str(key["Arn"])


def _parameters(rds: Any) -> None:
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=CLUSTER_PARAMETERS,
        DBParameterGroupFamily=FAMILY,
        Description="prod clusters",
    )
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=CLUSTER_PARAMETERS,
        Parameters=[
            _user("rds.force_ssl", "1", "immediate"),
            _user("rds.logical_replication", "1", "pending-reboot"),
            _user("log_statement", "ddl", "immediate"),
        ],
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
            _user("idle_in_transaction_session_timeout", "60000", "immediate"),
        ],
    )


def _user(name: str, value: str, method: str) -> dict[str, str]:
    return {
        "ParameterName": name,
        "ParameterValue": value,
        "ApplyMethod": method,
        "Source": "user",
    }


def _cluster(rds: Any, cluster: Cluster, network: Network, key: dict[str, str]) -> None:
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
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",
        DatabaseInsightsMode="standard",
        Tags=tag_list(TAGS),
        **key,
    )


def _instances(rds: Any, cluster: Cluster, role: str) -> None:
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
            MonitoringInterval=MONITORING_SECONDS,
            MonitoringRoleArn=role,
            CopyTagsToSnapshot=True,
            Tags=tag_list(TAGS),
        )
