"""What commands print for programs: JSON on one line, with nothing in it that a terminal obeys."""

from typing import Any

import click
import msgspec

from wizard.safe import json_safe, whole


def print_json(value: Any) -> None:
    """Print `value` as one line of JSON. Active characters stand as escapes, so that it is the
    same JSON to a program and harmless on a screen."""
    click.echo(json_safe(_encoded(value).decode()))


def _encoded(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # Half a character, from a command line or a file name that is not UTF-8.
        return msgspec.json.encode(_whole(msgspec.to_builtins(value)))


def _whole(value: Any) -> Any:
    match value:
        case str():
            return whole(value)
        case dict():
            return {_whole(key): _whole(part) for key, part in value.items()}
        case list() | tuple():
            return [_whole(part) for part in value]
        case _:
            return value
