"""Regions that an account has not enabled: they accept no credentials, whoever asks.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""

NOT_ENABLED = frozenset(
    {"AuthFailure", "InvalidClientTokenId", "InvalidToken", "UnrecognizedClientException"}
)
"""Codes with which such a region answers; wrong credentials get the same, in every region."""

_FIRST = (("cn-", "cn-north-1"), ("us-gov-", "us-gov-west-1"), ("", "us-east-1"))


def first_region(region: str) -> str:
    """The region of the same partition that every account has from the beginning."""
    return next(first for prefix, first in _FIRST if region.startswith(prefix))
