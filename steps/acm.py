"""Certificates of AWS Certificate Manager.

https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html
"""

from datetime import UTC, datetime
from typing import ClassVar

from wizard.effects import Facts, Json, Now, Read
from wizard.step import (
    Difference,
    Differences,
    Option,
    Options,
    Patience,
    Probe,
    Reads,
    options,
    step,
)

# Without these the list holds RSA_2048 certificates only.
# https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
KEY_TYPES = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)
DAYS_LEFT = 30
"""A certificate is to be good for longer than this."""


@step("acm.certificate")
class Certificate(Probe, frozen=True, kw_only=True):
    """A certificate in this region that is issued, covers the domain, and lasts."""

    volatile: ClassVar[tuple[str, ...]] = ("days_left", "not_after")
    """ACM renews it under the same ARN."""

    # Validation waits for a DNS record to be seen: up to half an hour once it is there.
    patience = Patience(every=30, limit=3600)

    arn: str
    domain: str

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "acm",
            "DescribeCertificate",
            {"CertificateArn": self.arn},
            absent=("ResourceNotFoundException", "InvalidArnException"),
        )
        if answer is None:
            return None
        now = yield Now()
        certificate = answer["Certificate"]
        names = certificate.get("SubjectAlternativeNames") or [certificate["DomainName"]]
        until = certificate.get("NotAfter")
        return {
            "arn": self.arn,
            "status": certificate["Status"],
            "names": sorted({certificate["DomainName"], *names}),
            "key": certificate.get("KeyAlgorithm", ""),
            "not_after": str(until or ""),
            "days_left": days_left(until, now),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = "there is no such certificate in this region; it cannot be copied from another"
            return (Difference("arn", None, self.arn, reason),)
        wrong = []
        if found["status"] != "ISSUED":
            pending = found["status"] == "PENDING_VALIDATION"
            reason = "ACM waits for its DNS record" if pending else "it cannot be used"
            wrong.append(Difference("status", found["status"], "ISSUED", reason, settles=pending))
        if self.domain not in found["names"]:
            wrong.append(Difference("names", found["names"], self.domain, "it is for other names"))
        left = found["days_left"]
        if found["status"] == "ISSUED" and left is not None and left <= DAYS_LEFT:
            reason = f"it ends in {left:.0f} days, on {found['not_after']}"
            wrong.append(Difference("days_left", left, f"more than {DAYS_LEFT}", reason))
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        why = "; ".join(difference.reason for difference in self.differences(found))
        return (
            f"The certificate {self.arn} is not good for {self.domain}: {why}. Choose another, or "
            f"request {self.domain} in ACM in this region with DNS validation and renew it there. "
            "The wizard looks every 30 seconds and goes on by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"ACM to issue {self.domain}: {found['status'] if found else 'not there'}"


# What RequestCertificate makes; others can only be imported.
_REQUESTABLE = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")


@options("acm.certificates")
def certificates(domain: str) -> Options:
    """The region's certificates; the one for `domain` that lasts longest is suggested."""
    listed = yield Read(
        "acm",
        "ListCertificates",
        {"Includes": {"keyTypes": list(KEY_TYPES)}},
        pages="CertificateSummaryList",
    )
    judged = [(_unusable(one, domain), one) for one in listed]
    usable = [one for reason, one in judged if not reason]
    best = max(usable, key=lambda one: str(one.get("NotAfter", "")), default=None)
    judged.sort(key=lambda pair: (pair[0] != "", pair[1] is not best, pair[1]["CertificateArn"]))
    return [
        Option(
            one["CertificateArn"],
            f"{one['DomainName']} ({str(one['CertificateArn']).rpartition('/')[2][:8]})",
            detail=f"{one.get('Status', '')}, {one.get('KeyAlgorithm', '')}, {_until(one)}",
            suggested=one is best,
            disabled=reason,
        )
        for reason, one in judged
    ]


@options("acm.key_algorithms")
def key_algorithms(domain: str, region: str) -> Options:
    """Keys that a certificate for `domain` can have; the one of `region`'s is suggested.

    https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
    """
    listed = yield Read(
        "acm",
        "ListCertificates",
        {"CertificateStatuses": ["ISSUED"], "Includes": {"keyTypes": list(KEY_TYPES)}},
        pages="CertificateSummaryList",
        region=region,
    )
    usable = [one for one in listed if not _unusable(one, domain)]
    last: Facts = max(usable, key=lambda one: str(one.get("NotAfter", "")), default={})
    like = last.get("KeyAlgorithm", _REQUESTABLE[0])
    return [
        Option(
            name,
            name,
            detail=f"as in {region}" if last and name == like else "",
            suggested=name == like,
        )
        for name in _REQUESTABLE
    ]


def _unusable(certificate: Facts, domain: str) -> str:
    names = certificate.get("SubjectAlternativeNameSummaries") or ()
    if domain not in {certificate["DomainName"], *names}:
        return f"is not for {domain}"
    status = certificate.get("Status", "ISSUED")
    return "" if status == "ISSUED" else f"is {status}"


def _until(certificate: Facts) -> str:
    end = certificate.get("NotAfter")
    return f"until {str(end)[:10]}" if end else "not issued"


def days_left(until: Json, now: float) -> float | None:
    """Days until then; None where nothing is said."""
    if not until:
        return None
    end = datetime.fromisoformat(str(until).replace("Z", "+00:00"))
    aware = end if end.tzinfo else end.replace(tzinfo=UTC)
    return round((aware.timestamp() - now) / 86400, 1)
