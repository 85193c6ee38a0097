"""Elastic Load Balancing v2 of the simulated account: its parts, and the pages of its lists."""

# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.elbv2.responses import ELBV2Response
from moto.elbv2.ssl_policies import SSL_POLICIES, build_policy

from wizard.simulator.services import (
    elbv2_balancers,
    elbv2_groups,
    elbv2_health,
    elbv2_listeners,
    elbv2_logs,
    elbv2_targets,
)
from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, exclusively, replace, wrap
from wizard.simulator.services.validate import violations

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html
_LARGEST_PAGE = 400

# Operation → the method of moto's responses that answers it.
_VALIDATED = {
    "CreateLoadBalancer": "create_load_balancer",
    "CreateTargetGroup": "create_target_group",
    "CreateListener": "create_listener",
    "ModifyListener": "modify_listener",
    "ModifyTargetGroup": "modify_target_group",
    "RegisterTargets": "register_targets",
    "DescribeSSLPolicies": "describe_ssl_policies",
    "AddTags": "add_tags",
}


def install(clock: AccountClock, world: World) -> None:
    """Patch moto's elbv2."""
    elbv2_balancers.install(clock)
    elbv2_logs.install()
    elbv2_groups.install()
    elbv2_health.install(clock, world)
    elbv2_targets.install(clock)
    elbv2_listeners.install(clock)
    _page_lists()
    for operation, method in _VALIDATED.items():
        _validate(operation, method)
    exclusively(
        world.lock,
        ELBV2Response,
        *_VALIDATED.values(),
        "deregister_targets",
        "describe_target_health",
        "delete_load_balancer",
        "modify_load_balancer_attributes",
    )


def _validate(operation: str, name: str) -> None:
    @wrap(ELBV2Response, name)
    def validated(original: Method, self: Any) -> Any:
        if (wrong := violations("elbv2", operation, self.params)) is not None:
            raise validation(wrong)
        return original(self)


def _paged(response: Any, key: str, items: Sequence[Any]) -> ActionResult:
    size = response._get_int_param("PageSize", _LARGEST_PAGE)
    if not 1 <= size <= _LARGEST_PAGE:
        raise validation(
            f"1 validation error detected: Value '{size}' at 'pageSize' failed to satisfy "
            f"constraint: Member must have value between 1 and {_LARGEST_PAGE}, inclusive"
        )
    try:
        shown, marker = page(items, response._get_param("Marker"), size)
    except BadTokenError as error:
        raise validation(f"'{error}' is not a valid marker") from error
    return ActionResult({key: shown, "NextMarker": marker})


def _page_lists() -> None:
    @replace(ELBV2Response, "describe_load_balancers")
    def describe_load_balancers(self: Any) -> ActionResult:
        arns, names = self._get_param("LoadBalancerArns", []), self._get_param("Names", [])
        if arns and names:
            raise validation(
                "Load balancer names and load balancer ARNs cannot be specified at the same time"
            )
        found = self.elbv2_backend.describe_load_balancers(arns, names)
        return _paged(self, "LoadBalancers", found)

    @replace(ELBV2Response, "describe_target_groups")
    def describe_target_groups(self: Any) -> ActionResult:
        found = self.elbv2_backend.describe_target_groups(
            self._get_param("LoadBalancerArn"),
            self._get_param("TargetGroupArns", []),
            self._get_param("Names", []),
        )
        return _paged(self, "TargetGroups", list(found))

    @wrap(ELBV2Response, "describe_listeners")
    def describe_listeners(original: Method, self: Any) -> ActionResult:
        result: dict[str, Any] = original(self).result
        return _paged(self, "Listeners", result["Listeners"])

    @replace(ELBV2Response, "describe_ssl_policies")
    def describe_ssl_policies(self: Any) -> ActionResult:
        names = self._get_param("Names", [])
        for name in names:
            if name not in SSL_POLICIES:
                raise refusal("SSLPolicyNotFound", f"SSL policy '{name}' not found")
        supported = ["application", "network"]
        shown = [
            {**(build_policy(name, data) or {}), "SupportedLoadBalancerTypes": supported}
            for name, data in SSL_POLICIES.items()
            if not names or name in names
        ]
        if self._get_param("LoadBalancerType", "application") not in supported:
            shown = []
        return _paged(self, "SslPolicies", shown)

    # 50 tags a resource; moto stops at ten.
    @replace(ELBV2Response, "add_tags")
    def add_tags(self: Any) -> ActionResult:
        tags: list[dict[str, str]] = self._get_param("Tags", [])
        keys = [tag["Key"] for tag in tags]
        for key in keys:
            if keys.count(key) > 1:
                raise refusal("DuplicateTagKeys", f"Tag key '{key}' was specified more than once")
            if key.lower().startswith("aws:"):
                raise validation(
                    f"Tag keys starting with 'aws:' are reserved for system use: '{key}'"
                )
        backend = self.elbv2_backend
        arns: list[str] = self._get_param("ResourceArns", [])
        for arn in arns:
            backend._get_resource_by_arn(arn)
            existing = backend.tagging_service.get_tag_dict_for_resource(arn)
            if len(set(existing) | set(keys)) > 50:
                raise refusal(
                    "TooManyTags", "You have reached the limit on the number of tags per resource"
                )
        for arn in arns:
            backend.tagging_service.tag_resource(arn, tags)
        return ActionResult({})

    @wrap(ELBV2Response, "describe_tags")
    def describe_tags(original: Method, self: Any) -> ActionResult:
        for arn in self._get_param("ResourceArns", []):
            self.elbv2_backend._get_resource_by_arn(arn)
        result: ActionResult = original(self)
        return result
