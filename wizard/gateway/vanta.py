"""Vanta's API for documents: list what is uploaded, upload a file, submit the document.

The contract: https://developer.vanta.com/docs/guides/upload-a-document,
https://developer.vanta.com/api-reference/documents/upload-file-for-document,
https://developer.vanta.com/api-reference/documents/list-documents-uploads,
https://developer.vanta.com/docs/concepts/authentication. A token is asked for once: asking for
another revokes it, and only five may be asked for in a minute.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from wizard.effects import Json
from wizard.errors import (
    CallError,
    CredentialsError,
    ThrottledError,
    UnknownOutcomeError,
    UnreachableError,
    UsageError,
)
from wizard.gateway.http import BODY_LIMIT, Http
from wizard.gateway.loopback import is_loopback, split
from wizard.gateway.network import AccountNetwork
from wizard.gateway.secrets import Secrets, variable
from wizard.safe import safe_line

if TYPE_CHECKING:
    import httpx

BASE = "https://api.vanta.com"
CLIENT_ID, CLIENT_SECRET = "vanta-client-id", "vanta-client-secret"
"""The names of the secrets, which are of an application of type Manage Vanta."""

_SCOPE = "vanta-api.all:read vanta-api.all:write vanta-api.documents:upload"
_DOCUMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_PAGE = 100
_MOST_PAGES = 100


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file to upload."""

    name: str
    content: bytes
    media_type: str
    description: str
    effective_at: str
    """ISO 8601: from when on it is evidence."""


