"""TestDNSAnswer: what Route 53's name servers would answer now.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_TestDNSAnswer.html
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.route53.responses import Route53

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import replace
from wizard.simulator.services.route53_batch import canonical

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock


def visible_rrsets(zone: Any, now: float) -> list[Any]:
    """The record sets that the name servers serve: a change shows once it is INSYNC."""
    for insync_at, before in zone.__dict__.get("history", []):
        if now < insync_at:
            served: list[Any] = before
            return served
    current: list[Any] = zone.rrsets
    return current


def install(clock: AccountClock) -> None:
    """Answer TestDNSAnswer, which moto lacks."""

    @replace(Route53, "test_dns_answer")
    def test_dns_answer(self: Any) -> ActionResult:
        zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
        if zone.private_zone:
            raise refusal(
                "InvalidInput", "TestDNSAnswer is supported only for public hosted zones."
            )
        name, kind = canonical(self._get_param("RecordName")), self._get_param("RecordType")
        found = _matching(visible_rrsets(zone, clock.now()), name)
        data = [value for one in found if one.type == kind for value in _data(one)]
        if not data:
            data = [value for one in found if one.type == "CNAME" for value in _data(one)]
        return ActionResult(
            {
                "Nameserver": zone.delegation_set.name_servers[0],
                "RecordName": self._get_param("RecordName"),
                "RecordType": kind,
                "RecordData": data,
                "ResponseCode": "NOERROR" if found else "NXDOMAIN",
                "Protocol": "UDP",
            }
        )


def _matching(rrsets: list[Any], name: str) -> list[Any]:
    exact = [one for one in rrsets if canonical(one.name) == name]
    if exact:
        return exact
    # A wildcard stands for every name below it that nothing more exact stands for.
    rest = name
    while "." in rest.rstrip("."):
        rest = rest.partition(".")[2]
        found = [one for one in rrsets if canonical(one.name) == f"\\052.{rest}"]
        if found:
            return found
    return []


def _data(record_set: Any) -> list[str]:
    if not record_set.alias_target:
        return list(record_set.records)
    # Two addresses of the documentation range stand for the load balancer's nodes.
    digest = hashlib.sha256(record_set.alias_target["DNSName"].encode()).digest()
    if record_set.type == "AAAA":
        return [f"2001:db8::{digest[0]:x}:{digest[1]:x}"]
    return [f"203.0.113.{digest[0]}", f"203.0.113.{digest[1]}"]
