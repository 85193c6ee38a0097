"""Requests for higher quotas in the simulated account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from wizard.simulator.services.quota_requests import DECIDED_SECONDS

CLUSTERS = {"ServiceCode": "rds", "QuotaCode": "L-952B80B8"}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("account") as made:
        yield made


@pytest.fixture
def quotas(account: Account) -> Any:
    return account.client("service-quotas", "eu-west-3")


def _statuses(quotas: Any, **more: str) -> list[str]:
    listed = quotas.list_requested_service_quota_change_history_by_quota(**CLUSTERS, **more)
    return [one["Status"] for one in listed["RequestedQuotas"]]


def test_an_increase_is_decided_after_a_while(account: Account, quotas: Any) -> None:
    assert _statuses(quotas) == []
    asked = quotas.request_service_quota_increase(**CLUSTERS, DesiredValue=55.0)["RequestedQuota"]
    assert (asked["Status"], asked["DesiredValue"]) == ("PENDING", 55.0)
    assert quotas.get_service_quota(**CLUSTERS)["Quota"]["Value"] == 40
    with refused("ResourceAlreadyExistsException"):
        quotas.request_service_quota_increase(**CLUSTERS, DesiredValue=60.0)
    account.clock.advance(DECIDED_SECONDS / 2)
    assert _statuses(quotas) == ["CASE_OPENED"]
    account.clock.advance(DECIDED_SECONDS)
    assert _statuses(quotas) == ["APPROVED"]
    assert _statuses(quotas, Status="PENDING") == []
    assert quotas.get_service_quota(**CLUSTERS)["Quota"]["Value"] == 55
    default = quotas.get_aws_default_service_quota(**CLUSTERS)
    assert default["Quota"]["Value"] == 40
    quotas.request_service_quota_increase(**CLUSTERS, DesiredValue=60.0)
    # Quotas belong to a region.
    other = account.client("service-quotas", "eu-north-1")
    assert other.get_service_quota(**CLUSTERS)["Quota"]["Value"] == 40
    assert _statuses(other) == []


def test_what_is_not_more_is_refused(quotas: Any) -> None:
    with refused("IllegalArgumentException"):
        quotas.request_service_quota_increase(**CLUSTERS, DesiredValue=40.0)
    with refused("NoSuchResourceException"):
        quotas.request_service_quota_increase(
            ServiceCode="rds", QuotaCode="L-00000000", DesiredValue=50.0
        )
