"""IAM: how long a policy may be, and the simulator of policies.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""
# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import LimitExceededException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.iam_roles import documents_of
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, replace, wrap
from wizard.simulator.services.policies import Request, condition_keys, decision

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

LARGEST = 6144
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")


def install(_clock: AccountClock, _world: World) -> None:
    """Patch moto's IAM."""
    _sizes()
    _simulator()


def _sizes() -> None:
    @wrap(IAMBackend, "create_policy_version")
    def create_policy_version(
        original: Method, self: Any, policy_arn: str, policy_document: str, *rest: Any, **named: Any
    ) -> Any:
        _check_size(policy_document)
        return original(self, policy_arn, policy_document, *rest, **named)

    @wrap(IAMBackend, "create_policy")
    def create_policy(original: Method, self: Any, *rest: Any, **named: Any) -> Any:
        _check_size(named["policy_document"] if "policy_document" in named else rest[2])
        return original(self, *rest, **named)


def _check_size(document: str) -> None:
    if sum(not char.isspace() for char in document) > LARGEST:
        raise LimitExceededException(f"Cannot exceed quota for PolicySize: {LARGEST}")


def _simulator() -> None:
    @replace(IamResponse, "simulate_custom_policy")
    def simulate_custom_policy(self: Any) -> ActionResult:
        return _simulated(self, [_document(one) for one in self._get_param("PolicyInputList", [])])

    @replace(IamResponse, "simulate_principal_policy")
    def simulate_principal_policy(self: Any) -> ActionResult:
        arn = str(self._get_param("PolicySourceArn"))
        backend = self.backend
        holders = [*backend.roles.values(), *backend.users.values(), *backend.groups.values()]
        found = next((one for one in holders if one.arn == arn), None)
        if found is None:
            raise refusal("NoSuchEntity", f"The entity {arn} cannot be found.")
        more = [_document(one) for one in self._get_param("PolicyInputList") or []]
        return _simulated(self, [*documents_of(found), *more])


def _document(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise refusal("InvalidInput", "The policy is not valid JSON.") from error
    if not isinstance(found, Mapping) or "Statement" not in found:
        raise refusal("InvalidInput", "The policy has no Statement.")
    return found


def _simulated(response: Any, documents: Sequence[Mapping[str, Any]]) -> ActionResult:
    actions = response._get_param("ActionNames") or []
    resources = response._get_param("ResourceArns") or ["*"]
    wrong = [one for one in actions if _ACTION.fullmatch(one) is None]
    if wrong or not actions:
        raise refusal("InvalidInput", f"Invalid Entity Arn or action: {', '.join(wrong)}")
    context = {
        entry["ContextKeyName"]: str((entry.get("ContextKeyValues") or [""])[0])
        for entry in response._get_param("ContextEntries") or []
    }
    missing = sorted(condition_keys(documents) - {key.lower() for key in context})
    results = [_result(documents, action, resources, context, missing) for action in actions]
    try:
        shown, marker = page(
            results, response._get_param("Marker"), response._get_int_param("MaxItems", 100)
        )
    except BadTokenError as error:
        raise refusal("InvalidInput", f"Invalid Marker: {error}") from error
    return ActionResult(
        {"EvaluationResults": shown, "IsTruncated": marker is not None, "Marker": marker}
    )


def _result(
    documents: Sequence[Mapping[str, Any]],
    action: str,
    resources: Sequence[str],
    context: Mapping[str, str],
    missing: Sequence[str],
) -> dict[str, Any]:
    decided = [
        {
            "EvalResourceName": resource,
            "EvalResourceDecision": decision(
                documents, Request(frozenset(), action, resource, context)
            ),
            "MatchedStatements": [],
            "MissingContextValues": list(missing),
        }
        for resource in resources
    ]
    words = {str(one["EvalResourceDecision"]) for one in decided}
    worst = next(one for one in ("explicitDeny", "implicitDeny", "allowed") if one in words)
    return {
        "EvalActionName": action,
        "EvalResourceName": resources[0] if len(resources) == 1 else "*",
        "EvalDecision": worst,
        "MatchedStatements": [],
        "MissingContextValues": list(missing),
        "ResourceSpecificResults": decided if len(resources) > 1 else [],
    }
