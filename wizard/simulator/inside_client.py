"""boto3 clients of the simulated company itself, which reach moto without a socket.

The seed and the deployment tool use them: nothing they do is logged, throttled or delayed.
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config
from werkzeug.test import EnvironBuilder

from wizard.simulator.middleware.call import Answer, Handler
from wizard.simulator.middleware.identify import identify


class _Raw:
    """The body, as botocore reads it from urllib3."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Any:
        yield self._body

    def read(self, *_: Any) -> bytes:
        body, self._body = self._body, b""
        return body


def _headers(answer: Answer) -> Any:
    return HeadersDict(dict(answer.headers))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def inside_clients(
    handler: Handler, now: Callable[[], float], endpoint_url: str
) -> Callable[[str, str], Any]:
    """`client(service, region)` for the handler; each client is made once."""
    session = boto3.Session(
        aws_access_key_id="AKIASIMULATEDACCOUNT",
        aws_secret_access_key="simulated",  # noqa: S106  a made-up account has no secret
    )

    def send(request: Any, **_: Any) -> AWSResponse:
        parts = urlsplit(request.url)
        body = request.body if request.body is not None else b""
        if hasattr(body, "read"):
            body = body.read()
        environ = EnvironBuilder(
            method=request.method,
            base_url=f"{parts.scheme}://{parts.netloc}",
            path=parts.path or "/",
            query_string=parts.query,
            headers=[(name, _text(value)) for name, value in request.headers.items()],
            data=body.encode() if isinstance(body, str) else bytes(body),
        ).get_environ()
        raw = parts.path + (f"?{parts.query}" if parts.query else "")
        environ["RAW_URI"] = environ["REQUEST_URI"] = raw
        answer = handler(identify(environ, now()))
        return AWSResponse(request.url, answer.status, _headers(answer), _Raw(answer.body))

    @cache
    def client(service: str, region: str) -> Any:
        made = session.client(
            service,
            region_name=region,
            endpoint_url=endpoint_url,
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )
        made.meta.events.register("before-send.*", send)
        return made

    return client
