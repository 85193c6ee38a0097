"""Quotas of a region: what is allowed, what is used, and what a run adds.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from steps.regions import DENIED
from wizard.effects import Json, Read, Write
from wizard.step import Reads

OPEN_REQUESTS = ("PENDING", "CASE_OPENED")
_ABSENT = ("NoSuchResourceException", *DENIED)


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """One quota: of what, how much is used, and how much more this run will use."""

    service: str
    code: str
    of: str
    used: int
    adds: int


def limit(quota: Quota, region: str) -> Reads[float | None]:
    """What is allowed now: the applied value, else AWS's default; None when nobody may say."""
    for operation in ("GetServiceQuota", "GetAWSDefaultServiceQuota"):
        answer = yield Read(
            "service-quotas",
            operation,
            {"ServiceCode": quota.service, "QuotaCode": quota.code},
            absent=_ABSENT,
            region=region,
        )
        if answer is not None and answer["Quota"].get("Value") is not None:
            return float(answer["Quota"]["Value"])
    return None


def requested(quota: Quota, region: str) -> Reads[float | None]:
    """The value of an increase that AWS still has before it; None when none was asked for."""
    asked = yield Read(
        "service-quotas",
        "ListRequestedServiceQuotaChangeHistoryByQuota",
        {"ServiceCode": quota.service, "QuotaCode": quota.code},
        pages="RequestedQuotas",
        absent=_ABSENT,
        region=region,
    )
    return max(
        (float(one["DesiredValue"]) for one in asked if one.get("Status") in OPEN_REQUESTS),
        default=None,
    )


def increase(entry: Mapping[str, Any], region: str) -> Write:
    """Asks AWS for what is wanted. It answers in minutes, hours or days."""
    return Write(
        "service-quotas",
        "RequestServiceQuotaIncrease",
        {
            "ServiceCode": entry["service"],
            "QuotaCode": entry["code"],
            "DesiredValue": float(entry["used"] + entry["adds"]),
        },
        region=region,
        title=f"Request room for {entry['used'] + entry['adds']} {entry['of']} in {region}",
    )


def link(entry: Mapping[str, Any], region: str) -> str:
    """Where a person asks for more."""
    return (
        f"https://{region}.console.aws.amazon.com/servicequotas/home/services/"
        f"{entry['service']}/quotas/{entry['code']}"
    )


def measured(quotas: Iterable[Quota], region: str) -> Reads[list[dict[str, Json]]]:
    """Each quota with its limit and, where room is missing, what has been requested."""
    entries: list[dict[str, Json]] = []
    for quota in quotas:
        most = yield from limit(quota, region)
        entry: dict[str, Json] = {
            "service": quota.service,
            "code": quota.code,
            "of": quota.of,
            "used": quota.used,
            "adds": quota.adds,
            "limit": most,
        }
        if lacks(entry):
            entry["requested"] = yield from requested(quota, region)
        entries.append(entry)
    return entries


def lacks(entry: Mapping[str, Any]) -> bool:
    """Whether what the run adds does not fit any more. What is unknown does not stop it."""
    return entry["limit"] is not None and entry["used"] + entry["adds"] > entry["limit"]
