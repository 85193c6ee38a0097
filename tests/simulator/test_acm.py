"""Certificates of the simulated account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.certificates import plant
from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import lay

DOMAIN = "*.aws.example.com"
ECDSA = {"keyTypes": ["EC_prime256v1"]}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("acm", "elbv2", "route53") as made:
        yield made


@pytest.fixture
def acm(account: Account) -> Any:
    return account.client("acm")


def status(acm: Any, arn: str) -> str:
    return str(acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"])


def arns(acm: Any, **asked: Any) -> list[str]:
    found = acm.list_certificates(**asked)["CertificateSummaryList"]
    return [one["CertificateArn"] for one in found]


def test_lists_rsa_unless_asked(account: Account, acm: Any) -> None:
    ecdsa = plant(account)
    rsa = acm.request_certificate(DomainName=DOMAIN, ValidationMethod="DNS")["CertificateArn"]
    assert arns(acm) == [rsa]
    assert arns(acm, Includes=ECDSA) == [ecdsa]
    assert arns(acm, CertificateStatuses=["ISSUED"], Includes=ECDSA) == [ecdsa]
    assert arns(acm, CertificateStatuses=["EXPIRED"], Includes=ECDSA) == []


def test_certificates_expire_on_account_time(account: Account, acm: Any) -> None:
    arn = plant(account, days=1)
    assert status(acm, arn) == "ISSUED"
    account.clock.advance(86400)
    assert status(acm, arn) == "EXPIRED"


def test_lists_in_pages(account: Account, acm: Any) -> None:
    planted = [plant(account) for _ in range(5)]
    pages = acm.get_paginator("list_certificates").paginate(
        Includes=ECDSA, PaginationConfig={"PageSize": 2}
    )
    found = [[one["CertificateArn"] for one in page["CertificateSummaryList"]] for page in pages]
    assert [len(page) for page in found] == [2, 2, 1]
    assert {arn for page in found for arn in page} == set(planted)


def test_is_issued_a_minute_after_its_record(account: Account, acm: Any) -> None:
    arn = acm.request_certificate(
        DomainName=DOMAIN, ValidationMethod="DNS", KeyAlgorithm="EC_prime256v1"
    )["CertificateArn"]

    def option() -> Any:
        described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        return described["DomainValidationOptions"][0]

    assert "ResourceRecord" not in option()
    account.clock.advance(3)
    wanted = option()["ResourceRecord"]
    account.clock.advance(3600)
    assert status(acm, arn) == "PENDING_VALIDATION"
    route53 = account.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    record = {
        "Name": wanted["Name"],
        "Type": "CNAME",
        "TTL": 300,
        "ResourceRecords": [{"Value": wanted["Value"]}],
    }
    route53.change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )
    account.clock.advance(60)
    assert status(acm, arn) == "PENDING_VALIDATION"
    account.clock.advance(60)
    assert status(acm, arn) == "ISSUED"
    assert option()["ValidationStatus"] == "SUCCESS"
    # The record is the same in every region, so the next region's certificate needs no change.
    there = account.client("acm", "eu-west-1")
    twin = there.request_certificate(DomainName=DOMAIN, ValidationMethod="DNS")["CertificateArn"]
    account.clock.advance(60)
    assert status(there, twin) == "ISSUED"


def test_times_out_after_three_days(account: Account, acm: Any) -> None:
    arn = acm.request_certificate(DomainName=DOMAIN, ValidationMethod="DNS")["CertificateArn"]
    account.clock.advance(72 * 3600)
    assert status(acm, arn) == "VALIDATION_TIMED_OUT"


def test_is_in_use_while_a_listener_holds_it(account: Account, acm: Any) -> None:
    arn, elbv2 = plant(account), account.client("elbv2")
    network = lay(account)
    balancer = elbv2.create_load_balancer(Name="lb", Subnets=network.subnets)["LoadBalancers"][0]
    group = elbv2.create_target_group(Name="tg", Protocol="HTTPS", Port=1, VpcId=network.vpc)
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=3567,
        Certificates=[{"CertificateArn": arn}],
        DefaultActions=[
            {"Type": "forward", "TargetGroupArn": group["TargetGroups"][0]["TargetGroupArn"]}
        ],
    )["Listeners"][0]["ListenerArn"]

    def users() -> list[str]:
        described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        return list(described["InUseBy"])

    assert users() == [balancer["LoadBalancerArn"]]
    with refused("ResourceInUseException"):
        acm.delete_certificate(CertificateArn=arn)
    elbv2.delete_listener(ListenerArn=listener)
    assert users() == []
    acm.delete_certificate(CertificateArn=arn)
    with refused("ResourceNotFoundException", arn):
        acm.describe_certificate(CertificateArn=arn)


@pytest.mark.parametrize("name", ["no-dot", "-a.example.com", "a.*.example.com"])
def test_refuses_domains(acm: Any, name: str) -> None:
    with refused("ValidationException", "domainName"):
        acm.request_certificate(DomainName=name, ValidationMethod="DNS")
