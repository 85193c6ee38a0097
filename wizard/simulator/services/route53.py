"""Route 53 of the simulated account: changes that take time, and change batches as AWS judges them.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.route53 import urls
from moto.route53.models import Route53Backend
from moto.route53.responses import Route53

from wizard.simulator.services import route53_answers, route53_vpcs
from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, exclusively, replace, wrap
from wizard.simulator.services.route53_batch import apply_batch

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

INSYNC_SECONDS = 60.0
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LARGEST_PAGE = 300
_CHANGING = (
    "create_hosted_zone",
    "delete_hosted_zone",
    "associate_vpc_with_hosted_zone",
    "disassociate_vpc_from_hosted_zone",
)


def install(clock: AccountClock, world: World) -> None:
    """Patch moto's route53."""
    for name in _CHANGING:
        _dated(clock, name)
    _changes(clock)
    _zones()
    _lists()
    route53_vpcs.install()
    route53_answers.install(clock)
    exclusively(
        world.lock,
        Route53,
        "change_resource_record_sets",
        "create_hosted_zone",
        "associate_vpc_with_hosted_zone",
    )
    urls.url_paths.setdefault("{0}/(?P<api_version>[\\d_-]+)/testdnsanswer$", Route53.dispatch)


def _new_change(clock: AccountClock, backend: Any, comment: str | None = None) -> dict[str, Any]:
    change = {
        "Id": "/change/C" + "".join(mock_random.choice(_LETTERS) for _ in range(20)),
        "SubmittedAt": clock.utc(),
        "Comment": comment,
        "insync_at": clock.now() + INSYNC_SECONDS,
    }
    backend.__dict__.setdefault("changes", {})[change["Id"]] = change
    return _shown(clock, change)


def _shown(clock: AccountClock, change: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in change.items() if key != "insync_at"}
    shown["Status"] = "INSYNC" if clock.now() >= change["insync_at"] else "PENDING"
    return shown


def _dated(clock: AccountClock, name: str) -> None:
    @wrap(Route53, name)
    def changed(original: Method, self: Any) -> ActionResult:
        result: dict[str, Any] = dict(original(self).result)
        result["ChangeInfo"] = _new_change(clock, self.backend, self._get_param("Comment"))
        return ActionResult(result)


def _changes(clock: AccountClock) -> None:
    @replace(Route53, "get_change")
    def get_change(self: Any) -> ActionResult:
        change_id = self._get_param("Id").removeprefix("/change/")
        change = self.backend.__dict__.get("changes", {}).get(f"/change/{change_id}")
        if change is None:
            raise refusal("NoSuchChange", f"Could not find resource with ID: {change_id}")
        return ActionResult({"ChangeInfo": _shown(clock, change)})

    @replace(Route53, "change_resource_record_sets")
    def change_resource_record_sets(self: Any) -> ActionResult:
        zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
        changes = self._get_param("ChangeBatch.Changes")
        after = apply_batch(zone, changes, self.backend)
        zone.__dict__.setdefault("history", []).append((clock.now() + INSYNC_SECONDS, zone.rrsets))
        zone.rrsets = after
        info = _new_change(clock, self.backend, self._get_param("ChangeBatch.Comment"))
        return ActionResult({"ChangeInfo": info})


def _zones() -> None:
    @wrap(Route53Backend, "create_hosted_zone")
    def create_hosted_zone(original: Method, self: Any, name: str, **asked: Any) -> Any:
        reference = asked.get("caller_reference")
        for zone in self.zones.values():
            if zone.caller_reference == reference:
                raise refusal(
                    "HostedZoneAlreadyExists",
                    "A hosted zone has already been created with the specified caller reference.",
                )
        if asked.get("private_zone") and not asked.get("vpcid"):
            raise refusal(
                "InvalidInput",
                "When you're creating a private hosted zone (when you specify true for "
                "PrivateZone), you must also specify values for VPCId and VPCRegion.",
            )
        if asked.get("private_zone"):
            route53_vpcs.known_vpc(self, asked["vpcid"], asked["vpcregion"])
            route53_vpcs.refuse_conflict(self, name, asked["vpcid"], asked["vpcregion"])
        created = original(self, name, **asked)
        for record_set in created.rrsets:
            # moto stores a mapping in the SOA record, and name servers without the final dot.
            plain = [one["Value"] if isinstance(one, dict) else one for one in record_set.records]
            record_set.records = [f"{one}." for one in plain] if record_set.type == "NS" else plain
        return created


def _lists() -> None:
    @wrap(Route53, "list_resource_record_sets")
    def list_resource_record_sets(original: Method, self: Any) -> ActionResult:
        asked = self._get_int_param("MaxItems", _LARGEST_PAGE)
        if asked > _LARGEST_PAGE:
            # AWS gives 300 and no more, whatever is asked.
            self.params["MaxItems"] = _LARGEST_PAGE
        result: ActionResult = original(self)
        return result

    @wrap(Route53, "list_hosted_zones")
    def list_hosted_zones(original: Method, self: Any) -> ActionResult:
        if self._get_int_param("MaxItems", 100) > 100:
            self.params["MaxItems"] = 100
        result: ActionResult = original(self)
        return result

    @replace(Route53, "list_hosted_zones_by_name")
    def list_hosted_zones_by_name(self: Any) -> ActionResult:
        asked, most = self._get_param("DNSName"), self._get_int_param("MaxItems", 100)
        start = None if asked is None else _order(asked)
        zones = sorted(self.backend.zones.values(), key=lambda zone: _order(zone.name))
        following = [zone for zone in zones if start is None or _order(zone.name) >= start]
        if (zone_id := self._get_param("HostedZoneId")) is not None:
            ids = [zone.resource_id for zone in following]
            wanted = zone_id.removeprefix("/hostedzone/")
            following = following[ids.index(wanted) :] if wanted in ids else []
        most = min(most, 100)
        more = following[most : most + 1]
        return ActionResult(
            {
                "HostedZones": following[:most],
                "DNSName": asked,
                "HostedZoneId": zone_id,
                "IsTruncated": bool(more),
                "NextDNSName": more[0].name if more else None,
                "NextHostedZoneId": more[0].resource_id if more else None,
                "MaxItems": most,
            }
        )


def _order(name: str) -> list[str]:
    return list(reversed(name.rstrip(".").lower().split(".")))
