"""Service Quotas: AWS's defaults, and what this account has been given beyond them.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
"""
# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from moto.core.responses import ActionResult
from moto.servicequotas.models import servicequotas_backends
from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS
from moto.servicequotas.responses import ServiceQuotasResponse

from wizard.simulator.services import quota_requests
from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import replace

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock


class Quota(NamedTuple):
    """One quota; `value` is AWS's default."""

    service: str
    service_name: str
    code: str
    name: str
    value: float


_ELB = ("elasticloadbalancing", "Elastic Load Balancing (ELB)")
_VPC = ("vpc", "Amazon Virtual Private Cloud (Amazon VPC)")
_RDS = ("rds", "Amazon Relational Database Service (Amazon RDS)")
QUOTAS = (
    Quota(*_ELB, "L-53DA6B97", "Application Load Balancers per Region", 50.0),
    Quota(*_ELB, "L-B22855CB", "Target Groups per Region", 3000.0),
    Quota(*_ELB, "L-B6DF7632", "Listeners per Application Load Balancer", 50.0),
    Quota(*_ELB, "L-7E6692B2", "Targets per Application Load Balancer", 1000.0),
    Quota(*_VPC, "L-0EA8095F", "Inbound or outbound rules per security group", 60.0),
    Quota(*_VPC, "L-2AFB9258", "Security groups per network interface", 5.0),
    Quota(*_VPC, "L-1B52E74A", "Gateway VPC endpoints per Region", 20.0),
    Quota(*_RDS, "L-952B80B8", "DB clusters", 40.0),
    Quota(*_RDS, "L-7B6409FD", "DB instances", 40.0),
    Quota("lambda", "AWS Lambda", "L-B99A9384", "Concurrent executions", 1000.0),
    Quota(
        "ec2",
        "Amazon Elastic Compute Cloud (Amazon EC2)",
        "L-1216C47A",
        "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        5.0,
    ),
)
# What support has raised for the regions in use, and what a region nobody used yet has.
APPLIED = {
    ("us-east-1", "L-1216C47A"): 640.0,
    ("eu-west-1", "L-1216C47A"): 384.0,
    ("us-east-1", "L-952B80B8"): 60.0,
}
_UNUSED_REGION = {"L-1216C47A": 32.0}


def install(clock: AccountClock) -> None:
    """Answer what moto lacks of Service Quotas."""

    def value(response: Any, quota: Quota) -> float:
        return _applied(response.backend, response.region, quota, clock.now())

    @replace(ServiceQuotasResponse, "get_service_quota")
    def get_service_quota(self: Any) -> ActionResult:
        quota = _find(self)
        return ActionResult({"Quota": _shown(self, quota, value(self, quota))})

    @replace(ServiceQuotasResponse, "get_aws_default_service_quota")
    def get_aws_default_service_quota(self: Any) -> ActionResult:
        quota = _find(self)
        return ActionResult({"Quota": _shown(self, quota, quota.value)})

    @replace(ServiceQuotasResponse, "list_aws_default_service_quotas")
    def list_aws_default_service_quotas(self: Any) -> ActionResult:
        return _listed(self, "Quotas", [_shown(self, one, one.value) for one in _of_service(self)])

    @replace(ServiceQuotasResponse, "list_service_quotas")
    def list_service_quotas(self: Any) -> ActionResult:
        shown = [_shown(self, one, value(self, one)) for one in _of_service(self)]
        return _listed(self, "Quotas", shown)

    @replace(ServiceQuotasResponse, "request_service_quota_increase")
    def request_service_quota_increase(self: Any) -> ActionResult:
        quota, wanted = _find(self), float(self._get_param("DesiredValue"))
        if wanted <= value(self, quota):
            raise refusal(
                "IllegalArgumentException",
                "You must provide a quota value greater than the current quota value.",
            )
        if quota_requests.is_open(self.backend, quota.service, quota.code, clock.now()):
            raise refusal(
                "ResourceAlreadyExistsException",
                "Only one open service quota increase request is allowed per quota.",
            )
        made = quota_requests.ask(self.backend, quota.service, quota.code, wanted, clock)
        entry = _shown(self, quota, wanted)
        return ActionResult({"RequestedQuota": quota_requests.shown(made, entry, clock.now())})

    @replace(ServiceQuotasResponse, "list_requested_service_quota_change_history_by_quota")
    def history(self: Any) -> ActionResult:
        quota, now = _find(self), clock.now()
        rows = [
            quota_requests.shown(one, _shown(self, quota, one.value), now)
            for one in quota_requests.increases(self.backend)
            if (one.service, one.code) == (quota.service, quota.code)
            and self._get_param("Status") in {None, one.status(now)}
        ]
        return _listed(self, "RequestedQuotas", rows)


def applied(account: str, region: str, code: str, now: float) -> float:
    """The quota of that code as the account has it in the region at an account time."""
    quota = next(one for one in _all() if one.code == code)
    return _applied(servicequotas_backends[account][region], region, quota, now)


def _applied(backend: Any, region: str, quota: Quota, now: float) -> float:
    granted = quota_requests.applied(backend, quota.service, quota.code, now)
    given = APPLIED.get((region, quota.code))
    return granted or given or _UNUSED_REGION.get(quota.code, quota.value)


def _all() -> list[Quota]:
    known = {quota.code for quota in QUOTAS}
    more = [
        Quota(*_VPC, str(one["QuotaCode"]), str(one["QuotaName"]), float(str(one["Value"])))
        for one in VPC_DEFAULT_QUOTAS
        if one["QuotaCode"] not in known
    ]
    return [*QUOTAS, *more]


def _of_service(response: Any) -> list[Quota]:
    service = response._get_param("ServiceCode")
    found = [quota for quota in _all() if quota.service == service]
    if not found:
        raise _missing()
    return found


def _find(response: Any) -> Quota:
    code = response._get_param("QuotaCode")
    for quota in _of_service(response):
        if quota.code == code:
            return quota
    raise _missing()


def _missing() -> Exception:
    return refusal(
        "NoSuchResourceException",
        "The request failed because the specified service does not exist.",
    )


def _shown(response: Any, quota: Quota, value: float) -> dict[str, Any]:
    return {
        "ServiceCode": quota.service,
        "ServiceName": quota.service_name,
        "QuotaArn": f"arn:aws:servicequotas:{response.region}:{response.current_account}:"
        f"{quota.service}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }


def _listed(response: Any, field: str, rows: list[dict[str, Any]]) -> ActionResult:
    try:
        shown, token = page(
            rows, response._get_param("NextToken"), response._get_int_param("MaxResults", 100)
        )
    except BadTokenError as error:
        raise refusal("InvalidPaginationTokenException", "Invalid token was provided.") from error
    return ActionResult({field: shown, "NextToken": token})
