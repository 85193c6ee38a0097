"""IAM policy documents: where a family of buckets is named, and the same with one bucket more."""

import copy
import difflib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from steps.s3_policy import statements
from wizard.effects import Json

LARGEST = 6144
"""Characters of a managed policy, white space not counted.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

Document = Mapping[str, Any]


class Place(NamedTuple):
    """A statement that names buckets of the family."""

    key: str
    """Its Sid, or `#` and its number; stays the same when a bucket is added."""
    siblings: tuple[str, ...]
    """The buckets of the family that it names."""
    forms: tuple[str, ...]
    """What follows a sibling's name in its ARNs: nothing, `/*`, a prefix."""
    missing: tuple[str, ...]
    """The ARNs of the new bucket that it lacks."""
    doubt: str
    """Why it is not plain that the new bucket belongs there; empty when it is."""


def listed(value: Any) -> list[str]:
    """An element as a list: IAM takes a lone text for a list of one."""
    return [value] if isinstance(value, str) else list(value or ())


def places(document: Document, family: str, bucket: str, *, partition: str) -> tuple[Place, ...]:
    """The statements whose resources name buckets that begin with `family`."""
    prefix = f"arn:{partition}:s3:::"
    found = []
    for number, statement in enumerate(statements(document), 1):
        arns = [*listed(statement.get("Resource")), *listed(statement.get("NotResource"))]
        named = [arn.removeprefix(prefix) for arn in arns if arn.startswith(f"{prefix}{family}")]
        parts = [name.partition("/") for name in named]
        siblings = {name for name, _, _ in parts if name != bucket and "*" not in name}
        wild = {slash + rest for name, slash, rest in parts if name == f"{family}*"}
        if not siblings and not wild:
            continue
        forms = tuple(
            dict.fromkeys(slash + rest for name, slash, rest in parts if name in siblings)
        )
        missing = tuple(
            arn
            for form in forms
            if form not in wild
            and "/*" not in (wild if form else ())
            and (arn := f"{prefix}{bucket}{form}") not in arns
        )
        key = str(statement.get("Sid") or f"#{number}")
        found.append(Place(key, tuple(sorted(siblings)), forms, missing, _doubt(statement)))
    return _with_outliers(found)


def granted(document: Document, family: str, bucket: str, *, partition: str) -> dict[str, Json]:
    """What the document says of one bucket, by statement: whether it allows it, what, and which
    of its ARNs it names; a name with a wildcard for the whole family counts."""
    prefix = f"arn:{partition}:s3:::"
    found: dict[str, Json] = {}
    for number, statement in enumerate(statements(document), 1):
        arns = [
            arn
            for arn in listed(statement.get("Resource"))
            if arn.removeprefix(prefix).partition("/")[0] in {bucket, f"{family}*"}
        ]
        if arns:
            actions = sorted(listed(statement.get("Action")))
            key = str(statement.get("Sid") or f"#{number}")
            found[key] = {"Effect": statement.get("Effect"), "Action": actions, "Resource": arns}
    return found


def _doubt(statement: Mapping[str, Any]) -> str:
    if statement.get("Effect") != "Allow":
        return "it denies"
    if "NotResource" in statement:
        return "it names what it does not apply to"
    return ""


def _with_outliers(found: list[Place]) -> tuple[Place, ...]:
    """A statement that names fewer siblings than another one may be meant for those alone."""
    everybody = {name for place in found for name in place.siblings}
    return tuple(
        place._replace(doubt=f"it names only {', '.join(place.siblings)}")
        if not place.doubt and place.siblings and set(place.siblings) != everybody
        else place
        for place in found
    )


def chosen(found: tuple[Place, ...], picked: tuple[str, ...]) -> tuple[Place, ...]:
    """The statements that get the bucket: those picked, else all that are plain."""
    if picked:
        return tuple(place for place in found if place.key in picked)
    return tuple(place for place in found if not place.doubt)


def extended(
    document: Document, targets: tuple[Place, ...], family: str, *, wildcard: bool, partition: str
) -> dict[str, Any]:
    """The document with the missing ARNs beside their siblings; all else is untouched.

    With `wildcard`, the ARNs of the family give way to one with `*` for each form.
    """
    after: dict[str, Any] = copy.deepcopy(dict(document))
    lone = isinstance(document.get("Statement"), Mapping)
    listed_statements: list[dict[str, Any]] = [after["Statement"]] if lone else after["Statement"]
    by_key = {place.key: place for place in targets}
    for number, statement in enumerate(listed_statements, 1):
        place = by_key.get(str(statement.get("Sid") or f"#{number}"))
        if place is None or not place.missing:
            continue
        element = "Resource" if "Resource" in statement else "NotResource"
        arns = listed(statement[element])
        if wildcard:
            start = f"arn:{partition}:s3:::{family}"
            kept = [arn for arn in arns if not arn.startswith(start)]
            statement[element] = [*kept, *(f"{start}*{form}" for form in place.forms)]
        else:
            statement[element] = [*arns, *place.missing]
    return after


def text(document: Document) -> str:
    """The document as it is written: without white space, which IAM does not count."""
    return json.dumps(document, separators=(",", ":"))


def size(document: Document) -> int:
    """Its characters as IAM counts them."""
    return sum(not char.isspace() for char in text(document))


def change(before: Document, after: Document) -> str:
    """The unified diff from one document to the other; empty when they are the same."""
    old, new = (json.dumps(one, indent=2).splitlines() for one in (before, after))
    return "\n".join(difflib.unified_diff(old, new, "now", "new version", lineterm="", n=2))
