"""Pages as AWS gives them: an opaque token, and the service's own largest page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class BadTokenError(ValueError):
    """The token did not come from this service; the caller raises its own AWS error."""


def page(items: Sequence[_T], token: str | None, size: int) -> tuple[list[_T], str | None]:
    """The page that `token` asks for (None: the first) and the token of the next, or None.

    A token holds the position, so a page keeps its place only while nothing is added before it;
    AWS promises no more than that.
    """
    start = 0 if token is None else _position(token)
    if start > len(items):
        raise BadTokenError(token)
    end = start + size
    following = base64.b64encode(f"at:{end}".encode()).decode() if end < len(items) else None
    return list(items[start:end]), following


def _position(token: str) -> int:
    try:
        text = base64.b64decode(token, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadTokenError(token) from error
    mark, _, number = text.partition(":")
    if mark != "at" or not number.isdigit():
        raise BadTokenError(token)
    return int(number)
