"""ACM of the simulated account: key types as listed, validation by DNS, use by load balancers.

https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html
https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""
# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.responses import ActionResult
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, put, replace, wrap
from wizard.simulator.services.route53_answers import visible_rrsets
from wizard.simulator.services.route53_batch import canonical
from wizard.simulator.services.validate import violations

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

ISSUING_SECONDS = 60.0
RECORD_SECONDS = 3.0
TIMEOUT_SECONDS = 72 * 3600.0

# What ListCertificates shows when no key type is asked for.
DEFAULT_KEY_TYPES = ("RSA_1024", "RSA_2048")
_CURVES = {"EC_prime256v1": ec.SECP256R1, "EC_secp384r1": ec.SECP384R1}
_DOMAIN = re.compile(
    r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])"
)


def install(clock: AccountClock, world: World) -> None:  # noqa: ARG001
    """Patch moto's acm."""
    _bundles(clock)
    _reads()
    _requests()


def _account_and_region(bundle: Any) -> tuple[str, str]:
    fields = str(bundle.arn).split(":")
    return fields[4], fields[3]


def _bundles(clock: AccountClock) -> None:
    @wrap(CertBundle, "__init__")
    def initialise(original: Method, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        # moto's times are naive UTC.
        self.requested_at = clock.now()
        self.created_at = datetime.fromtimestamp(self.requested_at, UTC).replace(tzinfo=None)

    @replace(CertBundle, "check")
    def check(self: Any) -> None:
        now = clock.now()
        ends = self._not_valid_after(self._cert).replace(tzinfo=UTC).timestamp()
        if self.status == "ISSUED" and ends <= now:
            self.status = "EXPIRED"
        if self.type != "AMAZON_ISSUED" or self.status != "PENDING_VALIDATION":
            return
        if self.__dict__.get("validated_at") is None and _validated(self, now):
            self.validated_at = now
        validated_at = self.__dict__.get("validated_at")
        if validated_at is not None and now >= validated_at + ISSUING_SECONDS:
            self.status = "ISSUED"
        elif validated_at is None and now >= self.requested_at + TIMEOUT_SECONDS:
            self.status = "VALIDATION_TIMED_OUT"

    def in_use_by(self: Any) -> list[str]:
        account, region = _account_and_region(self)
        return [
            balancer.arn
            for balancer in elbv2_backends[account][region].load_balancers.values()
            if any(self.arn in listener.certificates for listener in balancer.listeners.values())
        ]

    def ignore(self: Any, value: list[str]) -> None:
        """The listeners know; moto's list would keep what has been deleted."""

    put(CertBundle, "in_use_by", property(in_use_by, ignore))

    @wrap(CertBundle, "describe")
    def describe(original: Method, self: Any) -> dict[str, Any]:
        result: dict[str, Any] = original(self)
        shown = result["Certificate"]
        _complete(self, shown, clock.now())
        return result


def _complete(bundle: Any, shown: dict[str, Any], now: float) -> None:
    shown["KeyAlgorithm"] = bundle.__dict__.get("key_algorithm") or shown["KeyAlgorithm"]
    names = [shown["DomainName"]]
    names += [name for name in shown["SubjectAlternativeNames"] if name not in names]
    shown["SubjectAlternativeNames"] = names
    if bundle.type == "AMAZON_ISSUED":
        status = {"ISSUED": "SUCCESS", "EXPIRED": "SUCCESS", "PENDING_VALIDATION": bundle.status}
        ready = now >= bundle.requested_at + RECORD_SECONDS
        shown["DomainValidationOptions"] = [
            {
                "DomainName": name,
                "ValidationDomain": name,
                "ValidationStatus": status.get(bundle.status, "FAILED"),
                "ValidationMethod": "DNS",
                **({"ResourceRecord": validation_record(bundle, name)} if ready else {}),
            }
            for name in names
        ]
        shown["RenewalEligibility"] = "ELIGIBLE" if bundle.in_use_by else "INELIGIBLE"
    if bundle.status not in {"ISSUED", "EXPIRED"}:
        for name in ("NotBefore", "NotAfter", "Serial", "Issuer", "IssuedAt"):
            shown.pop(name, None)


def validation_record(bundle: Any, name: str) -> dict[str, str]:
    """The CNAME that proves control of `name`: the same for the account in every region."""
    bare = name.removeprefix("*.")
    account, _ = _account_and_region(bundle)
    digest = hashlib.sha256(f"{account} {bare}".encode()).hexdigest()
    return {
        "Name": f"_{digest[:32]}.{bare}.",
        "Type": "CNAME",
        "Value": f"_{digest[32:]}.ykybfrwcxw.acm-validations.aws.",
    }


def _validated(bundle: Any, now: float) -> bool:
    account, _ = _account_and_region(bundle)
    served = {
        (canonical(one.name), canonical(value))
        for zone in route53_backends[account]["aws"].zones.values()
        if not zone.private_zone
        for one in visible_rrsets(zone, now)
        if one.type == "CNAME"
        for value in one.records
    }
    wanted = [validation_record(bundle, name) for name in {bundle.common_name, *bundle.sans}]
    return all((canonical(one["Name"]), canonical(one["Value"])) in served for one in wanted)


def _reads() -> None:
    @replace(AWSCertificateManagerResponse, "list_certificates")
    def list_certificates(self: Any) -> ActionResult:
        _check(self, "ListCertificates")
        statuses, includes = self._get_param("CertificateStatuses"), self._get_param("Includes")
        key_types = (includes or {}).get("keyTypes") or DEFAULT_KEY_TYPES
        found = []
        for bundle in self.acm_backend.list_certificates(statuses, None):
            shown = bundle.describe()["Certificate"]
            if shown["KeyAlgorithm"] not in key_types:
                continue
            names = shown["SubjectAlternativeNames"]
            found.append(
                {
                    **shown,
                    "SubjectAlternativeNameSummaries": names[:100],
                    "HasAdditionalSubjectAlternativeNames": len(names) > 100,
                    "InUse": bool(bundle.in_use_by),
                    "Exported": False,
                }
            )
        try:
            page_of, token = page(
                found, self._get_param("NextToken"), self._get_int_param("MaxItems", 1000)
            )
        except BadTokenError as error:
            raise refusal("ValidationException", f"Invalid NextToken: {error}") from error
        return ActionResult({"CertificateSummaryList": page_of, "NextToken": token})

    @wrap(AWSCertificateManagerBackend, "get_certificate")
    def get_certificate(original: Method, self: Any, arn: str) -> Any:
        if arn not in self._certificates:
            raise refusal("ResourceNotFoundException", f"Could not find certificate {arn}.")
        return original(self, arn)

    @wrap(AWSCertificateManagerResponse, "get_certificate")
    def body_of(original: Method, self: Any) -> Any:
        arn = self._get_param("CertificateArn")
        if self.acm_backend.get_certificate(arn).status == "PENDING_VALIDATION":
            raise refusal("RequestInProgressException", f"Certificate {arn} is not yet issued.")
        return original(self)

    @wrap(AWSCertificateManagerBackend, "delete_certificate")
    def delete_certificate(original: Method, self: Any, arn: str) -> None:
        if self.get_certificate(arn).in_use_by:
            raise refusal(
                "ResourceInUseException",
                f"Certificate {arn} in account {self.account_id} is in use.",
            )
        original(self, arn)


def _check(response: Any, operation: str) -> None:
    asked = json.loads(response.body or "{}")
    if (wrong := violations("acm", operation, asked)) is not None:
        raise refusal("ValidationException", wrong)


def _requests() -> None:
    @wrap(AWSCertificateManagerResponse, "request_certificate")
    def request_certificate(original: Method, self: Any) -> ActionResult:
        names = [self._get_param("DomainName"), *(self._get_param("SubjectAlternativeNames") or [])]
        for name in names:
            if _DOMAIN.fullmatch(name) is None:
                raise refusal(
                    "ValidationException",
                    f"1 validation error detected: Value '{name}' at 'domainName' failed to "
                    "satisfy constraint: Member must satisfy regular expression pattern: "
                    "^(\\*\\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\\.)+"
                    "((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$",
                )
        algorithm = self._get_param("KeyAlgorithm")
        result: ActionResult = original(self)
        answer: dict[str, Any] = dict(result.result)  # type: ignore[call-overload]
        bundle = self.acm_backend._certificates[answer["CertificateArn"]]
        if algorithm in _CURVES:
            bundle.key_algorithm = algorithm
        bundle.check()
        return result
