"""botocore's exceptions as ours: what happened, whether it may have, and what to do next."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from wizard.errors import (
    CallError,
    CredentialsError,
    DeniedError,
    ThrottledError,
    UnknownOutcomeError,
    UnreachableError,
)
from wizard.gateway import messages, permissions
from wizard.safe import safe_line

_ACTION = re.compile(r"not authorized to perform:? (?P<action>[a-z0-9-]+:[A-Za-z*]+)")
_RESOURCE = re.compile(r"on resource:? (?P<resource>arn:[^\s\"']+)")
_NO_CREDENTIALS = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
    aws.NoAuthTokenError,
    aws.TokenRetrievalError,
    aws.SSOError,
    aws.LoginError,
    aws.ProfileNotFound,
    aws.MetadataRetrievalError,
    aws.InvalidConfigError,
    aws.RefreshWithMFAUnsupportedError,
)
_NEVER_LEFT = (aws.EndpointConnectionError, aws.ConnectTimeoutError, aws.ProxyConnectionError)
_LOST = (
    aws.ConnectionClosedError,
    aws.ReadTimeoutError,
    aws.ResponseStreamingError,
    aws.IncompleteReadError,
)
_WRONG = (aws.ParamValidationError, aws.ValidationError, aws.MissingParametersError)


class TruncatedAnswerError(ResponseParserError):
    """The body is shorter than its length says, or is not what the protocol speaks."""


@dataclass(frozen=True, slots=True)
class Site:
    """Which call it was. `sent` says that the request was handed to the network."""

    service: str
    operation: str
    region: str
    mutating: bool
    sent: bool = True

    @property
    def where(self) -> str:
        """As operators read it: `elbv2:CreateTargetGroup in us-east-1`."""
        return f"{self.service}:{self.operation} in {self.region}"


def translate(
    error: Exception, site: Site, scrub: Callable[[str], str] = lambda text: text
) -> CallError:
    """What `error`, raised by botocore at `site`, means. `scrub` takes secrets out of its text."""
    known = _translate(error, site)
    known.what = scrub(known.what)
    known.args = (known.what,)
    return known


def _translate(error: Exception, site: Site) -> CallError:
    if isinstance(error, aws.ClientError):
        return _refused(error, site)
    if isinstance(error, _NO_CREDENTIALS):
        return CredentialsError(
            f"There are no usable AWS credentials: {_said(error)}",
            code=type(error).__name__,
            where=site.where,
            todo="Log in (for instance `aws sso login`) or choose another profile, then go on.",
        )
    if isinstance(error, _NEVER_LEFT) or (isinstance(error, aws.SSLError) and _untrusted(error)):
        return UnreachableError(
            f"The service could not be reached: {_said(error)}",
            code=type(error).__name__,
            where=site.where,
            todo="Check the network; or the service has no endpoint in this region.",
        )
    if isinstance(error, _WRONG):
        return CallError(
            f"The call is not as AWS's model describes it: {_said(error)}",
            code="ParamValidation",
            where=site.where,
            todo="Nothing was sent. Correct the values it was made of.",
        )
    lost = isinstance(error, (*_LOST, ResponseParserError))
    if site.mutating and (lost or site.sent):
        return _unknown(_said(error), type(error).__name__, site)
    return CallError(
        f"{'The answer was lost' if lost else 'The call failed'}: {_said(error)}",
        code=type(error).__name__,
        where=site.where,
        todo="Try again." if lost else "",
    )


def is_transient(error: Exception) -> bool:
    """Whether a read that failed so may succeed a moment later."""
    if isinstance(error, aws.ClientError):
        status = _status(error)
        return _undecided(_code(error), status) and not _throttled(_code(error), status)
    return isinstance(error, (*_NEVER_LEFT, *_LOST, aws.HTTPClientError, ResponseParserError))


def _refused(error: aws.ClientError, site: Site) -> CallError:
    code, text = _code(error), _message(error)
    status = _status(error)
    request_id = _request_id(error)
    if _throttled(code, status):
        return ThrottledError(
            f"AWS asks to slow down ({code}).",
            code=code,
            where=site.where,
            todo="It is tried again a little later.",
            request_id=request_id,
        )
    if site.mutating and _undecided(code, status):
        return _unknown(f"{code}: {text}", code, site, request_id)
    if code in messages.CREDENTIALS:
        words = messages.CREDENTIALS[code]
        return CredentialsError(
            f"{words.what} ({_coded(code, text)})",
            code=code,
            where=site.where,
            todo=words.todo,
            request_id=request_id,
        )
    denied = code in messages.DENIED
    known = messages.not_denied(text) if denied else messages.words(code)
    if denied and known is None:
        return _denied(code, text, site, request_id)
    return CallError(
        f"{known.what} ({_coded(code, text)})" if known else _coded(code, text),
        code=code,
        where=site.where,
        todo=known.todo if known else "",
        request_id=request_id,
    )


def _denied(code: str, text: str, site: Site, request_id: str) -> DeniedError:
    named = _ACTION.search(text)
    resource = _RESOURCE.search(text)
    needed = (named["action"],) if named else permissions.actions(site.service, site.operation)
    target = resource["resource"] if resource else "*"
    lowered = text.lower()
    if "service control policy" in lowered:
        todo = "Your organization forbids it (a service control policy): ask its administrator."
    elif "explicit deny" in lowered:
        todo = "A policy denies it explicitly, so no Allow helps: ask who manages IAM."
    elif "encoded authorization failure message" in lowered:
        todo = "Ask for the policy shown; `aws sts decode-authorization-message` reads the details."
    elif code == "403":
        todo = "Ask for the policy shown, or the bucket belongs to another account."
    else:
        todo = "Ask for the policy shown, then try again."
    return DeniedError(
        f"You lack {needed[0]} on {'any resource' if target == '*' else target}."
        f" ({_coded(code, text)})",
        code=code,
        action=needed[0],
        policy=permissions.policy(needed, target),
        where=site.where,
        todo=todo,
        request_id=request_id,
    )


def _unknown(said: str, code: str, site: Site, request_id: str = "") -> UnknownOutcomeError:
    return UnknownOutcomeError(
        f"The answer was lost, so it may or may not have happened: {said}",
        code=code,
        where=site.where,
        todo="Look before it is made again.",
        request_id=request_id,
    )


def _throttled(code: str, status: int) -> bool:
    return code in messages.THROTTLED or status == 429


def _undecided(code: str, status: int) -> bool:
    """Whether the service may have carried the call out all the same; 501 says it cannot."""
    return (status >= 500 and status != 501) or code in messages.UNDECIDED


def _untrusted(error: Exception) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _coded(code: str, text: str) -> str:
    return f"{code}: {text}" if text else code


def _code(error: aws.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code") or _status(error))


def _message(error: aws.ClientError) -> str:
    text = error.response.get("Error", {}).get("Message") or ""
    return safe_line(text, limit=1000)


def _status(error: aws.ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)


def _request_id(error: aws.ClientError) -> str:
    return str(error.response.get("ResponseMetadata", {}).get("RequestId") or "")


def _said(error: Exception) -> str:
    return safe_line(error, limit=500)
