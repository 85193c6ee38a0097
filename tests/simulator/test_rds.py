"""Databases that take time, and what is known of their parameters and versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated

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


def test_a_cluster_and_its_instance_take_minutes(account: Account, rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER)
    found = rds.describe_db_clusters()["DBClusters"][0]
    assert (found["Status"], found["DBClusterMembers"]) == ("creating", [])
    account.clock.advance(299)
    assert rds.describe_db_clusters()["DBClusters"][0]["Status"] == "creating"
    account.clock.advance(1)
    assert rds.describe_db_clusters()["DBClusters"][0]["Status"] == "available"
    rds.create_db_instance(**INSTANCE)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "creating"
    account.clock.advance(480)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"
    assert len(rds.describe_db_clusters()["DBClusters"][0]["DBClusterMembers"]) == 1


def test_names_are_unique_and_a_cluster_must_exist(rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER)
    with refused("DBClusterAlreadyExistsFault", "already exists"):
        rds.create_db_cluster(**{**CLUSTER, "DBClusterIdentifier": "PROD"})
    with refused("DBClusterNotFoundFault", "other"):
        rds.create_db_instance(**{**INSTANCE, "DBClusterIdentifier": "other"})


def test_performance_insights_are_kept(rds: Any) -> None:
    rds.create_db_cluster(**CLUSTER)
    rds.create_db_instance(
        **INSTANCE, EnablePerformanceInsights=True, PerformanceInsightsRetentionPeriod=31
    )
    found = rds.describe_db_instances()["DBInstances"][0]
    assert found["PerformanceInsightsEnabled"] is True
    assert found["PerformanceInsightsRetentionPeriod"] == 31


def test_a_users_parameters_lie_over_the_engines(rds: Any) -> None:
    name = "own"
    rds.create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily="aurora-postgresql15", Description="own"
    )

    def values(**asked: str) -> dict[str, str]:
        found = rds.describe_db_parameters(DBParameterGroupName=name, **asked)["Parameters"]
        return {one["ParameterName"]: one["ParameterValue"] for one in found}

    assert values(Source="user") == {}
    assert values()["max_connections"] == "LEAST({DBInstanceClassMemory/9531392},5000)"
    rds.modify_db_parameter_group(
        DBParameterGroupName=name,
        Parameters=[
            {
                "ParameterName": "max_connections",
                "ParameterValue": "900",
                "ApplyMethod": "pending-reboot",
            }
        ],
    )
    assert values(Source="user") == {"max_connections": "900"}
    assert "work_mem" in values(Source="engine-default")
    with refused("DBParameterGroupNotFound", "nothing"):
        rds.describe_db_parameters(DBParameterGroupName="nothing")


def test_engine_versions_are_told(rds: Any) -> None:
    found = rds.describe_db_engine_versions(Engine="aurora-postgresql", EngineVersion="15")
    versions = [one["EngineVersion"] for one in found["DBEngineVersions"]]
    assert versions == ["15.4", "15.5"]
    default = rds.describe_db_engine_versions(Engine="aurora-postgresql", DefaultOnly=True)
    assert [one["EngineVersion"] for one in default["DBEngineVersions"]] == ["16.1"]
