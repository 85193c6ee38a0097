"""Private zones and the VPCs that see them: which are refused, and how they are listed.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.route53.models import Route53Backend
from moto.route53.responses import Route53

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, replace, wrap

_PAGE = 100


def install() -> None:
    """Patch how VPCs are associated, and the list of a VPC's zones."""

    @wrap(Route53Backend, "associate_vpc_with_hosted_zone")
    def associate(original: Method, self: Any, zone_id: str, vpcid: str, vpcregion: str) -> Any:
        zone = self.get_hosted_zone(zone_id)
        if zone.private_zone:
            known_vpc(self, vpcid, vpcregion)
            refuse_conflict(self, zone.name, vpcid, vpcregion)
        return original(self, zone_id, vpcid, vpcregion)

    @replace(Route53, "list_hosted_zones_by_vpc")
    def list_hosted_zones_by_vpc(self: Any) -> ActionResult:
        vpc, region = self._get_param("VPCId"), self._get_param("VPCRegion")
        known_vpc(self.backend, vpc, region)
        found = [
            {
                "HostedZoneId": zone.resource_id,
                "Name": zone.name,
                "Owner": {"OwningAccount": self.backend.account_id},
            }
            for zone in sorted(self.backend.zones.values(), key=lambda zone: str(zone.name))
            if zone.private_zone and _sees(zone, vpc, region)
        ]
        size = min(self._get_int_param("MaxItems", _PAGE), _PAGE)
        try:
            part, token = page(found, self._get_param("NextToken"), size)
        except BadTokenError as error:
            raise refusal(
                "InvalidPaginationToken", "The value that you specified for NextToken is invalid."
            ) from error
        return ActionResult(
            {"HostedZoneSummaries": part, "MaxItems": str(size), "NextToken": token}
        )


def known_vpc(backend: Any, vpc_id: str, region: str) -> None:
    """Refuses a VPC that the region does not have."""
    if vpc_id not in ec2_backends[backend.account_id][region].vpcs:
        raise refusal(
            "InvalidVPCId",
            f"The VPC ID {vpc_id} in region {region} isn't a valid ID, or the current account is "
            "not authorized to access this VPC.",
        )


def refuse_conflict(backend: Any, name: str, vpc_id: str, region: str) -> None:
    """Refuses a VPC that sees a zone of that name already."""
    for zone in backend.zones.values():
        if _same_name(zone.name, name) and _sees(zone, vpc_id, region):
            raise refusal(
                "ConflictingDomainExists",
                f"The VPC {vpc_id} in region {region} has already been associated with the hosted "
                f"zone {zone.resource_id} with the same domain name.",
            )


def _sees(zone: Any, vpc_id: str, region: str) -> bool:
    return any(vpc.get("vpc_id") == vpc_id and vpc.get("vpc_region") == region for vpc in zone.vpcs)


def _same_name(one: str, other: str) -> bool:
    return one.rstrip(".").lower() == other.rstrip(".").lower()
