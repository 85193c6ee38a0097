"""Dropdowns for private hosted zones: which zone, and which further VPCs see it."""

from steps.route53_records import plain
from steps.route53_zone import NEW, zones_called
from wizard.step import Option, Options, options


@options("route53.private_zones")
def private_zones(name: str, vpc_id: str, region: str) -> Options:
    """Make a zone of the name, or associate one that other VPCs have already."""
    zones = yield from zones_called(name)
    own = f"{region}/{vpc_id}"
    here = [key for key, vpcs in zones.items() if own in vpcs]
    new = Option(
        NEW,
        f"Create {plain(name)}",
        detail="beside the zone of this name that other VPCs have" if zones else "",
        # Whether names are shared with the other VPCs, nobody but the operator knows.
        suggested=not zones,
        disabled=f"{vpc_id} has one: {', '.join(here)}" if here else "",
    )
    return [
        new,
        *(
            Option(
                key,
                f"{'Use' if key in here else 'Associate'} {key}",
                detail=f"seen by {', '.join(vpcs) or 'no VPC'}",
                suggested=key in here,
                disabled="" if key in here or not here else f"{vpc_id} has {here[0]} already",
            )
            for key, vpcs in zones.items()
        ),
    ]


@options("route53.zone_vpcs")
def zone_vpcs(
    vpc_id: str, region: str, reference: str, reference_name: str, reference_vpc: str
) -> Options:
    """The VPC itself, and those that see the reference region's zone besides its own."""
    own, other = f"{region}/{vpc_id}", f"{reference}/{reference_vpc}"
    zones = yield from zones_called(reference_name)
    seen = {vpc for vpcs in zones.values() if other in vpcs for vpc in vpcs} - {own}
    name = plain(reference_name)
    return [
        Option(own, own, detail="the chosen VPC", suggested=True),
        *(
            Option(
                vpc,
                vpc,
                detail=f"the VPC of {name} itself" if vpc == other else f"sees {name} too",
                suggested=vpc != other,
            )
            for vpc in sorted(seen, key=lambda vpc: (vpc == other, vpc))
        ),
    ]