class Vanta:
    """One client of the API. Blocks the thread that calls; not for several threads."""

    def __init__(self, secrets: Secrets, base: str = BASE, timeout: float = 60.0) -> None:
        """`base` is where the API is; `UsageError` for plain HTTP beyond this machine."""
        self.base = base.rstrip("/")
        parts = split(self.base)
        secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(self.base))
        if not secure or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
            raise UsageError(
                f"Vanta's API is not reached there: {self.base}.",
                where="--vanta-url",
                todo=f"It is an https address such as {BASE}.",
            )
        self._secrets = secrets
        self._http = Http(
            AccountNetwork(""), secret=self._secret, scrub=secrets.scrub, timeout=timeout
        )
        self._token = ""

    def uploads(self, document: str) -> list[Mapping[str, Json]]:
        """All files of the document, every page of them."""
        return list(self._pages(document))

    def upload(self, document: str, file: File) -> Mapping[str, Json]:
        """Upload it; what Vanta says of it. `UnknownOutcomeError` when the answer was lost."""
        answer = self._send(
            "POST",
            f"/v1/documents/{_checked(document)}/uploads",
            mutating=True,
            files={"file": (file.name, file.content, file.media_type)},
            data={"description": file.description, "effectiveAtDate": file.effective_at},
        )
        return answer if isinstance(answer, dict) else {}

    def submit(self, document: str) -> None:
        """Hand the document in for review, with what was uploaded since the last time."""
        self._send("POST", f"/v1/documents/{_checked(document)}/submit", mutating=True)

    def close(self) -> None:
        """Release connections."""
        self._http.close()

    def _pages(self, document: str) -> Iterator[Mapping[str, Json]]:
        path, cursor = f"/v1/documents/{_checked(document)}/uploads", ""
        for _ in range(_MOST_PAGES):
            params = {"pageSize": str(_PAGE), **({"pageCursor": cursor} if cursor else {})}
            answer = self._send("GET", path, params=params)
            results = answer.get("results") if isinstance(answer, dict) else None
            if not isinstance(results, dict) or not isinstance(results.get("data"), list):
                raise CallError(
                    "The list of uploads is not as Vanta documents it.",
                    code="UnexpectedAnswer",
                    where=f"GET {self.base}{path}",
                    todo="Nothing was uploaded.",
                )
            yield from (one for one in results["data"] if isinstance(one, dict))
            page = results.get("pageInfo") or {}
            cursor = str(page.get("endCursor") or "")
            if not page.get("hasNextPage") or not cursor:
                return

    def _send(self, method: str, path: str, *, mutating: bool = False, **parts: Any) -> Json:
        headers = {"Authorization": f"Bearer {self._authorized()}"}
        return self._request(method, path, headers, mutating=mutating, **parts)

    def _authorized(self) -> str:
        """The token, asked for once."""
        if not self._token:
            body = {
                "client_id": self._secret(CLIENT_ID),
                "client_secret": self._secret(CLIENT_SECRET),
                "scope": _SCOPE,
                "grant_type": "client_credentials",
            }
            answer = self._request("POST", "/oauth/token", {}, json=body)
            token = answer.get("access_token") if isinstance(answer, dict) else None
            if not isinstance(token, str) or not token:
                raise CredentialsError(
                    "Vanta gave no token.", code="NoToken", where=f"POST {self.base}/oauth/token"
                )
            # What is given is scrubbed from every text from now on.
            self._secrets.give("vanta-token", token)
            self._token = token
        return self._token

    def _request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        mutating: bool = False,
        **parts: Any,
    ) -> Json:
        outcome = self._outcome(method, path, headers, mutating=mutating, **parts)
        if isinstance(outcome, CallError):
            raise outcome
        return outcome

    def _outcome(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        mutating: bool = False,
        **parts: Any,
    ) -> Json | CallError:
        """The body or what went wrong: raised by the caller, so that no exception that holds the
        request, and with it a secret, is chained to it."""
        import httpx  # noqa: PLC0415  costs 0.1 s: not before it is needed

        where = f"{method} {self.base}{path}"
        sent = {"User-Agent": "st-wizard", "Accept": "application/json", **headers}
        try:
            with self._http.client(self.base).stream(
                method, f"{self.base}{path}", headers=sent, **parts
            ) as response:
                text = _read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            return UnreachableError(
                f"Vanta could not be reached: {self._said(error)}",
                code=type(error).__name__,
                where=where,
                todo="Nothing was sent. Check the network.",
            )
        except httpx.HTTPError as error:
            return self._lost(where, type(error).__name__, self._said(error), mutating=mutating)
        return self._answered(where, response.status_code, text, mutating=mutating)

    def _answered(self, where: str, status: int, text: str, *, mutating: bool) -> Json | CallError:
        if 200 <= status < 300:
            try:
                return json.loads(text) if text.strip() else None
            except (ValueError, RecursionError):
                return self._lost(where, "NoJson", "the answer is no JSON", mutating=mutating)
        code, said = f"HTTP {status}", self._said(text)
        if status in {401, 403}:
            return CredentialsError(
                f"Vanta refuses the credentials: {said}",
                code=code,
                where=where,
                todo="Look at the application in Vanta's developer console: its type is Manage "
                f"Vanta, and it may {_SCOPE}.",
            )
        if status == 404:
            return CallError(
                "Vanta has no such document.",
                code=code,
                where=where,
                todo="Its id is the last part of its page's address in Vanta.",
            )
        if status == 429:
            return ThrottledError(
                "Vanta asks to slow down.", code=code, where=where, todo="Try again in a minute."
            )
        if status >= 500:
            return self._lost(where, code, said, mutating=mutating)
        return CallError(f"Vanta refused it: {said}", code=code, where=where)

    def _lost(self, where: str, code: str, said: str, *, mutating: bool) -> CallError:
        if mutating:
            return UnknownOutcomeError(
                f"The answer was lost, so it may or may not have happened: {said}",
                code=code,
                where=where,
                todo="Try again: what is uploaded is looked for first.",
            )
        return CallError(f"The answer was lost: {said}", code=code, where=where, todo="Try again.")

    def _secret(self, name: str) -> str:
        value = self._secrets.get(name)
        if value is None:
            raise CallError(
                f"The secret {name} is not known.",
                code="SecretMissing",
                where="--vanta",
                todo=f"Run `st-wizard secret set {name}`, or set {variable(name)}.",
            )
        return value

    def _said(self, what: object) -> str:
        return safe_line(self._secrets.scrub(str(what) or type(what).__name__), limit=300)


def _checked(document: str) -> str:
    if not _DOCUMENT.fullmatch(document):
        raise UsageError(
            f"This is not the id of a document: {safe_line(document)}.",
            where="--vanta",
            todo="It is the last part of its page's address in Vanta, such as access-requests.",
        )
    return document


def _read(response: "httpx.Response") -> str:
    data = bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > BODY_LIMIT:
            break
    return bytes(data[:BODY_LIMIT]).decode("utf-8", "replace")
