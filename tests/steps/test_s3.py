"""Buckets and their settings: what is found, what is wrong with it, what mends it."""

import pytest

from steps.s3 import Bucket, Encryption, PublicAccessBlock, Versioning
from tests.steps.play import found_by, play, writes
from wizard.effects import Read
from wizard.errors import CallError, DeniedError

BUCKET = Bucket(bucket="acme-logs", region="eu-west-1", account_id="123456789012")
HOME = Bucket(bucket="acme-logs", region="us-east-1", account_id="123456789012")


def refused(code: str) -> CallError:
    return CallError("refused", code=code)


def test_absent_bucket_is_created_in_its_region_with_acls_off() -> None:
    assert found_by(BUCKET.observe(), None) is None
    (write,) = writes(BUCKET, None)
    assert write.params == {
        "Bucket": "acme-logs",
        "ObjectOwnership": "BucketOwnerEnforced",
        "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"},
    }
    assert write.region == "eu-west-1"


def test_us_east_1_is_never_named_as_location() -> None:
    (write,) = writes(HOME, None)
    assert "CreateBucketConfiguration" not in write.params


@pytest.mark.parametrize(
    ("step", "constraint"), [(HOME, None), (BUCKET, "EU"), (BUCKET, "eu-west-1")]
)
def test_own_bucket_in_place_is_right(step: Bucket, constraint: str | None) -> None:
    found, asked = play(step.observe(), {}, {"LocationConstraint": constraint})
    assert step.differences(found) == ()
    head = asked[0]
    assert isinstance(head, Read)
    assert head.params["ExpectedBucketOwner"] == "123456789012"


@pytest.mark.parametrize("error", [refused("403"), refused("AccessDenied")])
def test_bucket_of_somebody_else_cannot_be_mended(error: CallError) -> None:
    (wrong,) = BUCKET.differences(found_by(BUCKET.observe(), error))
    assert not wrong.fixable
    assert "choose another name" in wrong.reason


def test_denied_error_of_the_gateway_is_understood_too() -> None:
    denied = DeniedError("no", code="403", action="s3:ListBucket", policy="{}")
    (wrong,) = BUCKET.differences(found_by(BUCKET.observe(), denied))
    assert wrong.field == "owner"


def test_bucket_in_another_region_cannot_be_mended() -> None:
    (wrong,) = BUCKET.differences(
        found_by(BUCKET.observe(), {}, {"LocationConstraint": "us-west-2"})
    )
    assert (wrong.field, wrong.found, wrong.fixable) == ("region", "us-west-2", False)
    (wrong,) = BUCKET.differences(found_by(BUCKET.observe(), refused("301")))
    assert (wrong.field, wrong.fixable) == ("region", False)


def test_other_failures_are_not_the_buckets_to_explain() -> None:
    with pytest.raises(CallError):
        play(BUCKET.observe(), refused("503"))


def test_versioning_is_enabled_once() -> None:
    step = Versioning(bucket="acme-logs", account_id="123456789012")
    never = found_by(step.observe(), {})
    assert never == {"versioning": "never enabled"}
    (write,) = writes(step, never)
    assert write.params["VersioningConfiguration"] == {"Status": "Enabled"}
    assert step.differences(found_by(step.observe(), {"Status": "Enabled"})) == ()
    assert step.differences(found_by(step.observe(), {"Status": "Suspended"}))
    assert found_by(step.observe(), None) is None


def rule(algorithm: str, **more: object) -> dict[str, object]:
    default = {"SSEAlgorithm": algorithm}
    return {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, **more}]
        }
    }


def test_kms_is_replaced_by_sse_s3_and_the_rest_of_the_rule_stays() -> None:
    step = Encryption(bucket="acme-logs", account_id="123456789012")
    found = found_by(step.observe(), rule("aws:kms", BucketKeyEnabled=True))
    assert [wrong.found for wrong in step.differences(found)] == ["aws:kms"]
    (write,) = writes(step, found)
    assert write.params["ServerSideEncryptionConfiguration"] == {
        "Rules": [
            {
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                "BucketKeyEnabled": True,
            }
        ]
    }


def test_encryption_as_it_is_to_be() -> None:
    step = Encryption(bucket="acme-logs", account_id="123456789012")
    assert step.differences(found_by(step.observe(), rule("AES256"))) == ()
    assert step.differences(found_by(step.observe(), None))
    letter = Encryption(bucket="acme-logs", account_id="123456789012", algorithm="aws:kms")
    assert letter.differences(found_by(letter.observe(), rule("AES256")))


def test_each_open_flag_of_the_public_access_block_is_named() -> None:
    step = PublicAccessBlock(bucket="acme-logs", account_id="123456789012")
    half = {
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "IgnorePublicAcls": True},
    }
    found = found_by(step.observe(), half)
    assert [wrong.field for wrong in step.differences(found)] == [
        "BlockPublicPolicy",
        "RestrictPublicBuckets",
    ]
    (write,) = writes(step, found)
    done = found_by(step.observe(), write.params)
    assert step.differences(done) == ()
    assert len(step.differences(found_by(step.observe(), None))) == 4
