"""Regions and quotas of the simulated account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated

CLOSED = "eu-central-2"


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("account", "acm", "ec2") as made:
        yield made


@pytest.fixture
def regions(account: Account) -> Any:
    return account.client("account")


def status(regions: Any, name: str = CLOSED) -> str:
    return str(regions.get_region_opt_status(RegionName=name)["RegionOptStatus"])


def test_lists_every_region_in_pages(regions: Any) -> None:
    pages = list(regions.get_paginator("list_regions").paginate(PaginationConfig={"PageSize": 10}))
    found = {one["RegionName"]: one["RegionOptStatus"] for p in pages for one in p["Regions"]}
    assert len(pages) > 3
    assert found["us-east-1"] == "ENABLED_BY_DEFAULT"
    assert found[CLOSED] == "DISABLED"
    only = regions.list_regions(RegionOptStatusContains=["DISABLED"])["Regions"]
    assert {one["RegionOptStatus"] for one in only} == {"DISABLED"}


def test_opening_a_region_takes_two_minutes(account: Account, regions: Any) -> None:
    regions.enable_region(RegionName=CLOSED)
    assert status(regions) == "ENABLING"
    with refused("ConflictException"):
        regions.enable_region(RegionName=CLOSED)
    account.clock.advance(120)
    assert status(regions) == "ENABLED"
    regions.enable_region(RegionName=CLOSED)
    assert status(regions) == "ENABLED"
    regions.disable_region(RegionName=CLOSED)
    assert status(regions) == "DISABLING"


def test_refuses_what_cannot_be_switched(regions: Any) -> None:
    with refused("ValidationException", "by default"):
        regions.enable_region(RegionName="us-east-1")
    with refused("ValidationException", "Invalid region"):
        status(regions, "eu-middle-9")


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("acm", "list_certificates", "UnrecognizedClientException"),
    ],
)
def test_closed_regions_know_nobody(
    account: Account, regions: Any, service: str, operation: str, code: str
) -> None:
    call = getattr(account.client(service, CLOSED), operation)
    with refused(code):
        call()
    regions.enable_region(RegionName=CLOSED)
    with refused(code):
        call()
    account.clock.advance(120)
    assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_ec2_tells_the_same_of_regions(account: Account, regions: Any) -> None:
    ec2 = account.client("ec2")

    def opt_in(**asked: Any) -> dict[str, str]:
        found = ec2.describe_regions(**asked)["Regions"]
        return {one["RegionName"]: one["OptInStatus"] for one in found}

    assert CLOSED not in opt_in()
    assert opt_in(AllRegions=True)[CLOSED] == "not-opted-in"
    regions.enable_region(RegionName=CLOSED)
    account.clock.advance(120)
    assert opt_in()[CLOSED] == "opted-in"


def test_quotas(account: Account) -> None:
    quotas = account.client("service-quotas")

    def quota(service: str, code: str) -> float:
        found = quotas.get_service_quota(ServiceCode=service, QuotaCode=code)
        return float(found["Quota"]["Value"])

    assert quota("elasticloadbalancing", "L-53DA6B97") == 50
    assert quota("vpc", "L-0EA8095F") == 60
    assert quota("vpc", "L-1B52E74A") == 20
    assert quota("lambda", "L-B99A9384") == 1000
    plain = quotas.get_aws_default_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")
    assert quota("ec2", "L-1216C47A") > plain["Quota"]["Value"]
    pages = quotas.get_paginator("list_service_quotas").paginate(
        ServiceCode="vpc", PaginationConfig={"PageSize": 10}
    )
    codes = {one["QuotaCode"] for page in pages for one in page["Quotas"]}
    assert {"L-0EA8095F", "L-2AFB9258", "L-1B52E74A"} <= codes
    with refused("NoSuchResourceException"):
        quota("elasticloadbalancing", "L-00000000")


def test_services_of_a_region_are_public_parameters(account: Account) -> None:
    path = f"/aws/service/global-infrastructure/regions/{CLOSED}/services"
    pages = account.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path)
    found = {one["Value"] for page in pages for one in page["Parameters"]}
    assert {"ec2", "elb", "rds", "lambda"} <= found
