"""What a preview takes for a region that is not enabled, and what for wrong credentials."""

import msgspec
import pytest

from tests.engine.world import PIN
from wizard.effects import Now, Read
from wizard.engine.closed_regions import may_be_closed
from wizard.errors import CredentialsError

HERE = Read("ec2", "DescribeVpcs")
NEW = Read("ec2", "DescribeVpcs", region="eu-central-2")


@pytest.mark.parametrize(
    ("effect", "code", "closed"),
    [
        (NEW, "AuthFailure", True),
        (NEW, "InvalidClientTokenId", True),
        (NEW, "UnrecognizedClientException", True),
        (NEW, "ExpiredToken", False),
        (Read("sts", "GetCallerIdentity", region="us-east-1"), "InvalidClientTokenId", False),
        (Read("sts", "GetCallerIdentity", region="us-gov-west-1"), "InvalidClientTokenId", False),
        (Now(), "AuthFailure", False),
    ],
)
def test_only_a_region_that_may_be_off_is_taken_for_closed(
    effect: Read | Now, code: str, *, closed: bool
) -> None:
    assert may_be_closed(effect, CredentialsError("", code=code), PIN) is closed


def test_the_sessions_region_is_the_one_of_a_read_that_names_none() -> None:
    refused = CredentialsError("", code="AuthFailure")
    for region, closed in (("us-east-1", False), ("eu-central-2", True)):
        pin = msgspec.structs.replace(PIN, region=region)
        assert may_be_closed(HERE, refused, pin) is closed
    assert may_be_closed(HERE, refused, None) is False
