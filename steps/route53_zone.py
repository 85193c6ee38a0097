"""Private hosted zones: made once for a VPC, seen by the VPCs that are to see them.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from steps.route53_records import plain, zone_key
from wizard.effects import Facts, Json, Made, Now, Read, Write
from wizard.errors import CallError
from wizard.step import (
    Action,
    Difference,
    Differences,
    Patience,
    Reads,
    Writes,
    step,
)

NEW = "new"
"""Make a zone, whatever zones of the name other VPCs have."""
DNS = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}


@step("route53.private_zone")
class PrivateZone(Action, frozen=True, kw_only=True):
    """A private hosted zone of that name, associated with the VPC.

    A zone of the name on this VPC is adopted. One on other VPCs only is not ours to take: it is
    associated when `zone` names its id, and with `new` another one is made beside it.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("change",)

    patience: ClassVar[Patience] = Patience(every=10, limit=900)

    name: str
    vpc_id: str
    region: str
    """Of the VPC."""
    account_id: str
    session: int
    """Its number: with the name and the VPC it makes the CallerReference, known before the call."""
    zone: str = NEW
    also: tuple[str, ...] = ()
    """Further VPCs that are to resolve the names, as `region/vpc-id`."""
    comment: str = ""

    def lock(self) -> str:
        return f"route53 {plain(self.name)}"

    @property
    def vpcs(self) -> list[str]:
        """All VPCs that are to see the zone."""
        return list(dict.fromkeys((f"{self.region}/{self.vpc_id}", *self.also)))

    def observe(self) -> Reads[Facts | None]:
        here = yield from _on_vpc(self.vpc_id, self.region)
        held = next((one for one in here if plain(one["Name"]) == plain(self.name)), None)
        zones = yield from zones_called(self.name)
        found: dict[str, Json] = {
            "zone_id": None,
            "owner": held["Owner"].get("OwningAccount", self.account_id) if held else None,
            "vpcs": [],
            "others": {
                key: vpcs
                for key, vpcs in zones.items()
                if held is None or key != zone_key(held["HostedZoneId"])
            },
            "dns": (yield from self._dns()),
            "change": (yield from self._change()),
        }
        chosen = zone_key(held["HostedZoneId"]) if held else zone_key(self.zone)
        if chosen in zones:
            found |= {"zone_id": chosen, "vpcs": zones[chosen]}
            found["others"].pop(chosen, None)
        return found

    def _dns(self) -> Reads[dict[str, bool]]:
        settings = {}
        for attribute, field in DNS.items():
            answer = yield Read(
                "ec2",
                "DescribeVpcAttribute",
                {"VpcId": self.vpc_id, "Attribute": attribute},
                region=self.region,
            )
            settings[attribute] = bool(answer[field]["Value"])
        return settings

    def _change(self) -> Reads[str | None]:
        """Whether our own latest change has spread; None when we made none."""
        made = yield Made()
        ids = [((call["response"] or {}).get("ChangeInfo") or {}).get("Id") for call in made]
        if not ids or ids[-1] is None:
            return None
        change = yield Read(
            "route53", "GetChange", {"Id": zone_key(ids[-1])}, absent=("NoSuchChange",)
        )
        # AWS forgets a change long after it has spread.
        return str(change["ChangeInfo"]["Status"]) if change else "INSYNC"

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return (Difference("zone", None, plain(self.name)),)
        if found["owner"] not in (None, self.account_id):
            reason = (
                f"{self.vpc_id} has a zone {plain(self.name)} of {found['owner']}, which is not "
                "this account's to change: ask its owner, or choose another VPC."
            )
            return (Difference("owner", found["owner"], self.account_id, reason, fixable=False),)
        wrong = []
        if found["zone_id"] is None:
            wrong.append(self._absent(found))
        else:
            missing = [vpc for vpc in self.vpcs if vpc not in found["vpcs"]]
            wrong += [Difference(f"association {vpc}", None, vpc) for vpc in missing]
        wrong += [
            Difference(
                attribute,
                found=False,
                wanted=True,
                reason=f"{attribute} of {self.vpc_id} is off, and names of a private zone are "
                "resolved only with it: turn it on (item pre.vpc, or the VPC console).",
                fixable=False,
                person=True,
            )
            for attribute, value in found["dns"].items()
            if not value
        ]
        if not wrong and found["change"] == "PENDING":
            wrong.append(Difference("change", "PENDING", "INSYNC", settles=True))
        return tuple(wrong)

    def _absent(self, found: Facts) -> Difference:
        if self.zone == NEW:
            return Difference("zone", None, plain(self.name))
        reason = f"there is no private zone {plain(self.name)} with the id {self.zone} any more"
        return Difference("zone", list(found["others"]), self.zone, reason, fixable=False)

    def instructions(self, found: Facts | None) -> str:
        return f"{self.vpc_id} must resolve names of private zones. The wizard looks by itself."

    def waiting_for(self, found: Facts | None) -> str:
        status = found["change"] if found else None
        return f"Route 53 to spread the change of {plain(self.name)} (now {status})"

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        zone_id: Json = found["zone_id"] if found else None
        have = list(found["vpcs"]) if found else []
        if zone_id is None:
            zone_id = yield from self._make()
            if zone_id is None:
                return
            have = [self.vpcs[0]]
        for vpc in self.vpcs:
            if vpc not in have:
                region, _, vpc_id = vpc.partition("/")
                yield Write(
                    "route53",
                    "AssociateVPCWithHostedZone",
                    {"HostedZoneId": zone_id, "VPC": {"VPCRegion": region, "VPCId": vpc_id}},
                    title=f"Let {vpc} resolve {plain(self.name)}",
                )

    def _make(self) -> Reads[Json]:
        """Makes the zone; its id, or None when a lost call of ours has made it already."""
        made = yield Made()
        before = sum(1 for call in made if call["operation"] == "CreateHostedZone")
        reference = f"st-wizard {self.session} {plain(self.name)} {self.vpc_id} {before}"
        try:
            answer = yield self._create(reference)
        except CallError as error:
            if error.code != "HostedZoneAlreadyExists":
                raise
            here = yield from _on_vpc(self.vpc_id, self.region)
            if any(plain(one["Name"]) == plain(self.name) for one in here):
                return None
            # The reference belongs to a zone that was deleted since, or to another machine's
            # session of the same number. AWS itself keeps a second zone off this VPC.
            now = yield Now()
            answer = yield self._create(f"{reference} {int(now)}")
        return zone_key(answer["HostedZone"]["Id"])

    def _create(self, reference: str) -> Write:
        return Write(
            "route53",
            "CreateHostedZone",
            {
                "Name": plain(self.name),
                "VPC": {"VPCRegion": self.region, "VPCId": self.vpc_id},
                "CallerReference": reference,
                "HostedZoneConfig": {"Comment": self.comment, "PrivateZone": True},
            },
            title=f"Create private hosted zone {plain(self.name)} on {self.vpc_id}",
        )

    def outputs(self, found: Facts | None) -> Facts:
        have = found or {"zone_id": None, "vpcs": self.vpcs, "others": {}}
        return {
            "zone_id": have["zone_id"],
            "name": plain(self.name),
            "vpcs": have["vpcs"],
            "zones_of_the_same_name": have["others"],
        }

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None or found["zone_id"] is None:
            return None
        own = f"{self.region}/{self.vpc_id}"
        return {
            "name": plain(self.name),
            "private": True,
            "further_vpcs": [vpc for vpc in found["vpcs"] if vpc != own],
            **found["dns"],
        }

    def planned(self, found: Facts | None) -> Facts | None:
        own = f"{self.region}/{self.vpc_id}"
        have = found["vpcs"] if found else []
        return {
            "name": plain(self.name),
            "private": True,
            "further_vpcs": sorted({*have, *self.vpcs} - {own}),
            **dict.fromkeys(DNS, True),
        }


