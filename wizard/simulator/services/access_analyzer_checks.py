"""The checks of IAM Access Analyzer that can be made by reading the document alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from wizard.simulator.services.policies import listed, statements

_PAGE = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
)
_FIELDS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_GLOBAL_KEYS = {
    "aws:calledvia",
    "aws:currenttime",
    "aws:ec2instancesourcevpc",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:useragent",
    "aws:username",
    "aws:viaawsservice",
    "aws:vpcsourceip",
}
_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Not)?(Equals|EqualsIgnoreCase|Like)|Arn(Not)?(Equals|Like)|(Not)?IpAddress|Bool|Null"
    r"|Numeric(Not)?Equals|NumericLessThan(Equals)?|NumericGreaterThan(Equals)?"
    r"|Date(Not)?Equals|DateLessThan(Equals)?|DateGreaterThan(Equals)?|BinaryEquals)(IfExists)?"
)


def findings(text: str, *, resource_policy: bool, resource_type: str) -> list[dict[str, Any]]:
    """Everything that is found, as ValidatePolicy tells it."""
    try:
        document = json.loads(text)
    except ValueError as error:
        return [_finding("ERROR", "JSON_SYNTAX_ERROR", f"Fix the JSON syntax error: {error}.")]
    if not isinstance(document, Mapping):
        return [_finding("ERROR", "DATA_TYPE_MISMATCH", "The policy must be a JSON object.")]
    return list(_document(document, resource_policy=resource_policy, resource_type=resource_type))


def _document(
    document: Mapping[str, Any], *, resource_policy: bool, resource_type: str
) -> Iterator[dict[str, Any]]:
    for name in document:
        if name not in {"Version", "Id", "Statement"}:
            yield _error("UNSUPPORTED_ELEMENT", f"The policy element {name} is not supported.")
    if "Version" not in document:
        words = "We recommend that you specify the Version element with the value 2012-10-17."
        yield _finding("WARNING", "MISSING_VERSION", words)
    elif document["Version"] not in {"2008-10-17", "2012-10-17"}:
        yield _error("INVALID_VERSION", f"The version {document['Version']} is not valid.")
    found: list[Any] = list(statements(document))
    if not found:
        yield _error("MISSING_STATEMENT", "Add the Statement element to the policy.")
    sids = [one["Sid"] for one in found if isinstance(one, Mapping) and one.get("Sid")]
    if len(set(sids)) < len(sids):
        yield _error("UNIQUE_SIDS_REQUIRED", "Duplicate Sid values in one policy.")
    for index, statement in enumerate(found):
        if not isinstance(statement, Mapping):
            yield _error("DATA_TYPE_MISMATCH", f"Statement {index} must be an object.", index)
            continue
        yield from _statement(statement, index, resource_policy, resource_type)


def _statement(
    statement: Mapping[str, Any],
    index: int,
    resource_policy: bool,  # noqa: FBT001
    resource_type: str,
) -> Iterator[dict[str, Any]]:
    for name in statement:
        if name not in _FIELDS:
            yield _error("UNSUPPORTED_ELEMENT", f"The element {name} is not supported.", index)
    if statement.get("Effect") not in {"Allow", "Deny"}:
        yield _error("INVALID_EFFECT", "The effect must be Allow or Deny.", index)
    named = "Principal" in statement or "NotPrincipal" in statement
    if resource_policy and not named:
        yield _error("MISSING_PRINCIPAL", "Add a Principal element to the statement.", index)
    if not resource_policy and named:
        yield _error("UNSUPPORTED_ELEMENT", "Principal is not supported here.", index)
    for element in ("Action", "Resource"):
        if element not in statement and f"Not{element}" not in statement:
            code = f"MISSING_{element.upper()}"
            yield _error(code, f"Add an {element} element to the statement.", index)
    for action in listed(statement.get("Action", statement.get("NotAction", []))):
        if re.fullmatch(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+", str(action)) is None:
            yield _error("INVALID_ACTION", f"The action {action} does not exist.", index)
        elif resource_type == "AWS::S3::Bucket" and not str(action).startswith(("s3:", "*")):
            words = f"The action {action} is not supported in the policy of a bucket."
            yield _error("UNSUPPORTED_ACTION_IN_POLICY", words, index)
    for resource in listed(statement.get("Resource", statement.get("NotResource", []))):
        if re.fullmatch(r"\*|arn:aws[a-z-]*:[a-z0-9-]+:[^:]*:[^:]*:.+", str(resource)) is None:
            yield _error("INVALID_ARN_RESOURCE", f"The ARN {resource} is not valid.", index)
        elif _has_curly(str(resource)):
            yield _error("INVALID_ARN_RESOURCE", f"{resource} holds a typographic quote.", index)
    yield from _conditions(statement.get("Condition", {}), index)


def _conditions(conditions: Any, index: int) -> Iterator[dict[str, Any]]:
    if not isinstance(conditions, Mapping):
        yield _error("DATA_TYPE_MISMATCH", "Condition must be an object.", index)
        return
    for operator, tests in conditions.items():
        if _OPERATOR.fullmatch(operator) is None:
            yield _error("INVALID_CONDITION_OPERATOR", f"{operator} is not an operator.", index)
        for key, values in tests.items() if isinstance(tests, Mapping) else ():
            plain = str(key).lower()
            tagged = plain.startswith(("aws:principaltag/", "aws:resourcetag/", "aws:requesttag/"))
            if plain.startswith("aws:") and plain not in _GLOBAL_KEYS and not tagged:
                words = f"The condition key {key} does not exist."
                yield _error("INVALID_GLOBAL_CONDITION_KEY", words, index)
            if not listed(values):
                yield _finding("WARNING", "EMPTY_ARRAY_CONDITION", f"{key} has no value.", index)


def _has_curly(text: str) -> bool:
    return any(char in text for char in "“”‘’")


def _error(code: str, details: str, index: int | None = None) -> dict[str, Any]:
    return _finding("ERROR", code, details, index)


def _finding(kind: str, code: str, details: str, index: int | None = None) -> dict[str, Any]:
    start = {"line": 1, "column": 0, "offset": 0}
    path = [{"value": "Statement"}, {"index": index}] if index is not None else []
    return {
        "findingType": kind,
        "issueCode": code,
        "findingDetails": details,
        "learnMoreLink": f"{_PAGE}#{code.lower().replace('_', '-')}",
        "locations": [{"path": path, "span": {"start": start, "end": start}}],
    }
