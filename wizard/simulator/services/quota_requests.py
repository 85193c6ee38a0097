"""Increases of quotas: requested, with a person at AWS for a while, then applied.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_RequestServiceQuotaIncrease.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

# AWS answers in minutes, hours or days.
DECIDED_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Increase:
    """One request, as it was made at an account time."""

    id: str
    service: str
    code: str
    value: float
    at: float

    def status(self, now: float) -> str:
        """AWS's RequestStatus."""
        if now >= self.at + DECIDED_SECONDS:
            return "APPROVED"
        return "CASE_OPENED" if now >= self.at + DECIDED_SECONDS / 10 else "PENDING"


def increases(backend: Any) -> list[Increase]:
    """The requests of one account in one region, oldest first."""
    kept: list[Increase] = backend.__dict__.setdefault("increases", [])
    return kept


def applied(backend: Any, service: str, code: str, now: float) -> float | None:
    """The highest value that has been granted; None when none has."""
    granted = [
        one.value
        for one in increases(backend)
        if (one.service, one.code) == (service, code) and one.status(now) == "APPROVED"
    ]
    return max(granted, default=None)


def is_open(backend: Any, service: str, code: str, now: float) -> bool:
    """Whether a request for this quota is still undecided: AWS takes no second one."""
    return any(
        (one.service, one.code) == (service, code) and one.status(now) != "APPROVED"
        for one in increases(backend)
    )


def ask(backend: Any, service: str, code: str, value: float, clock: AccountClock) -> Increase:
    """Note a request."""
    made = Increase(mock_random.get_random_hex(40), service, code, value, clock.now())
    increases(backend).append(made)
    return made


def shown(increase: Increase, quota: dict[str, Any], now: float) -> dict[str, Any]:
    """As AWS lists it; `quota` is the quota as AWS lists that."""
    at = datetime.fromtimestamp(increase.at, UTC)
    same = ("ServiceCode", "ServiceName", "QuotaCode", "QuotaName", "QuotaArn", "Unit")
    return {
        **{key: quota[key] for key in same},
        "Id": increase.id,
        "DesiredValue": increase.value,
        "Status": increase.status(now),
        "Created": at,
        "LastUpdated": at,
        "GlobalQuota": False,
        "QuotaRequestedAtLevel": "ACCOUNT",
    }
