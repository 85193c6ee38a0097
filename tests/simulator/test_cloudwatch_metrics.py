"""What is published for load balancers and databases, and in which dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.simulator.in_process import Account, simulated
from wizard.simulator.services.cloudwatch_metrics import record_load
from wizard.simulator.world import Core

HOUR = 3600.0


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("ec2", "elbv2", "rds", "sns", "cloudwatch") as made:
        yield made


@pytest.fixture
def balancer(account: Account) -> tuple[str, str]:
    """A load balancer with one healthy target: its dimension and its target group's."""
    ec2, elbv2 = account.client("ec2"), account.client("elbv2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.describe_route_tables()["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=3567, ToPort=3567, CidrIp="0.0.0.0/0"
    )
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    instance = ec2.run_instances(
        ImageId="ami-12345678",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnets[0],
        SecurityGroupIds=[group],
    )["Instances"][0]["InstanceId"]
    account.world.register_core(Core(instance, "app-acme", "us-east-1", ready_at=0.0))
    account.clock.advance(HOUR)
    target_group = elbv2.create_target_group(
        Name="acme-tg",
        Protocol="HTTPS",
        Port=3567,
        VpcId=vpc,
        HealthCheckProtocol="HTTPS",
        HealthCheckPath="/hello",
    )["TargetGroups"][0]["TargetGroupArn"]
    elbv2.register_targets(TargetGroupArn=target_group, Targets=[{"Id": instance, "Port": 3567}])
    arn = elbv2.create_load_balancer(Name="acme", Subnets=subnets)["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    elbv2.create_listener(
        LoadBalancerArn=arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target_group}],
    )
    account.clock.advance(HOUR)
    return arn.split(":loadbalancer/")[1], target_group.rsplit(":", 1)[1]


def _dimensions(**pairs: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in pairs.items()]


def _figures(
    account: Account, namespace: str, metric: str, stat: str, dimensions: list[dict[str, str]]
) -> list[float]:
    """The last hour of a metric, a minute each, oldest first."""
    now = account.clock.utc()
    metric_stat = {
        "Metric": {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions},
        "Period": 60,
        "Stat": stat,
    }
    found = account.client("cloudwatch").get_metric_data(
        StartTime=now - timedelta(hours=1),
        EndTime=now,
        ScanBy="TimestampAscending",
        MetricDataQueries=[{"Id": "m", "MetricStat": metric_stat}],
    )
    return [float(value) for value in found["MetricDataResults"][0]["Values"]]


def _listed(account: Account, namespace: str) -> set[tuple[str, frozenset[str]]]:
    pages = account.client("cloudwatch").get_paginator("list_metrics")
    return {
        (metric["MetricName"], frozenset(one["Name"] for one in metric["Dimensions"]))
        for page in pages.paginate(Namespace=namespace)
        for metric in page["Metrics"]
    }


def _alarm(account: Account, name: str, metric: str, dimensions: list[dict[str, str]]) -> None:
    account.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/ApplicationELB",
        MetricName=metric,
        Dimensions=dimensions,
        Statistic="Maximum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )


def _states(account: Account) -> dict[str, str]:
    found = account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}


def test_host_counts_need_both_dimensions(account: Account, balancer: tuple[str, str]) -> None:
    """E4: with only the load balancer the alarm never has data."""
    name, group = balancer
    both = _dimensions(LoadBalancer=name, TargetGroup=group)
    _alarm(account, "letter", "UnHealthyHostCount", _dimensions(LoadBalancer=name))
    _alarm(account, "right", "UnHealthyHostCount", both)
    account.clock.advance(24 * HOUR)
    assert _states(account) == {"letter": "INSUFFICIENT_DATA", "right": "OK"}
    assert set(_figures(account, "AWS/ApplicationELB", "HealthyHostCount", "Minimum", both)) == {1}
    assert _figures(account, "AWS/ApplicationELB", "HealthyHostCount", "Minimum", both[:1]) == []


def test_an_unhealthy_host_raises_the_alarm(account: Account, balancer: tuple[str, str]) -> None:
    name, group = balancer
    _alarm(
        account,
        "unhealthy",
        "UnHealthyHostCount",
        _dimensions(LoadBalancer=name, TargetGroup=group),
    )
    account.clock.advance(300)
    assert _states(account) == {"unhealthy": "OK"}
    instance, core = next(iter(account.world.cores.items()))
    account.world.register_core(Core(instance, core.app_id, core.region, 0.0, failing=True))
    account.clock.advance(300)
    assert _states(account) == {"unhealthy": "ALARM"}


