"""Customer managed policies that name a family of buckets: the new bucket stands beside them."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from steps.iam_document import (
    LARGEST,
    change,
    chosen,
    extended,
    granted,
    places,
    size,
    text,
)
from steps.iam_search import elsewhere, managed, versions_of
from steps.iam_simulation import unequal
from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes, step

MOST_VERSIONS = 5


@step("iam.policy_with_bucket")
class PolicyWithBucket(Action, frozen=True, kw_only=True):
    """The policy of that name, wherever it is, names `bucket` beside its siblings in every
    statement that lists them all, or in the `statements` that were picked.

    It becomes a new default version; where there are five already, `removes` goes first. Its
    document stands in the found facts before it is deleted.
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
    """

    volatile: ClassVar[tuple[str, ...]] = (
        "versions",
        "default",
        "change",
        "simulation",
        "removed_document",
    )
    """The document is what counts; IAM keeps five versions and the oldest go."""

    policy: str
    bucket: str
    family: str = "supertokens-saas-"
    """What the names of the sibling buckets begin with."""
    statements: tuple[str, ...] = ()
    """Sids, or `#` and a number; empty: those where it is plain."""
    removes: str | None = None
    """The version that goes when there are five."""
    naming: Literal["arn", "wildcard"] = "arn"
    partition: str = "aws"

    def lock(self) -> str:
        return f"iam policy {self.policy}"

    def observe(self) -> Reads[Facts | None]:
        known = yield from managed(self.policy)
        if len(known) != 1:
            others = [] if known else (yield from elsewhere(self.policy))
            return {"arns": [one["Arn"] for one in known], "elsewhere": others, "document": None}
        arn = known[0]["Arn"]
        versions = yield from versions_of(arn)
        default = next(one["id"] for one in versions if one["default"])
        document = yield from _document(arn, default)
        after = self.after(document)
        full = len(versions) >= MOST_VERSIONS and after != document
        goes = next((one["id"] for one in versions if one["id"] == self.removes), None)
        removed = (yield from _document(arn, goes)) if full and goes else None
        unlike: list[Json] = []
        if after == document:
            unlike = yield from unequal(
                document, self._places(document), self.bucket, partition=self.partition
            )
        return {
            "arns": [arn],
            "elsewhere": [],
            "default": default,
            "versions": versions,
            "document": document,
            "change": change(document, after),
            "removed_document": removed,
            "simulation": unlike,
        }

    def _places(self, document: Mapping[str, Any]) -> Any:
        return places(document, self.family, self.bucket, partition=self.partition)

    def after(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """The document as it is to be. Pure."""
        targets = chosen(self._places(document), self.statements)
        return extended(
            document,
            targets,
            self.family,
            wildcard=self.naming == "wildcard",
            partition=self.partition,
        )

    def compared(self, found: Facts | None) -> Facts | None:
        """What each statement says of the bucket."""
        document = found["document"] if found else None
        return self._granted(document) or None if document is not None else None

    def planned(self, found: Facts | None) -> Facts | None:
        document = found["document"] if found else None
        return self._granted(self.after(document)) if document is not None else None

    def _granted(self, document: Mapping[str, Any]) -> dict[str, Json]:
        return granted(document, self.family, self.bucket, partition=self.partition)

    def differences(self, found: Facts | None) -> Differences:
        seen: Facts = found or {"arns": [], "elsewhere": [], "document": None}
        if len(seen["arns"]) != 1:
            return (_stuck("policy", seen["arns"] or None, self.policy, self._where(seen)),)
        document = seen["document"]
        known = self._places(document)
        targets = chosen(known, self.statements)
        unknown = sorted(set(self.statements) - {place.key for place in known})
        if unknown:
            why = f"{', '.join(unknown)} names no {self.family}* in the default version: choose."
            return (_stuck("statements", [one.key for one in known], unknown, why),)
        if not targets:
            return (_stuck("statements", None, self.bucket, self._unclear(known)),)
        after = self.after(document)
        if after == document:
            return tuple(self._powerless(seen))
        return tuple(self._unwritable(seen, after)) or tuple(
            Difference(
                f"statement {place.key}",
                list(place.siblings),
                [*place.siblings, self.bucket],
                reason=f"{', '.join(place.missing)} is not in it"
                if self.naming == "arn"
                else f"{self.family}* takes their place, for every bucket of that name",
            )
            for place in targets
            if place.missing
        )

    def _where(self, found: Facts) -> str:
        if found["arns"]:
            return f"Several policies are called {self.policy}: remove the one that is not in use."
        if found["elsewhere"]:
            return (
                f"No managed policy is called {self.policy}, but there is "
                f"{'; '.join(found['elsewhere'])}. Add {self.bucket} there beside its siblings "
                "by hand, then mark this done."
            )
        return (
            f"No policy, role, user or group of the account is called {self.policy}. Choose what "
            f"is meant, add {self.bucket} there beside its siblings, then mark this done."
        )

    def _unclear(self, known: Any) -> str:
        if not known:
            return (
                f"The default version of {self.policy} names no bucket {self.family}*: add "
                f"{self.bucket} by hand where it belongs, then mark this done."
            )
        doubts = "; ".join(f"{place.key}: {place.doubt}" for place in known)
        return f"No statement lists all of {self.family}* plainly ({doubts}): choose which it is."

    def _unwritable(self, found: Facts, after: Mapping[str, Any]) -> list[Difference]:
        wrong = []
        if size(after) > LARGEST:
            why = (
                f"A policy takes {LARGEST} characters without white space. Choose to name them all "
                f"as {self.family}*, which reaches every bucket of that name, later ones too; or "
                "shorten it by hand."
            )
            wrong.append(_stuck("size", size(after), LARGEST, why))
        versions = found["versions"]
        if len(versions) >= MOST_VERSIONS:
            ids = [one["id"] for one in versions if not one["default"]]
            if self.removes not in ids:
                why = (
                    f"{self.policy} has {MOST_VERSIONS} versions, as many as it may: choose which "
                    f"of {', '.join(ids)} goes; {found['default']} is in force and stays."
                )
                wrong.append(_stuck("versions", [one["id"] for one in versions], ids, why))
        return wrong

    def _powerless(self, found: Facts) -> list[Difference]:
        return [
            _stuck(
                f"simulation {one['action']}",
                one["decision"],
                one["sibling"],
                f"IAM's simulator says {one['decision']} for {one['resource']}, where it says "
                f"{one['sibling']} for a sibling: look for a Deny or a condition.",
            )
            for one in found["simulation"]
        ]

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        seen: Facts = found or {}
        arn = seen["arns"][0]
        if len(seen["versions"]) >= MOST_VERSIONS:
            yield Write(
                "iam",
                "DeletePolicyVersion",
                {"PolicyArn": arn, "VersionId": self.removes},
                title=f"Delete version {self.removes} of {self.policy}",
            )
        yield Write(
            "iam",
            "CreatePolicyVersion",
            {
                "PolicyArn": arn,
                "PolicyDocument": text(self.after(seen["document"])),
                "SetAsDefault": True,
            },
            title=f"Add {self.bucket} to {self.policy}, as a new version",
        )

    def outputs(self, found: Facts | None) -> Facts:
        seen: Facts = found or {}
        arns = seen.get("arns") or [None]
        return {"arn": arns[0], "version": seen.get("default")}


def _stuck(field: str, found: Json, wanted: Json, reason: str) -> Difference:
    return Difference(field, found, wanted, reason=reason, fixable=False)


def _document(arn: str, version: str) -> Reads[Mapping[str, Any]]:
    answer = yield Read("iam", "GetPolicyVersion", {"PolicyArn": arn, "VersionId": version})
    document: Mapping[str, Any] = answer["PolicyVersion"]["Document"]
    return document
