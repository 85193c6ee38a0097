"""HTTP requests: over TLS beyond this machine, redirects left alone, secrets put in at the end."""

import json
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wizard.effects import Json, Request, has_unknown
from wizard.errors import CallError, UnknownOutcomeError, UnreachableError
from wizard.gateway.backoff import Backoff
from wizard.gateway.describe import without_password
from wizard.gateway.json_answers import to_json
from wizard.gateway.loopback import is_loopback, split
from wizard.gateway.network import AccountNetwork
from wizard.gateway.protocol import Answer
from wizard.gateway.redact import Redacting, hash_of, redact
from wizard.gateway.secrets import reveal, scrubbed
from wizard.safe import safe_line, whole

if TYPE_CHECKING:
    import httpx

BODY_LIMIT = 1024 * 1024
"""Bytes of a body that are read."""

WHOLE = 3
"""How many times the timeout of one part the whole body may take."""

# A proxy lost the answer of the server behind it: what was asked may have been done.
_ANSWER_LOST = frozenset({502, 504})


class Http:
    """Makes `Request`s. Thread-safe; blocks the thread that calls."""

    def __init__(
        self,
        network: AccountNetwork,
        *,
        secret: Callable[[str], str],
        scrub: Callable[[str], str],
        redacted: Redacting = redact,
        timeout: float = 30.0,
        backoff: Backoff | None = None,
    ) -> None:
        self._network = network
        self._secret = secret
        self._scrub = scrub
        self._redacted = redacted
        self._timeout = timeout
        self._backoff = backoff if backoff is not None else Backoff()
        self._lock = threading.Lock()
        self._clients: dict[bool, httpx.Client] = {}

    def call(self, request: Request) -> Answer:
        """The answer, whatever its status; a read is tried again when it was lost."""
        refuse_unsafe(request)
        content = None if request.json is None else _body(request.json, self._secret)
        attempt = 1
        while True:
            outcome = self._send(request, content)
            if not isinstance(outcome, CallError):
                return outcome
            if request.mutating or attempt >= self._backoff.attempts:
                raise outcome
            self._backoff.wait(attempt)
            attempt += 1

    def close(self) -> None:
        """Release connections."""
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            client.close()

    def _send(self, request: Request, content: bytes | None) -> Answer | CallError:
        """The answer or what went wrong: raised by the caller, so that no exception that holds
        the request, and with it a secret, is chained to it."""
        import httpx  # noqa: PLC0415  costs 0.1 s: not before it is needed

        headers = {"User-Agent": "st-wizard"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            with self.client(request.url).stream(
                request.method, request.url, content=content, headers=headers
            ) as response:
                body = _read(response, self._timeout)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
        ) as error:
            return UnreachableError(
                f"The address could not be reached: {self._said(error)}",
                code=type(error).__name__,
                where=_where(request),
                todo="Nothing was sent. Check the address and the network.",
            )
        except httpx.HTTPError as error:
            return self._lost(request, type(error).__name__, self._said(error))
        if request.mutating and response.status_code in _ANSWER_LOST:
            return self._lost(request, f"HTTP {response.status_code}", self._scrub(body[:200]))
        return self._answer(response, body)

    def _answer(self, response: "httpx.Response", body: str) -> Answer:
        # Once more after parsing: what is escaped in JSON reads plain only then.
        parsed = scrubbed(_parsed(self._scrub(body)), self._scrub)
        value = {"status": response.status_code, "body": parsed}
        safe = self._redacted(value)
        return Answer(
            value=value,
            redacted=safe,
            request_id=response.headers.get("x-request-id", ""),
            date=response.headers.get("date", ""),
            response_sha256=hash_of(safe),
        )

    def _lost(self, request: Request, code: str, said: str) -> CallError:
        if request.mutating:
            return UnknownOutcomeError(
                f"The answer was lost, so it may or may not have happened: {said}",
                code=code,
                where=_where(request),
                todo="Look before it is made again.",
            )
        return CallError(
            f"The answer was lost: {said}", code=code, where=_where(request), todo="Try again."
        )

    def client(self, url: str) -> "httpx.Client":
        """The client for an address: this machine's network, or the account's."""
        local = is_loopback(url)
        with self._lock:
            made = self._clients.get(local)
            if made is None:
                made = self._clients[local] = self._make(local=local)
            return made

    def _make(self, *, local: bool) -> "httpx.Client":
        import ssl  # noqa: PLC0415

        import httpx  # noqa: PLC0415

        options: dict[str, Any] = {"timeout": self._timeout, "follow_redirects": False}
        network = self._network.facts() if self._network.simulated and not local else None
        if local:
            options["trust_env"] = False
        elif network is not None and network.proxy_url:
            # The names of a simulated account lead into its own network, never to the real one.
            trust = ssl.create_default_context(cadata=network.ca_pem)
            options |= {"proxy": network.proxy_url, "verify": trust, "trust_env": False}
        else:
            options["verify"] = ssl.create_default_context()
        return httpx.Client(**options)

    def _said(self, error: Exception) -> str:
        return safe_line(self._scrub(str(error) or type(error).__name__), limit=500)


def _body(value: Json, secret: Callable[[str], str]) -> bytes:
    return json.dumps(reveal(value, secret)).encode()


def refuse_unsafe(request: Request) -> None:
    """CallError unless the address leads over TLS, or to this machine, and holds no secret."""
    import httpx  # noqa: PLC0415

    problem = ""
    try:
        url = httpx.URL(request.url)
    except httpx.InvalidURL:
        problem = "The address is not a URL."
    else:
        if has_unknown([request.url, request.json]):
            problem = "A value is not known yet."
        elif url.host != (split(request.url).hostname or ""):
            # Two readings of one address: what is checked would not be where it goes.
            problem = "The address is not a URL that everyone reads alike."
        elif url.scheme not in {"https", "http"} or not url.host:
            problem = "The address must begin with https://."
        elif url.scheme == "http" and not is_loopback(request.url):
            problem = "Plain HTTP would show the request to everyone on the way; use https://."
        elif url.userinfo:
            problem = "The address holds a user or password, which would be written down."
    if problem:
        raise CallError(
            problem,
            code="UnsafeRequest",
            where=_where(request),
            todo="Nothing was sent. Correct the address.",
        )


def _where(request: Request) -> str:
    return f"{request.method} {without_password(request.url)}"


def _read(response: "httpx.Response", timeout: float) -> str:
    """The body, as far as it is read. httpx's timeout is for each part alone: a server that sends
    a byte now and then would hold the call for ever."""
    import httpx  # noqa: PLC0415

    data = bytearray()
    began = time.monotonic()
    for part in response.iter_bytes():
        data += part
        if len(data) > BODY_LIMIT:
            break
        if time.monotonic() - began > WHOLE * timeout:
            raise httpx.ReadTimeout("the answer came too slowly", request=response.request)
    return bytes(data[:BODY_LIMIT]).decode("utf-8", "replace")


def _parsed(body: str) -> Json:
    try:
        return to_json(json.loads(body))
    except (ValueError, RecursionError):
        return whole(body)
