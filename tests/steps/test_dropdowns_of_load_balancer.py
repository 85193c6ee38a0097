"""What the dropdowns of the load balancer checklist show, suggest and refuse."""

from typing import Any

import pytest

from steps.acm import KEY_TYPES, certificates
from steps.ec2_options import alb_security_groups, alb_subnets, apps, targets, vpcs
from steps.elbv2_options import ssl_policies
from steps.fleet_names import names_of_app
from steps.rds_options import clusters, max_connections
from steps.scale_options import sizes
from tests.steps.cases_of_steps import complaint, written
from tests.steps.driving import drive
from wizard.effects import Effect
from wizard.step import Option, Options


def shown(source: Options, answers: dict[str, Any]) -> list[Option]:
    """The options that come of these answers, by service and operation."""

    def answer(effect: Effect) -> Any:
        assert complaint(effect) == ""
        return answers[str(written(effect)["call"])]

    options: list[Option] = drive(source, answer)
    return options


def suggested(options: list[Option]) -> list[Any]:
    return [option.value for option in options if option.suggested]


def refused(options: list[Option]) -> dict[Any, str]:
    return {option.value: option.disabled for option in options if option.disabled}


def instance(name: str, zone: str = "a", state: str = "running", **more: Any) -> dict[str, Any]:
    """An instance as DescribeInstances gives it; `more` are its tags."""
    return {
        "InstanceId": name,
        "State": {"Name": state},
        "VpcId": "vpc-1",
        "PrivateIpAddress": "10.0.0.9",
        "LaunchTime": "2026-01-01T10:00:00+00:00",
        "Placement": {"AvailabilityZone": f"us-east-1{zone}"},
        "Tags": [{"Key": key, "Value": value} for key, value in more.items()],
    }


FLEET = [
    instance("i-1", "a", app="app-acme", Name="core-acme-prod-1"),
    instance("i-2", "b", app="app-acme"),
    instance("i-3", "c", "stopped", app="app-acme"),
    instance("i-4", "f", app="app-acme"),
    instance("i-5", "a", app="app-zebra"),
    instance("i-6", "a", "stopped", app="app-aardvark"),
    instance("i-7", "a", Name="bastion"),
]


def subnet(name: str, zone: str, cidr: str = "10.0.0.0/20", free: int = 100) -> dict[str, Any]:
    return {
        "SubnetId": name,
        "VpcId": "vpc-1",
        "AvailabilityZone": f"us-east-1{zone}",
        "CidrBlock": cidr,
        "AvailableIpAddressCount": free,
    }


def test_apps_come_from_tags_and_names_and_one_that_does_not_run_cannot_be_chosen() -> None:
    options = shown(apps(), {"ec2.DescribeInstances": FLEET})
    assert [option.value for option in options] == ["app-aardvark", "app-acme", "app-zebra"]
    assert suggested(options) == ["app-acme"]
    assert refused(options) == {"app-aardvark": "has no running instance in this region"}


