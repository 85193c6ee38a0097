"""The one way a fact is written down: the same value always gives the same bytes.

It is that of RFC 8785: keys in the order of their UTF-16 units, UTF-8 without spaces, numbers as
ECMAScript writes them. So a line read back and written again has the same hash, in any language.
https://www.rfc-editor.org/rfc/rfc8785
"""

from decimal import Decimal
from typing import Any

import msgspec

from wizard.effects import Json
from wizard.safe import whole
from wizard.session.base import Actor, Event, encodable

_WHOLE = 2**53
"""Above it a double no longer tells whole numbers apart."""

_SMALL = 1e-4
"""From here to `_WHOLE`, msgspec and ECMAScript write a double in the same way."""


def canonical(value: Any) -> bytes:
    """`value`, made of structs, mappings, lists, text and numbers, as canonical JSON.

    Answers not known yet are written as the text that stands for them; a whole number that no
    double holds as its digits in quotes, since JSON's readers would change it; half a surrogate
    pair as U+FFFD, since UTF-8 has none. TypeError for what JSON cannot hold.
    """
    plain = msgspec.to_builtins(value, str_keys=True, order="sorted", enc_hook=encodable)
    try:
        return _written(plain)
    except UnicodeEncodeError:
        return _written(whole_texts(plain))


def is_canonical(line: bytes) -> bool:
    """Whether a line has this form, or the one that st-wizard wrote before 0.3, which differs in
    large and small numbers and in keys beyond U+FFFF."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    before = msgspec.json.encode(_whole_numbers(value, []), order="sorted")
    return line in (canonical(value), before)


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


def _written(plain: Json) -> bytes:
    odd: list[object] = []
    settled = _whole_numbers(plain, odd)
    return _spelled(settled).encode() if odd else msgspec.json.encode(settled, order="sorted")


def _whole_numbers(value: Json, odd: list[object]) -> Json:
    """Whole numbers without a fraction; what msgspec writes in another way is added to `odd`."""
    match value:
        case dict():
            if any(not key.isascii() and max(key) > "\uffff" for key in value):
                odd.append(value)
            return {key: _whole_numbers(part, odd) for key, part in value.items()}
        case list() | tuple():
            return [_whole_numbers(part, odd) for part in value]
        case float() if value.is_integer() and abs(value) <= _WHOLE:
            return int(value)
        case float() if not _SMALL <= abs(value) < _WHOLE:
            odd.append(value)
            return value
        case int() if abs(value) > _WHOLE:
            odd.append(value)
            return value
        case _:
            return value


def _spelled(value: Json) -> str:
    match value:
        case dict():
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return "{" + ",".join(f"{_text(key)}:{_spelled(value[key])}" for key in keys) + "}"
        case list():
            return "[" + ",".join(_spelled(part) for part in value) + "]"
        case float() if value - value == 0:
            return _number(value)
        case int() if abs(value) > _WHOLE:
            digits = str(value)
            return digits if _holds(value, digits) else _text(digits)
        case _:
            return _text(value)


def _text(value: Json) -> str:
    return msgspec.json.encode(value).decode()


def _holds(value: int, digits: str) -> bool:
    """Whether a double, written again, has the same digits."""
    try:
        return _number(float(value)) == digits
    except OverflowError:
        return False


def _number(value: float) -> str:
    """A double as ECMAScript writes it: the shortest digits that are this double and no other.

    https://tc39.es/ecma262/#sec-numeric-types-number-tostring
    """
    sign, parts, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, parts))
    assert isinstance(exponent, int)  # noqa: S101  what is not finite was sorted out
    point = len(digits) + exponent
    if len(digits) <= point <= 21:
        text = digits.ljust(point, "0")
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        fraction = f".{digits[1:]}" if digits[1:] else ""
        text = f"{digits[0]}{fraction}e{point - 1:+d}"
    return f"-{text}" if sign else text


def whole_texts(value: Json) -> Json:
    """The same with each half of a character, in keys too, replaced by one that says so."""
    match value:
        case str():
            return whole(value)
        case dict():
            return {whole_texts(key): whole_texts(part) for key, part in value.items()}
        case list() | tuple():
            return [whole_texts(part) for part in value]
        case _:
            return value
