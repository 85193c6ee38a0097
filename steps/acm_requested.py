"""A certificate for a region that has none: requested, proved by its DNS record, issued.

https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from steps.acm import DAYS_LEFT, KEY_TYPES, days_left
from steps.route53_records import plain, records_at, zone_key
from wizard.effects import Facts, Json, Now, Read, Write, has_unknown
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step

SETTLING = 45.0
"""Account seconds in which ACM comes up with the record of a new request."""
TTL = 300
_ABSENT = ("ResourceNotFoundException",)


@step("acm.requested")
class Requested(Action, frozen=True, kw_only=True):
    """A certificate of the domain, issued in this region, for more than 30 days to come.

    Its DNS record is the same in every region of an account, so it is normally there already. A
    record of another value at that name is not replaced.
    """

    volatile: ClassVar[tuple[str, ...]] = ("days_left", "not_after")
    """ACM renews it under the same ARN."""

    # Up to half an hour once the record is there; a CAA record that forbids it shows as a failure.
    patience: ClassVar[Patience] = Patience(every=60, limit=3600)

    domain: str
    region: str
    key: str = "RSA_2048"
    """KeyAlgorithm of a new one; one that is there keeps its own."""

    def lock(self) -> str | None:
        return f"acm {self.domain}"

    def observe(self) -> Reads[Facts | None]:
        listed = yield Read(
            "acm",
            "ListCertificates",
            {
                "CertificateStatuses": ["ISSUED", "PENDING_VALIDATION"],
                "Includes": {"keyTypes": list(KEY_TYPES)},
            },
            pages="CertificateSummaryList",
        )
        best = _best(listed, self.domain)
        if best is None:
            return None
        answer = yield Read("acm", "DescribeCertificate", {"CertificateArn": best}, absent=_ABSENT)
        if answer is None:
            return None
        certificate = answer["Certificate"]
        now = yield Now()
        facts: dict[str, Json] = {
            "arn": best,
            "status": certificate["Status"],
            "key": certificate.get("KeyAlgorithm", ""),
            "not_after": str(certificate.get("NotAfter") or ""),
            "days_left": days_left(certificate.get("NotAfter"), now),
        }
        if certificate["Status"] == "PENDING_VALIDATION":
            facts |= yield from self._proof(certificate, now)
        return facts

    def _proof(self, certificate: Mapping[str, Any], now: float) -> Reads[dict[str, Json]]:
        """The record that ACM wants to see, the zone it belongs into, and what is there now."""
        record = _record(certificate)
        if record is None:
            created = datetime.fromisoformat(str(certificate["CreatedAt"]).replace("Z", "+00:00"))
            aware = created if created.tzinfo else created.replace(tzinfo=UTC)
            return {"record": None, "new": now - aware.timestamp() < SETTLING}
        zone = yield from _zone_of(str(record["name"]))
        there: list[Json] = []
        if zone is not None:
            there = yield from records_at(zone, str(record["name"]))
        values = [value["Value"] for one in there for value in one.get("ResourceRecords", ())]
        return {"record": record, "zone": zone, "served": [plain(value) for value in values]}

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = "there is none in this region, and it cannot be copied from another"
            return (Difference("certificate", None, self.domain, reason),)
        if found["status"] == "PENDING_VALIDATION":
            return self._pending(found)
        left = found["days_left"]
        if left is not None and left <= DAYS_LEFT:
            reason = (
                f"it ends on {found['not_after']}: see in ACM why it was not renewed, or delete it "
                "and retry, so that a new one is requested"
            )
            return (
                Difference(
                    "days_left",
                    left,
                    f"more than {DAYS_LEFT}",
                    reason,
                    fixable=False,
                    person=True,
                ),
            )
        return ()

    def _pending(self, found: Facts) -> Differences:
        record = found["record"]
        waits = Difference(
            "status", found["status"], "ISSUED", "ACM waits for its DNS record", settles=True
        )
        if record is None or record["value"] in found["served"]:
            return (waits,)
        field, wanted = "record", f"{record['name']} CNAME {record['value']}"
        if found["zone"] is None:
            reason = f"no public zone of this account holds {record['name']}: add the record there"
            return (Difference(field, None, wanted, reason, fixable=False, person=True),)
        if found["served"]:
            reason = "another value stands there, which may prove somebody else's certificate"
            return (Difference(field, found["served"], wanted, reason, fixable=False, person=True),)
        return (Difference(field, None, wanted, "the record that proves the domain is missing"),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        if found is not None:
            yield _upsert(str(found["zone"]), found["record"])
            return
        made = yield Write(
            "acm",
            "RequestCertificate",
            {
                "DomainName": self.domain,
                "ValidationMethod": "DNS",
                "KeyAlgorithm": self.key,
                "IdempotencyToken": self._token(),
            },
            title=f"Request a certificate for {self.domain}",
        )
        if has_unknown(made):
            return
        answer = yield Read(
            "acm",
            "DescribeCertificate",
            {"CertificateArn": made["CertificateArn"]},
            absent=_ABSENT,
        )
        record = _record(answer["Certificate"]) if answer else None
        zone = (yield from _zone_of(str(record["name"]))) if record else None
        if record is None or zone is None:
            return
        if not (yield from records_at(zone, str(record["name"]))):
            yield _upsert(zone, record)

    def instructions(self, found: Facts | None) -> str:
        why = "; ".join(difference.reason for difference in self.differences(found))
        return (
            f"The certificate for {self.domain} is not issued: {why}. The wizard looks every "
            "minute and goes on by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        state = found["status"] if found else "not there"
        return (
            f"ACM to issue {self.domain}: {state}. If it stays so, see whether a CAA record of the "
            "domain forbids amazon.com"
        )

    def outputs(self, found: Facts | None) -> Facts:
        """`arn`, `status`, `not_after`."""
        return {key: found[key] for key in ("arn", "status", "not_after")} if found else {}

    def compared(self, found: Facts | None) -> Facts | None:
        return {"status": found["status"], "key": found["key"]} if found else None

    def planned(self, found: Facts | None) -> Facts | None:
        return self.compared(found) or {"status": "ISSUED", "key": self.key}

    def _token(self) -> str:
        """The same for the same request, so that a repetition within the hour makes no second."""
        return hashlib.sha256(f"{self.domain} {self.region} {self.key}".encode()).hexdigest()[:32]


def _best(listed: Iterable[Mapping[str, Any]], domain: str) -> str | None:
    """The issued one that lasts longest, else one that waits for its proof."""
    fitting = [
        one
        for one in listed
        if domain in {one["DomainName"], *(one.get("SubjectAlternativeNameSummaries") or ())}
    ]
    fitting.sort(
        key=lambda one: (one.get("Status", "ISSUED") == "ISSUED", str(one.get("NotAfter", "")))
    )
    return str(fitting[-1]["CertificateArn"]) if fitting else None


def _record(certificate: Mapping[str, Any]) -> dict[str, str] | None:
    for one in certificate.get("DomainValidationOptions") or ():
        if record := one.get("ResourceRecord"):
            return {"name": plain(record["Name"]), "value": plain(record["Value"])}
    return None


def _zone_of(record: str) -> Reads[str | None]:
    """The public zone whose name is the longest end of the record's."""
    zones = yield Read("route53", "ListHostedZones", pages="HostedZones")
    fitting = [
        one
        for one in zones
        if not (one.get("Config") or {}).get("PrivateZone")
        and f".{record}".endswith(f".{plain(one['Name'])}")
    ]
    best = max(fitting, key=lambda one: len(one["Name"]), default=None)
    return zone_key(best["Id"]) if best else None


def _upsert(zone: str, record: Mapping[str, Any]) -> Write:
    return Write(
        "route53",
        "ChangeResourceRecordSets",
        {
            "HostedZoneId": zone,
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": record["name"],
                            "Type": "CNAME",
                            "TTL": TTL,
                            "ResourceRecords": [{"Value": record["value"]}],
                        },
                    }
                ]
            },
        },
        title=f"Add the record {record['name']} that proves the domain",
    )
