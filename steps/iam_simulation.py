"""Asks IAM's simulator whether the new bucket may be used as its siblings may."""

from collections.abc import Iterable, Mapping
from typing import Any

from steps.iam_document import Place, listed, text
from steps.s3_policy import statements
from wizard.effects import Json, Read
from wizard.errors import DeniedError, UnreachableError
from wizard.step import Reads


def unequal(
    document: Mapping[str, Any], known: Iterable[Place], bucket: str, *, partition: str
) -> Reads[list[Json]]:
    """What the document decides otherwise for the bucket than for a sibling; empty when it decides
    the same, or nobody may ask.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
    """
    by_key = {
        str(one.get("Sid") or f"#{number}"): one
        for number, one in enumerate(statements(document), 1)
    }
    found: list[Json] = []
    for place in known:
        # The simulator takes no wildcards for actions.
        actions = [one for one in listed(by_key[place.key].get("Action")) if "*" not in one]
        if place.doubt or not place.siblings or not actions:
            continue
        sibling, ours = (
            [f"arn:{partition}:s3:::{name}{form.replace('*', 'any')}" for form in place.forms]
            for name in (place.siblings[0], bucket)
        )
        decided = yield from _decided(document, actions, [*sibling, *ours])
        if decided is None:
            return []
        found += [
            {
                "action": action,
                "resource": new,
                "decision": decided.get((action, new)),
                "sibling": decided.get((action, old)),
            }
            for action in actions
            for old, new in zip(sibling, ours, strict=True)
            if decided.get((action, old)) != decided.get((action, new))
        ]
    return found


def _decided(
    document: Mapping[str, Any], actions: list[str], resources: list[str]
) -> Reads[dict[tuple[str, str], str] | None]:
    try:
        results = yield Read(
            "iam",
            "SimulateCustomPolicy",
            {
                "PolicyInputList": [text(document)],
                "ActionNames": actions,
                "ResourceArns": resources,
            },
            pages="EvaluationResults",
        )
    except (DeniedError, UnreachableError):
        # A check on top: the document itself was read back.
        return None
    decided = {}
    for one in results:
        decided[one["EvalActionName"], one.get("EvalResourceName", "")] = one["EvalDecision"]
        for part in one.get("ResourceSpecificResults", ()):
            resource = part["EvalResourceName"]
            decided[one["EvalActionName"], resource] = part["EvalResourceDecision"]
    return decided
