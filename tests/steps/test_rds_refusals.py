"""What RDS refuses at the last moment, and how the steps take it."""

import msgspec
import pytest

from steps.rds import Cluster
from steps.rds_instance import Instance, Member
from tests.steps.play import operations, play
from wizard.effects import Facts, Write
from wizard.errors import CallError, StepError

CLUSTER = Cluster(
    source="arn:aws:rds:us-east-1:123456789012:cluster:prod",
    identifier="new",
    region="eu-central-2",
    engine_version="15.5",
    instance_class="db.r6g.large",
    vpc="vpc-1",
    subnets=("subnet-a", "subnet-b"),
    key="alias/aws/rds",
    managed_password=True,
)
ABSENT: Facts = {
    "source": {
        "region": "us-east-1",
        "settings": {"Engine": "aurora-postgresql", "StorageEncrypted": True},
        "subnet_group": "default-vpc-9",
        "security_groups": ["default"],
        "cluster_parameters": None,
        "instance_parameters": [],
    },
    "subnet_group": None,
    "cluster_parameters": None,
    "instance_parameters": {},
    "security_groups": {"default": "sg-1"},
    "cluster": None,
}
INSTANCE = Instance(
    identifier="new-writer",
    cluster="new",
    engine="aurora-postgresql",
    engine_version="15.5",
    member=Member(key="new-writer", source="prod-writer", instance_class="db.r6g.large"),
    publicly_accessible=False,
    key="alias/aws/rds",
)
NOWHERE: Facts = {"arn": None, "certificate_offered": None}


def _error(code: str) -> CallError:
    return CallError("no", code=code, where="rds in eu-central-2")


def test_a_cluster_that_somebody_made_meanwhile_is_left_to_the_next_look() -> None:
    effects = CLUSTER.converge(ABSENT, CLUSTER.differences(ABSENT))
    _, asked = play(effects, {}, _error("DBClusterAlreadyExistsFault"))
    assert operations(asked) == ["CreateDBSubnetGroup", "CreateDBCluster"]
    assert getattr(asked[0], "params")["DBSubnetGroupName"] == "new-subnets"  # noqa: B009


def test_other_refusals_of_a_cluster_end_the_item() -> None:
    effects = CLUSTER.converge(ABSENT, CLUSTER.differences(ABSENT))
    with pytest.raises(CallError) as caught:
        play(effects, {}, _error("DBClusterQuotaExceededFault"))
    assert caught.value.code == "DBClusterQuotaExceededFault"


def test_without_capacity_other_classes_are_named() -> None:
    options = [
        {"DBInstanceClass": name, "AvailabilityZones": [{"Name": zone} for zone in zones]}
        for name, zones in (
            ("db.r6g.large", ("a", "b")),
            ("db.r6i.large", ("a",)),
            ("db.r7g.large", ("a", "b")),
        )
    ]
    effects = INSTANCE.converge(NOWHERE, INSTANCE.differences(NOWHERE))
    with pytest.raises(StepError) as caught:
        play(effects, _error("InsufficientDBInstanceCapacity"), options)
    assert "no capacity for db.r6g.large" in caught.value.what
    assert caught.value.todo.endswith("with another class: db.r7g.large (a, b).")
    assert caught.value.where == "rds in eu-central-2"


def test_other_refusals_of_an_instance_end_the_item() -> None:
    effects = INSTANCE.converge(NOWHERE, INSTANCE.differences(NOWHERE))
    with pytest.raises(CallError) as caught:
        play(effects, _error("InstanceQuotaExceeded"))
    assert caught.value.code == "InstanceQuotaExceeded"


@pytest.mark.parametrize(("name", "groups"), [("new", ["sg-1"]), ("new-dev", ["sg-1", "sg-2"])])
def test_the_group_of_dev_databases_never_opens_production(name: str, groups: list[str]) -> None:
    step = msgspec.structs.replace(CLUSTER, identifier=name)
    source = {**ABSENT["source"], "security_groups": ["default", "dev-postgresql"]}
    here = {"default": "sg-1", "dev-postgresql": "sg-2"}
    found = {**ABSENT, "source": source, "security_groups": here}
    _, asked = play(step.converge(found, step.differences(found)), {}, {})
    assert isinstance(asked[-1], Write)
    assert asked[-1].params["VpcSecurityGroupIds"] == groups
