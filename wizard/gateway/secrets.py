"""Secrets by name: from this process, the environment, or a keyring known to be secure."""

import base64
import html
import json
import os
import re
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from wizard.effects import Json, Secret
from wizard.errors import RefusedError

SERVICE = "st-wizard"
PREFIX = "ST_WIZARD_SECRET_"

SECURE_BACKENDS = {
    "keyring.backends.macOS": "the macOS Keychain",
    "keyring.backends.SecretService": "the Secret Service",
    "keyring.backends.libsecret": "the Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.Windows": "the Windows Credential Locker",
}
"""Keyring backends that store encrypted, by module. Others keep plain text, or nothing at all."""

_SHORTEST = 4
"""A value shorter than this is not searched for in texts: it would be found everywhere."""


class Secrets:
    """Looks in memory, then in the environment, then in the keyring. Thread-safe.

    Values leave it through `get` alone; its repr names none.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ, *, keyring: Any = None) -> None:
        """`keyring` stands in for the system's; by default it is looked up when first needed."""
        self._environ = environ
        self._keyring = keyring
        self._looked = keyring is not None
        self._lock = threading.Lock()
        self._memory: dict[str, str] = {}
        self._seen: set[str] = set()

    def __repr__(self) -> str:
        return "Secrets(...)"

    def get(self, name: str) -> str | None:
        """The value, or None when it is nowhere."""
        value = self._memory.get(name) or self._environ.get(variable(name))
        if not value:
            value = self._from_keyring(name)
        if value:
            with self._lock:
                self._seen.add(value)
        return value or None

    def has(self, name: str) -> bool:
        """Whether `get` has a value."""
        return self.get(name) is not None

    def give(self, name: str, value: str) -> None:
        """Keep the value in this process's memory, and nowhere else."""
        with self._lock:
            self._memory[name] = value
            self._seen.add(value)

    def where(self, name: str) -> str:
        """Where the value comes from, in words; empty when it is nowhere."""
        if self._memory.get(name):
            return "memory of this process"
        if self._environ.get(variable(name)):
            return f"environment variable {variable(name)}"
        if self._from_keyring(name):
            return self._backend_name(self._backend())
        return ""

    def keep(self, name: str, value: str) -> str:
        """Store the value in the keyring; returns its name. RefusedError when none is secure."""
        backend = self._backend()
        if backend is None:
            raise RefusedError(
                "There is no keyring on this machine that is known to be secure.",
                where=f"secret {name}",
                todo=f"Set the environment variable {variable(name)}, or be asked each time.",
            )
        backend.set_password(SERVICE, name, value)
        if backend.get_password(SERVICE, name) != value:
            raise RefusedError(
                f"{self._backend_name(backend)} did not keep the value.",
                where=f"secret {name}",
                todo=f"Unlock it, or set the environment variable {variable(name)}.",
            )
        return self._backend_name(backend)

    def scrub(self, text: str) -> str:
        """`text` without any value that was given out."""
        with self._lock:
            seen = sorted(self._seen, key=len, reverse=True)
        for value in seen:
            if len(value) >= _SHORTEST:
                for form in forms(value):
                    text = text.replace(form, "***")
        return text

    def _from_keyring(self, name: str) -> str | None:
        backend = self._backend()
        if backend is None:
            return None
        from keyring.errors import KeyringError  # noqa: PLC0415

        try:
            value = backend.get_password(SERVICE, name)
        except KeyringError:
            return None  # locked, and the operator declined: as if it were not there
        return str(value) if value else None

    def _backend(self) -> Any:
        """The first secure backend, or None."""
        with self._lock:
            if not self._looked:
                import keyring  # noqa: PLC0415

                self._keyring, self._looked = keyring.get_keyring(), True
        return next((one for one in _chained(self._keyring) if _is_secure(one)), None)

    def _backend_name(self, backend: Any) -> str:
        return SECURE_BACKENDS.get(type(backend).__module__, "")


@lru_cache(maxsize=256)
def forms(value: str) -> tuple[str, ...]:
    """A text as others may repeat it, the longest first: plain, escaped as in JSON, in URLs, in
    HTML and in Python, and in base64."""
    data = value.encode("utf-8", "surrogatepass")
    found = {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(data, safe=""),
        quote(data),
        quote_plus(data),
        html.escape(value),
        html.escape(value, quote=False),
        repr(value)[1:-1],
        base64.b64encode(data).decode().rstrip("="),
        base64.urlsafe_b64encode(data).decode().rstrip("="),
    }
    return tuple(sorted(found, key=lambda form: (-len(form), form)))


def reveal(value: Json, secret: Callable[[str], str]) -> Json:
    """`value` with each `Secret` in it replaced by the text that it stands for."""
    match value:
        case Secret(name=name, text=text):
            return text.replace("{}", secret(name))
        case Mapping():
            return {key: reveal(part, secret) for key, part in value.items()}
        case list() | tuple():
            return [reveal(part, secret) for part in value]
        case _:
            return value


def scrubbed(value: Json, scrub: Callable[[str], str]) -> Json:
    """`value` with every text in it scrubbed."""
    match value:
        case str():
            return scrub(str.__str__(value))
        case Mapping():
            return {key: scrubbed(part, scrub) for key, part in value.items()}
        case list() | tuple():
            return [scrubbed(part, scrub) for part in value]
        case _:
            return value


def variable(name: str) -> str:
    """The variable of a secret: `scale-password` → `ST_WIZARD_SECRET_SCALE_PASSWORD`."""
    return PREFIX + re.sub(r"[^A-Za-z0-9]", "_", name).upper()


def _chained(backend: Any) -> list[Any]:
    if type(backend).__module__ == "keyring.backends.chainer":
        return list(backend.backends)
    return [backend]


def _is_secure(backend: Any) -> bool:
    return type(backend).__module__ in SECURE_BACKENDS
