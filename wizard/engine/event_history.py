"""Reads of CloudTrail's event history, page by page so that each page keeps the API's rate.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from wizard.effects import Json, Read
from wizard.step import Reads

MARGIN = timedelta(seconds=120)
"""Before and after the time that is asked for: clocks differ, and calls take their time."""


Listed = list[Mapping[str, Any]]

PAGES = 20
"""Pages, some ten seconds, after which it is told how many events were read so far."""


def changes(
    region: str,
    since: datetime,
    until: datetime,
    told: Callable[[str, int], None] = lambda _region, _events: None,
) -> Reads[Listed]:
    """Everything that changed something in the region within that time, whoever did it. `told`
    hears now and then how many events that were so far."""
    return (yield from _lookup(region, ("ReadOnly", "false"), since, until, told))


def called(region: str, name: str, since: datetime, until: datetime) -> Reads[Listed]:
    """The events of that name, whatever CloudTrail says they did."""
    return (yield from _lookup(region, ("EventName", name), since, until))


def _lookup(
    region: str,
    attribute: tuple[str, str],
    since: datetime,
    until: datetime,
    told: Callable[[str, int], None] = lambda _region, _events: None,
) -> Reads[Listed]:
    found: Listed = []
    pages = 0
    params: dict[str, Json] = {
        "LookupAttributes": [{"AttributeKey": attribute[0], "AttributeValue": attribute[1]}],
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
        pages += 1
        if pages % PAGES == 0:
            told(region, len(found))
        token = answer.get("NextToken")
        if not token:
            return found
