"""Errors of botocore in the operator's words."""

import json

import pytest
from botocore import exceptions as aws

from wizard.errors import (
    CallError,
    CredentialsError,
    DeniedError,
    ThrottledError,
    UnknownOutcomeError,
    UnreachableError,
)
from wizard.gateway.aws_errors import Site, translate
from wizard.gateway.messages import SPECIAL, words


def refused(code: str, message: str = "", status: int = 400) -> aws.ClientError:
    return aws.ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "r-1"},  # type: ignore[typeddict-item]
        },
        "HeadBucket",
    )


def site(*, mutating: bool = True, sent: bool = True) -> Site:
    return Site("s3", "HeadBucket", "us-east-1", mutating, sent)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused("PriorRequestNotComplete"), ThrottledError),
        (refused("SlowDown", status=503), ThrottledError),
        (refused("ServiceUnavailable", status=503), UnknownOutcomeError),
        (refused("NotImplemented", status=501), CallError),
        (refused("RequestTimeTooSkewed", status=403), CredentialsError),
        (refused("OptInRequired", status=403), CallError),
        (refused("BucketAlreadyExists", status=409), CallError),
        (refused("403", status=403), DeniedError),
        (aws.NoCredentialsError(), CredentialsError),
        (aws.UnauthorizedSSOTokenError(), CredentialsError),
        (aws.EndpointConnectionError(endpoint_url="https://x"), UnreachableError),
        (aws.ConnectTimeoutError(endpoint_url="https://x"), UnreachableError),
        (
            aws.SSLError(endpoint_url="x", error=OSError("CERTIFICATE_VERIFY_FAILED")),
            UnreachableError,
        ),
        (aws.SSLError(endpoint_url="x", error=OSError("EOF in the middle")), UnknownOutcomeError),
        (aws.HTTPClientError(error="odd"), UnknownOutcomeError),
        (aws.ParamValidationError(report="odd"), CallError),
    ],
)
def test_kinds_for_a_mutating_call(error: Exception, kind: type[CallError]) -> None:
    translated = translate(error, site())
    assert type(translated) is kind
    assert translated.where == "s3:HeadBucket in us-east-1"
    assert translated.what


def test_reads_are_never_in_doubt() -> None:
    for error in (refused("InternalError", status=500), aws.HTTPClientError(error="odd")):
        assert type(translate(error, site(mutating=False))) is CallError


def test_what_never_went_to_the_network_did_not_happen() -> None:
    error = aws.InvalidRegionError(region_name="x y")
    assert type(translate(error, site(sent=False))) is CallError


def test_a_denial_without_words_falls_back_on_the_table() -> None:
    denied = translate(refused("403", status=403), site())
    assert isinstance(denied, DeniedError)
    assert denied.action == "s3:ListBucket"
    assert json.loads(denied.policy)["Statement"][0]["Action"] == ["s3:ListBucket"]
    assert "another account" in denied.todo


def test_an_encoded_denial_says_how_to_read_it() -> None:
    text = "You are not authorized. Encoded authorization failure message: AbC"
    denied = translate(refused("UnauthorizedOperation", text, 403), site())
    assert "decode-authorization-message" in denied.todo


def test_what_has_the_code_of_a_denial_and_is_none_is_told_as_what_it_is() -> None:
    error = refused("AuthorizationError", "Subscription already confirmed", 403)
    told = translate(error, Site("sns", "ConfirmSubscription", "us-east-1", mutating=True))
    assert type(told) is CallError
    assert told.what.startswith("The subscription is confirmed already.")
    assert "You lack" not in str(told)
    other = translate(refused("AuthorizationError", "not authorized", 403), site())
    assert isinstance(other, DeniedError)


def test_hostile_words_are_made_visible() -> None:
    shown = translate(refused("Odd", "\x1b]52;c;eA==\x07\u202e"), site())
    assert "\x1b" not in shown.what
    assert "\u202e" not in shown.what


@pytest.mark.parametrize("code", ["LimitExceededException", "TooManyRules", "VpcQuotaExceeded"])
def test_quotas_are_known_by_family(code: str) -> None:
    known = words(code)
    assert known is not None
    assert "quota" in known.what


def test_every_message_says_what_happened() -> None:
    assert all(known.what.endswith(".") for known in SPECIAL.values())
    assert words("SomethingElse") is None
