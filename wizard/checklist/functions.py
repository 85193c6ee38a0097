"""The functions that expressions may call besides JMESPath's own: all for names AWS accepts."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from jmespath.functions import Functions

from wizard.effects import Json

_ALB_NAME = 32
_BUCKET_NAME = 63
_TAIL = 6


class Function(msgspec.Struct, frozen=True):
    """A function with the JMESPath types of its parameters; the last may be given again."""

    call: Callable[..., Json]
    types: tuple[tuple[str, ...], ...]
    variadic: bool = False


def region_label(region: str) -> str:
    """`us-east-1` as the names of the alarm topics write it: `US_East_1`."""
    first, *rest = region.split("-")
    return "_".join((first.upper(), *(part.capitalize() for part in rest)))


def alb_name(*parts: str) -> str:
    """The parts, joined by hyphens, as a load balancer or target group may be called.

    At most 32 letters, digits and hyphens, no hyphen at either end, not beginning with
    `internal-` (API_CreateLoadBalancer, API_CreateTargetGroup). What must be cut ends in a hash
    of the whole, so that two long names stay two.
    """
    name = _legal("-".join(parts), r"[^A-Za-z0-9]+")
    if name.lower().startswith("internal-"):
        name = f"lb-{name}"
    return _short(name, _ALB_NAME)


def bucket_name(*parts: str) -> str:
    """The parts, joined by hyphens, as a general purpose bucket may be called.

    3 to 63 lower-case letters, digits and hyphens; dots, though allowed, break TLS and are
    replaced; reserved beginnings and endings are kept apart (S3 guide, bucketnamingrules).
    """
    name = _legal("-".join(parts).lower(), r"[^a-z0-9]+")
    if name.startswith(("xn-", "sthree-", "amzn-s3-demo-")):
        name = f"st-{name}"
    if name.endswith(("-s3alias", "-ol-s3", "-x-s3", "-table-s3", "-an")):
        name = f"{name}-st"
    name = _short(name, _BUCKET_NAME)
    return name if len(name) >= 3 else f"{name}-{_hash(name)}"


def arn_tail(arn: str, marker: str) -> str:
    """What stands in `arn` after the last `marker`.

    CloudWatch names a load balancer `arn_tail(arn, ':loadbalancer/')`, as `app/name/0123…`, and
    a target group `arn_tail(arn, ':')`, as `targetgroup/name/0123…`.
    """
    head, found, tail = arn.rpartition(marker)
    if not found or not tail or not head.startswith("arn:"):
        raise ValueError(f"{arn} is not an ARN with {marker} in it")
    return tail


def arn_region(arn: str) -> str:
    """The region in an ARN: `us-east-1` of `arn:aws:rds:us-east-1:000011112222:cluster:prod`."""
    parts = arn.split(":")
    if len(parts) < 6 or parts[0] != "arn" or not parts[3]:
        raise ValueError(f"{arn} is not an ARN with a region in it")
    return parts[3]


def without_port(target: Json) -> Json:
    """`i-0123:3567` as `i-0123`; of a list, each once, in its order."""
    if isinstance(target, list):
        return list(dict.fromkeys(without_port(each) for each in target))
    return str(target).rpartition(":")[0] or str(target)


def lower(text: str) -> str:
    """The text in lower case."""
    return text.lower()


FUNCTIONS: Mapping[str, Function] = {
    "region_label": Function(region_label, (("string",),)),
    "alb_name": Function(alb_name, (("string",),), variadic=True),
    "bucket_name": Function(bucket_name, (("string",),), variadic=True),
    "arn_tail": Function(arn_tail, (("string",), ("string",))),
    "arn_region": Function(arn_region, (("string",),)),
    "without_port": Function(without_port, (("string", "array-string"),)),
    "lower": Function(lower, (("string",),)),
}


def _entry(function: Function) -> dict[str, Any]:
    signature: list[dict[str, Any]] = [{"types": list(types)} for types in function.types]
    if function.variadic:
        signature[-1]["variadic"] = True
    return {"function": lambda _self, *args: function.call(*args), "signature": signature}


class Library(Functions):  # type: ignore[misc]  # jmespath has no types
    """JMESPath's own functions and ours, for its interpreter."""

    def __init__(self) -> None:
        self.FUNCTION_TABLE = Functions.FUNCTION_TABLE | {
            name: _entry(function) for name, function in FUNCTIONS.items()
        }

    def complaint(self, name: str, arguments: int) -> str:
        """What is wrong with a call by its name and number of arguments; empty if nothing."""
        if name not in self.FUNCTION_TABLE:
            return f"there is no function {name}, there are {', '.join(sorted(FUNCTIONS))}"
        signature: Sequence[Mapping[str, Any]] = self.FUNCTION_TABLE[name]["signature"]
        variadic = bool(signature and signature[-1].get("variadic"))
        wanted = len(signature)
        if arguments == wanted or (variadic and arguments > wanted):
            return ""
        return f"{name} takes {wanted}{' or more' if variadic else ''}, not {arguments} arguments"


def _legal(text: str, illegal: str) -> str:
    return re.sub(illegal, "-", text).strip("-") or "x"


def _short(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    return f"{name[: limit - _TAIL - 1].rstrip('-')}-{_hash(name)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_TAIL]
