"""Account management: which regions are open to the account, and what closed ones answer.

https://docs.aws.amazon.com/accounts/latest/reference/API_EnableRegion.html
https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""
# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.account import urls
from moto.account.models import account_backends
from moto.account.responses import AccountResponse
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import get_service_model
from moto.ec2.models.availability_zones_and_regions import Region
from moto.ec2.responses import EC2Response

from wizard.simulator.services import quotas
from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, replace, wrap
from wizard.simulator.services.regions import OPT_IN, known_regions

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

SWITCHING_SECONDS = 120.0

_GLOBAL = frozenset({"iam", "sts", "route53", "account", "cloudfront", "s3"})


def install(clock: AccountClock, world: World) -> None:  # noqa: ARG001
    """Patch moto's account, and with it what belongs to regions everywhere."""
    for operation in ("listRegions", "getRegionOptStatus", "enableRegion", "disableRegion"):
        urls.url_paths.setdefault(f"{{0}}/{operation}$", AccountResponse.dispatch)
    _operations(clock)
    _closed_regions(clock)
    _described_regions(clock)
    quotas.install(clock)


def region_status(account: str, region: str, now: float) -> str:
    """AWS's RegionOptStatus of a region at an account time."""
    if region not in OPT_IN:
        return "ENABLED_BY_DEFAULT"
    opened, since = _switched(account).get(region, (False, 0.0))
    if now >= since + SWITCHING_SECONDS:
        return "ENABLED" if opened else "DISABLED"
    return "ENABLING" if opened else "DISABLING"


def _switched(account: str) -> dict[str, tuple[bool, float]]:
    backend = account_backends[account]["aws"]
    kept: dict[str, tuple[bool, float]] = backend.__dict__.setdefault("region_switches", {})
    return kept


def _operations(clock: AccountClock) -> None:
    def status(response: Any) -> tuple[str, str]:
        region = str(response._get_param("RegionName"))
        if region not in known_regions():
            raise refusal("ValidationException", f"Invalid region name: {region}")
        return region, region_status(response._get_account_id(), region, clock.now())

    @replace(AccountResponse, "list_regions")
    def list_regions(self: Any) -> ActionResult:
        wanted = self._get_param("RegionOptStatusContains") or []
        account, now = self._get_account_id(), clock.now()
        known = [
            {"RegionName": name, "RegionOptStatus": region_status(account, name, now)}
            for name in known_regions()
        ]
        found = [one for one in known if not wanted or one["RegionOptStatus"] in wanted]
        size = self._get_int_param("MaxResults", 50)
        if not 1 <= size <= 50:
            raise refusal("ValidationException", "MaxResults must be between 1 and 50")
        try:
            shown, token = page(found, self._get_param("NextToken"), size)
        except BadTokenError as error:
            raise refusal("ValidationException", f"Invalid NextToken: {error}") from error
        return ActionResult({"Regions": shown, "NextToken": token})

    @replace(AccountResponse, "get_region_opt_status")
    def get_region_opt_status(self: Any) -> ActionResult:
        region, found = status(self)
        return ActionResult({"RegionName": region, "RegionOptStatus": found})

    def switch(response: Any, *, opened: bool) -> ActionResult:
        region, found = status(response)
        if found == "ENABLED_BY_DEFAULT":
            raise refusal(
                "ValidationException", f"The region {region} is enabled by default, and stays so."
            )
        if found in {"ENABLING", "DISABLING"}:
            raise refusal("ConflictException", f"The region {region} is already {found.lower()}.")
        if found != ("ENABLED" if opened else "DISABLED"):
            _switched(response._get_account_id())[region] = (opened, clock.now())
        return EmptyResult()

    @replace(AccountResponse, "enable_region")
    def enable_region(self: Any) -> ActionResult:
        return switch(self, opened=True)

    @replace(AccountResponse, "disable_region")
    def disable_region(self: Any) -> ActionResult:
        return switch(self, opened=False)


def _closed_regions(clock: AccountClock) -> None:
    def call_action(original: Method, self: Any) -> Any:
        service, region = self.boto3_service_name, str(self.region)
        # The global STS endpoint stands in us-east-1; a regional one exists only where open.
        regional = service not in _GLOBAL or service == "sts"
        if regional and region in OPT_IN:
            now = clock.now()
            if region_status(self.current_account, region, now) != "ENABLED":
                return _unknown_credentials(self, service)
        return original(self)

    wrap(BaseResponse, "call_action")(call_action)


def _unknown_credentials(response: Any, service: str) -> Any:
    """What a closed region says: it does not know the account's credentials."""
    if service == "ec2":
        code, status = "AuthFailure", 401
        words = "AWS was not able to validate the provided access credentials"
    else:
        protocol = response.determine_response_protocol(get_service_model(service))
        json_style = protocol not in {"query", "rest-xml"}
        code = "UnrecognizedClientException" if json_style else "InvalidClientTokenId"
        status, words = 403, "The security token included in the request is invalid."
    _, headers, body = response.serialized(ActionResult(refusal(code, words)))
    return status, headers, body


def _described_regions(clock: AccountClock) -> None:
    @replace(EC2Response, "describe_regions")
    def describe_regions(self: Any) -> ActionResult:
        self.error_on_dryrun()
        names = self._get_param("RegionNames", [])
        everything = bool(self._get_bool_param("AllRegions"))
        shown = []
        for name in known_regions():
            found = region_status(self.current_account, name, clock.now())
            status = {"ENABLED_BY_DEFAULT": "opt-in-not-required", "ENABLED": "opted-in"}.get(
                found, "not-opted-in"
            )
            if (names and name in names) or (
                not names and (everything or status != "not-opted-in")
            ):
                shown.append(Region(name, f"ec2.{name}.amazonaws.com", status))
        unknown = sorted(set(names) - {one.name for one in shown})
        if unknown:
            raise refusal("InvalidParameterValue", f"Invalid region name(s): {', '.join(unknown)}")
        return ActionResult({"Regions": shown})
