"""Ingress rules of security groups as data: read, compared, judged dangerous, and written. Pure.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wizard.effects import Facts, Json

ITSELF = "self"
"""The source of a rule that lets members of the group reach one another."""
WORLD = "0.0.0.0/0"

SENSITIVE: Mapping[int, str] = {
    22: "SSH",
    4243: "the Docker remote API, which is root on the host",
    5432: "PostgreSQL",
}
"""TCP ports that must not be open to the internet, and what answers there."""

ALWAYS_CLOSED = frozenset({22})
"""Ports that no typed name opens to the internet."""

# Shorter prefixes than these are as good as the whole internet, as S3 judges public policies.
_SHORTEST = {4: 8, 6: 32}


class Key(NamedTuple):
    """What makes a rule the same rule; its description does not."""

    protocol: str
    first: int | None
    last: int | None
    source: str

    @property
    def label(self) -> str:
        """`tcp 5432 from 10.0.0.0/8`."""
        return f"{self.ports} from {self.source}"

    @property
    def ports(self) -> str:
        """`tcp 3567-3600`, `icmp type 8`, `all traffic`."""
        if self.protocol == "-1":
            return "all traffic"
        if self.protocol in {"icmp", "icmpv6"}:
            if self.first in (None, -1):
                return f"{self.protocol} all types"
            code = "" if self.last in (None, -1) else f" code {self.last}"
            return f"{self.protocol} type {self.first}{code}"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.protocol} {ports}"

    def covers(self, port: int) -> bool:
        """Whether it opens that TCP port."""
        if self.protocol == "-1":
            return True
        if self.protocol not in {"tcp", "6"} or self.first is None or self.last is None:
            return False
        return self.first <= port <= self.last or self.first == -1


def canonical(source: str) -> str:
    """A CIDR in AWS's spelling; other sources as they are."""
    try:
        return str(ipaddress.ip_network(source, strict=False))
    except ValueError:
        return source


def malformed(source: str) -> str:
    """What is wrong with a source that an operator gave; empty if nothing."""
    if source == ITSELF or source.startswith("pl-"):
        return ""
    if source.startswith("sg-"):
        # Rules are read back with the names of groups, so that this one would never be found.
        return f"{source} is a security group, which is of one VPC: add it by hand"
    if "/" not in source:
        return f"{source} has no length: one address is {source}/32"
    try:
        ipaddress.ip_network(source)
    except ValueError:
        if canonical(source) == source:
            return f"{source} is no CIDR such as 203.0.113.7/32"
        return f"{source} is not the first address of its block: write {canonical(source)}"
    return ""


def is_world(source: str) -> bool:
    """Whether it lets the internet in, or so much of it that it makes no difference."""
    try:
        network = ipaddress.ip_network(source, strict=False)
    except ValueError:
        return False
    return network.prefixlen < _SHORTEST[network.version]


def danger(key: Key) -> str:
    """Why a rule is dangerous; empty when it is not."""
    if not is_world(key.source):
        return ""
    opened = [f"{port} ({what})" for port, what in SENSITIVE.items() if key.covers(port)]
    if not opened:
        return ""
    return f"{key.label} opens {', '.join(opened)} to the internet"


def never(key: Key) -> bool:
    """Whether not even a typed name lets it through: SSH, all ports, and spellings of the world
    that the question for consent does not know."""
    return key.source != WORLD or any(key.covers(port) for port in ALWAYS_CLOSED)


def rules(group: Facts, names: Mapping[str, str]) -> list[dict[str, Json]]:
    """The ingress rules of a group as AWS gives it, one for each source, in a fixed order.

    `names` are the names of the groups by id: a rule names the group that it lets in."""
    found = [
        {
            "protocol": str(permission["IpProtocol"]),
            "from": permission.get("FromPort"),
            "to": permission.get("ToPort"),
            "source": source,
            "description": description,
        }
        for permission in group.get("IpPermissions") or ()
        for source, description in _sources(permission, str(group["GroupId"]), names)
    ]
    return in_order(found)


def in_order(found: Iterable[dict[str, Json]]) -> list[dict[str, Json]]:
    """Rules in the order in which they are shown and compared."""
    return sorted(found, key=lambda rule: tuple(str(value) for value in rule.values()))


def in_words(rule: Mapping[str, Json]) -> str:
    """`tcp 22 from 203.0.113.7/32 (Office)`."""
    label = key_of(rule).label
    return f"{label} ({rule['description']})" if rule["description"] else label


def _sources(
    permission: Mapping[str, Any], itself: str, names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for field, member in (
        ("IpRanges", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId"),
    ):
        for one in permission.get(field) or ():
            yield str(one[member]), str(one.get("Description") or "")
    for one in permission.get("UserIdGroupPairs") or ():
        group = str(one.get("GroupId"))
        named = ITSELF if group == itself else names.get(group, group)
        yield named, str(one.get("Description") or "")


def key_of(rule: Mapping[str, Json]) -> Key:
    """The key of a rule as `rules` gives it."""
    return Key(
        str(rule["protocol"]), rule.get("from"), rule.get("to"), canonical(str(rule["source"]))
    )


def permissions(wanted: Iterable[tuple[Key, str]], group_id: Json) -> list[dict[str, Json]]:
    """Rules, each with its description, as AuthorizeSecurityGroupIngress takes them."""
    grouped: dict[tuple[str, int | None, int | None], dict[str, Json]] = {}
    for key, description in wanted:
        permission = grouped.setdefault(key[:3], {"IpProtocol": key.protocol})
        if key.protocol != "-1":
            permission |= {"FromPort": key.first, "ToPort": key.last}
        field, member = _written(key.source)
        entry: dict[str, Json] = {member: group_id if key.source == ITSELF else key.source}
        if description:
            entry["Description"] = description
        permission.setdefault(field, []).append(entry)
    return list(grouped.values())


def _written(source: str) -> tuple[str, str]:
    if source == ITSELF:
        return "UserIdGroupPairs", "GroupId"
    if source.startswith("pl-"):
        return "PrefixListIds", "PrefixListId"
    return ("Ipv6Ranges", "CidrIpv6") if ":" in source else ("IpRanges", "CidrIp")


def descriptions(learned: Sequence[Mapping[str, Json]]) -> dict[str, str]:
    """What the reference region calls each source: source → description."""
    return {
        canonical(str(rule["source"])): str(rule["description"])
        for rule in learned
        if rule["description"]
    }
