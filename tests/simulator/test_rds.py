"""Databases that take time, and what is refused, taken and kept when they are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from wizard.simulator.services import quotas

CLUSTER: dict[str, Any] = {
    "DBClusterIdentifier": "prod",
    "Engine": "aurora-postgresql",
    "EngineVersion": "15.4",
    "MasterUsername": "postgres",
    "MasterUserPassword": "password",
}
INSTANCE: dict[str, Any] = {
    "DBInstanceIdentifier": "prod-1",
    "DBClusterIdentifier": "prod",
    "Engine": "aurora-postgresql",
    "DBInstanceClass": "db.r6g.large",
}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("rds") as made:
        yield made


@pytest.fixture
def rds(account: Account) -> Any:
    return account.client("rds")


def _cluster(rds: Any, name: str = "prod") -> Any:
    return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]


def test_a_cluster_and_its_instance_take_minutes(account: Account, rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER)
    found = _cluster(rds)
    assert (found["Status"], found["DBClusterMembers"]) == ("creating", [])
    account.clock.advance(599)
    assert _cluster(rds)["Status"] == "creating"
    account.clock.advance(1)
    assert _cluster(rds)["Status"] == "available"
    rds.create_db_instance(**INSTANCE)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "creating"
    account.clock.advance(780)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"
    assert len(_cluster(rds)["DBClusterMembers"]) == 1


def test_a_change_does_not_hasten_creation(account: Account, rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER)
    rds.modify_db_cluster(DBClusterIdentifier="prod", BackupRetentionPeriod=7)
    assert (_cluster(rds)["Status"], _cluster(rds)["BackupRetentionPeriod"]) == ("creating", 7)
    account.clock.advance(600)
    assert _cluster(rds)["Status"] == "available"


def test_exported_logs_can_be_changed(rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER)
    change: dict[str, Any] = {"DBClusterIdentifier": "prod"}
    for asked, left in (
        ({"EnableLogTypes": ["postgresql"]}, ["postgresql"]),
        ({"EnableLogTypes": ["postgresql"]}, ["postgresql"]),
        ({"DisableLogTypes": ["postgresql"]}, []),
    ):
        change["CloudwatchLogsExportConfiguration"] = asked
        rds.modify_db_cluster(**change, EnablePerformanceInsights=bool(left))
        found = _cluster(rds)
        assert found.get("EnabledCloudwatchLogsExports", []) == left
        assert found["PerformanceInsightsEnabled"] is bool(left)
    with refused("DBClusterNotFoundFault", "other"):
        rds.modify_db_cluster(DBClusterIdentifier="other", BackupRetentionPeriod=7)


def test_names_are_unique_and_a_cluster_must_exist(rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER)
    with refused("DBClusterAlreadyExistsFault", "already exists"):
        rds.create_db_cluster(**{**CLUSTER, "DBClusterIdentifier": "PROD"})
    with refused("DBClusterNotFoundFault", "other"):
        rds.create_db_instance(**{**INSTANCE, "DBClusterIdentifier": "other"})
    rds.create_db_instance(**INSTANCE)
    with refused("DBInstanceAlreadyExists"):
        rds.create_db_instance(**INSTANCE)


def test_what_is_set_is_kept(rds: Any) -> None:
    asked = {
        "DatabaseInsightsMode": "standard",
        "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
        "EnablePerformanceInsights": True,
        "PerformanceInsightsRetentionPeriod": 31,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": "arn:aws:iam::123456789012:role/rds-monitoring-role",
        "NetworkType": "DUAL",
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 16.0},
    }
    rds.create_db_cluster(**CLUSTER, **asked)
    found = _cluster(rds)
    kept = {
        "PerformanceInsightsEnabled" if name == "EnablePerformanceInsights" else name: value
        for name, value in asked.items()
    }
    assert {name: found.get(name) for name in kept} == kept
    assert found["StorageType"] == "aurora"
    assert found["DeletionProtection"] is False
    assert found["DBClusterParameterGroup"] == "default.aurora-postgresql15"
    rds.create_db_instance(
        **INSTANCE, EnablePerformanceInsights=True, PerformanceInsightsRetentionPeriod=31
    )
    member = rds.describe_db_instances()["DBInstances"][0]
    assert member["PerformanceInsightsEnabled"] is True
    assert member["PerformanceInsightsRetentionPeriod"] == 31
    assert member["PubliclyAccessible"] is False
    assert member["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"


def test_keys_belong_to_their_region(account: Account, rds: Any) -> None:
    there = account.client("kms", "eu-west-1").create_key()["KeyMetadata"]["Arn"]
    with refused("KMSKeyNotAccessibleFault", there):
        rds.create_db_cluster(**CLUSTER, StorageEncrypted=True, KmsKeyId=there)
    rds.create_db_cluster(**CLUSTER, StorageEncrypted=True)
    aliases = account.client("kms").list_aliases()["Aliases"]
    own = next(one for one in aliases if one["AliasName"] == "alias/aws/rds")
    assert _cluster(rds)["KmsKeyId"].endswith(own["TargetKeyId"])
    rds.create_db_cluster(**{**CLUSTER, "DBClusterIdentifier": "open"})
    assert "KmsKeyId" not in _cluster(rds, "open")


def test_a_managed_password_is_in_secrets_manager(rds: Any) -> None:
    managed = {key: value for key, value in CLUSTER.items() if key != "MasterUserPassword"}
    with refused("InvalidParameterCombination", "ManageMasterUserPassword"):
        rds.create_db_cluster(**CLUSTER, ManageMasterUserPassword=True)
    rds.create_db_cluster(**managed, ManageMasterUserPassword=True)
    assert ":secret:rds!cluster-" in _cluster(rds)["MasterUserSecret"]["SecretArn"]


@pytest.mark.parametrize("password", ["short", 'with"quote', "with/slash", "with@sign", "x" * 42])
def test_passwords_that_rds_does_not_take(rds: Any, password: str) -> None:
    with refused("InvalidParameterValue", "MasterUserPassword"):
        rds.create_db_cluster(**{**CLUSTER, "MasterUserPassword": password})


def test_what_a_cluster_needs_must_be_there(rds: Any) -> None:
    with refused("DBSubnetGroupNotFoundFault", "nothing"):
        rds.create_db_cluster(**CLUSTER, DBSubnetGroupName="nothing")
    with refused("DBParameterGroupNotFound", "nothing"):
        rds.create_db_cluster(**CLUSTER, DBClusterParameterGroupName="nothing")
    with refused("InvalidParameterCombination", "Cannot find version 15.99"):
        rds.create_db_cluster(**{**CLUSTER, "EngineVersion": "15.99"})
    with refused("InvalidParameterCombination", "MonitoringRoleARN"):
        rds.create_db_cluster(**CLUSTER, MonitoringInterval=60)


def test_a_subnet_group_covers_two_zones_of_one_vpc(account: Account, rds: Any) -> None:
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ids = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=zone)[
            "Subnet"
        ]["SubnetId"]
        for number, zone in enumerate(("us-east-1a", "us-east-1a", "us-east-1b"))
    ]
    other = next(
        one["SubnetId"]
        for one in ec2.describe_subnets()["Subnets"]
        if one["VpcId"] != vpc and one["AvailabilityZone"] == "us-east-1b"
    )

    def make(*subnets: str) -> Any:
        return rds.create_db_subnet_group(
            DBSubnetGroupName="Two", DBSubnetGroupDescription="two", SubnetIds=subnets
        )

    with refused("DBSubnetGroupDoesNotCoverEnoughAZs", "us-east-1a"):
        make(*ids[:2])
    with refused("InvalidSubnet", "common VPC"):
        make(ids[0], other)
    assert make(ids[0], ids[2])["DBSubnetGroup"]["VpcId"] == vpc
    with refused("DBSubnetGroupAlreadyExists"):
        make(ids[0], ids[2])
    found = rds.describe_db_subnet_groups(DBSubnetGroupName="two")["DBSubnetGroups"][0]
    zones = {one["SubnetAvailabilityZone"]["Name"] for one in found["Subnets"]}
    assert zones == {"us-east-1a", "us-east-1b"}


def test_quotas_end(rds: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rds.create_db_cluster(**CLUSTER)
    rds.create_db_instance(**INSTANCE)
    monkeypatch.setitem(quotas.APPLIED, ("us-east-1", "L-952B80B8"), 1.0)
    monkeypatch.setitem(quotas.APPLIED, ("us-east-1", "L-7B6409FD"), 1.0)
    with refused("DBClusterQuotaExceededFault"):
        rds.create_db_cluster(**{**CLUSTER, "DBClusterIdentifier": "second"})
    with refused("InstanceQuotaExceeded"):
        rds.create_db_instance(**{**INSTANCE, "DBInstanceIdentifier": "second"})


def test_a_protected_cluster_cannot_be_deleted(rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER, DeletionProtection=True)
    with refused("InvalidParameterCombination", "protected"):
        rds.delete_db_cluster(DBClusterIdentifier="prod", SkipFinalSnapshot=True)
