"""A change batch as Route 53 judges it: all of it or nothing, and every fault named at once.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Iterator
from typing import Any

from moto.elbv2.models import elbv2_backends
from moto.route53.models import RecordSet

from wizard.simulator.services.elbv2_zones import HOSTED_ZONES
from wizard.simulator.services.errors import refusal

_Key = tuple[str, str, str | None]
_ELB = ".elb.amazonaws.com"


def canonical(name: str) -> str:
    """A record name as Route 53 stores it: lower case, a final dot, the wildcard as \\052."""
    return name.rstrip(".").lower().replace("*", "\\052") + "."


def apply_batch(zone: Any, changes: list[dict[str, Any]], backend: Any) -> list[Any]:
    """The zone's record sets after the changes; refuses the batch as a whole."""
    _check_size(changes)
    sets: dict[_Key, Any] = {_key_of(one): one for one in zone.rrsets}
    faults: list[str] = []
    for change in changes:
        wanted = _record_set(change["ResourceRecordSet"])
        faults.extend(_shape_faults(change["Action"], wanted, zone))
        key, existing = _key_of(wanted), sets.get(_key_of(wanted))
        shown = _shown(wanted)
        match change["Action"]:
            case "CREATE" if existing is not None:
                faults.append(f"Tried to create resource record set {shown} but it already exists")
            case "DELETE" if existing is None:
                faults.append(f"Tried to delete resource record set {shown} but it was not found")
            case "DELETE" if existing is not None and _values(existing) != _values(wanted):
                faults.append(
                    f"Tried to delete resource record set {shown} but the values provided do not "
                    "match the current values"
                )
            case "DELETE":
                del sets[key]
            case _:
                sets[key] = wanted
                faults.extend(_alias_faults(wanted, sets, zone, backend))
    faults.extend(
        _conflicts(sets, zone, {_key_of(_record_set(one["ResourceRecordSet"])) for one in changes})
    )
    _check_authority(sets, zone, faults)
    if faults:
        raise refusal("InvalidChangeBatch", f"[{', '.join(dict.fromkeys(faults))}]")
    return list(sets.values())


def _check_size(changes: list[dict[str, Any]]) -> None:
    count = 0
    for change in changes:
        records = change["ResourceRecordSet"].get("ResourceRecords") or []
        count += len(records) * (2 if change["Action"] == "UPSERT" else 1)
    if count > 1000 or len(changes) > 1000:
        raise refusal("InvalidChangeBatch", "Number of records limit of 1000 exceeded.")


def _record_set(asked: dict[str, Any]) -> Any:
    held = copy.deepcopy(dict(asked))
    held["Name"] = canonical(held["Name"])
    held["ResourceRecords"] = [one["Value"] for one in held.get("ResourceRecords") or []]
    if alias := held.get("AliasTarget"):
        held["AliasTarget"] = {**alias, "DNSName": canonical(alias["DNSName"])}
    # moto's class lacks what only CloudFormation asks of it.
    make: Any = RecordSet
    return make(held)


def _key_of(record_set: Any) -> _Key:
    return canonical(record_set.name), record_set.type, record_set.set_identifier


def _values(record_set: Any) -> tuple[Any, ...]:
    alias = record_set.alias_target or {}
    return (
        None if record_set.ttl is None else int(record_set.ttl),
        sorted(record_set.records or []),
        (alias.get("HostedZoneId"), alias.get("DNSName"), str(alias.get("EvaluateTargetHealth"))),
        record_set.weight,
        record_set.region,
        record_set.failover,
        record_set.health_check_id,
    )


def _shown(record_set: Any) -> str:
    identifier = (
        f", set identifier='{record_set.set_identifier}'" if record_set.set_identifier else ""
    )
    return f"[name='{record_set.name}', type='{record_set.type}'{identifier}]"


