"""The address of a place in S3: `s3://bucket/prefix`.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
"""

import re

import msgspec

from wizard.errors import UsageError

SCHEME = "s3://"
_URL = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[A-Za-z0-9!_.*'()/=+-]*))?"
)


class Address(msgspec.Struct, frozen=True):
    """`s3://bucket/prefix`."""

    bucket: str
    prefix: str
    """With a slash at its end, or empty."""

    def key(self, folder: str, name: str = "") -> str:
        """Of a file of the bundle, or of all that begins so."""
        return f"{self.prefix}{folder}/{name}"

    def url(self, folder: str) -> str:
        """Of the folder."""
        return f"s3://{self.bucket}/{self.key(folder)}"


def address(url: str) -> Address:
    """The place that an URL names; `UsageError` when it names none."""
    found = _URL.fullmatch(url)
    said = (found["prefix"] or "") if found else ""
    prefix = said.rstrip("/")
    if found is None or prefix.startswith("/") or "//" in said or ".." in prefix.split("/"):
        raise UsageError(
            f"This is not a place in S3: {url}.",
            where="--to",
            todo="It reads s3://bucket or s3://bucket/prefix.",
        )
    return Address(bucket=found["bucket"], prefix=f"{prefix}/" if prefix else "")
