"""Target groups: AWS's defaults and refusals, sameness by name, and who uses them.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from wizard.simulator.services.elbv2_zones import GROUP_ATTRIBUTES
from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.patching import Method, put, wrap

# What makes two target groups of one name the same to CreateTargetGroup.
_SETTINGS = (
    "protocol",
    "protocol_version",
    "port",
    "vpc_id",
    "target_type",
    "ip_address_type",
    "health_check_protocol",
    "health_check_port",
    "health_check_path",
    "health_check_enabled",
    "health_check_interval_seconds",
    "health_check_timeout_seconds",
    "healthy_threshold_count",
    "unhealthy_threshold_count",
)


def install() -> None:
    """Patch creation and modification of target groups."""
    _usage()

    @wrap(ELBv2Backend, "create_target_group")
    def create_target_group(original: Method, self: Any, name: str, **asked: Any) -> Any:
        _default(asked)
        _check_health_check(asked)
        existing = next((g for g in self.target_groups.values() if g.name == name), None)
        if existing is None:
            return _created(original(self, name, **asked))
        # moto refuses any second group of the name: build one aside to compare the two.
        aside = ELBv2Backend(self.region_name, self.account_id)
        built = original(aside, name, **asked)
        if _settings(built) == _settings(existing):
            return existing
        raise refusal(
            "DuplicateTargetGroupName",
            f"A target group with the same name '{name}' exists, but with different settings",
        )

    @wrap(ELBv2Backend, "modify_target_group")
    def modify_target_group(original: Method, self: Any, arn: str, *asked: Any, **more: Any) -> Any:
        names = ("protocol", "port", "path", "interval_seconds", "timeout_seconds")
        given = {f"healthcheck_{name}": value for name, value in zip(names, asked, strict=False)}
        group = self.target_groups.get(arn)
        if group is not None:
            for name in names:
                key = f"healthcheck_{name}"
                given[key] = given.get(key) or getattr(group, f"health_check_{name}")
            given["protocol"] = group.protocol
            given["matcher"] = {"HttpCode": asked[7]} if len(asked) > 7 and asked[7] else None
            _check_health_check(given)
        return original(self, arn, *asked, **more)


def _created(group: Any) -> Any:
    if group.protocol in {"HTTP", "HTTPS"}:
        group.attributes = dict(GROUP_ATTRIBUTES)
    return group


def _settings(group: Any) -> tuple[Any, ...]:
    values = tuple(str(getattr(group, name)) for name in _SETTINGS)
    return (*values, getattr(group, "matcher", None))


def _default(asked: dict[str, Any]) -> None:
    asked["target_type"] = asked.get("target_type") or "instance"
    if asked.get("protocol") in {"HTTP", "HTTPS"}:
        # AWS's default is HTTP whatever the protocol of the group; moto takes the group's.
        asked["healthcheck_protocol"] = asked.get("healthcheck_protocol") or "HTTP"


def _check_health_check(asked: dict[str, Any]) -> None:
    protocol = asked.get("healthcheck_protocol")
    if asked.get("protocol") in {"HTTP", "HTTPS"} and protocol not in {None, "HTTP", "HTTPS"}:
        raise validation(
            f"Health check protocol '{protocol}' must be one of 'HTTP, HTTPS' for target groups "
            f"with the {asked['protocol']} protocol"
        )
    path = asked.get("healthcheck_path")
    if path and (not path.startswith("/") or len(path) > 1024):
        raise validation(
            f"Health check path '{path}' must begin with a '/' character, and can only contain "
            "printable ASCII characters, without spaces"
        )
    port = asked.get("healthcheck_port")
    if port and port != "traffic-port" and not (str(port).isdigit() and 1 <= int(port) <= 65535):
        raise validation(f"Health check port '{port}' must be in the range [1-65535]")
    interval, timeout = (
        asked.get("healthcheck_interval_seconds"),
        asked.get("healthcheck_timeout_seconds"),
    )
    if interval and timeout and int(timeout) >= int(interval):
        raise validation(
            f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'"
        )
    code = (asked.get("matcher") or {}).get("HttpCode")
    if code is not None:
        _check_matcher(str(code))


def _check_matcher(code: str) -> None:
    if re.fullmatch(r"\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*", code) is None:
        raise validation(
            f"Health check matcher HTTP code '{code}' must be a valid code, "
            "a range of codes or a list of them"
        )
    if not all(200 <= int(number) <= 499 for number in re.split("[-,]", code)):
        raise validation(
            f"Health check matcher HTTP code '{code}' must be within '200-499' inclusive"
        )


def users_of(group: Any) -> Iterator[tuple[Any, Any]]:
    """Each (load balancer, listener) of the region that forwards to the group."""
    backend = elbv2_backends[group.account_id][group.region_name]
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                if group.arn in forwarded(rule.actions):
                    yield balancer, listener
                    break


def forwarded(actions: list[Any]) -> list[str]:
    """The target groups that moto's actions (objects or AWS's dicts) forward to."""
    arns: list[str] = []
    for action in actions:
        data = action if isinstance(action, dict) else action.data
        if "TargetGroupArn" in data:
            arns.append(data["TargetGroupArn"])
        for group in data.get("ForwardConfig", {}).get("TargetGroups", []):
            if group["TargetGroupArn"] not in arns:
                arns.append(group["TargetGroupArn"])
    return arns


def _usage() -> None:
    def load_balancer_arns(self: Any) -> list[str]:
        return list(dict.fromkeys(balancer.arn for balancer, _ in users_of(self)))

    def ignore(self: Any, value: list[str]) -> None:
        """The listeners know; moto's list would keep what has been deleted."""

    put(FakeTargetGroup, "load_balancer_arns", property(load_balancer_arns, ignore))
