"""What may be written down of a request or an answer: secrets out, size bounded, JSON only.

Secrets are found by the API model's `sensitive` traits and by the names of fields. With a
`Committed`, each leaves a commit behind, by which it can be proved later.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Protocol

import msgspec

from wizard.effects import Blob, Json, Secret
from wizard.session.canonical import canonical
from wizard.session.seal import Seal, committed

TEXT_LIMIT = 32 * 1024
"""Characters of one text that are written down; a policy document has at most 20 KiB."""

TOTAL_LIMIT = 256 * 1024
"""Bytes of one answer that are written down."""

_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token|api[_-]?key|private[_-]?key|credential|authorization",
    re.IGNORECASE,
)
_NOT_SECRET = re.compile(
    # Tokens of paging and of idempotency, and names that only point at a secret.
    r"(next|client|request|continuation|idempotency|page|pagination)_?token$|(arn|id|name|ids)$",
    re.IGNORECASE,
)


_SENSITIVE_TOO = frozenset(
    {"TargetInput", "TransformerInput", "HeaderParametersMap", "QueryStringParametersMap"}
)
"""Shapes of what a rule or a schedule hands on, tokens among it: the models do not mark them."""

SHORTEST = 4
"""A text shorter than this is not searched for in others: it would be found everywhere."""

_SIGNED = re.compile(r"\?[^\s\"']*X-Amz-(?:Signature|Security-Token)=[^\s\"']*", re.IGNORECASE)
"""The query of a presigned URL, which opens what it points to for whoever has it."""


class Redacting(Protocol):
    """`redact`, with the commits of a session or without."""

    def __call__(self, value: object, shape: Any = None, /) -> Json: ...


class Committed:
    """Puts the commit of what is left out beside its name."""

    def __init__(self, seal: Seal, secret: Callable[[str], str | None]) -> None:
        """`secret` gives a secret's value by its name, None when it is nowhere."""
        self._seal = seal
        self._secret = secret

    def value(self, name: str, value: Json) -> dict[str, Json]:
        """For a value of a request or an answer."""
        return {"commit": self._seal.commit(name, committed(value))}

    def secret(self, name: str) -> dict[str, Json]:
        """For a secret by its name; nothing while its value is not known."""
        value = self._secret(name)
        return {} if value is None else self.value(name, value)


def redact(value: object, shape: Any = None, commits: Committed | None = None) -> Json:
    """`value` as it may be written down; `shape` is botocore's model of it, where there is one.

    Without `commits`, as for what is shown or told apart by its hash, only the names stay.
    """
    safe = _Redaction(commits).part(value, "", shape)
    size = len(msgspec.json.encode(safe))
    if size > TOTAL_LIMIT:
        return {"$truncated": {"bytes": size, "sha256": _sha256(msgspec.json.encode(safe))}}
    return safe


def hash_of(safe: Json) -> str:
    """The SHA-256 of an answer as it is written down, so that it can be reckoned from there.

    Of the whole answer it would give away what was left out: everything else of it being known,
    short values could be guessed one after another.
    """
    return _sha256(canonical(safe))


def sensitive_texts(value: object, shape: Any, name: str = "") -> set[str]:
    """The texts in `value` that `redact` would not write down, as they are and as JSON has them."""
    if shape is not None and _is_sensitive(shape):
        return set(_texts(value))
    match value:
        case str() if is_secret_name(name):
            return set(_texts(value))
        case Mapping():
            members, entries = getattr(shape, "members", None) or {}, getattr(shape, "value", None)
            parts = [
                sensitive_texts(part, members.get(str(key), entries), str(key))
                for key, part in value.items()
            ]
        case list() | tuple():
            parts = [sensitive_texts(part, getattr(shape, "member", None), name) for part in value]
        case _:
            return set()
    return set().union(*parts)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str() if len(value) >= SHORTEST:
            yield str.__str__(value)
            yield json.dumps(str.__str__(value))[1:-1]
        case Mapping():
            for part in value.values():
                yield from _texts(part)
        case list() | tuple():
            for part in value:
                yield from _texts(part)


