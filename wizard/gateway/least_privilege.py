"""The IAM policies that allow exactly given calls, each small enough to be a managed policy.

Reads and changes stand apart, a statement for each service. What hands a role on, makes a linked
role or uses a key is tied to the service that it is done for.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from wizard.gateway.permissions import actions, everything

LIMIT = 6144
"""Characters of a managed policy, white space not counted."""

OWN = (("iam", "ListAccountAliases"), ("account", "ListRegions"))
"""What the wizard itself reads: the account's name, and which regions are open."""

GLOBAL = frozenset({"iam", "route53", "account"})
"""Services whose calls are all made to one region, whatever region they are about."""

_PASSED_TO = {
    ("events", "PutTargets"): "events.amazonaws.com",
    ("lambda", "CreateFunction"): "lambda.amazonaws.com",
    ("lambda", "UpdateFunctionConfiguration"): "lambda.amazonaws.com",
    ("rds", "CreateDBInstance"): "monitoring.rds.amazonaws.com",
    ("rds", "ModifyDBInstance"): "monitoring.rds.amazonaws.com",
    ("s3", "PutBucketReplication"): "s3.amazonaws.com",
    ("s3control", "CreateJob"): "batchoperations.s3.amazonaws.com",
    ("scheduler", "CreateSchedule"): "scheduler.amazonaws.com",
    ("ssm", "CreateDocument"): "ssm.amazonaws.com",
    ("ssm", "UpdateDocument"): "ssm.amazonaws.com",
}
_LINKED_TO = {
    ("elbv2", "CreateLoadBalancer"): "elasticloadbalancing.amazonaws.com",
    ("rds", "CreateDBCluster"): "rds.amazonaws.com",
    ("rds", "CreateDBInstance"): "rds.amazonaws.com",
}
_KEY_USED_BY = {"lambda": "lambda.*.amazonaws.com", "rds": "rds.*.amazonaws.com"}
_TIES = {
    "iam:AWSServiceName": "LinkedRoles",
    "iam:PassedToService": "PassRoles",
    "kms:ViaService": "UseKeys",
}
"""How a statement is called, by the key that its condition asks for."""
_FOR_A_KEY = frozenset({"kms:CreateGrant", "kms:Decrypt", "kms:Encrypt"})


class Allowed(msgspec.Struct, frozen=True):
    """One call that is to be allowed."""

    service: str
    operation: str
    writes: bool
    elsewhere: bool = False
    """It may be made in another region than the session's."""


class _Want(msgspec.Struct, frozen=True):
    """One action as one call needs it."""

    action: str
    writes: bool
    condition: tuple[str, str, str] | None
    """Operator, key and one value."""
    anywhere: bool


def policies(calls: Iterable[Allowed], region: str = "") -> list[Mapping[str, Any]]:
    """The documents, in the order of their statements; as few as IAM's limit allows.

    With `region`, changes are allowed there only, save those that are made elsewhere too or go to
    a service without regions.
    """
    wanted = {want for call in calls for want in _wants(call, region)}
    return _packed(_statements(wanted, region))


def size(document: Mapping[str, Any]) -> int:
    """Characters as IAM counts them."""
    return sum(not one.isspace() for one in json.dumps(document))


def allowed_actions(documents: Iterable[Mapping[str, Any]]) -> set[str]:
    """Every action that the documents name."""
    return {
        action
        for document in documents
        for statement in document["Statement"]
        for action in statement["Action"]
    }


def _wants(call: Allowed, region: str) -> Iterable[_Want]:
    key = (call.service, call.operation)
    own = actions(*key)
    anywhere = not region or not call.writes or call.elsewhere or call.service in GLOBAL
    for action in everything(*key):
        condition = None
        if action == "iam:PassRole":
            condition = ("StringEquals", "iam:PassedToService", _PASSED_TO[key])
        elif action == "iam:CreateServiceLinkedRole":
            condition = ("StringEquals", "iam:AWSServiceName", _LINKED_TO[key])
        elif action in _FOR_A_KEY and action not in own:
            condition = ("StringLike", "kms:ViaService", _KEY_USED_BY[call.service])
        # These are made with the call's own rights, at endpoints that are not the session's.
        free = anywhere or condition is not None
        yield _Want(action, call.writes, condition, free)


def _statements(wanted: Iterable[_Want], region: str) -> list[dict[str, Any]]:
    tied: dict[str, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    plain: dict[str, list[_Want]] = defaultdict(list)
    for want in wanted:
        if want.condition is None:
            plain[want.action].append(want)
        else:
            operator, key, value = want.condition
            tied[want.action][operator, key].add(value)
    grouped: dict[tuple[int, str, bool], set[str]] = defaultdict(set)
    for action, wants in plain.items():
        reading = any(not want.writes for want in wants)
        anywhere = reading or any(want.anywhere for want in wants)
        grouped[int(not reading), action.partition(":")[0], anywhere].add(action)
    made = [
        _statement(
            f"{'Change' if changes else 'Read'}{_word(service)}{'' if anywhere else 'There'}",
            named,
            {} if anywhere else {"StringEquals": {"aws:RequestedRegion": region}},
        )
        for (changes, service, anywhere), named in sorted(grouped.items())
    ]
    together: dict[tuple[str, str, tuple[str, ...]], set[str]] = defaultdict(set)
    for action, conditions in tied.items():
        for (operator, key), values in conditions.items():
            together[operator, key, tuple(sorted(values))].add(action)
    return made + [
        _statement(f"{_TIES[key]}{number}", named, {operator: {key: list(values)}})
        for number, ((operator, key, values), named) in enumerate(sorted(together.items()), 1)
    ]


def _statement(sid: str, named: Iterable[str], condition: Mapping[str, Any]) -> dict[str, Any]:
    tie = {"Condition": dict(condition)} if condition else {}
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(named), "Resource": "*", **tie}


def _word(service: str) -> str:
    """A service's name as a Sid may hold it: letters and digits."""
    return "".join(part.capitalize() for part in service.split("-"))


def _packed(statements: Iterable[dict[str, Any]]) -> list[Mapping[str, Any]]:
    packed: list[list[dict[str, Any]]] = [[]]
    for statement in statements:
        if packed[-1] and size(_document([*packed[-1], statement])) > LIMIT:
            packed.append([])
        packed[-1].append(statement)
    return [_document(one) for one in packed if one]


def _document(statements: list[dict[str, Any]]) -> Mapping[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}
