"""The code of functions and layers behind presigned URLs, which end after ten minutes.

AWS gives addresses in buckets of its own; here they lead to this machine, where nothing else can
be meant. https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import flask
from moto.awslambda.models import LambdaFunction, LayerVersion, lambda_backends

from wizard.simulator.services.patching import Method, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

VALID_SECONDS = 600
# Bytes travel in real time, however fast the account's clock goes.
VALID_REAL_SECONDS = 30
# Made anew by each process: what an earlier one signed is worth nothing, as after ten minutes.
_KEY = secrets.token_bytes(32)


def patch_locations(clock: AccountClock) -> None:
    """Let `Code.Location` and `Content.Location` be fetched."""

    @wrap(LambdaFunction, "get_code")
    def get_code(original: Method, self: Any) -> dict[str, Any]:
        found: dict[str, Any] = original(self)
        if self.package_type == "Zip":
            what = f"{self.account_id}/{self.region}/function/{self.function_name}"
            found["Code"] = {"RepositoryType": "S3", "Location": _url(what, clock)}
        return found

    @wrap(LayerVersion, "get_layer_version")
    def get_layer_version(original: Method, self: Any) -> dict[str, Any]:
        found: dict[str, Any] = original(self)
        what = f"{self.account_id}/{self.region}/layer/{self.name}/{self.version}"
        found["Content"]["Location"] = _url(what, clock)
        return found


def content(path: str, asked: Mapping[str, str], now: float) -> bytes | None:
    """What a presigned URL's path (without the prefix) points to; None when it is not valid."""
    until = asked.get("X-Amz-Until", "")
    signature = asked.get("X-Amz-Signature", "")
    if not hmac.compare_digest(_sign(path, until), signature) or now > float(until):
        return None
    account, region, kind, *name = path.split("/")
    backend = lambda_backends[account][region]
    if kind == "function":
        return bytes(backend.get_function(name[0], None).code_bytes)
    return bytes(backend.get_layer_version(name[0], name[1]).code_bytes)


def _url(what: str, clock: AccountClock) -> str:
    if not flask.has_request_context():
        # In a test's own process nothing listens.
        return f"https://awslambda.s3.amazonaws.com/snapshots/{quote(what)}"
    valid = max(VALID_SECONDS, VALID_REAL_SECONDS * clock.speed)
    until = str(int(clock.now() + valid))
    signed = urlencode({"X-Amz-Until": until, "X-Amz-Signature": _sign(what, until)})
    return f"http://{flask.request.host}/_st-wizard/code/{quote(what)}?{signed}"


def _sign(what: str, until: str) -> str:
    return hmac.new(_KEY, f"{what} {until}".encode(), hashlib.sha256).hexdigest()
