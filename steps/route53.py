"""The name under which an application reaches its load balancer."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from steps.route53_records import ADDRESSES, plain, records_at, target, told, zone_key
from steps.target_health import sick, summary, targets
from wizard.effects import Facts, Handshake, Json, Made, Read, Write
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step

# The old record is gone after the switch: the comment of the switch still says how long it lives.
OLD_TTL = re.compile(r"old TTL (\d+) s")


@step("route53.alias")
class Alias(Action, frozen=True, kw_only=True):
    """An A record that is an alias of a load balancer, switched only when that one serves.

    Before the switch all targets must be healthy, and the load balancer must answer `path` with
    200 under a trusted certificate for `name`. Old CNAME and AAAA records go in the same batch,
    so that the name never stops answering.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("change", "old_answer_until", "targets", "tls")
    """How the name was moved; where it points is `records`."""

    patience: ClassVar[Patience] = Patience(every=15, limit=900)

    zone_id: str
    name: str
    load_balancer_dns: str
    load_balancer_zone_id: str
    target_group_arn: str
    port: int = 3567
    path: str = "/hello"

    def lock(self) -> str:
        return f"route53 zone {zone_key(self.zone_id)}"

    @property
    def wanted(self) -> dict[str, Json]:
        """The record set as Route 53 takes it."""
        return {
            "Name": f"{plain(self.name)}.",
            "Type": "A",
            "AliasTarget": {
                "HostedZoneId": self.load_balancer_zone_id,
                "DNSName": f"dualstack.{plain(self.load_balancer_dns)}.",
                "EvaluateTargetHealth": True,
            },
        }

    def observe(self) -> Reads[Facts | None]:
        zone = zone_key(self.zone_id)
        records = yield from records_at(zone, self.name)
        health = yield from targets(self.target_group_arn)
        tls = yield Handshake(self.load_balancer_dns, self.port, plain(self.name), self.path)
        change = yield from self._change()
        return {
            "records": records,
            "now": [told(record) for record in records if record["Type"] in ADDRESSES],
            "targets": health,
            "tls": {key: value for key, value in tls.items() if key != "body"},
            **change,
        }

    def _change(self) -> Reads[Facts]:
        """Our own switch, if we made it: whether it has spread, and how long the old one lives."""
        made = yield Made()
        switches = [call for call in made if call["operation"] == "ChangeResourceRecordSets"]
        if not switches:
            return {}
        last = switches[-1]
        told_ttl = OLD_TTL.search(last["params"]["ChangeBatch"]["Comment"])
        lives = int(told_ttl[1]) if told_ttl else 0
        facts: dict[str, Json] = {}
        if lives:
            facts["old_answer_until"] = _iso(last["at"] + lives)
        change_id = ((last["response"] or {}).get("ChangeInfo") or {}).get("Id")
        if change_id is not None:
            change = yield Read(
                "route53", "GetChange", {"Id": zone_key(change_id)}, absent=("NoSuchChange",)
            )
            # AWS forgets a change long after it has spread.
            facts["change"] = change["ChangeInfo"]["Status"] if change else "INSYNC"
        return facts

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return (Difference("record", None, told(self.wanted)),)
        wrong = self._record(found["records"])
        if not wrong:
            return self._spreading(found)
        if not all(difference.fixable for difference in wrong):
            return tuple(d for d in wrong if not d.fixable)
        return sick(found["targets"]) or self._tls(found["tls"]) or wrong

    def _record(self, records: Sequence[Mapping[str, Json]]) -> Differences:
        addresses = [record for record in records if record["Type"] in ADDRESSES]
        routed = [record for record in addresses if record.get("SetIdentifier")]
        if routed:
            return (
                Difference(
                    "record",
                    [told(record) for record in routed],
                    told(self.wanted),
                    reason=f"{plain(self.name)} is shared out by a routing policy (weights, "
                    "regions or failover): the wizard does not undo that; switch it by hand.",
                    fixable=False,
                ),
            )
        wrong = [
            Difference(record["Type"], told(record), None)
            for record in addresses
            if record["Type"] != "A"
        ]
        held = next((record for record in addresses if record["Type"] == "A"), None)
        if held is None or not self._is_wanted(held):
            wrong.insert(0, Difference("A", told(held) if held else None, told(self.wanted)))
        return tuple(wrong)

    def _is_wanted(self, record: Mapping[str, Json]) -> bool:
        alias, wanted = record.get("AliasTarget", {}), self.wanted["AliasTarget"]
        return (
            target(record) == target(self.wanted)
            and zone_key(alias["HostedZoneId"]) == wanted["HostedZoneId"]
            and alias.get("EvaluateTargetHealth") is True
        )

    def _tls(self, tls: Mapping[str, Json]) -> Differences:
        where = f"{self.load_balancer_dns}:{self.port}"
        if tls.get("protocol") and not (tls["trusted"] and tls["matches"]):
            return (
                Difference(
                    "certificate",
                    list(tls.get("names") or []),
                    plain(self.name),
                    reason=f"{where} shows a certificate that "
                    + ("is not for this name" if tls["trusted"] else "is not trusted")
                    + f" ({tls.get('error') or 'no further reason'}): choose one that covers "
                    f"{plain(self.name)} (a wildcard covers one label only) on the listener.",
                    fixable=False,
                ),
            )
        if tls.get("status") != 200:
            return (
                Difference(
                    f"GET {self.path}",
                    tls.get("status"),
                    200,
                    reason=f"https://{where}{self.path} is not answered with 200: "
                    f"{tls.get('error') or 'see the targets and the security groups'}",
                    settles=True,
                    fixable=False,
                ),
            )
        return ()

    def _spreading(self, found: Facts) -> Differences:
        if found.get("change", "INSYNC") == "INSYNC":
            return ()
        return (
            Difference(
                "change",
                found["change"],
                "INSYNC",
                reason="Route 53's servers do not all have the new answer yet: about a minute",
                settles=True,
            ),
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        records = found["records"] if found else []
        gone = [record for record in records if record["Type"] in {"CNAME", "AAAA"}]
        # Upsert replaces an A record; beside a CNAME that goes, only Create says what is meant.
        action = "CREATE" if any(record["Type"] == "CNAME" for record in gone) else "UPSERT"
        old = "; ".join(found["now"]) if found else ""
        lives = max((r.get("TTL") or 0 for r in records if r["Type"] in ADDRESSES), default=0)
        name = plain(self.name)
        before = f" (before: {old})" if old else ""
        comment = f"st-wizard: {name} to its load balancer; old TTL {lives} s{before}"
        yield Write(
            "route53",
            "ChangeResourceRecordSets",
            {
                "HostedZoneId": zone_key(self.zone_id),
                "ChangeBatch": {
                    "Comment": comment[:256],
                    "Changes": [
                        *({"Action": "DELETE", "ResourceRecordSet": record} for record in gone),
                        {"Action": action, "ResourceRecordSet": self.wanted},
                    ],
                },
            },
            title=f"Point {name} at the load balancer{before}"
            + (f"; clients may use the old answer for {lives} s more" if lives else ""),
        )

    def waiting_for(self, found: Facts | None) -> str:
        if found is None:
            return "the record and the load balancer to be readable"
        if not self._record(found["records"]):
            return "Route 53's servers to give the new answer"
        if sick(found["targets"]):
            return f"all targets to be healthy before the switch: {summary(found['targets'])}"
        return f"the load balancer to answer {self.path} with 200 before the switch"

    def outputs(self, found: Facts | None) -> Facts:
        name = plain(self.name)
        return {"name": name, "url": f"https://{name}:{self.port}", **(found or {})}


def _iso(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
