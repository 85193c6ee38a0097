"""A database of a new region on the simulated account: made, made again, half made, refused."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from steps.cloudwatch import Alarm
from steps.rds import Cluster
from steps.rds_alarm_options import (
    alarm_dimensions,
    iops_dimensions,
    memory_thresholds,
    storage_metrics,
)
from steps.rds_dropdowns import classes, keys, names, sources, subnets, versions
from steps.rds_instance import Instance, Member
from steps.rds_tags import Tags
from steps.rds_target import to_be
from tests.steps.driving import Account
from wizard.effects import Effect, Read, Write
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator
from wizard.step import Option, Options, Probe

REGION = "eu-central-2"
NAME = "supertokens-prod-eu-central-2"
PASSWORD = "typed-by-a-person-1"
TAGS = {"VantaOwner": "rishabh@supertokens.com", "VantaContainsUserData": "true"}


LOOK_EVERY = 300.0
"""Account seconds."""


class Place:
    """The new region of a simulated account, whose clock is moved by what waits."""

    def __init__(self, endpoint_url: str) -> None:
        self._url = endpoint_url
        secrets = Secrets({})
        secrets.give("db-master-password", PASSWORD)
        self.gateway = WorldGateway(region=REGION, endpoint_url=endpoint_url, secrets=secrets)
        self.account = Account(self.gateway, self.gateway.now)
        self._suggested: Cluster | None = None
        self.call(Write("account", "EnableRegion", {"RegionName": REGION}))
        self.advance(200)

    def call(self, effect: Effect) -> Any:
        return self.gateway.call(effect).value

    def advance(self, seconds: float) -> None:
        where = f"{self._url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": seconds}).raise_for_status()

    def look(self, step: Probe) -> Any:
        """What is found."""
        return self.account.look(step)[0]

    def options(self, source: Options) -> list[Option]:
        found: list[Option] = self.account.read(source)
        return found

    def best(self, source: Options) -> Any:
        return next(one.value for one in self.options(source) if one.suggested)

    def right(self, step: Probe) -> tuple[Any, list[str]]:
        """What is found once nothing differs, and the calls that it took."""
        before = len(self.account.calls)
        self.account.act(step)
        made = [str(getattr(one, "operation", "")) for one in self.account.calls[before:]]
        waited = 0.0
        found, differences = self.account.look(step)
        while differences:
            assert all(one.settles for one in differences), differences
            assert waited < step.patience.limit, step.waiting_for(found)
            self.advance(LOOK_EVERY)
            waited += LOOK_EVERY
            found, differences = self.account.look(step)
        return found, made

    def cluster(self, **other: Any) -> Cluster:
        """The cluster as the dropdowns suggest it."""
        if self._suggested is None:
            self._suggested = self._read()
        return msgspec.structs.replace(self._suggested, **other)

    def _read(self) -> Cluster:
        source = self.best(sources(REGION))
        version = self.best(versions(source))
        vpc = next(one["VpcId"] for one in self.call(Read("ec2", "DescribeVpcs", pages="Vpcs")))
        return Cluster(
            source=source,
            identifier=self.best(names(source, REGION)),
            region=REGION,
            engine_version=version,
            instance_class=self.best(classes(source, version)),
            vpc=vpc,
            subnets=tuple(one.value for one in self.options(subnets(source, vpc)) if one.suggested),
            key=self.best(keys(source)),
            managed_password=True,
        )

    def members(self, step: Cluster) -> list[dict[str, Any]]:
        offered = to_be(step.source, step.identifier, REGION, step.instance_class)
        return [one.value for one in self.options(offered)]


def _instance(step: Cluster, member: dict[str, Any]) -> Instance:
    return Instance(
        identifier=member["key"],
        cluster=step.identifier,
        engine=member["engine"],
        engine_version=step.engine_version,
        member=msgspec.convert(member, Member),
        publicly_accessible=False,
        key=step.key,
    )


def _alarm(dimensions: dict[str, str]) -> Alarm:
    return Alarm(
        name=f"db-{NAME} FreeableMemory {' '.join(dimensions)}",
        namespace="AWS/RDS",
        metric="FreeableMemory",
        dimensions=dimensions,
        statistic="Minimum",
        period=900,
        threshold=52428800,
        comparison="LessThanThreshold",
        missing_data="missing",
        topic_arn=f"arn:aws:sns:{REGION}:727772838801:CloudWatch_Alarms_EU_Central_2_RDS",
        has_data=True,
    )


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with Simulator() as simulator:
        yield Place(simulator.ready.endpoint_url)


@pytest.fixture(scope="module")
def made(place: Place) -> Cluster:
    """The suggested cluster with its instances, all available."""
    step = place.cluster()
    _, calls = place.right(step)
    assert calls == [
        "CreateDBSubnetGroup",
        "CreateDBClusterParameterGroup",
        "ModifyDBClusterParameterGroup",
        "CreateDBParameterGroup",
        "ModifyDBParameterGroup",
        "CreateDBCluster",
    ]
    for member in place.members(step):
        assert place.right(_instance(step, member))[1] == ["CreateDBInstance"]
    return step


def test_the_copy_is_as_its_source(place: Place, made: Cluster) -> None:
    assert (made.identifier, made.engine_version) == (NAME, "15.5")
    found = place.look(made)
    settings = found["cluster"]["settings"]
    copied = found["source"]["settings"]
    assert {one: settings[one] for one in copied} == {**copied, "EngineVersion": "15.5"}
    assert settings["DeletionProtection"] is settings["ManagedMasterPassword"] is True
    assert found["cluster_parameters"] == found["source"]["cluster_parameters"]
    assert found["kept"] == {}
    given = made.outputs(found)
    assert [one["key"] for one in given["instances"]] == [f"{NAME}-writer", f"{NAME}-reader"]
    assert given["secret"].startswith(f"arn:aws:secretsmanager:{REGION}:")
    assert given["has_local_storage"] is True


def test_a_second_run_writes_nothing(place: Place, made: Cluster) -> None:
    assert place.best(names(made.source, REGION)) == made.identifier
    assert place.right(made)[1] == []
    for member in place.members(made):
        assert place.right(_instance(made, member))[1] == []


def test_drift_is_mended_where_that_does_no_harm(place: Place, made: Cluster) -> None:
    drift = {"BackupRetentionPeriod": 1, "DeletionProtection": False}
    asked = {"DBClusterIdentifier": NAME, **drift, "ApplyImmediately": True}
    place.call(Write("rds", "ModifyDBCluster", asked))
    found, calls = place.right(made)
    assert calls == ["ModifyDBCluster"]
    settings = found["cluster"]["settings"]
    assert (settings["BackupRetentionPeriod"], settings["DeletionProtection"]) == (14, True)


def test_tags_are_added_to_instances_and_cluster(place: Place, made: Cluster) -> None:
    found = place.look(made)
    for one in made.outputs(found)["resources"]:
        tagged = Tags(name=one["key"], arn=one["arn"], tags=TAGS)
        assert place.right(tagged)[1] == ["AddTagsToResource"]
        assert place.right(tagged)[0] == {"tags": TAGS}
        assert place.right(tagged)[1] == []


def test_an_alarm_gets_data_and_the_letters_never_does(place: Place, made: Cluster) -> None:
    found, calls = place.right(_alarm({"DBClusterIdentifier": made.identifier}))
    assert (calls, found["state"]) == (["PutMetricAlarm"], "OK")
    letter = _alarm({"DbClusterIdentifier": made.identifier, "EngineName": "aurora"})
    place.account.act(letter)
    place.advance(letter.patience.limit)
    found = place.look(letter)
    (difference,) = letter.differences(found)
    assert found["state"] == "INSUFFICIENT_DATA"
    assert difference.field == "published"
    assert "DBClusterIdentifier; DBClusterIdentifier, Role" in difference.reason
    assert "E3" in difference.reason


def test_what_somebody_began_by_hand_is_finished(place: Place, made: Cluster) -> None:
    step = msgspec.structs.replace(
        made, identifier="by-hand", managed_password=False, master_password="db-master-password"
    )
    assert place.right(step)[1] == ["CreateDBCluster"]
    first, second = place.members(step)
    assert (first["key"], second["key"]) == ("by-hand-writer", "by-hand-reader")
    place.call(
        Write(
            "rds",
            "CreateDBInstance",
            {
                "DBInstanceIdentifier": "theirs",
                "DBClusterIdentifier": "by-hand",
                "Engine": "aurora-postgresql",
                "DBInstanceClass": "db.r6g.xlarge",
                "PromotionTier": 0,
            },
        )
    )
    place.advance(900)
    adopted = place.members(step)[0]
    assert (adopted["key"], adopted["source"]) == ("theirs", first["source"])
    found, calls = place.right(_instance(step, adopted))
    assert calls == []
    assert found["kept"]["DBInstanceClass"] == {"found": "db.r6g.xlarge", "wanted": "db.r6g.large"}
    assert place.members(step)[1]["key"] == second["key"]


def test_alarms_of_the_source_teach_the_dropdowns(place: Place) -> None:
    source = place.cluster().source
    assert place.best(alarm_dimensions(source)) == "cluster"
    assert place.best(iops_dimensions(source)) == "cluster"
    assert place.best(storage_metrics(source)) == "FreeLocalStorage"
    offered = place.options(memory_thresholds(source, "db.r6g.large"))
    assert [one.value for one in offered] == [52428800, 858993459, 1717986918]
    assert "50 MiB" in offered[0].label
    assert offered[0].suggested


def test_a_customers_key_is_not_guessed(place: Place) -> None:
    source = place.cluster().source.replace("us-east-1", "eu-west-1")
    assert [one.value for one in place.options(keys(source)) if one.suggested] == []
    key = place.call(Write("kms", "CreateKey", {}))["KeyMetadata"]
    alias = {"AliasName": "alias/supertokens-rds", "TargetKeyId": key["KeyId"]}
    place.call(Write("kms", "CreateAlias", alias))
    assert place.best(keys(source)) == key["Arn"]
