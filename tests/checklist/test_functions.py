"""Names made by the functions are names that AWS accepts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.checklist.functions import (
    alb_name,
    arn_region,
    arn_tail,
    bucket_name,
    region_label,
    without_port,
)

ALB = re.compile(r"(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?")
BUCKET = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
RESERVED_ENDINGS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an")


@pytest.mark.parametrize(
    ("region", "label"),
    [
        ("us-east-1", "US_East_1"),
        ("eu-west-1", "EU_West_1"),
        ("ap-southeast-2", "AP_Southeast_2"),
        ("us-gov-west-1", "US_Gov_West_1"),
    ],
)
def test_region_labels(region: str, label: str) -> None:
    assert region_label(region) == label


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("acme", "prod"), "acme-prod"),
        (("-a.b_c-",), "a-b-c"),
        (("internal-x",), "lb-internal-x"),
        (("",), "x"),
        (("a" * 32,), "a" * 32),
    ],
)
def test_alb_names(parts: tuple[str, ...], name: str) -> None:
    assert alb_name(*parts) == name


@given(st.lists(st.text(max_size=50), min_size=1, max_size=3))
def test_every_alb_name_is_legal_and_stays(parts: list[str]) -> None:
    name = alb_name(*parts)
    assert ALB.fullmatch(name)
    assert alb_name(name) == name
    assert alb_name(*parts) == name


def test_long_names_that_differ_at_the_end_stay_two() -> None:
    long = "customer-with-a-very-long-name-production"
    assert alb_name(long, "a") != alb_name(long, "b")
    assert alb_name(long, "a").startswith("customer-with-a-very-long")


@given(st.lists(st.text(max_size=80), min_size=1, max_size=3))
def test_every_bucket_name_is_legal(parts: list[str]) -> None:
    name = bucket_name(*parts)
    assert BUCKET.fullmatch(name)
    assert not name.endswith(RESERVED_ENDINGS)


@pytest.mark.parametrize("text", ["xn--a", "sthree-a", "a-s3alias", "a--ol-s3", "a", "A.B", "a-an"])
def test_reserved_bucket_names_are_avoided(text: str) -> None:
    name = bucket_name(text)
    assert BUCKET.fullmatch(name)
    assert not name.endswith(RESERVED_ENDINGS)


def test_dimensions_of_an_arn() -> None:
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:000011112222:loadbalancer/app/x/0123"
    group = "arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/x/0123"
    assert arn_tail(balancer, ":loadbalancer/") == "app/x/0123"
    assert arn_tail(group, ":") == "targetgroup/x/0123"
    with pytest.raises(ValueError, match="is not an ARN with :loadbalancer/"):
        arn_tail(group, ":loadbalancer/")


def test_the_region_of_an_arn() -> None:
    assert arn_region("arn:aws:rds:eu-west-1:000011112222:cluster:prod") == "eu-west-1"
    for text in ("arn:aws:s3:::bucket", "prod", ""):
        with pytest.raises(ValueError, match="is not an ARN with a region"):
            arn_region(text)


def test_targets_without_their_port() -> None:
    assert without_port("i-1:3567") == "i-1"
    assert without_port(["i-1:3567", "i-1:3568", "i-2"]) == ["i-1", "i-2"]
