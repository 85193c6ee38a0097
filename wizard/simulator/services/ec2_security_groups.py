"""Security groups: whole batches refused, and the characters that descriptions may hold.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import RulesPerSecurityGroupLimitExceededError
from moto.ec2.responses import EC2Response

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, wrap

RULES_AT_MOST = 60
_WORDS = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")


def install() -> None:
    """Patch how groups are made and how rules are added."""

    @wrap(EC2Response, "create_security_group")
    def create_security_group(original: Method, self: Any) -> ActionResult:
        for name in ("GroupName", "GroupDescription", "Description"):
            value = self._get_param(name)
            if value is not None and not _WORDS.fullmatch(str(value)):
                raise refusal(
                    "InvalidParameterValue",
                    f"Value ({value}) for parameter {name} is invalid. Character sets beyond "
                    "ASCII are not supported.",
                )
        result: ActionResult = original(self)
        return result

    @wrap(EC2Response, "authorize_security_group_ingress")
    def authorize(original: Method, self: Any) -> ActionResult:
        self.error_on_dryrun()
        # moto goes on adding until it meets a rule that is there; AWS adds all or none.
        for asked in list(self._process_rules_from_querystring()):
            group = self.ec2_backend.get_security_group_by_name_or_id(
                asked["group_name_or_id"], asked.get("vpc_id")
            )
            if group is not None:
                _check(group, list(self._process_rules_from_querystring()))
            break
        result: ActionResult = original(self)
        return result


def _check(group: Any, batch: list[dict[str, Any]]) -> None:
    have = {
        (str(rule.ip_protocol), rule.from_port, rule.to_port, source)
        for rule in group.ingress_rules
        for source in _held(rule)
    }
    count = len(group.ingress_rules)
    for asked in batch:
        for source, description in _asked(asked):
            if not _WORDS.fullmatch(description):
                raise refusal(
                    "InvalidParameterValue",
                    "Invalid rule description. Valid descriptions are strings less than 256 "
                    "characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
                )
            protocol = str(asked["ip_protocol"]).lower()
            first, last = (
                None if value is None or protocol == "-1" else int(value)
                for value in (asked["from_port"], asked["to_port"])
            )
            key = (protocol, first, last, source)
            if key in have:
                raise refusal(
                    "InvalidPermission.Duplicate",
                    f'the specified rule "peer: {source}, {protocol.upper()}, from port: {first}, '
                    f'to port: {last}, ALLOW" already exists',
                )
            have.add(key)
            count += 1
    if count > RULES_AT_MOST:
        raise RulesPerSecurityGroupLimitExceededError


def _held(rule: Any) -> Iterator[str]:
    for value in (rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id):
        if value:
            yield str(value)
    if rule.source_group:
        yield str(rule.source_group.get("GroupId"))


def _asked(permission: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field, members in (
        ("ip_ranges", ("CidrIp", "CidrIpv6")),
        ("source_groups", ("GroupId",)),
        ("prefix_list_ids", ("PrefixListId",)),
    ):
        for entry in permission.get(field) or ():
            for member in members:
                if entry.get(member):
                    yield str(entry[member]), str(entry.get("Description") or "")
