"""The tags of an S3 bucket, a document that is replaced whole."""

from collections.abc import Mapping

from steps.s3 import owned
from wizard.effects import Facts, Read, Write
from wizard.errors import DeniedError
from wizard.step import (
    Action,
    Difference,
    Differences,
    Option,
    Options,
    Reads,
    Writes,
    options,
    step,
)

MOST = 50


def unusable(value: str) -> str:
    """Why a tag value cannot have been meant, or an empty text. Shared by all tagging steps."""
    if not value.strip():
        return "It is empty."
    if "..." in value or "…" in value:
        return f"{value!r} is a placeholder of the runbook, not a value: say what it is."
    if "[" in value or "]" in value:
        return (
            f"{value!r} holds a bracket, which AWS tags do not take; `[email protected]` is what "
            "a web page made of an address: type the address."
        )
    if "{{" in value or "}}" in value:
        return f"{value!r} still holds a placeholder in braces: fill it in."
    return ""


def as_mapping(tag_set: list[Mapping[str, str]]) -> dict[str, str]:
    """`[{"Key", "Value"}]` as AWS gives it, as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tag_set}


@options("s3.descriptions")
def descriptions(bucket: str, region: str, to: str, account_id: str) -> Options:
    """The VantaDescription of a bucket in `region`, with that region's name changed to `to`."""
    answer = yield Read(
        "s3",
        "GetBucketTagging",
        owned(bucket, account_id),
        absent=("NoSuchTagSet", "NoSuchBucket"),
        region=region,
    )
    value = as_mapping(answer["TagSet"]).get("VantaDescription") if answer else None
    if value is None:
        return []
    swapped = value.replace(region, to)
    return [
        Option(
            swapped,
            swapped,
            detail=f"as {bucket} has it",
            suggested=not unusable(swapped),
            disabled=unusable(swapped),
        )
    ]


@step("s3.tags")
class Tags(Action, frozen=True, kw_only=True):
    """The bucket carries these tags; all others stay.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
    """

    bucket: str
    account_id: str
    tags: Mapping[str, str]

    def compared(self, found: Facts | None) -> Facts | None:
        return found and dict(found["tags"])

    def planned(self, found: Facts | None) -> Facts | None:
        return {**(found["tags"] if found else {}), **self.tags}

    @property
    def _ours(self) -> Facts:
        return owned(self.bucket, self.account_id)

    def lock(self) -> str:
        return f"s3 tags {self.bucket}"

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "s3",
            "GetBucketTagging",
            self._ours,
            absent=("NoSuchTagSet", "NoSuchBucket"),
        )
        if answer is not None and self.tags.items() <= as_mapping(answer["TagSet"]).items():
            return {"tags": as_mapping(answer["TagSet"]), "abac": False}
        abac = yield from self._abac()
        if answer is None and not abac:
            return None
        return {"tags": as_mapping(answer["TagSet"]) if answer else {}, "abac": abac}

    def _abac(self) -> Reads[bool]:
        """Whether access goes by tags: then S3 refuses PutBucketTagging."""
        try:
            status = yield Read(
                "s3",
                "GetBucketAbac",
                self._ours,
                absent=("NoSuchBucket", "MethodNotAllowed", "NotImplemented"),
            )
        except DeniedError:
            # Not being allowed to ask is no reason not to tag: S3 refuses by itself where it is on.
            return False
        return bool(status and status.get("AbacStatus", {}).get("Status") == "Enabled")

    def differences(self, found: Facts | None) -> Differences:
        have: Mapping[str, str] = found["tags"] if found else {}
        merged = {**have, **self.tags}
        wrong = [
            Difference(f"tags.{key}", have.get(key), value, reason=unusable(value), fixable=False)
            for key, value in self.tags.items()
            if unusable(value)
        ]
        if len(merged) > MOST:
            wrong.append(
                Difference(
                    "tags",
                    len(have),
                    len(merged),
                    reason=f"A bucket takes {MOST} tags: remove some that nobody needs.",
                    fixable=False,
                )
            )
        if found and found.get("abac"):
            wrong.append(
                Difference(
                    "abac",
                    found=True,
                    wanted=False,
                    reason=f"Access to {self.bucket} goes by its tags (ABAC), where S3 refuses "
                    "PutBucketTagging and a tag may open or close the bucket to people: have "
                    "them set by who owns it, by TagResource of S3 Control.",
                    fixable=False,
                )
            )
        return tuple(wrong) or tuple(
            Difference(f"tags.{key}", have.get(key), value)
            for key, value in self.tags.items()
            if have.get(key) != value
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        merged = {**(found["tags"] if found else {}), **self.tags}
        yield Write(
            "s3",
            "PutBucketTagging",
            {
                **self._ours,
                "Tagging": {"TagSet": [{"Key": k, "Value": v} for k, v in merged.items()]},
            },
            title=f"Tag bucket {self.bucket}",
        )
