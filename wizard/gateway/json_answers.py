"""Answers of AWS as JSON, so that they are facts: shown, compared, hashed and written down."""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from wizard.effects import Json
from wizard.safe import whole

STREAM_LIMIT = 4 * 1024 * 1024
"""Bytes read of a streamed body; what wants more is not a fact."""


def to_json(value: object) -> Json:
    """`value` with times as ISO 8601 in UTC, bytes in base64, and streams as their text."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return whole(value)
        case Mapping():
            return {whole(str(key)): to_json(part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [to_json(part) for part in value]
        case datetime():
            return _iso(value)
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case _:
            return _stream(value)


def _iso(moment: datetime) -> str:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _stream(value: object) -> Json:
    read = getattr(value, "read", None)
    if read is None:
        return str(value)
    data = b""
    # To its very end: only there does botocore notice that a part is missing.
    while len(data) < STREAM_LIMIT and (part := read(STREAM_LIMIT)):
        data += part
    try:
        return data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode("ascii")