def test_traffic_is_published_only_when_there_is_some(
    account: Account, balancer: tuple[str, str]
) -> None:
    name, _ = balancer
    dimension = _dimensions(LoadBalancer=name)
    assert _listed(account, "AWS/ApplicationELB") == {
        ("HealthyHostCount", frozenset({"LoadBalancer", "TargetGroup"})),
        ("UnHealthyHostCount", frozenset({"LoadBalancer", "TargetGroup"})),
    }
    for status, seconds in ((200, 0.02), (200, 0.04), (503, 0.001)):
        account.world.served(name, account.clock.now(), status, seconds)
    account.clock.advance(60)
    namespace = "AWS/ApplicationELB"
    assert _figures(account, namespace, "RequestCount", "Sum", dimension) == [2]
    assert _figures(account, namespace, "HTTPCode_ELB_5XX_Count", "Sum", dimension) == [1]
    assert _figures(account, namespace, "TargetResponseTime", "Maximum", dimension) == [0.04]
    assert _figures(account, namespace, "HTTPCode_Target_5XX_Count", "Sum", dimension) == []


def test_a_load_test_shows_in_the_metrics(account: Account, balancer: tuple[str, str]) -> None:
    name, _ = balancer
    dimension = _dimensions(LoadBalancer=name)
    start = account.clock.now() // 60 * 60
    record_load(name, start, minutes=5, requests_per_minute=66_000)
    account.clock.advance(600)
    counts = _figures(account, "AWS/ApplicationELB", "RequestCount", "Sum", dimension)
    assert counts == [66_000.0] * 5
    p95 = _figures(account, "AWS/ApplicationELB", "TargetResponseTime", "p95", dimension)
    assert set(p95) == {0.092}
    with pytest.raises(LookupError, match="app/none/1"):
        record_load("app/none/1", start, minutes=1, requests_per_minute=1)


def test_aurora_publishes_by_instance_cluster_and_role(account: Account) -> None:
    """E3: DbClusterIdentifier with EngineName carries the volume's metrics alone."""
    rds = account.client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="prod",
        Engine="aurora-postgresql",
        MasterUsername="postgres",
        MasterUserPassword="password",
    )
    rds.create_db_instance(
        DBInstanceIdentifier="prod-1",
        DBClusterIdentifier="prod",
        Engine="aurora-postgresql",
        DBInstanceClass="db.r6g.large",
    )
    assert _listed(account, "AWS/RDS") == set()
    account.clock.advance(HOUR)
    listed = _listed(account, "AWS/RDS")
    sets = {dimensions for metric, dimensions in listed if metric == "CPUUtilization"}
    assert sets == {
        frozenset({"DBInstanceIdentifier"}),
        frozenset({"DBClusterIdentifier"}),
        frozenset({"DBClusterIdentifier", "Role"}),
    }
    by_engine = frozenset({"DbClusterIdentifier", "EngineName"})
    assert {metric for metric, dimensions in listed if dimensions == by_engine} == {
        "VolumeBytesUsed",
        "VolumeReadIOPs",
        "VolumeWriteIOPs",
    }
    assert not any(metric == "FreeStorageSpace" for metric, _ in listed)
    figures = _figures(
        account,
        "AWS/RDS",
        "DatabaseConnections",
        "Maximum",
        _dimensions(DBClusterIdentifier="prod", Role="WRITER"),
    )
    assert figures
    assert all(60 < figure < 110 for figure in figures)


@pytest.mark.parametrize(
    ("instance_class", "told"), [("db.r6g.large", True), ("db.serverless", False)]
)
def test_serverless_databases_tell_nothing_of_local_storage(
    account: Account, instance_class: str, told: bool
) -> None:
    rds = account.client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="prod",
        Engine="aurora-postgresql",
        MasterUsername="postgres",
        MasterUserPassword="password",
    )
    rds.create_db_instance(
        DBInstanceIdentifier="prod-1",
        DBClusterIdentifier="prod",
        Engine="aurora-postgresql",
        DBInstanceClass=instance_class,
    )
    account.clock.advance(HOUR)
    names = {metric for metric, _ in _listed(account, "AWS/RDS")}
    assert "FreeableMemory" in names
    assert ("FreeLocalStorage" in names) is told
