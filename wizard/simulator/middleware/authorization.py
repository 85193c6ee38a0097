"""Lets a caller do what its policies allow and nothing else, once it has been given policies."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wizard.simulator.account import CALLER_ARN
from wizard.simulator.middleware.actions import Needed, needed
from wizard.simulator.middleware.call import Answer, Call, Handler
from wizard.simulator.middleware.errors import refuse
from wizard.simulator.services.policies import Request, decision, listed, statements

_BY_QUERY = {"iam", "rds", "sts", "elbv2", "cloudwatch", "route53", "s3", "s3control"}


class Authorization:
    """A layer. Without policies, as at the start, everything is allowed. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._policies: tuple[Mapping[str, Any], ...] | None = None
        self._used: dict[str, int] = {}
        self._denied: dict[str, int] = {}

    def enforce(self, policies: Sequence[Mapping[str, Any]] | None) -> None:
        """From now on these policies are all that callers have; None: no check. What was used and
        denied is counted anew. Raises ValueError for what is not evaluated here."""
        for policy in policies or ():
            for statement in statements(policy):
                if listed(statement.get("Resource")) != ["*"]:
                    raise ValueError("resources are not compared here: a Resource must be *")
        with self._lock:
            self._policies = None if policies is None else tuple(policies)
            self._used, self._denied = {}, {}

    def seen(self) -> dict[str, dict[str, int]]:
        """How often each action was asked for and allowed, and how often denied."""
        with self._lock:
            return {"used": dict(self._used), "denied": dict(self._denied)}

    def __call__(self, call: Call, inner: Handler) -> Answer:
        policies = self._policies
        for one in needed(call):
            if policies is not None and not _allowed(policies, one, call):
                self._count(self._denied, one.action)
                return denied(call, one.action)
            self._count(self._used, one.action)
        answer = inner(call)
        if (call.service, call.operation) == ("lambda", "GetFunction") and answer.status == 200:
            return self._function(policies, call, answer)
        return answer

    def _function(
        self, policies: Sequence[Mapping[str, Any]] | None, call: Call, answer: Answer
    ) -> Answer:
        """AWS leaves out what the caller may not see of a function instead of refusing.
        https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
        """
        shown = json.loads(answer.body)
        configuration = shown.get("Configuration", {})
        via = ("kms:ViaService", f"lambda.{call.region}.amazonaws.com")
        if shown.get("Tags") and not self._may(policies, Needed("lambda:ListTags"), call):
            del shown["Tags"]
        if (
            configuration.get("KMSKeyArn")
            and configuration.get("Environment")
            and not self._may(policies, Needed("kms:Decrypt", via), call)
        ):
            error = {
                "ErrorCode": "AccessDeniedException",
                "Message": "Lambda was unable to decrypt",
            }
            configuration["Environment"] = {"Error": error}
        return replace(answer, body=json.dumps(shown).encode())

    def _may(self, policies: Sequence[Mapping[str, Any]] | None, one: Needed, call: Call) -> bool:
        allowed = policies is None or _allowed(policies, one, call)
        self._count(self._used if allowed else self._denied, one.action)
        return allowed

    def _count(self, counted: dict[str, int], action: str) -> None:
        with self._lock:
            counted[action] = counted.get(action, 0) + 1


def _allowed(policies: Sequence[Mapping[str, Any]], one: Needed, call: Call) -> bool:
    context = {"aws:RequestedRegion": call.region, one.context[0]: one.context[1]}
    asked = Request(frozenset(), one.action, "*", {k: v for k, v in context.items() if k})
    return decision(policies, asked) == "allowed"


def denied(call: Call, action: str) -> Answer:
    """The refusal in the service's own words, which name the action."""
    message = (
        f"User: {CALLER_ARN} is not authorized to perform: {action} on resource: * "
        f"because no identity-based policy allows the {action} action"
    )
    if call.service == "ec2":
        return refuse(call, 403, "UnauthorizedOperation", message)
    if call.service == "sns":
        return refuse(call, 403, "AuthorizationError", message)
    if call.service in _BY_QUERY:
        return refuse(call, 403, "AccessDenied", message)
    return refuse(call, 400, "AccessDeniedException", message)
