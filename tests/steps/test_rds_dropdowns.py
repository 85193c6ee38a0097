"""What the dropdowns of a database show, suggest and refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from steps.rds_alarm_options import alarm_dimensions, human, iops_dimensions, memory_thresholds
from steps.rds_dropdowns import classes, names, sources, subnets, versions
from tests.steps.cases_of_steps import complaint
from wizard.effects import Read
from wizard.errors import CallError
from wizard.step import Option, Options

SOURCE = "arn:aws:rds:us-east-1:123456789012:cluster:prod-us-east-1"
CLUSTER = {
    "DBClusterIdentifier": "prod-us-east-1",
    "DBClusterArn": SOURCE,
    "Engine": "aurora-postgresql",
    "EngineVersion": "15.4",
    "DBSubnetGroup": "prod",
}
Answers = dict[str, Any]


def shown(source: Options, answers: Answers) -> list[Option]:
    """The options that come of these answers: by operation, or by operation and region. A
    CallError among them is thrown, as the engine does."""
    answer: Any = None
    while True:
        try:
            effect = source.throw(answer) if isinstance(answer, CallError) else source.send(answer)
        except StopIteration as end:
            found: list[Option] = end.value
            return found
        assert isinstance(effect, Read)
        assert complaint(effect) == ""
        there = answers.get(f"{effect.operation} {effect.region}")
        answer = answers[effect.operation] if there is None else there
        if callable(answer):
            answer = answer(effect)


def suggested(options: list[Option]) -> list[Any]:
    return [option.value for option in options if option.suggested]


def refused(options: list[Option]) -> dict[Any, str]:
    return {option.value: option.disabled for option in options if option.disabled}


def member(name: str, instance_class: str = "db.r6g.large") -> dict[str, Any]:
    return {"DBInstanceIdentifier": name, "DBInstanceClass": instance_class}


def other(name: str, region: str = "us-east-1", **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:rds:{region}:123456789012:cluster:{name}"
    return {**CLUSTER, "DBClusterIdentifier": name, "DBClusterArn": arn, **more}


def test_sources_of_every_region_but_the_new_one() -> None:
    strange = [
        other("analytics", Engine="aurora-mysql"),
        other("old", EngineMode="serverless"),
        CLUSTER,
    ]
    answers: Answers = {
        "ListRegions": [{"RegionName": one} for one in ("ap-south-1", "eu-central-2", "us-east-1")],
        "DescribeDBClusters us-east-1": strange,
        "DescribeDBClusters ap-south-1": [other("prod-ap-south-1", "ap-south-1")],
        "DescribeDBInstances": lambda effect: (
            [] if effect.region == "ap-south-1" else [member("prod-us-east-1-1")]
        ),
    }
    options = shown(sources("eu-central-2"), answers)
    assert suggested(options) == [SOURCE]
    assert options[0].value.startswith("arn:aws:rds:us-east-1:")
    reasons = " ".join(refused(options).values())
    assert "is aurora-mysql" in reasons
    assert "Serverless v1" in reasons
    assert "no member to copy" in reasons


def test_a_region_that_may_not_be_read_hides_no_other() -> None:
    answers: Answers = {
        "ListRegions": [{"RegionName": "ap-south-1"}, {"RegionName": "us-east-1"}],
        "DescribeDBClusters ap-south-1": CallError("not allowed", code="AccessDenied"),
        "DescribeDBClusters us-east-1": [CLUSTER],
        "DescribeDBInstances": [member("m")],
    }
    options = shown(sources("eu-central-2"), answers)
    assert refused(options) == {"ap-south-1": "cannot be read: not allowed"}
    assert suggested(options) == [SOURCE]


@pytest.mark.parametrize("clusters", [[other("a"), other("b")], []])
def test_no_source_is_guessed(clusters: list[Any]) -> None:
    answers = {
        "ListRegions": [{"RegionName": "us-east-1"}],
        "DescribeDBClusters": clusters,
        "DescribeDBInstances": [member("m")],
    }
    assert suggested(shown(sources("eu-central-2"), answers)) == []


def test_the_new_name_has_the_new_region_in_it() -> None:
    there = [other("prod-eu-central-2", Status="available"), other("another")]
    options = shown(names(SOURCE, "eu-central-2"), {"DescribeDBClusters": there})
    assert suggested(options) == ["prod-eu-central-2"]
    assert "it is taken as it is" in options[0].detail
    plain = shown(names(SOURCE.replace("prod-us-east-1", "main"), "z"), {"DescribeDBClusters": []})
    assert suggested(plain) == ["main-z"]


@pytest.mark.parametrize(
    ("offered", "best"),
    [
        (["15.4", "15.5", "16.1"], ["15.4"]),
        (["14.9", "15.10", "15.5", "16.1"], ["15.5"]),
        (["15.2", "15.3", "16.1"], ["15.3"]),
        (["14.9", "16.1"], []),
    ],
)
def test_versions_of_the_same_major(offered: list[str], best: list[str]) -> None:
    answers = {
        "DescribeDBClusters": [CLUSTER],
        "DescribeDBEngineVersions": [{"EngineVersion": one} for one in offered],
    }
    options = shown(versions(SOURCE), answers)
    assert suggested(options) == best
    assert all(str(one.value).startswith("15.") for one in options)


def orderable(**zones: str) -> list[dict[str, Any]]:
    return [
        {
            "DBInstanceClass": name.replace("_", "."),
            "AvailabilityZones": [{"Name": one} for one in where],
        }
        for name, where in zones.items()
    ]


def test_a_class_in_one_zone_is_not_for_a_cluster() -> None:
    answers = {
        "DescribeDBClusters": [CLUSTER],
        "DescribeDBInstances": [member("a"), member("b")],
        "DescribeOrderableDBInstanceOptions": orderable(db_r6g_large="ab", db_r6i_large="a"),
    }
    options = shown(classes(SOURCE, "15.5"), answers)
    assert suggested(options) == ["db.r6g.large"]
    assert refused(options) == {"db.r6i.large": "is offered in a: a cluster wants two"}
    answers["DescribeOrderableDBInstanceOptions"] = orderable(db_r7g_large="ab")
    options = shown(classes(SOURCE, "15.5"), answers)
    assert suggested(options) == []
    assert refused(options) == {"db.r6g.large": "is offered in no zone: a cluster wants two"}


def test_members_of_several_classes_keep_their_own() -> None:
    answers = {
        "DescribeDBClusters": [CLUSTER],
        "DescribeDBInstances": [member("a"), member("b", "db.t4g.medium")],
        "DescribeOrderableDBInstanceOptions": orderable(db_r6g_large="ab", db_t4g_medium="ab"),
    }
    assert suggested(shown(classes(SOURCE, "15.5"), answers)) == ["as the source"]


def subnet(name: str, zone: str) -> dict[str, Any]:
    return {
        "SubnetId": name,
        "VpcId": "vpc-1",
        "AvailabilityZone": zone,
        "CidrBlock": "10.0.0.0/24",
        "AvailableIpAddressCount": 250,
    }


def table(*private: str) -> list[dict[str, Any]]:
    """The main table leads out; these subnets have one that does not."""
    out = {"GatewayId": "igw-1", "DestinationCidrBlock": "0.0.0.0/0", "State": "active"}
    return [
        {"VpcId": "vpc-1", "Associations": [{"Main": True}], "Routes": [out]},
        {"VpcId": "vpc-1", "Associations": [{"SubnetId": one} for one in private], "Routes": []},
    ]


@pytest.mark.parametrize(
    ("private_there", "private_here", "best"),
    [
        ((), ("s3", "s4"), ["s1", "s2"]),
        (("t1",), ("s3", "s4"), ["s3", "s4"]),
        (("t1",), ("s4",), ["s1", "s2"]),
    ],
)
def test_private_stays_private_where_it_can(
    private_there: tuple[str, ...], private_here: tuple[str, ...], best: list[str]
) -> None:
    group = {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "t1"}]}
    answers: Answers = {
        "DescribeSubnets": [
            subnet("s1", "a"),
            subnet("s2", "b"),
            subnet("s3", "a"),
            subnet("s4", "b"),
        ],
        "DescribeRouteTables": table(*private_here),
        "DescribeRouteTables us-east-1": table(*private_there),
        "DescribeDBClusters": [CLUSTER],
        "DescribeDBSubnetGroups": [group],
    }
    assert suggested(shown(subnets(SOURCE, "vpc-1"), answers)) == best


def test_alarms_follow_what_has_data() -> None:
    def metrics(*names: str) -> Callable[[Read], Any]:
        values = {"DBInstanceIdentifier": "prod-1"}
        return lambda _effect: [
            {"Dimensions": [{"Name": one, "Value": values.get(one, "prod-us-east-1")}]}
            for one in names
        ]

    answers: Answers = {
        "DescribeAlarms": [
            {
                "Namespace": "AWS/RDS",
                "Dimensions": [
                    {"Name": "DBClusterIdentifier", "Value": "prod-us-east-1"},
                    {"Name": "Role", "Value": "WRITER"},
                ],
            }
        ],
        "DescribeDBInstances": [member("prod-1")],
        "ListMetrics": metrics("DBInstanceIdentifier"),
    }
    assert suggested(shown(alarm_dimensions(SOURCE), answers)) == ["writer"]
    assert suggested(shown(iops_dimensions(SOURCE), answers)) == ["instance"]
    answers["ListMetrics"] = metrics("DBInstanceIdentifier", "DBClusterIdentifier")
    assert suggested(shown(iops_dimensions(SOURCE), answers)) == ["cluster"]
    answers["DescribeAlarms"] = []
    assert suggested(shown(alarm_dimensions(SOURCE), answers)) == ["cluster"]


def test_memory_of_serverless_is_that_of_its_most_units() -> None:
    scaling = {"ServerlessV2ScalingConfiguration": {"MaxCapacity": 8.0}}
    answers = {"DescribeDBClusters": [{**CLUSTER, **scaling}]}
    options = shown(memory_thresholds(SOURCE, "db.serverless"), answers)
    assert [one.value for one in options] == [52428800, 858993459, 1717986918]
    unknown = shown(memory_thresholds(SOURCE, "db.new.large"), {"DescribeInstanceTypes": []})
    assert [one.value for one in unknown] == [52428800]
    assert (human(52428800), human(1717986918)) == ("50 MiB", "1.6 GiB")