@pytest.mark.parametrize(("app", "vpc"), [("app-acme", "vpc-1"), ("app-other", "vpc-0")])
def test_the_vpc_of_the_apps_instances_is_suggested_else_the_default_one(
    app: str, vpc: str
) -> None:
    answers = {
        "ec2.DescribeVpcs": [
            {"VpcId": "vpc-0", "CidrBlock": "172.31.0.0/16", "IsDefault": True},
            {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": False},
        ],
        "ec2.DescribeInstances": FLEET,
    }
    options = shown(vpcs(app), answers)
    assert suggested(options) == [vpc]
    assert options[0].value == vpc


def test_one_suitable_subnet_a_zone_is_suggested_and_the_others_say_why_not() -> None:
    answers = {
        "ec2.DescribeSubnets": [
            subnet("subnet-a1", "a", free=50),
            subnet("subnet-a2", "a", free=90),
            subnet("subnet-b", "b"),
            subnet("subnet-c", "c", "10.0.9.0/28", 11),
            subnet("subnet-x", "-bos-1a"),
        ],
        "ec2.DescribeRouteTables": [
            {
                "VpcId": "vpc-1",
                "Associations": [{"Main": True}],
                "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}],
            }
        ],
        "ec2.DescribeAvailabilityZones": [{"ZoneName": f"us-east-1{zone}"} for zone in "abcd"],
    }
    options = shown(alb_subnets("vpc-1"), answers)
    assert suggested(options) == ["subnet-a2", "subnet-b"]
    assert set(refused(options)) == {"subnet-c", "subnet-x", "us-east-1d"}
    assert "a /28" in refused(options)["subnet-c"]
    assert refused(options)["us-east-1d"] == "has no subnet in this VPC"


def test_the_four_groups_are_suggested_by_name_and_say_what_they_open() -> None:
    everywhere = [{"CidrIp": "0.0.0.0/0"}]
    answers = {
        "ec2.DescribeSecurityGroups": [
            {"GroupId": "sg-0", "GroupName": "dev-postgresql"},
            {"GroupId": "sg-1", "GroupName": "default"},
            {
                "GroupId": "sg-2",
                "GroupName": "supertokens-nginx-port",
                "IpPermissions": [
                    {"IpProtocol": "tcp", "FromPort": 3567, "ToPort": 3600, "IpRanges": everywhere}
                ],
            },
        ]
    }
    names = ["default", "ping-ssh", "supertokens-nginx-port"]
    options = shown(alb_security_groups("vpc-1", names, 3567), answers)
    assert suggested(options) == ["sg-1", "sg-2"]
    assert set(refused(options)) == {"ping-ssh"}
    assert [option.detail for option in options if option.suggested] == [
        "does not open 3567",
        "opens 3567 to 0.0.0.0/0",
    ]


def test_targets_are_the_apps_running_instances_in_enabled_zones() -> None:
    answers = {
        "ec2.DescribeInstances": FLEET,
        "ec2.DescribeSubnets": [subnet("subnet-a", "a"), subnet("subnet-b", "b")],
    }
    options = shown(targets("vpc-1", "app-acme", ["subnet-a", "subnet-b"]), answers)
    assert suggested(options) == ["i-1", "i-2"]
    assert refused(options) == {
        "i-3": "is stopped",
        "i-4": "us-east-1f is not enabled on the load balancer: it would stay unused",
    }
    assert options[0].label == "core-acme-prod-1 (i-1)"
    assert options[0].detail == "us-east-1a, 10.0.0.9, launched 2026-01-01T10:00:00"


def test_targets_of_another_vpc_cannot_be_chosen() -> None:
    answers = {"ec2.DescribeInstances": FLEET, "ec2.DescribeSubnets": []}
    options = shown(targets("vpc-2", "app-acme"), answers)
    assert suggested(options) == []
    assert refused(options)["i-1"] == "is in vpc-1, and the target group in vpc-2"


def test_the_issued_certificate_of_the_domain_that_lasts_longest_is_suggested() -> None:
    wanted = "*.aws.supertokens.com"
    listed = [
        {"CertificateArn": "c/1", "DomainName": wanted, "Status": "EXPIRED", "NotAfter": "2029"},
        {"CertificateArn": "c/2", "DomainName": "*.example.com", "Status": "ISSUED"},
        {"CertificateArn": "c/3", "DomainName": wanted, "Status": "ISSUED", "NotAfter": "2027"},
        {
            "CertificateArn": "c/4",
            "DomainName": "example.com",
            "SubjectAlternativeNameSummaries": [wanted],
            "Status": "ISSUED",
            "NotAfter": "2028",
        },
    ]
    options = shown(certificates(wanted), {"acm.ListCertificates": listed})
    assert suggested(options) == ["c/4"]
    assert refused(options) == {"c/1": "is EXPIRED", "c/2": f"is not for {wanted}"}


def test_certificates_of_every_key_type_are_asked_for() -> None:
    asked: list[Effect] = []

    def answer(effect: Effect) -> list[Any]:
        asked.append(effect)
        return []

    drive(certificates("*.example.com"), answer)
    assert [written(effect)["params"] for effect in asked] == [
        {"Includes": {"keyTypes": list(KEY_TYPES)}}
    ]


@pytest.mark.parametrize(
    ("there", "best"),
    [
        (
            ["ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"],
            "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        ),
        (["ELBSecurityPolicy-TLS13-1-2-2021-06"], "ELBSecurityPolicy-TLS13-1-2-2021-06"),
    ],
)
def test_the_recommended_tls_policy_that_the_region_has_is_suggested(
    there: list[str], best: str
) -> None:
    letter = {"Name": "ELBSecurityPolicy-2016-08", "SslProtocols": ["TLSv1", "TLSv1.2"]}
    listed = [letter, *({"Name": name, "SslProtocols": ["TLSv1.3"]} for name in there)]
    options = shown(ssl_policies(), {"elbv2.DescribeSSLPolicies": listed})
    assert suggested(options) == [best]
    chosen = next(option for option in options if option.value == letter["Name"])
    assert chosen.disabled == ""
    assert "TLS 1.0 or 1.1" in chosen.detail


def _health(*names: str) -> dict[str, Any]:
    return {"TargetHealthDescriptions": [{"Target": {"Id": name, "Port": 1}} for name in names]}


@pytest.mark.parametrize(
    ("balancers", "registered", "number"),
    [([], ["i-1", "i-2", "i-4"], 5), (["lb/1"], ["i-1"], 5), (["lb/1"], ["i-1", "i-2", "i-4"], 3)],
)
def test_two_more_are_suggested_until_a_load_balancer_has_them_all(
    balancers: list[str], registered: list[str], number: int
) -> None:
    group = {"TargetGroupArn": "tg/1", "TargetType": "instance", "LoadBalancerArns": balancers}
    answers = {
        "ec2.DescribeInstances": FLEET,
        "elbv2.DescribeTargetGroups": [group],
        "elbv2.DescribeTargetHealth": _health(*registered),
    }
    options = shown(sizes("app-acme"), answers)
    assert suggested(options) == [number]
    assert options[0].value == 3
    assert "the call is not made" in options[0].detail


@pytest.mark.parametrize(
    "record",
    [
        {"Type": "A", "ResourceRecords": [{"Value": "52.0.0.9"}]},
        {"Type": "CNAME", "ResourceRecords": [{"Value": "ec2-52-0-0-9.amazonaws.com."}]},
        {"Type": "A", "AliasTarget": {"DNSName": "dualstack.acme-prod-1.elb.amazonaws.com."}},
    ],
)
def test_the_name_that_leads_to_the_app_is_suggested(record: dict[str, Any]) -> None:
    mine = {
        **instance("i-1", app="st-42"),
        "PublicIpAddress": "52.0.0.9",
        "PublicDnsName": "ec2-52-0-0-9.amazonaws.com",
    }
    answers = {
        "ec2.DescribeInstances": [mine],
        "route53.ListResourceRecordSets": [
            {"Name": "other.example.com.", "Type": "A", "ResourceRecords": [{"Value": "1.1.1.1"}]},
            {"Name": "shop.example.com.", **record},
        ],
    }
    options = shown(names_of_app("Z1", "example.com", "st-42", "acme-prod"), answers)
    assert suggested(options) == ["shop.example.com"]
    assert options[0].value == "shop.example.com"


def test_the_only_postgres_cluster_is_suggested_with_the_limit_its_groups_give() -> None:
    listed = [
        {"DBClusterIdentifier": "prod", "Engine": "aurora-postgresql"},
        {"DBClusterIdentifier": "old", "Engine": "aurora-mysql"},
    ]
    assert suggested(shown(clusters(), {"rds.DescribeDBClusters": listed})) == ["prod"]
    answers = {
        "rds.DescribeDBInstances": [{"DBParameterGroups": [{"DBParameterGroupName": "tuned"}]}],
        "rds.DescribeDBParameters": [
            {"ParameterName": "max_connections", "ParameterValue": "1600"},
            {"ParameterName": "log_min_duration_statement", "ParameterValue": "1000"},
        ],
    }
    assert suggested(shown(max_connections("prod"), answers)) == [1600]
    assert shown(max_connections(None), {}) == []
