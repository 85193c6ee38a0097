"""Makes what two regions have comparable: the names of account and region, and ids, as their kind.

Pure. What is a setting stays as it is; `2012-10-17` of a policy is one, a time of day is not.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from wizard.effects import Json
from wizard.session.canonical import canonical

KINDS = {
    "acl": "network ACL",
    "ami": "image",
    "asg": "group",
    "dopt": "DHCP options",
    "eipalloc": "address",
    "eni": "interface",
    "fl": "flow log",
    "i": "instance",
    "igw": "internet gateway",
    "lt": "launch template",
    "nat": "NAT gateway",
    "pcx": "peering",
    "pl": "prefix list",
    "rtb": "route table",
    "sg": "security group",
    "sgr": "rule",
    "snap": "snapshot",
    "subnet": "subnet",
    "tgw": "transit gateway",
    "vol": "volume",
    "vpc": "vpc",
    "vpce": "endpoint",
}
"""Prefixes of EC2's ids, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html"""

_ID = re.compile(
    rf"(?<![A-Za-z0-9])({'|'.join(KINDS)})-(?:[0-9a-f]{{17}}|[0-9a-f]{{8}})(?![A-Za-z0-9])"
)
_IDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?"), "{time}"),
    # Managed secrets: AWS adds six characters to the name.
    (re.compile(r"(:secret:[\w/+=.@!-]+?)-[A-Za-z0-9]{6}(?![\w-])"), r"\1-{suffix}"),
    (re.compile(r"(?<![A-Za-z0-9])mrk-[0-9a-f]{32}(?![0-9a-f])"), "{key}"),
    (
        re.compile(
            r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])"
        ),
        "{id}",
    ),
    (re.compile(r"(?<![A-Za-z0-9])(db|cluster)-[A-Z0-9]{26}(?![A-Za-z0-9])"), r"{\1}"),
    (re.compile(r"(?<![A-Za-z0-9])A[A-Z]{3}[A-Z0-9]{17}(?![A-Za-z0-9])"), "{iam id}"),
    (re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*\d)Z[A-Z0-9]{12,31}(?![A-Za-z0-9])"), "{zone}"),
    (re.compile(r"((?:app|net|gwy|targetgroup)/[\w-]+)/[0-9a-f]{16}(?![0-9a-f])"), r"\1/{id}"),
    # As the policy generator names them.
    (re.compile(r"(?<![A-Za-z0-9])(Policy|Stmt)\d{13}(?!\d)"), r"\1{number}"),
)
_ENDPOINT = re.compile(r"(?<=\.)(cluster-(?:ro-|custom-)?)?[a-z0-9]{12}(?=\.\{region\}\.rds\.)")
_COMPASS = re.compile(r"north|south|east|west|central")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where something stands."""

    account_id: str
    region: str


def normalise(value: Json, place: Place, *, ids: bool = True) -> Json:
    """`value` with the account as `{account}`, the region as `{region}`, its label `US_East_1` as
    `{Region}` and other spellings likewise; with `ids` also ids and times as their kind."""
    match value:
        case str():
            return _text(str.__str__(value), place, ids=ids)
        case Mapping():
            return {
                key: normalise(part, place, ids=ids) for key, part in _keyed(value, place, ids=ids)
            }
        case list() | tuple():
            return [normalise(part, place, ids=ids) for part in value]
        case _:
            return value


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal, the order in lists aside."""
    return canonical(_unordered(one)) == canonical(_unordered(other))


def opened(value: Json) -> Json:
    """`value` with JSON documents in texts, such as policies, as the data that they are."""
    match value:
        case str() if value[:1] in ("{", "["):
            try:
                return json.loads(value)
            except ValueError:
                return value
        case Mapping():
            return {key: opened(part) for key, part in value.items()}
        case list() | tuple():
            return [opened(part) for part in value]
        case _:
            return value


def _unordered(value: Json) -> Json:
    match value:
        case Mapping():
            return {key: _unordered(part) for key, part in value.items()}
        case list() | tuple():
            return sorted((_unordered(part) for part in value), key=canonical)
        case _:
            return value


def _keyed(value: Mapping[str, Json], place: Place, *, ids: bool) -> list[tuple[str, Json]]:
    """The entries under normalised keys; under their own where two would fall together."""
    keys = [_text(str(key), place, ids=ids) for key in value]
    if len(set(keys)) < len(keys):
        keys = [str(key) for key in value]
    return list(zip(keys, value.values(), strict=True))


def _text(text: str, place: Place, *, ids: bool) -> str:
    if place.account_id:
        text = re.sub(rf"(?<!\d){re.escape(place.account_id)}(?!\d)", "{account}", text)
    if ids:
        for pattern, kind in _IDS:
            text = pattern.sub(kind, text)
        text = _ID.sub(lambda found: "{" + KINDS[found[1]] + "}", text)
    if place.region:
        text = _spelled(place.region).sub(_token, text)
        text = _zone_code(place.region).sub("{region code}", text)
    return _ENDPOINT.sub(r"\1{id}", text) if ids else text


@lru_cache(maxsize=64)
def _spelled(region: str) -> re.Pattern[str]:
    """`us-east-1` with any one separator or none, in any case, not as part of another name."""
    first, *rest = region.split("-")
    between = "".join(rf"(?P=sep){part}" for part in rest[1:])
    pattern = rf"{first}(?P<sep>[-_ ]?){rest[0] if rest else ''}{between}"
    return re.compile(rf"(?<![A-Za-z0-9]){pattern}(?!\d)", re.IGNORECASE)


@lru_cache(maxsize=64)
def _zone_code(region: str) -> re.Pattern[str]:
    """The region's short name in ids of zones: `use1` of `use1-az4`."""
    first, *rest = region.split("-")
    short = "".join(_COMPASS.sub(lambda found: found[0][0], part) for part in rest)
    return re.compile(rf"(?<![A-Za-z0-9]){first}{short}(?=-az\d)")


def _token(found: re.Match[str]) -> str:
    """What stands for a spelling: two regions spelled alike give the same."""
    text, separator = found[0], found["sep"]
    parts = text.split(separator) if separator else [text]
    if text.islower():
        return "{region}" if separator == "-" else f"{{region{separator or '.'}}}"
    if text.isupper():
        return f"{{REGION{separator or '.'}}}"
    if separator and _is_label(parts):
        return "{Region}" if separator == "_" else f"{{Region{separator}}}"
    if separator and all(part == part.capitalize() for part in parts):
        return f"{{Title{separator}}}"
    return text


def _is_label(parts: list[str]) -> bool:
    """`US`, `East`, `1`, as `region_label` of checklists writes it."""
    first, *rest = parts
    return first.isupper() and all(part == part.capitalize() for part in rest)
