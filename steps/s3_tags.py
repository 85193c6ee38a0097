"""The tags of an S3 bucket, a document that is replaced whole."""

from collections.abc import Mapping

from wizard.effects import Facts, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes, step

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


@step("s3.tags")
class Tags(Action, frozen=True, kw_only=True):
    """The bucket carries these tags; all others stay.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
    """

    bucket: str
    tags: Mapping[str, str]

    def lock(self) -> str:
        return f"s3 tags {self.bucket}"

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "s3",
            "GetBucketTagging",
            {"Bucket": self.bucket},
            absent=("NoSuchTagSet", "NoSuchBucket"),
        )
        return None if answer is None else {"tags": as_mapping(answer["TagSet"])}

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
                "Bucket": self.bucket,
                "Tagging": {"TagSet": [{"Key": k, "Value": v} for k, v in merged.items()]},
            },
            title=f"Tag bucket {self.bucket}",
        )
