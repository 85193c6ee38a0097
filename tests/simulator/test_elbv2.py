"""Load balancers of the simulated account: provisioning, refusals, listeners, attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.certificates import plant
from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import Network, lay


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("acm", "elbv2") as made:
        yield made


@pytest.fixture
def network(account: Account) -> Network:
    return lay(account)


def create(account: Account, network: Network, name: str = "prod", **more: Any) -> Any:
    asked = {"Subnets": network.subnets, "SecurityGroups": [network.group], **more}
    return account.client("elbv2").create_load_balancer(Name=name, **asked)["LoadBalancers"][0]


def make_group(account: Account, network: Network, name: str = "prod-tg", **more: Any) -> str:
    asked = {"Protocol": "HTTPS", "Port": 3567, "VpcId": network.vpc, **more}
    made = account.client("elbv2").create_target_group(Name=name, **asked)
    arn: str = made["TargetGroups"][0]["TargetGroupArn"]
    return arn


def listen(account: Account, balancer: str, group: str, **more: Any) -> Any:
    asked = {
        "Protocol": "HTTPS",
        "Port": 3567,
        "SslPolicy": "ELBSecurityPolicy-2016-08",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
        **more,
    }
    made = account.client("elbv2").create_listener(LoadBalancerArn=balancer, **asked)
    return made["Listeners"][0]


def certificate(arn: str) -> dict[str, Any]:
    return {"Certificates": [{"CertificateArn": arn}]}


def test_provisions_for_two_and_a_half_minutes(account: Account, network: Network) -> None:
    made = create(account, network)
    assert made["State"]["Code"] == "provisioning"
    assert made["CanonicalHostedZoneId"] == "Z35SXDOTRQ7X7K"
    assert made["DNSName"].startswith("prod-")
    assert made["DNSName"].endswith(".us-east-1.elb.amazonaws.com")

    def state() -> str:
        found = account.client("elbv2").describe_load_balancers(Names=["prod"])
        return str(found["LoadBalancers"][0]["State"]["Code"])

    account.clock.advance(149)
    assert state() == "provisioning"
    account.clock.advance(1)
    assert state() == "active"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a" * 33, "longer than '32'"),
        ("under_score", "alphanumeric"),
        ("-first", "begin or end"),
        ("last-", "begin or end"),
        ("internal-prod", "'internal-'"),
    ],
)
def test_refuses_names(account: Account, network: Network, name: str, words: str) -> None:
    with refused("ValidationError", words):
        create(account, network, name)


def test_same_name_is_the_same_or_a_duplicate(account: Account, network: Network) -> None:
    first = create(account, network)
    assert create(account, network)["LoadBalancerArn"] == first["LoadBalancerArn"]
    with refused("DuplicateLoadBalancerName", "different settings"):
        create(account, network, Scheme="internal")


def test_refuses_subnets_and_groups(account: Account, network: Network) -> None:
    first, _ = network.subnets
    with refused("ValidationError", "At least two subnets"):
        create(account, network, Subnets=[first])
    with refused("SubnetNotFound"):
        create(account, network, Subnets=[first, "subnet-0123456789abcdef0"])
    ec2 = account.client("ec2")
    twin = ec2.create_subnet(
        VpcId=network.vpc, CidrBlock="10.0.64.0/20", AvailabilityZone="us-east-1a"
    )["Subnet"]["SubnetId"]
    with refused("InvalidConfigurationRequest", "multiple subnets in the same Availability Zone"):
        create(account, network, Subnets=[first, twin])
    small = ec2.create_subnet(
        VpcId=network.vpc, CidrBlock="10.0.96.0/28", AvailabilityZone="us-east-1c"
    )["Subnet"]["SubnetId"]
    with refused("InvalidSubnet", "8 free IP addresses"):
        create(account, network, Subnets=[first, small])
    with refused("InvalidSecurityGroup"):
        create(account, network, SecurityGroups=["sg-0123456789abcdef0"])


def test_refuses_a_vpc_without_gateway(account: Account) -> None:
    inside = lay(account, gateway=False)
    with refused("InvalidSubnet", "has no internet gateway"):
        create(account, inside)
    assert create(account, inside, Scheme="internal")["DNSName"].startswith("internal-prod-")


def test_target_group_defaults_and_sameness(account: Account, network: Network) -> None:
    arn = make_group(account, network)
    found = account.client("elbv2").describe_target_groups(Names=["prod-tg"])["TargetGroups"][0]
    assert found["HealthCheckProtocol"] == "HTTP"
    assert found["HealthCheckPath"] == "/"
    assert make_group(account, network) == arn
    with refused("DuplicateTargetGroupName", "different settings"):
        make_group(account, network, HealthCheckProtocol="HTTPS")
    assert len(account.client("elbv2").describe_target_groups()["TargetGroups"]) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"HealthCheckIntervalSeconds": 301},
        {"HealthyThresholdCount": 11},
        {"HealthCheckTimeoutSeconds": 30, "HealthCheckIntervalSeconds": 30},
        {"HealthCheckPath": "hello"},
        {"Matcher": {"HttpCode": "600"}},
        {"Port": 70000},
    ],
)
def test_refuses_health_checks(account: Account, network: Network, asked: dict[str, Any]) -> None:
    with refused("ValidationError"):
        make_group(account, network, **asked)


def test_listener_needs_a_usable_certificate(account: Account, network: Network) -> None:
    balancer, group = create(account, network)["LoadBalancerArn"], make_group(account, network)
    with refused("ValidationError", "certificate must be specified for HTTPS"):
        listen(account, balancer, group)
    with refused("CertificateNotFound"):
        listen(account, balancer, group, **certificate(plant(account, region="eu-west-1")))
    with refused("UnsupportedCertificate"):
        listen(account, balancer, group, **certificate(plant(account, days=-3)))
    good = certificate(plant(account))
    with refused("SSLPolicyNotFound"):
        listen(account, balancer, group, SslPolicy="ELBSecurityPolicy-2099-01", **good)
    with refused("ValidationError", "less than or equal to 65535"):
        listen(account, balancer, group, Port=70000, **good)
    made = listen(account, balancer, group, **good)
    assert listen(account, balancer, group, **good)["ListenerArn"] == made["ListenerArn"]
    with refused("DuplicateListener"):
        listen(account, balancer, group, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06", **good)


def test_group_belongs_to_one_balancer(account: Account, network: Network) -> None:
    first, other = create(account, network), create(account, network, "other")
    group, good = make_group(account, network), certificate(plant(account))
    listen(account, first["LoadBalancerArn"], group, **good)
    with refused("TargetGroupAssociationLimit"):
        listen(account, other["LoadBalancerArn"], group, **good)
    elbv2 = account.client("elbv2")
    with refused("ResourceInUse"):
        elbv2.delete_target_group(TargetGroupArn=group)
    elbv2.delete_load_balancer(LoadBalancerArn=first["LoadBalancerArn"])
    listen(account, other["LoadBalancerArn"], group, **good)
    shown = elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]
    assert shown["LoadBalancerArns"] == [other["LoadBalancerArn"]]


def test_attributes_are_complete_and_checked(account: Account, network: Network) -> None:
    arn = create(account, network)["LoadBalancerArn"]
    elbv2 = account.client("elbv2")

    def modify(key: str, value: str) -> None:
        elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=arn, Attributes=[{"Key": key, "Value": value}]
        )

    found = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    values = {one["Key"]: one["Value"] for one in found}
    assert values["access_logs.s3.enabled"] == "false"
    assert values["idle_timeout.timeout_seconds"] == "60"
    with refused("ValidationError", "not recognized"):
        modify("access_logs.s3.buckets", "x")
    with refused("ValidationError", "1-4000"):
        modify("idle_timeout.timeout_seconds", "4001")
    modify("deletion_protection.enabled", "true")
    with refused("OperationNotPermitted"):
        elbv2.delete_load_balancer(LoadBalancerArn=arn)
    group = make_group(account, network)
    held = elbv2.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    key = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"
    assert {"Key": key, "Value": "1"} in held


def test_lists_are_paged(account: Account, network: Network) -> None:
    for number in range(5):
        make_group(account, network, f"tg-{number}")
    elbv2 = account.client("elbv2")
    pages = list(
        elbv2.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 2})
    )
    assert [len(page["TargetGroups"]) for page in pages] == [2, 2, 1]
    with refused("ValidationError", "marker"):
        elbv2.describe_target_groups(Marker="nonsense")


def test_ssl_policies(account: Account) -> None:
    elbv2 = account.client("elbv2")
    shown = {
        one["Name"]: one
        for one in elbv2.describe_ssl_policies(LoadBalancerType="application")["SslPolicies"]
    }
    assert shown["ELBSecurityPolicy-2016-08"]["SslProtocols"] == ["TLSv1.2", "TLSv1.1", "TLSv1"]
    assert "TLSv1.3" in shown["ELBSecurityPolicy-TLS13-1-2-2021-06"]["SslProtocols"]
    assert "TLSv1.3" in shown["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"]["SslProtocols"]
    assert elbv2.describe_ssl_policies(LoadBalancerType="gateway")["SslPolicies"] == []
    with refused("SSLPolicyNotFound"):
        elbv2.describe_ssl_policies(Names=["ELBSecurityPolicy-1999-01"])


def test_tags_merge_and_end_at_fifty(account: Account, network: Network) -> None:
    arn, elbv2 = create(account, network)["LoadBalancerArn"], account.client("elbv2")
    many = [{"Key": f"k{number}", "Value": "v"} for number in range(50)]
    elbv2.add_tags(ResourceArns=[arn], Tags=many)
    elbv2.add_tags(ResourceArns=[arn], Tags=[{"Key": "k1", "Value": "w"}])
    with refused("TooManyTags"):
        elbv2.add_tags(ResourceArns=[arn], Tags=[{"Key": "one-more", "Value": "v"}])
    with refused("DuplicateTagKeys"):
        elbv2.add_tags(ResourceArns=[arn], Tags=[many[0], many[0]])
    held = elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]
    assert {"Key": "k1", "Value": "w"} in held
    assert len(held) == 50


def test_modifying_is_checked_like_creating(account: Account, network: Network) -> None:
    balancer, group = create(account, network)["LoadBalancerArn"], make_group(account, network)
    good, elbv2 = certificate(plant(account)), account.client("elbv2")
    arn = listen(account, balancer, group, **good)["ListenerArn"]
    listen(account, balancer, group, Port=3568, **good)
    with refused("SSLPolicyNotFound"):
        elbv2.modify_listener(ListenerArn=arn, SslPolicy="ELBSecurityPolicy-2099-01")
    with refused("CertificateNotFound"):
        elbv2.modify_listener(ListenerArn=arn, **certificate(plant(account, region="eu-west-1")))
    with refused("DuplicateListener"):
        elbv2.modify_listener(ListenerArn=arn, Port=3568)
    newer = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert (
        elbv2.modify_listener(ListenerArn=arn, SslPolicy=newer)["Listeners"][0]["SslPolicy"]
        == newer
    )
    for asked in ({"HealthCheckTimeoutSeconds": 30}, {"Matcher": {"HttpCode": "99"}}):
        with refused("ValidationError"):
            elbv2.modify_target_group(TargetGroupArn=group, **asked)
    changed = elbv2.modify_target_group(
        TargetGroupArn=group, HealthCheckProtocol="HTTPS", HealthCheckPath="/hello"
    )["TargetGroups"][0]
    assert (changed["HealthCheckProtocol"], changed["HealthCheckPath"]) == ("HTTPS", "/hello")
