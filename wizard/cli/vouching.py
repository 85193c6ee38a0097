"""The options by which an export is vouched for: a signature, and a time."""

import functools
from collections.abc import Callable
from typing import Any

import click
import msgspec


class Vouching(msgspec.Struct, frozen=True, kw_only=True):
    """What the options say; empty for what is not asked for."""

    sign: str = ""
    timestamp: str = ""


_OPTIONS = (
    click.option(
        "--sign", metavar="KEY", help="Sign it: an SSH key's file or fingerprint, or `agent`."
    ),
    click.option("--timestamp", metavar="URL", help="Have an RFC 3161 authority give it a time."),
)


def vouching(function: Callable[..., int]) -> Callable[..., int]:
    """Adds these options; the command gets them as `vouch`."""

    @functools.wraps(function)
    def command(**given: Any) -> int:
        said = {name: given.pop(name) or "" for name in Vouching.__struct_fields__}
        return function(vouch=Vouching(**said), **given)

    result: Callable[..., int] = command
    for option in reversed(_OPTIONS):
        result = option(result)
    return result
