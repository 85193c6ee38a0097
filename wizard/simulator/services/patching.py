"""Replaces methods of moto's classes, and puts the originals back.

The simulated account patches moto's models and responses, never the client: so every caller, in
any language, sees the same account. Patches stack (the newest is outermost), and `restore` takes
all of them off, so `services.install` can be called again with another clock.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

_ABSENT = object()
_undo: list[tuple[type, str, Any]] = []

Method = Callable[..., Any]
RLock: TypeAlias = AbstractContextManager[bool, None]


def wrap(owner: type, name: str) -> Callable[[Method], Method]:
    """Decorate `f(original, self, *args, **kwargs)` to stand in for method `name` of `owner`.

    `original` is the method as it was, unbound: call `original(self, ...)`.
    """

    def decorate(replacement: Method) -> Method:
        original = getattr(owner, name)

        @functools.wraps(original)
        def patched(self: Any, *args: Any, **kwargs: Any) -> Any:
            return replacement(original, self, *args, **kwargs)

        put(owner, name, patched)
        return replacement

    return decorate


def replace(owner: type, name: str) -> Callable[[Method], Method]:
    """Decorate `f(self, ...)` to be the method `name` of `owner`, which may not have had one."""

    def decorate(replacement: Method) -> Method:
        put(owner, name, replacement)
        return replacement

    return decorate


def exclusively(lock: RLock, owner: type, *names: str) -> None:
    """Let one thread at a time into these methods of `owner` (they check first, then change)."""
    for name in names:
        _exclusively(lock, owner, name)


def _exclusively(lock: RLock, owner: type, name: str) -> None:
    @wrap(owner, name)
    def locked(original: Method, self: Any, *args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(self, *args, **kwargs)


def put(owner: type, name: str, value: object) -> None:
    """Set the class attribute `name` of `owner` (a method, a property, a table) until `restore`."""
    _undo.append((owner, name, owner.__dict__.get(name, _ABSENT)))
    setattr(owner, name, value)


def restore() -> None:
    """Take off every patch, newest first."""
    while _undo:
        owner, name, before = _undo.pop()
        if before is _ABSENT:
            delattr(owner, name)
        else:
            setattr(owner, name, before)