def _shape_faults(action: str, wanted: Any, zone: Any) -> Iterator[str]:
    zone_name = canonical(zone.name)
    if wanted.name != zone_name and not wanted.name.endswith(f".{zone_name}"):
        yield f"RRSet with DNS name {wanted.name} is not permitted in zone {zone_name}"
    if bool(wanted.alias_target) == bool(wanted.records and wanted.ttl is not None):
        # AWS answers this one as InvalidInput, before it looks at the zone.
        found = "more than one" if wanted.alias_target else "none"
        raise refusal(
            "InvalidInput",
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
            f"ResourceRecords], or TrafficPolicyInstanceId], but found {found} in Change with "
            f"[Action={action}, Name={wanted.name}, Type={wanted.type}, "
            f"SetIdentifier={wanted.set_identifier or 'null'}]",
        )
    for value in wanted.records:
        yield from _value_faults(wanted.type, value)
    if wanted.type == "CNAME" and len(wanted.records) > 1:
        yield (
            f"RRSet with DNS name {wanted.name}, type CNAME contains more than one resource record"
        )


def _value_faults(kind: str, value: str) -> Iterator[str]:
    if kind in {"A", "AAAA"}:
        try:
            fits = ipaddress.ip_address(value).version == (4 if kind == "A" else 6)
        except ValueError:
            fits = False
        if not fits:
            number = "4" if kind == "A" else "6"
            yield (
                f"Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv{number}Address "
                f"(Value is not a valid IPv{number} address) encountered with '{value}''"
            )
    if kind == "TXT" and not (value.startswith('"') and value.endswith('"')):
        yield (
            "Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be "
            f"enclosed in quotation marks) encountered with '{value}''"
        )


def _alias_faults(wanted: Any, sets: dict[_Key, Any], zone: Any, backend: Any) -> Iterator[str]:
    alias = wanted.alias_target
    if not alias:
        return
    target, target_zone = alias["DNSName"], alias["HostedZoneId"]
    tried = (
        f"Tried to create an alias that targets {target}, type {wanted.type} in zone {target_zone}"
    )
    if _ELB in target:
        region = target.removesuffix(f"{_ELB}.").rpartition(".")[2]
        if HOSTED_ZONES.get(region) != target_zone:
            yield f"{tried}, but the alias target name does not lie within the target zone"
        elif not any(
            canonical(balancer.dns_name) == target.removeprefix("dualstack.")
            for balancer in elbv2_backends[backend.account_id][region].load_balancers.values()
        ):
            yield f"{tried}, but that target was not found"
    elif target_zone == zone.resource_id:
        if not any(name == target and kind == wanted.type for name, kind, _ in sets):
            yield f"{tried}, but that target was not found"
    elif not target.endswith(".amazonaws.com."):
        yield f"{tried}, but the alias target name does not lie within the target zone"


def _conflicts(sets: dict[_Key, Any], zone: Any, touched: set[_Key]) -> Iterator[str]:
    zone_name = canonical(zone.name)
    for name, kind, identifier in touched:
        if (name, kind, identifier) not in sets:
            continue
        others = {other for held, other, _ in sets if held == name and other != kind}
        if kind == "CNAME" and name == zone_name:
            yield (
                f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone "
                f"{zone_name}"
            )
        elif kind == "CNAME" and others:
            yield (
                f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with "
                f"other records with the same DNS name in zone {zone_name}"
            )
        elif "CNAME" in others:
            yield (
                f"RRSet of type {kind} with DNS name {name} is not permitted because a "
                "conflicting RRSet of type  CNAME with the same DNS name already exists in zone "
                f"{zone_name}"
            )


def _check_authority(sets: dict[_Key, Any], zone: Any, faults: list[str]) -> None:
    zone_name = canonical(zone.name)
    for kind, count in (("SOA", "one SOA"), ("NS", "one NS")):
        if (zone_name, kind, None) not in sets:
            faults.append(f"A HostedZone must contain exactly {count} record for the zone itself")
