"""Reading all pages: botocore's paginators, and the markers of operations that have none."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wizard.effects import Json
from wizard.errors import CallError
from wizard.gateway.backoff import Backoff
from wizard.gateway.messages import THROTTLED

Page = Mapping[str, Any]

# Where the API pages by other names than a token; botocore has no paginator for them.
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
_MARKERS: dict[tuple[str, str], dict[str, str]] = {
    ("route53", "ListHostedZonesByName"): {
        "NextDNSName": "DNSName",
        "NextHostedZoneId": "HostedZoneId",
    },
}
_TOKENS = (
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("NextMarker", "Marker"),
    ("Marker", "Marker"),
    ("NextContinuationToken", "ContinuationToken"),
)


LATER_PAGES = 8
"""Tries of a later page: a hundred of them come faster than some operations are allowed."""

Call = Callable[..., Any]


def pages(
    client: Any,
    service: str,
    operation: str,
    params: Mapping[str, Json],
    backoff: Backoff | None = None,
) -> Iterator[Page]:
    """Every page of the answer, in order; raises botocore's exceptions, and CallError when there
    are more pages and no documented way to them.

    When AWS asks to slow down in the middle, the page is asked for again, not all of them.
    """
    from botocore import xform_name  # noqa: PLC0415

    method = xform_name(operation)
    patient = _patient(backoff if backoff is not None else Backoff())
    if client.can_paginate(method):
        paginator = client.get_paginator(method)
        # botocore has no other way in: its retries would hold for the first page as well, of
        # which who paces the calls is to be told.
        paginator._method = patient(paginator._method)  # noqa: SLF001
        yield from paginator.paginate(**params)
        return
    call = patient(getattr(client, method))
    asked = dict(params)
    accepted = _members(client, operation)
    seen: set[str] = set()
    while True:
        page = call(**asked)
        yield page
        after = _next(service, operation, page, accepted)
        if after is None:
            return
        if repr(after) in seen:
            raise CallError(
                "AWS names the same next page twice.",
                code="PagingLoop",
                where=f"{service}:{operation}",
                todo="Try again; if it stays so, the service has a fault.",
            )
        seen.add(repr(after))
        asked |= after


def _patient(backoff: Backoff) -> Callable[[Call], Call]:
    def patient(call: Call) -> Call:
        done = 0

        def page(**asked: Any) -> Any:
            nonlocal done
            attempt = 1
            while True:
                try:
                    answer = call(**asked)
                except Exception as error:
                    if not done or attempt >= LATER_PAGES or not _is_throttled(error):
                        raise
                    backoff.wait(attempt)
                    attempt += 1
                else:
                    done += 1
                    return answer

        return page

    return patient


def _is_throttled(error: Exception) -> bool:
    response = getattr(error, "response", None) or {}
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return response.get("Error", {}).get("Code") in THROTTLED or status == 429


def _members(client: Any, operation: str) -> frozenset[str]:
    shape = client.meta.service_model.operation_model(operation).input_shape
    return frozenset(shape.members) if shape is not None else frozenset()


def _next(
    service: str, operation: str, page: Page, accepted: frozenset[str]
) -> dict[str, Json] | None:
    markers = _MARKERS.get((service, operation))
    if markers is not None:
        if not page.get("IsTruncated"):
            return None
        return {asked: page[named] for named, asked in markers.items() if page.get(named)}
    for named, asked in _TOKENS:
        if page.get(named) and asked in accepted and page.get("IsTruncated", True):
            return {asked: page[named]}
    if page.get("IsTruncated"):
        raise CallError(
            "There are more entries than one page, and no documented way to ask for them.",
            code="NotPageable",
            where=f"{service}:{operation}",
            todo="Narrow what is asked for.",
        )
    return None
