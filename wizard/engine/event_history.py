"""Reads of CloudTrail's event history, page by page so that each page keeps the API's rate.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from wizard.effects import Json, Read
from wizard.step import Reads

MARGIN = timedelta(seconds=120)
"""Before and after the time that is asked for: clocks differ, and calls take their time."""


def changes(region: str, since: datetime, until: datetime) -> Reads[list[Mapping[str, Any]]]:
    """Everything that changed something in the region within that time, whoever did it."""
    return (yield from _lookup(region, "ReadOnly", "false", since, until))


def called(
    region: str, name: str, since: datetime, until: datetime
) -> Reads[list[Mapping[str, Any]]]:
    """The events of that name, whatever CloudTrail says they did."""
    return (yield from _lookup(region, "EventName", name, since, until))


def _lookup(
    region: str, key: str, value: str, since: datetime, until: datetime
) -> Reads[list[Mapping[str, Any]]]:
    found: list[Mapping[str, Any]] = []
    params: dict[str, Json] = {
        "LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}],
        "StartTime": (since - MARGIN).isoformat(),
        "EndTime": (until + MARGIN).isoformat(),
    }
    token = None
    while True:
        answer = yield Read(
            "cloudtrail",
            "LookupEvents",
            {**params, **({"NextToken": token} if token else {})},
            region=region,
        )
        found += answer.get("Events") or ()
        token = answer.get("NextToken")
        if not token:
            return found
