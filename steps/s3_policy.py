"""Bucket policies: documents that are read, merged by statement, and written whole."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from steps.s3 import owned
from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes

Statement = Mapping[str, Any]


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy document: IAM's grammar lets a lone one stand without a list."""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def canonical(value: Json, key: str = "") -> Json:
    """A statement in one spelling: IAM takes a lone text for a list of one, in any order."""
    match value:
        case Mapping():
            return {name: canonical(part, name) for name, part in sorted(value.items())}
        case list() | tuple():
            parts = (part if isinstance(part, str) else canonical(part) for part in value)
            return sorted(parts, key=json.dumps)
        case str() if key not in {"Sid", "Effect"}:
            return [value]
        case _:
            return value


def same(one: Statement, other: Statement) -> bool:
    """Whether two statements grant the same, whatever they are called."""
    left, right = ({**statement, "Sid": ""} for statement in (one, other))
    return bool(canonical(left) == canonical(right))


def merged(policy: Mapping[str, Any], wanted: Sequence[Statement]) -> dict[str, Any]:
    """The policy with each of `wanted` in the place of the statement of its Sid, unless the same
    is granted already; all others untouched."""
    after = statements(policy)
    for one in wanted:
        sids = [statement.get("Sid") for statement in after]
        if any(same(statement, one) for statement in after):
            continue
        at = sids.index(one["Sid"]) if one["Sid"] in sids else len(after)
        after[at : at + 1] = [one]
    return {"Version": "2012-10-17", **policy, "Statement": after}


class PolicyStatements(Action, frozen=True, kw_only=True):
    """Statements that a bucket's policy has, each found by its Sid; all others stay as they are.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
    """

    bucket: str
    account_id: str

    def lock(self) -> str:
        return f"s3 policy {self.bucket}"

    def wanted(self) -> tuple[Statement, ...]:
        """The statements that are ours. Pure."""
        raise TypeError(f"{type(self).__name__} has no statements")

    def title(self) -> str:
        """What the write is for, in the operator's words."""
        return f"Write the policy of {self.bucket}"

    def empty(self) -> Mapping[str, Any]:
        """The policy to begin with, where there is none."""
        return {}

    def refused(self, found: Facts | None) -> Differences:
        """Why it must not be written at all."""
        return ()

    def document(self, policy: Mapping[str, Any] | None) -> dict[str, Any]:
        """The whole policy as it is to be."""
        return merged(policy or self.empty(), self.wanted())

    def observe(self) -> Reads[Facts | None]:
        ours = owned(self.bucket, self.account_id)
        answer = yield Read(
            "s3", "GetBucketPolicy", ours, absent=("NoSuchBucketPolicy", "NoSuchBucket")
        )
        if answer is None:
            return None
        status = yield Read("s3", "GetBucketPolicyStatus", ours, absent=("NoSuchBucketPolicy",))
        public = bool(status and status["PolicyStatus"].get("IsPublic"))
        return {"policy": json.loads(answer["Policy"]), "public": public}

    def compared(self, found: Facts | None) -> Facts | None:
        return found and {"policy": found["policy"], "public": found["public"]}

    def planned(self, found: Facts | None) -> Facts | None:
        seen: Facts = found or {"policy": None, "public": False}
        return {"policy": self.document(seen["policy"]), "public": seen["public"]}

    def differences(self, found: Facts | None) -> Differences:
        refused = self.refused(found)
        if refused:
            return refused
        policy = (found and found["policy"]) or {}
        have = statements(policy)
        missing = tuple(
            Difference(
                f"statement {one['Sid']}",
                next((s for s in have if s.get("Sid") == one["Sid"]), None),
                dict(one),
            )
            for one in self.wanted()
            if not any(same(statement, one) for statement in have)
        )
        if missing or not (found and found["public"]):
            return missing
        return (
            Difference(
                "public",
                found=True,
                wanted=False,
                reason="Another statement of the policy makes the bucket public; the wizard "
                "does not touch statements that it did not write: take it out by hand.",
                fixable=False,
            ),
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        policy = self.document(found["policy"] if found else None)
        yield Write(
            "s3",
            "PutBucketPolicy",
            {**owned(self.bucket, self.account_id), "Policy": json.dumps(policy)},
            title=self.title(),
        )
