"""The options that say where else than in a folder an export is kept."""

import functools
from collections.abc import Callable
from typing import Any

import click
import msgspec

LONGEST_DAYS = 36_500
"""S3's own limit: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html"""
CONSENT = "cannot be deleted"
"""What is typed before objects are kept in COMPLIANCE mode: nobody, not even root, undoes that."""


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """What the options say."""

    account: str = ""
    bucket_owner: str = ""
    retain_days: int | None = None
    retain_mode: str = ""
    consent: str = ""
    vanta: str = ""
    vanta_submit: bool = False
    vanta_url: str = ""

    @property
    def of_bucket(self) -> bool:
        """Whether something is said that only a bucket can do."""
        return bool(
            self.account
            or self.bucket_owner
            or self.retain_days
            or self.retain_mode
            or self.consent
        )


_OPTIONS = (
    click.option(
        "--account", metavar="ID", help="For s3://: the account whose credentials these must be."
    ),
    click.option(
        "--bucket-owner",
        metavar="ID",
        help="For s3://: the account that the bucket must be of [default: the credentials' own].",
    ),
    click.option(
        "--retain-days",
        type=click.IntRange(1, LONGEST_DAYS),
        help="For s3://: keep every object from being deleted so long [default: the bucket's].",
    ),
    click.option(
        "--retain-mode",
        type=click.Choice(["GOVERNANCE", "COMPLIANCE"]),
        help=f"With --retain-days. COMPLIANCE is undone by nobody: “{CONSENT}” must be typed.",
    ),
    click.option("--consent", metavar="TEXT", help="Those words, for scripts."),
    click.option(
        "--vanta", metavar="DOCUMENT", help="Then upload the PDF to this document in Vanta."
    ),
    click.option("--vanta-submit", is_flag=True, help="And submit the document there."),
    click.option(
        "--vanta-url", metavar="URL", help="Vanta's API [default: https://api.vanta.com]."
    ),
)


def keeping(function: Callable[..., int]) -> Callable[..., int]:
    """Adds these options; the command gets them as `keep`."""

    @functools.wraps(function)
    def command(**given: Any) -> int:
        said = {name: given.pop(name) for name in Keeping.__struct_fields__}
        keep = Keeping(**{name: value for name, value in said.items() if value is not None})
        return function(keep=keep, **given)

    result: Callable[..., int] = command
    for option in reversed(_OPTIONS):
        result = option(result)
    return result
