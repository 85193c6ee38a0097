"""The regions of an account, and which of them it has enabled."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from wizard.effects import Read
from wizard.engine.desk import Dropdown
from wizard.errors import CallError
from wizard.gateway.regions import NOT_ENABLED, first_region
from wizard.gateway.world import WorldGateway
from wizard.step import Option

# https://docs.aws.amazon.com/accounts/latest/reference/API_Region.html
STATUS = {
    "ENABLED": "enabled",
    "ENABLED_BY_DEFAULT": "enabled by default",
    "ENABLING": "being enabled",
    "DISABLING": "being disabled",
    "DISABLED": "not enabled",
}
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html
_EC2 = {
    "opt-in-not-required": "ENABLED_BY_DEFAULT",
    "opted-in": "ENABLED",
    "not-opted-in": "DISABLED",
}
OPEN = frozenset({"ENABLED", "ENABLED_BY_DEFAULT"})


def region_choices(gateway: WorldGateway, names: Sequence[str]) -> Dropdown:
    """The regions of `names`, in that order, and others that the account has, with their status.

    When none of the calls that tell it is allowed, the names alone, and `problem` says why.
    Descriptions are botocore's own.
    """
    from wizard.gateway.profiles import regions  # noqa: PLC0415  reads a large file

    described = dict(regions())
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    try:
        standing, source = _standing(gateway)
    except CallError as error:
        bare = tuple(Option(name, name, described.get(name, "")) for name in names)
        return Dropdown(options=bare, source="", read_at=now, problem=error.what)
    known = [name for name in names if name in standing]
    others = sorted(set(standing) - set(known))
    options = tuple(_option(name, standing[name], described) for name in (*known, *others))
    return Dropdown(options=options, source=source, read_at=now)


def _option(name: str, status: str, described: Mapping[str, str]) -> Option:
    said = STATUS.get(status, status.lower())
    detail = " · ".join(part for part in (described.get(name, ""), said) if part)
    closed = "" if status in OPEN else f"{said} in this account"
    return Option(name, name, detail, disabled=closed)


def _standing(gateway: WorldGateway) -> tuple[dict[str, str], str]:
    """The status of each region, and who said so."""
    try:
        # https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
        found = gateway.call(Read("account", "ListRegions", pages="Regions")).value
        return {one["RegionName"]: one["RegionOptStatus"] for one in found}, "account:ListRegions"
    except CallError as refused:
        try:
            return _described(gateway), "ec2:DescribeRegions"
        except CallError:
            raise refused from None


def _described(gateway: WorldGateway) -> dict[str, str]:
    try:
        return _regions_in(gateway, gateway.region)
    except CallError as error:
        elsewhere = first_region(gateway.region)
        if error.code not in NOT_ENABLED or elsewhere == gateway.region:
            raise
        return _regions_in(gateway, elsewhere)


def _regions_in(gateway: WorldGateway, region: str) -> dict[str, str]:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
    asked = Read("ec2", "DescribeRegions", {"AllRegions": True}, region=region)
    found = gateway.call(asked).value["Regions"]
    return {one["RegionName"]: _EC2.get(one["OptInStatus"], "ENABLED") for one in found}
