"""Which instance classes can be had in a region, and in which zones.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeOrderableDBInstanceOptions.html
"""

from collections.abc import Mapping

from wizard.effects import Read
from wizard.step import Reads

ENOUGH_ZONES = 2
"""In how many zones a class must be offered for a cluster that outlives one of them."""
_SHOWN = 6


def orderable(
    engine: str, version: str, region: str | None = None
) -> Reads[Mapping[str, list[str]]]:
    """Class → the zones that offer it in a VPC."""
    options = yield Read(
        "rds",
        "DescribeOrderableDBInstanceOptions",
        {"Engine": engine, "EngineVersion": version, "Vpc": True},
        pages="OrderableDBInstanceOptions",
        region=region,
    )
    found: dict[str, set[str]] = {}
    for one in options:
        zones = found.setdefault(str(one["DBInstanceClass"]), set())
        zones.update(str(zone["Name"]) for zone in one.get("AvailabilityZones") or ())
    return {name: sorted(found[name]) for name in sorted(found)}


def told(options: Mapping[str, list[str]], *, without: str) -> str:
    """The first classes that enough zones offer, in words."""
    fit = [
        f"{name} ({', '.join(zones)})"
        for name, zones in options.items()
        if name != without and len(zones) >= ENOUGH_ZONES
    ]
    return ", ".join(fit[:_SHOWN]) or "none is offered in two zones"