def _is_sensitive(shape: Any) -> bool:
    return bool(shape.metadata.get("sensitive")) or shape.name in _SENSITIVE_TOO


def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return bool(_SECRET_NAME.search(name)) and not _NOT_SECRET.search(name)


def input_shape(service: str, operation: str) -> Any:
    """botocore's model of what an operation takes; None when it does not know the operation."""
    return _shapes(service, operation)[0]


def output_shape(service: str, operation: str) -> Any:
    """botocore's model of what an operation answers; None when it does not know the operation."""
    return _shapes(service, operation)[1]


def service_model(service: str) -> Any:
    """botocore's model of a service; None when it knows none of that name."""
    from botocore.exceptions import DataNotFoundError  # noqa: PLC0415

    try:
        return _model(service)
    except DataNotFoundError:
        return None


class _Redaction:
    def __init__(self, commits: Committed | None) -> None:
        self._commits = commits

    def part(self, value: object, name: str, shape: Any) -> Json:
        if isinstance(value, Secret):
            named = {"$secret": value.name, **self._secret(value.name)}
            return named if value.text == "{}" else {**named, "text": value.text}
        if isinstance(value, Blob):
            return f"<{value.size} bytes, sha256 {value.sha256}>"
        if shape is not None and _is_sensitive(shape) and value is not None:
            return self._left_out(name or shape.name, value)
        match value:
            case str():
                # A subclass of str is written as its plain text.
                return self._text(str.__str__(value), name)
            case None | bool() | int() | float():
                return value
            case Mapping():
                return self._mapping(value, shape)
            case list() | tuple():
                member = getattr(shape, "member", None)
                return [self.part(part, name, member) for part in value]
            case bytes() | bytearray():
                return {"$bytes": {"length": len(value), "sha256": _sha256(bytes(value))}}
            case _:
                return str(value)

    def _text(self, text: str, name: str) -> Json:
        if text and is_secret_name(name):
            return self._left_out(name, text)
        if "X-Amz-" in text:
            text = _SIGNED.sub("?signed", text)
        if len(text) > TEXT_LIMIT:
            data = text.encode("utf-8", "surrogatepass")
            return {"$truncated": {"bytes": len(data), "sha256": _sha256(data)}}
        return text

    def _mapping(self, value: Mapping[Any, Any], shape: Any) -> dict[str, Json]:
        members = getattr(shape, "members", None) or {}
        entries = getattr(shape, "value", None)
        # A pair like {"Name": "DB_PASSWORD", "Value": "…"} names its secret in the other field.
        label = next((value[key] for key in ("Key", "Name", "ParameterKey") if key in value), "")
        redacted: dict[str, Json] = {}
        for raw, part in value.items():
            key = str(raw)
            named = key in {"Value", "ParameterValue"} and isinstance(label, str)
            name = str.__str__(label) if named and is_secret_name(label) else key
            redacted[key] = self.part(part, name, members.get(key, entries))
        return redacted

    def _left_out(self, name: str, value: object) -> dict[str, Json]:
        commit = self._commits.value(name, value) if self._commits is not None else {}
        return {"$redacted": name, **commit}

    def _secret(self, name: str) -> dict[str, Json]:
        return self._commits.secret(name) if self._commits is not None else {}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=512)
def _shapes(service: str, operation: str) -> tuple[Any, Any]:
    model = service_model(service)
    if model is None or operation not in model.operation_names:
        return None, None
    known = model.operation_model(operation)
    return known.input_shape, known.output_shape


@lru_cache(maxsize=64)
def _model(service: str) -> Any:
    from botocore.loaders import Loader  # noqa: PLC0415
    from botocore.model import ServiceModel  # noqa: PLC0415

    return ServiceModel(Loader().load_service_model(service, "service-2"), service)
