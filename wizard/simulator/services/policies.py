"""Resource policies: who may do what, and whether that is everybody.

Only as much of IAM's evaluation as AWS services use when they check a resource policy themselves
(log delivery, BlockPublicPolicy).
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Statement = Mapping[str, Any]


class Request(NamedTuple):
    """One call as a policy sees it. `principals` are all the names the caller goes by."""

    principals: frozenset[tuple[str, str]]
    action: str
    resource: str
    context: Mapping[str, str]


def allows(policy: Mapping[str, Any], request: Request) -> bool:
    """Whether the policy allows the request, and nothing in it denies it."""
    matching = [one for one in statements(policy) if _applies(one, request)]
    effects = {one["Effect"] for one in matching}
    return "Allow" in effects and "Deny" not in effects


def decision(documents: Iterable[Mapping[str, Any]], request: Request) -> str:
    """What identity policies, which name no principals, decide of a request, in the words of IAM's
    simulator: `allowed`, `explicitDeny` or `implicitDeny`."""
    effects = {
        one["Effect"]
        for document in documents
        for one in statements(document)
        if _matches(one, request)
    }
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def condition_keys(documents: Iterable[Mapping[str, Any]]) -> set[str]:
    """The keys that the conditions of the documents ask for, in lower case."""
    return {
        key.lower()
        for document in documents
        for one in statements(document)
        for tests in one.get("Condition", {}).values()
        for key in tests
    }


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    """The policy's statements; AWS takes a lone one without its list."""
    listed = policy.get("Statement", [])
    return [listed] if isinstance(listed, Mapping) else list(listed)


def listed(value: Any) -> list[Any]:
    """A policy element as a list; AWS takes a lone value for a list of one."""
    return list(value) if isinstance(value, list) else [value]


def wild(pattern: str, value: str) -> bool:
    """Whether AWS's wildcards * and ? match the whole value (brackets mean themselves)."""
    return fnmatch.fnmatchcase(value, re.sub(r"\[", "[[]", pattern))


def _applies(statement: Statement, request: Request) -> bool:
    return _principal(statement, request.principals) and _matches(statement, request)


def _matches(statement: Statement, request: Request) -> bool:
    return (
        _element(statement, "Action", request.action.lower(), fold=True)
        and _element(statement, "Resource", request.resource, fold=False)
        and _conditions(statement.get("Condition", {}), request.context)
    )


def _element(statement: Statement, name: str, value: str, *, fold: bool) -> bool:
    def matches(patterns: Iterable[str]) -> bool:
        return any(wild(one.lower() if fold else one, value) for one in patterns)

    if f"Not{name}" in statement:
        return not matches(listed(statement[f"Not{name}"]))
    return matches(listed(statement.get(name, [])))


def _principal(statement: Statement, known: frozenset[tuple[str, str]]) -> bool:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    if principal is None:
        return False
    named = principal == "*" or any(
        (kind, value) in known or (kind == "AWS" and value == "*")
        for kind, values in (principal.items() if isinstance(principal, Mapping) else ())
        for value in listed(values)
    )
    return named if "Principal" in statement else not named


def _conditions(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    folded = {key.lower(): value for key, value in context.items()}
    return all(
        _condition(operator, folded.get(key.lower()), [str(one) for one in listed(values)])
        for operator, tests in conditions.items()
        for key, values in tests.items()
    )


def _condition(operator: str, actual: str | None, wanted: list[str]) -> bool:
    name = operator.rpartition(":")[2]
    optional = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if name == "Null":
        return (actual is None) == (wanted[0].lower() == "true")
    if actual is None:
        return optional or "Not" in name
    match name:
        case "StringEquals":
            return actual in wanted
        case "StringNotEquals":
            return actual not in wanted
        case "StringEqualsIgnoreCase":
            return actual.lower() in {one.lower() for one in wanted}
        case "StringLike" | "ArnLike" | "ArnEquals":
            return any(wild(one, actual) for one in wanted)
        case "StringNotLike" | "ArnNotLike" | "ArnNotEquals":
            return not any(wild(one, actual) for one in wanted)
        case "Bool":
            return actual.lower() in {one.lower() for one in wanted}
        case "IpAddress":
            return any(_inside(actual, one) for one in wanted)
        case "NotIpAddress":
            return not any(_inside(actual, one) for one in wanted)
        case _:
            return False


def _inside(address: str, network: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)


# Keys that tie a statement to known callers when their values hold no wildcard.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
_TYING = {
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceip",
    "aws:userid",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
}


def is_public(policy: Mapping[str, Any]) -> bool:
    """Whether S3 calls the policy public: an Allow for everybody that nothing ties down."""
    return any(
        statement["Effect"] == "Allow"
        and _everybody(statement)
        and not _tied(statement.get("Condition", {}))
        for statement in statements(policy)
    )


def _everybody(statement: Statement) -> bool:
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        return "*" in listed(principal.get("AWS", []))
    return principal == "*"


def _tied(conditions: Mapping[str, Any]) -> bool:
    for operator, tests in conditions.items():
        positive = "Not" not in operator and not operator.endswith("IfExists")
        for key, values in tests.items():
            if key.lower() in _TYING and positive and not any(map(_loose, listed(values))):
                return True
    return False


def _loose(value: str) -> bool:
    if "/" in value and re.fullmatch(r"[0-9a-fA-F.:]+/\d+", value):
        # An address block counts as fixed unless it is nearly the whole of the internet.
        network = ipaddress.ip_network(value, strict=False)
        return network.prefixlen < (8 if network.version == 4 else 32)
    if value.startswith("arn:"):
        fields = value.split(":", 5)
        return len(fields) < 6 or "*" in fields[4] or (not fields[4] and "*" in fields[5])
    return "*" in value or "?" in value
