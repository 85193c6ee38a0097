"""What roles of the simulated account may do and who may take them, for services that do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from moto.iam.models import iam_backends

from wizard.simulator.services.policies import Request, decision, listed, statements


def role_allows(account: str, arn: str, action: str, resource: str) -> bool:
    """Whether the role's policies allow the action; False when there is no such role."""
    role = _role(account, arn)
    if role is None:
        return False
    request = Request(frozenset(), action, resource, {"aws:SecureTransport": "true"})
    return decision(documents_of(role), request) == "allowed"


def role_trusts(account: str, arn: str, service: str) -> bool:
    """Whether the service may take the role."""
    role = _role(account, arn)
    if role is None:
        return False
    return any(
        one.get("Effect") == "Allow"
        and isinstance(one.get("Principal"), Mapping)
        and service in listed(one["Principal"].get("Service", []))
        for one in statements(_parsed(role.assume_role_policy_document))
    )


def documents_of(holder: Any) -> list[Mapping[str, Any]]:
    """The policy documents of a role, user or group, attached and inline."""
    attached = [
        version.document
        for policy in holder.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    inline = holder.policies
    texts = inline.values() if isinstance(inline, Mapping) else inline
    return [_parsed(text) for text in (*attached, *texts)]


def _role(account: str, arn: str) -> Any:
    roles = iam_backends[account]["aws"].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def _parsed(text: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = text if isinstance(text, Mapping) else json.loads(unquote(text))
    return found
