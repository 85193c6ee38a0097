"""Route 53's records and zones as data, and the dropdowns over them."""

import re
from collections.abc import Mapping

from wizard.effects import Json, Read
from wizard.step import Option, Options, Reads, options

ADDRESSES = ("A", "AAAA", "CNAME")
LABEL = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")
_OCTAL = re.compile(r"\\([0-7]{3})")


def plain(name: str) -> str:
    r"""A name of Route 53 as people write it: `\052.example.com.` is `*.example.com`."""
    text = _OCTAL.sub(lambda escape: chr(int(escape.group(1), 8)), name)
    return text.removesuffix(".").lower()


def zone_key(zone_id: str) -> str:
    """A zone's id without the `/hostedzone/` that some answers carry."""
    return zone_id.rsplit("/", 1)[-1]


def records_at(zone_id: str, name: str) -> Reads[list[Json]]:
    """All record sets of that very name, of every type, as Route 53 gives them.

    Not `pages`: a listing goes on to the end of the zone, and these come first.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
    """
    start: dict[str, Json] = {"StartRecordName": name}
    found: list[Json] = []
    while start:
        page = yield Read(
            "route53",
            "ListResourceRecordSets",
            {"HostedZoneId": zone_id, "MaxItems": "100", **start},
        )
        found += [r for r in page["ResourceRecordSets"] if plain(r["Name"]) == plain(name)]
        start = {}
        if page.get("IsTruncated") and plain(page["NextRecordName"]) == plain(name):
            start = {
                f"Start{key}": page[f"Next{key}"]
                for key in ("RecordName", "RecordType", "RecordIdentifier")
                if page.get(f"Next{key}")
            }
    return found


def target(record: Mapping[str, Json]) -> str:
    """What a record points to, in one line."""
    if alias := record.get("AliasTarget"):
        return f"alias {plain(alias['DNSName'])}"
    return ", ".join(value["Value"] for value in record.get("ResourceRecords", []))


def told(record: Mapping[str, Json]) -> str:
    """`CNAME ec2-1-2-3-4.example.com, TTL 300 s`."""
    ttl = f", TTL {record['TTL']} s" if record.get("TTL") is not None else ""
    return f"{record['Type']} {target(record)}{ttl}"


@options("route53.zones")
def zones(suffix: str = "") -> Options:
    """The hosted zones; the public one whose name is the longest end of `suffix` is suggested."""
    found = yield Read("route53", "ListHostedZones", pages="HostedZones")
    entries = sorted(found, key=lambda zone: (len(plain(zone["Name"])), plain(zone["Name"])))
    fitting = [
        zone["Id"]
        for zone in entries
        if not zone.get("Config", {}).get("PrivateZone")
        and f".{plain(suffix)}".endswith(f".{plain(zone['Name'])}")
    ]
    return [
        Option(
            zone_key(zone["Id"]),
            plain(zone["Name"]),
            detail=f"{zone_key(zone['Id'])}, {zone.get('ResourceRecordSetCount', '?')} records",
            # Two zones of one name would be a guess.
            suggested=zone["Id"] == fitting[-1] and _alone(zone, entries) if fitting else False,
            disabled="Private: only seen inside its VPCs."
            if zone.get("Config", {}).get("PrivateZone")
            else "",
        )
        for zone in reversed(entries)
    ]


def _alone(zone: Mapping[str, Json], entries: list[Json]) -> bool:
    return (
        sum(
            1
            for other in entries
            if plain(other["Name"]) == plain(zone["Name"])
            and not other.get("Config", {}).get("PrivateZone")
        )
        == 1
    )


@options("route53.names")
def names(zone_id: str, suffix: str = "", app_id: str = "") -> Options:
    """The names one label under `suffix` (by default the zone's), with what they answer now.

    A wildcard certificate covers one label only. The name that is called like the app, with or
    without the `app-` of its id, is preselected, whether or not it has a record yet.
    """
    if not suffix:
        zone = yield Read("route53", "GetHostedZone", {"Id": zone_id})
        suffix = zone["HostedZone"]["Name"]
    end = f".{plain(suffix)}"
    found = yield Read(
        "route53",
        "ListResourceRecordSets",
        {"HostedZoneId": zone_id},
        pages="ResourceRecordSets",
    )
    answers: dict[str, list[str]] = {}
    for record in found:
        name = plain(record["Name"])
        if (
            record["Type"] in ADDRESSES
            and name.endswith(end)
            and LABEL.match(name.removesuffix(end))
        ):
            answers.setdefault(name, []).append(told(record))
    candidates = [f"{label}{end}" for label in labels(app_id)]
    mine = next((name for name in candidates if name in answers), next(iter(candidates), ""))
    if mine:
        answers.setdefault(mine, ["no record yet"])
    return [
        Option(
            name,
            f"{name} → {'; '.join(answers[name])}",
            detail="called like the app" if name == mine else "",
            suggested=name == mine,
        )
        for name in sorted(answers, key=lambda name: (name != mine, name))
    ]


def labels(app_id: str) -> list[str]:
    """The labels that an app's name may have, the likeliest first."""
    whole = app_id.lower().replace("_", "-")
    return [label for label in (whole.removeprefix("app-"), whole) if LABEL.match(label)]
