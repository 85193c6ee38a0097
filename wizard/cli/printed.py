"""What commands print for programs: JSON on one line, with nothing in it that a terminal obeys."""

from typing import Any

import click
import msgspec

from wizard.safe import json_safe
from wizard.session.canonical import whole_texts


def print_json(value: Any) -> None:
    """Print `value` as one line of JSON. Active characters stand as escapes, so that it is the
    same JSON to a program and harmless on a screen."""
    click.echo(json_safe(_encoded(value).decode()))


def _encoded(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # Half a character, from a command line or a file name that is not UTF-8.
        return msgspec.json.encode(whole_texts(msgspec.to_builtins(value)))
