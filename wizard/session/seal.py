"""Commitments: what is left out of a journal can be proved later, one value at a time.

In the place of a value stands `commit = HMAC-SHA256(salt, value)`, and
`salt = HMAC-SHA256(key, name ‖ 0 ‖ value)`. The key is made with the session and stays in its
store: without it, no guess at a short value can be tried. A salt that is told opens the one value
that it was made of, and says nothing of others or of the key. The same value under the same name
has the same commit wherever it stands in a session, so that one salt opens all its places.
"""

import hmac
import secrets
from collections.abc import Iterator, Mapping

import msgspec

from wizard.effects import Json
from wizard.session.canonical import canonical


class Seal:
    """A session's key. Its repr shows nothing, and only `kept` gives it away, to the store."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        """`key` has 32 random bytes."""
        if len(key) != 32:
            raise ValueError("a seal's key has 32 bytes")
        self._key = key

    def __repr__(self) -> str:
        return "Seal(...)"

    def __reduce__(self) -> str:
        raise TypeError("a seal is not written down")

    def kept(self) -> str:
        """The key in hex, for the store alone."""
        return self._key.hex()

    def salt(self, name: str, value: bytes) -> str:
        """What opens the commit of `value` under `name`, in hex; 32 bytes."""
        return hmac.digest(self._key, name.encode() + b"\0" + value, "sha256").hex()

    def commit(self, name: str, value: bytes) -> str:
        """What stands in the place of `value`, in hex; 32 bytes."""
        return commit(self.salt(name, value), value)


def new_seal() -> Seal:
    """One that nothing else was sealed with."""
    return Seal(secrets.token_bytes(32))


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A commit in a journal's line."""

    name: str
    commit: str
    path: str
    """Where it stands in the line: `event.params.MasterUserPassword`."""


def commit(salt: str, value: bytes) -> str:
    """HMAC-SHA256 of `value` under `salt`, both sides in hex: what an auditor reckons, too."""
    return hmac.digest(bytes.fromhex(salt), value, "sha256").hex()


def committed(value: Json) -> bytes:
    """The bytes that stand for a value: a text's own, in UTF-8; else its canonical JSON."""
    match value:
        case str():
            return str.__str__(value).encode("utf-8", "surrogatepass")
        case bytes() | bytearray():
            return bytes(value)
        case _:
            return canonical(value)


def marks(value: Json, path: str = "") -> Iterator[Mark]:
    """The commits that stand in a line read as JSON."""
    match value:
        case {"$redacted": str(name), "commit": str(found)}:
            yield Mark(name=name, commit=found, path=path)
        case {"$secret": str(name), "commit": str(found)}:
            yield Mark(name=name, commit=found, path=path)
        case Mapping():
            for key, part in value.items():
                yield from marks(part, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            for place, part in enumerate(value):
                yield from marks(part, f"{path}[{place}]")
