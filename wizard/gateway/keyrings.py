"""Which keyring this machine has, for the doctor: none is opened, and nothing is read from it."""

from typing import Any

from wizard.gateway.secrets import SECURE_BACKENDS


def secure_keyring() -> str:
    """The name of the first keyring that is known to be secure; empty when there is none."""
    import keyring  # noqa: PLC0415

    return named(keyring.get_keyring())


def named(backend: Any) -> str:
    """The name of a keyring backend, or of the first secure one in a chain; empty for none."""
    chained = type(backend).__module__ == "keyring.backends.chainer"
    parts = backend.backends if chained else [backend]
    names = (SECURE_BACKENDS.get(type(one).__module__, "") for one in parts)
    return next((name for name in names if name), "")
