"""The name that an app's clients use today, among the names of a zone."""

from collections.abc import Iterable, Sequence
from typing import Any

from steps.fleet import INSTANCES, app_of
from steps.route53_records import names, plain, target
from wizard.effects import Read
from wizard.step import Option, Options, options


@options("fleet.names")
def names_of_app(zone_id: str, suffix: str, app_id: str, load_balancer: str) -> Options:
    """The zone's names; the one that leads to the app's instances today, or to its load balancer
    already, is suggested, and only without one the name that is called like the app."""
    instances = yield INSTANCES
    records = yield Read(
        "route53",
        "ListResourceRecordSets",
        {"HostedZoneId": zone_id},
        pages="ResourceRecordSets",
    )
    addresses = {
        plain(str(one[field]))
        for one in instances
        if app_of(one) == app_id
        for field in ("PublicIpAddress", "PublicDnsName")
        if one.get(field)
    }
    mine = _leading_to(records, addresses, f"dualstack.{load_balancer}-".lower())
    listed: list[Option] = yield from names(zone_id, suffix, app_id)
    if not any(option.value in mine for option in listed):
        return listed
    return sorted(
        (_marked(option, mine) for option in listed), key=lambda option: option.value not in mine
    )


def _marked(option: Option, mine: Sequence[str]) -> Option:
    leads = option.value in mine
    return Option(
        option.value,
        option.label,
        detail="leads to the app's instances" if leads else "",
        # Two names would be a guess.
        suggested=leads and len(mine) == 1,
        disabled=option.disabled,
    )


def _leading_to(records: Iterable[Any], addresses: set[str], alias: str) -> list[str]:
    """The names whose record has one of the addresses, or is an alias that begins so."""
    leading: list[str] = []
    for record in records:
        values = {plain(str(one["Value"])) for one in record.get("ResourceRecords") or ()}
        if values & addresses or ("AliasTarget" in record and alias in target(record).lower()):
            leading.append(plain(record["Name"]))
    return leading
