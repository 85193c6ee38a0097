"""The one way a fact is written down: the same value always gives the same bytes.

Keys are sorted, the text is UTF-8 without spaces, and a number that is whole is written without a
fraction (as RFC 8785 does), so that a line read back and written again has the same hash.
"""

from typing import Any

import msgspec

from wizard.effects import Json
from wizard.safe import whole
from wizard.session.base import Actor, Event, encodable

_WHOLE = 2.0**53
"""Above it a float no longer tells whole numbers apart."""


def canonical(value: Any) -> bytes:
    """`value`, made of structs, mappings, lists, text and numbers, as canonical JSON.

    Answers not known yet are written as the text that stands for them, half a character as
    U+FFFD. TypeError for what JSON cannot hold.
    """
    plain = msgspec.to_builtins(value, str_keys=True, order="sorted", enc_hook=encodable)
    settled = _whole_numbers(plain)
    try:
        return msgspec.json.encode(settled, order="sorted")
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole_texts(settled), order="sorted")


def entry_line(*, seq: int, at: str, actor: Actor, event: Event, previous_sha256: str) -> bytes:
    """The journal line of an entry, without a newline: its SHA-256 is what the next one names."""
    return canonical(
        {
            "seq": seq,
            "at": at,
            "actor": actor,
            "event": event,
            "previous_sha256": previous_sha256,
        }
    )


def _whole_texts(value: Json) -> Json:
    match value:
        case str():
            return whole(value)
        case dict():
            return {whole(key): _whole_texts(part) for key, part in value.items()}
        case list():
            return [_whole_texts(part) for part in value]
        case _:
            return value


def _whole_numbers(value: Json) -> Json:
    match value:
        case dict():
            return {key: _whole_numbers(part) for key, part in value.items()}
        case list() | tuple():
            return [_whole_numbers(part) for part in value]
        case float() if value.is_integer() and abs(value) <= _WHOLE:
            return int(value)
        case _:
            return value
