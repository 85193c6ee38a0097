"""Security groups of a VPC: made where they are missing, and opened only where they must be.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import msgspec

from steps.ec2 import in_vpc
from steps.security_group_rules import (
    ITSELF,
    Key,
    canonical,
    danger,
    descriptions,
    in_order,
    in_words,
    key_of,
    malformed,
    never,
    permissions,
    rules,
)
from wizard.effects import Facts, Json, Read, Write
from wizard.errors import CallError
from wizard.step import Action, Difference, Differences, Reads, Writes, step

NOT_SEEN_YET = "InvalidGroup.NotFound"
"""EC2 may not know a group for a moment after it made it."""
TRIES = 5


class Opening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be let in: each source is a rule of its own."""

    protocol: Literal["tcp", "udp", "icmp"] = "tcp"
    from_port: int
    """Of ICMP, the type."""
    to_port: int
    """Of ICMP, the code; -1 for all."""
    sources: tuple[str, ...] = ()
    """CIDRs, `self`, or prefix lists of the group's own region."""
    description: str = ""
    """Of rules whose source the reference region does not describe."""


@step("ec2.security_group")
class SecurityGroup(Action, frozen=True, kw_only=True):
    """A security group with at least the given ingress rules.

    Only missing rules are added (AWS refuses a whole batch for one duplicate); rules that the
    wizard did not make are never removed. A rule that opens SSH, the Docker API or PostgreSQL to
    the internet is refused, unless `world_by_consent` says that the question of its sources has
    the group's name typed first; SSH and IPv6's ::/0 are refused even then.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("reference",)
    """The group of the reference region."""

    name: str
    vpc_id: str
    description: str
    """Cannot change later; the reference region's own is taken where it has one."""
    ingress: tuple[Opening, ...] = ()
    world_by_consent: bool = False
    closed: tuple[int, ...] = ()
    """TCP ports that no rule of the group may open, to anybody."""
    reference: str = ""
    """Region whose group of this name lends its description and those of its rules."""
    reference_vpc: str = ""

    def lock(self) -> str:
        return f"security group {self.vpc_id}/{self.name}"

    @property
    def wanted(self) -> dict[Key, str]:
        """The rules, each with its description."""
        return {
            Key(one.protocol, one.from_port, one.to_port, canonical(source)): one.description
            for one in self.ingress
            for source in one.sources
        }

    def observe(self) -> Reads[Facts | None]:
        here = yield from groups_by_name(self.vpc_id)
        learned: Mapping[str, Json] | None = None
        if self.reference and self.reference_vpc:
            there = yield from groups_by_name(self.reference_vpc, self.reference)
            learned = there.get(self.name)
        model = {
            "description": learned["description"] if learned else "",
            "labels": descriptions(learned["rules"]) if learned else {},
        }
        return {"reference": model, "group_id": None, "rules": [], **here.get(self.name, {})}

    def differences(self, found: Facts | None) -> Differences:
        if refused := self._refused():
            return refused
        have = {key_of(rule) for rule in found["rules"]} if found else set()
        absent = found is None or found["group_id"] is None
        wrong = [Difference("group", None, self.name)] if absent else []
        wrong += [Difference(key.label, None, "allowed") for key in self.wanted if key not in have]
        return (*wrong, *self._flagged(have))

    def _refused(self) -> Differences:
        """What is asked for and must not be."""
        wrong = []
        for one in self.ingress:
            for source in one.sources:
                if complaint := malformed(source):
                    wrong.append(Difference("rules", None, source, complaint, fixable=False))
        for key in self.wanted:
            risk = danger(key)
            if risk and (never(key) or not self.world_by_consent):
                wrong.append(Difference(key.label, None, "refused", f"{risk}.", fixable=False))
        return tuple(wrong)

    def _flagged(self, have: set[Key]) -> Differences:
        """Dangerous rules that somebody else made: a person is to look, the wizard takes none."""
        wrong = []
        for key in sorted(have, key=str):
            closed = [port for port in self.closed if key.covers(port) and key.source != ITSELF]
            risk = danger(key)
            if closed:
                risk = f"{key.label} opens port {closed[0]}, which {self.name} is not for"
            if risk and key not in self.wanted:
                reason = f"{risk}. The wizard removes no rule that it did not make."
                wrong.append(
                    Difference(
                        key.label, "allowed", None, reason=reason, fixable=False, person=True
                    )
                )
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        group = found["group_id"] if found else self.name
        return (
            f"Look at the inbound rules of {self.name} ({group}) in the EC2 console and remove "
            "what should not be there. The wizard looks again by itself; if a rule must stay, "
            "mark the item done and say why."
        )

    def _missing(self, found: Facts | None) -> list[tuple[Key, str]]:
        """The rules that are to be added, each with its description."""
        have = {key_of(rule) for rule in found["rules"]} if found else set()
        labels: Facts = found["reference"]["labels"] if found else {}
        return [
            (key, labels.get(key.source) or description)
            for key, description in self.wanted.items()
            if key not in have
        ]

    def _description(self, found: Facts | None) -> str:
        return str((found and found["reference"]["description"]) or self.description)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        group_id = found["group_id"] if found else None
        if group_id is None:
            made = yield Write(
                "ec2",
                "CreateSecurityGroup",
                {
                    "GroupName": self.name,
                    "Description": self._description(found),
                    "VpcId": self.vpc_id,
                },
                title=f"Create security group {self.name} in {self.vpc_id}",
            )
            group_id = made["GroupId"]
        missing = self._missing(found)
        if missing:
            yield from self._allow(group_id, missing)

    def _allow(self, group_id: Json, missing: Sequence[tuple[Key, str]]) -> Writes:
        params = {"GroupId": group_id, "IpPermissions": permissions(missing, group_id)}
        what = ", ".join(key.label for key, _ in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        allow = Write(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            params,
            title=f"Allow {what}{more} in {self.name}",
        )
        for left in reversed(range(TRIES)):
            try:
                yield allow
            except CallError as error:
                if error.code != NOT_SEEN_YET or not left:
                    raise
                yield Read("ec2", "DescribeSecurityGroups", in_vpc(self.vpc_id))
            else:
                return

    def outputs(self, found: Facts | None) -> Facts:
        have: Facts = found or {"group_id": None, "rules": []}
        notes = []
        if found and found["group_id"] and found["description"] != self._description(found):
            notes.append(
                f"The group was there with the description {found['description']!r}, which "
                "cannot change: it was adopted as it is."
            )
        extra = [key.label for key in map(key_of, have["rules"]) if key not in self.wanted]
        return {
            "group_id": have["group_id"],
            "name": self.name,
            "rules": [key_of(rule).label for rule in have["rules"]],
            "rules_of_others": extra,
            "notes": notes,
        }

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None or found["group_id"] is None:
            return None
        return {
            "description": found["description"],
            "rules": [in_words(rule) for rule in found["rules"]],
        }

    def planned(self, found: Facts | None) -> Facts | None:
        held = found if found and found["group_id"] else None
        added = [
            {
                "protocol": key.protocol,
                "from": key.first,
                "to": key.last,
                "source": key.source,
                "description": description,
            }
            for key, description in self._missing(found)
        ]
        rules = in_order([*(held["rules"] if held else ()), *added])
        return {
            "description": held["description"] if held else self._description(found),
            "rules": [in_words(rule) for rule in rules],
        }


def groups_by_name(vpc_id: str, region: str | None = None) -> Reads[dict[str, dict[str, Any]]]:
    """The groups of a VPC: name → group_id, description and rules."""
    groups = yield Read(
        "ec2", "DescribeSecurityGroups", in_vpc(vpc_id), pages="SecurityGroups", region=region
    )
    names = {str(one["GroupId"]): str(one["GroupName"]) for one in groups}
    return {
        str(one["GroupName"]): {
            "group_id": one["GroupId"],
            "description": one.get("Description", ""),
            "rules": rules(one, names),
        }
        for one in groups
    }
