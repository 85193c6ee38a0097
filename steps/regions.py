"""Regions: which the account may use, and what closed ones answer.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""

from collections.abc import Iterable
from typing import Any

from wizard.effects import Json, Read
from wizard.step import Option, Options, Reads, options

CLOSED = (
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "OptInRequired",
    "SubscriptionRequiredException",
)
"""What services answer in a region that is not enabled: they do not know the credentials there."""
DENIED = (
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthorizationErrorException",
)
"""What they answer a caller who may not look."""
OPEN = ("ENABLED", "ENABLED_BY_DEFAULT")
PUBLIC = "/aws/service/global-infrastructure/regions"
"""Public parameters of SSM. They are in us-east-1 for all regions of the partition `aws`.
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html"""
_HOMES = {"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}
# EC2's words for the states that the account service tells apart better.
_OPT_IN = {
    "opt-in-not-required": "ENABLED_BY_DEFAULT",
    "opted-in": "ENABLED",
    "not-opted-in": "DISABLED",
}
_NAMES_AT_ONCE = 10


def home(partition: str) -> str:
    """The region that a partition's global services live in, which is always enabled."""
    return _HOMES.get(partition, _HOMES["aws"])


def statuses(partition: str = "aws") -> Reads[dict[str, str]]:
    """Every region by name with its RegionOptStatus; from EC2 where Account Management is denied.

    https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
    """
    listed = yield Read(
        "account", "ListRegions", pages="Regions", absent=DENIED, region=home(partition)
    )
    if listed:
        return {str(one["RegionName"]): str(one["RegionOptStatus"]) for one in listed}
    return (yield from _told_by_ec2(partition))


def _told_by_ec2(partition: str) -> Reads[dict[str, str]]:
    answer = yield Read("ec2", "DescribeRegions", {"AllRegions": True}, region=home(partition))
    return {
        str(one["RegionName"]): _OPT_IN.get(str(one.get("OptInStatus")), "DISABLED")
        for one in answer["Regions"]
    }


def status(region: str, partition: str = "aws") -> Reads[str]:
    """RegionOptStatus of one region; empty when AWS knows no such region.

    https://docs.aws.amazon.com/accounts/latest/reference/API_GetRegionOptStatus.html
    """
    answer = yield Read(
        "account",
        "GetRegionOptStatus",
        {"RegionName": region},
        absent=(*DENIED, "ValidationException"),
        region=home(partition),
    )
    if answer is not None:
        return str(answer["RegionOptStatus"])
    return (yield from _told_by_ec2(partition)).get(region, "")


def enabled_regions(partition: str = "aws") -> Reads[list[str]]:
    """The names of the regions that the account may use."""
    answer = yield Read("ec2", "DescribeRegions", region=home(partition))
    return sorted(str(one["RegionName"]) for one in answer["Regions"])


def zones(region: str) -> Reads[list[str] | None]:
    """The Availability Zones of a region; None when it does not answer this account."""
    listed = yield Read(
        "ec2",
        "DescribeAvailabilityZones",
        {"Filters": [{"Name": "zone-type", "Values": ["availability-zone"]}]},
        absent=CLOSED,
        region=region,
    )
    if listed is None:
        return None
    return sorted(str(one["ZoneName"]) for one in listed["AvailabilityZones"])


@options("account.regions")
def regions(suggested: str = "", *, enabled: bool = True, partition: str = "aws") -> Options:
    """Every region with its opt-in status and number of zones. `enabled`: others cannot be chosen.
    `suggested` is preselected."""
    known = yield from statuses(partition)
    names = yield from _long_names(known, partition)
    lines = []
    for one, state in sorted(known.items(), key=lambda entry: (entry[1] not in OPEN, entry[0])):
        there = (yield from zones(one)) if state in OPEN else None
        count = f", {len(there)} zones" if there else ""
        words = state.lower().replace("_", " ")
        lines.append(
            Option(
                one,
                f"{one}  {names[one]}" if one in names else one,
                detail=f"{words}{count}",
                suggested=one == suggested,
                disabled=f"is {words} for this account" if enabled and state not in OPEN else "",
            )
        )
    return lines


def _long_names(known: Iterable[str], partition: str) -> Reads[dict[str, str]]:
    """`us-east-1` → `US East (N. Virginia)`, as far as SSM tells."""
    asked = sorted(known)
    found: dict[str, str] = {}
    for start in range(0, len(asked), _NAMES_AT_ONCE):
        part = asked[start : start + _NAMES_AT_ONCE]
        answer: Json = yield Read(
            "ssm",
            "GetParameters",
            {"Names": [f"{PUBLIC}/{one}/longName" for one in part]},
            absent=DENIED,
            region=home(partition),
        )
        named: list[Any] = answer["Parameters"] if answer else []
        found |= {str(one["Name"]).split("/")[-2]: str(one["Value"]) for one in named}
    return found
