"""The events of CloudTrail, as far as a session's calls are held against them. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event of CloudTrail, as far as it is compared."""

    event_id: str
    request_id: str
    time: datetime
    source: str
    name: str
    region: str
    caller_arn: str
    read_only: bool
    invoked_by: str
    """The AWS service that made the call on the caller's behalf."""
    error_code: str
    sha256: str
    """Of the record as CloudTrail gave it."""


def events(listed: Iterable[Mapping[str, Any]]) -> list[Event]:
    """CloudTrail's answers as events; one that was given twice is there once."""
    found = {event.event_id: event for one in listed if (event := _event(one)) is not None}
    return sorted(found.values(), key=lambda one: (one.time, one.event_id))


def _event(one: Mapping[str, Any]) -> Event | None:
    text = str(one.get("CloudTrailEvent") or "")
    try:
        record = json.loads(text)
        identity = record.get("userIdentity") or {}
        return Event(
            event_id=str(record["eventID"]),
            request_id=str(record.get("requestID") or ""),
            time=datetime.fromisoformat(str(record["eventTime"])),
            source=str(record["eventSource"]),
            name=str(record["eventName"]),
            region=str(record.get("awsRegion") or ""),
            caller_arn=str(identity.get("arn") or ""),
            read_only=record.get("readOnly") in {True, "true"},
            invoked_by=str(identity.get("invokedBy") or ""),
            error_code=str(record.get("errorCode") or ""),
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # not a record of an API call
