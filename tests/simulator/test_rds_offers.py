"""Parameter groups, engine versions and instance classes, which differ by region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated

LATE = "eu-central-2"
ENGINE = "aurora-postgresql"


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("rds") as made:
        yield made


@pytest.fixture
def rds(account: Account) -> Any:
    return account.client("rds")


def _group(rds: Any, name: str = "own") -> str:
    rds.create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily="aurora-postgresql15", Description="own"
    )
    return name


def _parameter(name: str, method: str = "immediate") -> dict[str, str]:
    return {"ParameterName": name, "ParameterValue": "1", "ApplyMethod": method}


def test_a_users_parameters_lie_over_the_engines(rds: Any) -> None:
    name = _group(rds)

    def values(**asked: str) -> dict[str, str]:
        found = rds.describe_db_parameters(DBParameterGroupName=name, **asked)["Parameters"]
        return {one["ParameterName"]: one["ParameterValue"] for one in found}

    assert values(Source="user") == {}
    assert values()["max_connections"] == "LEAST({DBInstanceClassMemory/9531392},5000)"
    rds.modify_db_parameter_group(
        DBParameterGroupName=name, Parameters=[_parameter("max_connections", "pending-reboot")]
    )
    assert values(Source="user") == {"max_connections": "1"}
    assert "work_mem" in values(Source="engine-default")
    (static,) = rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
    assert (static["ApplyType"], static["IsModifiable"]) == ("static", True)
    for call in (rds.describe_db_parameters, rds.describe_db_parameter_groups):
        with refused("DBParameterGroupNotFound", "nothing"):
            call(DBParameterGroupName="nothing")


def test_twenty_parameters_change_at_once_and_not_one_more(rds: Any) -> None:
    name = _group(rds)
    asked = [_parameter(f"p{number}") for number in range(21)]
    with refused("InvalidParameterValue", "maximum of 20"):
        rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=asked)
    rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=asked[:20])
    found = rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
    assert len(found) == 20
    with refused("InvalidParameterCombination", "static"):
        rds.modify_db_parameter_group(
            DBParameterGroupName=name, Parameters=[_parameter("max_connections")]
        )


def test_engine_versions_are_told(account: Account, rds: Any) -> None:
    found = rds.describe_db_engine_versions(Engine=ENGINE, EngineVersion="15")
    versions = [one["EngineVersion"] for one in found["DBEngineVersions"]]
    assert versions == ["15.4", "15.5"]
    default = rds.describe_db_engine_versions(Engine=ENGINE, DefaultOnly=True)
    assert [one["EngineVersion"] for one in default["DBEngineVersions"]] == ["16.1"]
    late = account.client("rds", LATE).describe_db_engine_versions(Engine=ENGINE)
    (family,) = {
        one["DBParameterGroupFamily"]
        for one in late["DBEngineVersions"]
        if one["EngineVersion"] == "15.5"
    }
    assert family == "aurora-postgresql15"
    assert "15.4" not in {one["EngineVersion"] for one in late["DBEngineVersions"]}


def test_classes_are_not_the_same_everywhere(account: Account) -> None:
    def zones(region: str) -> dict[str, int]:
        pages = account.client("rds", region).get_paginator(
            "describe_orderable_db_instance_options"
        )
        return {
            one["DBInstanceClass"]: len(one["AvailabilityZones"])
            for page in pages.paginate(
                Engine=ENGINE, EngineVersion="15.5", Vpc=True, PaginationConfig={"PageSize": 20}
            )
            for one in page["OrderableDBInstanceOptions"]
        }

    assert zones("us-east-1")["db.t3.medium"] == 3
    late = zones(LATE)
    assert (late["db.r6g.large"], late["db.r6i.large"]) == (3, 1)
    assert "db.t3.medium" not in late


def test_a_class_that_the_region_has_not_is_refused(account: Account) -> None:
    rds = account.client("rds", LATE)
    rds.create_db_cluster(
        DBClusterIdentifier="prod",
        Engine=ENGINE,
        MasterUsername="postgres",
        MasterUserPassword="password",
    )
    assert rds.describe_db_clusters()["DBClusters"][0]["EngineVersion"] == "16.1"
    for extra, code in (
        ({"DBInstanceClass": "db.t3.medium"}, "InvalidParameterCombination"),
        (
            {"DBInstanceClass": "db.r6g.large", "CACertificateIdentifier": "rds-ca-2019"},
            "CertificateNotFound",
        ),
    ):
        with refused(code):
            rds.create_db_instance(
                DBInstanceIdentifier="one", DBClusterIdentifier="prod", Engine=ENGINE, **extra
            )
