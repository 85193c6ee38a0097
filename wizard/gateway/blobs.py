"""What presigned URLs point to: downloaded into a private folder, and put into calls as bytes.

A presigned URL is a secret for as long as it is valid: it is neither written down nor chained to
an exception. Bytes are held by their SHA-256 until the call that carries them has succeeded.
"""

import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wizard.effects import Blob, Fetch, Json, Write, has_unknown
from wizard.errors import CallError, UnreachableError
from wizard.gateway.loopback import is_loopback, split
from wizard.gateway.protocol import Answer
from wizard.gateway.redact import redact

if TYPE_CHECKING:
    import httpx

ONE_LIMIT = 300 * 1024 * 1024
"""Bytes of one download: a function and its layers have at most 250 MB unzipped."""

HELD_LIMIT = 2 * 1024 * 1024 * 1024
"""Bytes that are held on disk at once; beyond it the oldest go, to be fetched again."""

_LARGE = 4 * 1024 * 1024
_CHUNK = 256 * 1024


class _Held(msgspec.Struct):
    path: Path
    size: int
    wanted: int = 1
    """How many downloads wait for a call that carries them."""


class Blobs:
    """Downloads, and gives bytes to calls. Thread-safe; blocks the thread that calls."""

    def __init__(
        self,
        client: Callable[[str], "httpx.Client"],
        *,
        one_limit: int = ONE_LIMIT,
        held_limit: int = HELD_LIMIT,
    ) -> None:
        """`client` gives the HTTP client for a URL: certificates checked, no redirects."""
        self._client = client
        self._one_limit = one_limit
        self._held_limit = held_limit
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def fetch(self, effect: Fetch) -> Answer:
        """Download; the answer is the `Blob`. Raises CallErrors that name no signature."""
        where = _where(effect.url)
        _refuse_unsafe(effect.url, where)
        outcome = self._download(effect.url, where)
        if isinstance(outcome, CallError):
            raise outcome
        return Answer(value=outcome, response_sha256=outcome.sha256)

    def write(self, effect: Write, make: Callable[[Write], Answer]) -> Answer:
        """Make a call, whose blobs are let go once it has succeeded. Large ones go one at a time:
        the SDK holds a body several times over."""
        carried = list(blobs_in(effect.params))
        if not carried:
            return make(effect)
        with self._turn if sum(blob.size for blob in carried) > _LARGE else nullcontext():
            params = {name: filled(part, self.content) for name, part in effect.params.items()}
            answer = make(msgspec.structs.replace(effect, params=params))
        for blob in carried:
            self._let_go(blob)
        return answer

    def content(self, blob: Blob) -> bytes:
        """The bytes; raises a CallError when this process holds them no more."""
        with self._lock:
            held = self._held.get(blob.sha256)
            if held is not None:
                self._held.move_to_end(blob.sha256)
                return held.path.read_bytes()
        raise CallError(
            "The bytes to be sent are not held any more.",
            code="BlobMissing",
            where=str(redact(blob)),
            todo="Nothing was sent. Retry: they are downloaded again.",
        )

    def close(self) -> None:
        """Remove everything that is held."""
        with self._lock:
            folder, self._folder = self._folder, None
            self._held.clear()
        if folder is not None:
            folder.cleanup()

    def _download(self, url: str, where: str) -> Blob | CallError:
        """The blob or what went wrong: raised by the caller, so that nothing that holds the URL
        is chained to it."""
        import httpx  # noqa: PLC0415  costs 0.1 s: not before it is needed

        try:
            with self._client(url).stream("GET", url, headers={"User-Agent": "st-wizard"}) as reply:
                if reply.status_code != 200:
                    return _refused(reply, where)
                return self._keep(reply, where)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.ProxyError,
            httpx.InvalidURL,
        ) as error:
            return UnreachableError(
                f"The address could not be reached ({type(error).__name__}).",
                code=type(error).__name__,
                where=where,
                todo="Check the network and retry.",
            )
        except httpx.HTTPError as error:
            return CallError(
                f"The download broke off ({type(error).__name__}).",
                code=type(error).__name__,
                where=where,
                todo="Retry.",
            )

    def _keep(self, reply: "httpx.Response", where: str) -> Blob | CallError:
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self._directory(), delete=False) as file:
            path = Path(file.name)
            for part in reply.iter_bytes(_CHUNK):
                size += len(part)
                if size > self._one_limit:
                    path.unlink()
                    return CallError(
                        f"The download is larger than {self._one_limit} bytes.",
                        code="TooLarge",
                        where=where,
                        todo="It was not kept. No function's code is that large: see what it is.",
                    )
                digest.update(part)
                file.write(part)
        blob = Blob(sha256=digest.hexdigest(), size=size)
        with self._lock:
            held = self._held.get(blob.sha256)
            if held is not None:
                held.wanted += 1
                path.unlink()
            else:
                self._held[blob.sha256] = _Held(path, size)
            self._make_room()
        return blob

    def _make_room(self) -> None:
        while len(self._held) > 1 and sum(h.size for h in self._held.values()) > self._held_limit:
            _, oldest = self._held.popitem(last=False)
            oldest.path.unlink(missing_ok=True)

    def _let_go(self, blob: Blob) -> None:
        with self._lock:
            held = self._held.get(blob.sha256)
            if held is None:
                return
            held.wanted -= 1
            if held.wanted <= 0:
                del self._held[blob.sha256]
                held.path.unlink(missing_ok=True)

    def _directory(self) -> str:
        # tempfile makes the folder for its owner only (0700), and each file too (0600).
        with self._lock:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="st-wizard-")
            return self._folder.name


def blobs_in(value: Json) -> Iterator[Blob]:
    """The blobs that stand in a call's parameters."""
    match value:
        case Blob():
            yield value
        case Mapping():
            for part in value.values():
                yield from blobs_in(part)
        case list() | tuple():
            for part in value:
                yield from blobs_in(part)


def filled(value: Json, content: Callable[[Blob], bytes]) -> Json:
    """`value` with the bytes in the place of each blob."""
    match value:
        case Blob():
            return content(value)
        case Mapping():
            return {key: filled(part, content) for key, part in value.items()}
        case list() | tuple():
            return [filled(part, content) for part in value]
        case _:
            return value


def _refused(reply: "httpx.Response", where: str) -> CallError:
    if reply.is_redirect:
        return CallError(
            "The address leads elsewhere, and is not followed.",
            code=f"HTTP {reply.status_code}",
            where=where,
            todo="A presigned URL does not: see whether something stands between here and AWS.",
        )
    return CallError(
        "The download was refused."
        if reply.status_code != 403
        else "The download was refused: a presigned URL is valid for ten minutes.",
        code=f"HTTP {reply.status_code}",
        where=where,
        todo="Retry: AWS is asked for a new URL.",
    )


def _refuse_unsafe(url: str, where: str) -> None:
    problem = ""
    parts = split(url)
    if has_unknown(url):
        problem = "The address is not known yet."
    elif parts.scheme not in {"https", "http"} or not parts.hostname:
        problem = "The address must begin with https://."
    elif parts.scheme == "http" and not is_loopback(url):
        problem = "Plain HTTP would show the download to everyone on the way."
    elif parts.username is not None or parts.password is not None:
        problem = "The address holds a user or password."
    if problem:
        raise CallError(
            problem,
            code="UnsafeRequest",
            where=where,
            todo="Nothing was sent. AWS gives https addresses: see where this one comes from.",
        )


def _where(url: str) -> str:
    parts = split(url)
    return f"GET {parts.scheme}://{parts.hostname or ''}{parts.path}"
