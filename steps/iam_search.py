"""Finds IAM policies by name, and what else goes by that name; dropdowns over both."""

from collections.abc import Mapping
from typing import Any

from steps.iam_document import places
from wizard.effects import Facts, Json, Read
from wizard.errors import DeniedError
from wizard.step import Option, Options, Reads, options

BATCH = "batchoperations.s3.amazonaws.com"


def managed(name: str) -> Reads[list[Any]]:
    """The customer managed policies of that name, on whatever path (`/service-role/`)."""
    found = yield Read("iam", "ListPolicies", {"Scope": "Local"}, pages="Policies")
    return [one for one in found if one["PolicyName"] == name]


def versions_of(arn: str) -> Reads[list[dict[str, Json]]]:
    """The policy's versions, the oldest first, as `{"id", "created", "default"}`."""
    found = yield Read("iam", "ListPolicyVersions", {"PolicyArn": arn}, pages="Versions")
    ranked = sorted(found, key=lambda one: int(str(one["VersionId"]).removeprefix("v")))
    return [
        {
            "id": one["VersionId"],
            "created": str(one["CreateDate"]),
            "default": bool(one["IsDefaultVersion"]),
        }
        for one in ranked
    ]


def elsewhere(name: str) -> Reads[list[str]]:
    """Inline policies, roles, users and groups of that name, in words.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    """
    kinds = (
        ("Role", "RoleDetailList", "RolePolicyList"),
        ("User", "UserDetailList", "UserPolicyList"),
        ("Group", "GroupDetailList", "GroupPolicyList"),
    )
    found: list[str] = []
    for kind, entries, inline in kinds:
        try:
            owners = yield Read(
                "iam", "GetAccountAuthorizationDetails", {"Filter": [kind]}, pages=entries
            )
        except DeniedError:
            # It is found to be missing either way; where else it may be is help only.
            return found
        for owner in owners:
            called = owner[f"{kind}Name"]
            if called == name:
                found.append(f"a {kind.lower()} of that name")
            found += [
                f"an inline policy of that name on the {kind.lower()} {called}"
                for policy in owner.get(inline, ())
                if policy["PolicyName"] == name
            ]
    return found


@options("iam.versions")
def versions(policy: str) -> Options:
    """The versions that may go, the oldest suggested when there are as many as there may be."""
    known = yield from managed(policy)
    if len(known) != 1:
        return []
    found = yield from versions_of(known[0]["Arn"])
    full = len(found) >= 5
    going = [one for one in found if not one["default"]]
    return [
        Option(
            one["id"],
            one["id"],
            detail=f"made {one['created']}",
            suggested=full and one is going[0],
            disabled="" if full else "There is room for another version: none needs to go.",
        )
        for one in going
    ]


@options("iam.statements")
def statements(policy: str, bucket: str, family: str = "supertokens-saas-") -> Options:
    """The statements of the default version that name the family; the plain ones are ticked."""
    known = yield from managed(policy)
    if len(known) != 1:
        return []
    arn = known[0]["Arn"]
    version = {"PolicyArn": arn, "VersionId": known[0]["DefaultVersionId"]}
    answer = yield Read("iam", "GetPolicyVersion", version)
    document: Facts = answer["PolicyVersion"]["Document"]
    partition = str(arn).split(":")[1]
    return [
        Option(
            place.key,
            place.key,
            detail=", ".join(place.siblings) + (f" ({place.doubt})" if place.doubt else ""),
            suggested=not place.doubt,
        )
        for place in places(document, family, bucket, partition=partition)
    ]


@options("iam.batch_roles")
def batch_roles() -> Options:
    """The roles that S3 Batch Operations may take; the only one is suggested."""
    found = yield Read("iam", "ListRoles", pages="Roles")
    fitting = [one for one in found if _trusts(one.get("AssumeRolePolicyDocument"), BATCH)]
    return [
        Option(
            one["Arn"],
            one["RoleName"],
            detail=str(one.get("Description", "")),
            suggested=len(fitting) == 1,
        )
        for one in sorted(fitting, key=lambda one: str(one["RoleName"]))
    ]


def _trusts(document: Any, service: str) -> bool:
    found = document.get("Statement", ()) if isinstance(document, Mapping) else ()
    for statement in [found] if isinstance(found, Mapping) else found:
        principal = statement.get("Principal")
        named = principal.get("Service", ()) if isinstance(principal, Mapping) else ()
        if statement.get("Effect") == "Allow" and service in (
            [named] if isinstance(named, str) else named
        ):
            return True
    return False