def _on_vpc(vpc_id: str, region: str) -> Reads[list[Mapping[str, Any]]]:
    """The private zones that the VPC sees, of whatever owner.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html
    """
    found: list[Mapping[str, Any]] = yield Read(
        "route53",
        "ListHostedZonesByVPC",
        {"VPCId": vpc_id, "VPCRegion": region},
        pages="HostedZoneSummaries",
    )
    return found


def zones_called(name: str) -> Reads[dict[str, list[str]]]:
    """The account's private zones of that very name: zone id → its VPCs, as `region/vpc-id`.

    Not `pages`: a listing goes on to the end of the account, and these come first.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
    """
    start: dict[str, Json] = {"DNSName": f"{plain(name)}."}
    ids: list[str] = []
    while start:
        page = yield Read("route53", "ListHostedZonesByName", start)
        ids += [
            zone_key(zone["Id"])
            for zone in page["HostedZones"]
            if plain(zone["Name"]) == plain(name) and zone["Config"].get("PrivateZone")
        ]
        more = page.get("IsTruncated") and plain(page["NextDNSName"]) == plain(name)
        start = (
            {"DNSName": page["NextDNSName"], "HostedZoneId": page["NextHostedZoneId"]}
            if more
            else {}
        )
    found = {}
    for zone_id in ids:
        zone = yield Read("route53", "GetHostedZone", {"Id": zone_id}, absent=("NoSuchHostedZone",))
        if zone is not None:
            found[zone_id] = sorted(
                f"{vpc['VPCRegion']}/{vpc['VPCId']}" for vpc in zone.get("VPCs") or ()
            )
    return found
