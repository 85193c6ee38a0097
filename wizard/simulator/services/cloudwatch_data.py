"""CloudWatch's look-up of metrics and figures: what was put, and what AWS's services publish.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.metric_data_expression_parser import parse_expression
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from wizard.simulator.services.cloudwatch_metrics import Dimensions, Samples, Series, published
from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

LISTED = 500
RECENT_SECONDS = 14 * 86400.0
# A client's window that ends this near to the real time is meant for "now".
_CLOCKS_AGREE_SECONDS = 300.0


class Figures:
    """Every metric of one account, read at any time."""

    def __init__(self, clock: AccountClock, world: World) -> None:
        self.clock = clock
        self.world = world

    def series(self, backend: CloudWatchBackend) -> Iterator[Series]:
        """All metrics of a region: those that somebody put, then the published ones."""
        for key in dict.fromkeys(_key(datum) for datum in backend.metric_data):
            namespace, name, dimensions = key
            yield Series(namespace, name, dimensions, _put(backend, key))
        yield from published(backend.account_id, backend.region_name, self.clock, self.world)

    def matching(
        self, backend: CloudWatchBackend, namespace: str, name: str, dimensions: Dimensions
    ) -> list[Series]:
        """The series of exactly these dimensions; members of a cluster give several."""
        return [
            one
            for one in self.series(backend)
            if (one.namespace, one.name, one.dimensions) == (namespace, name, dimensions)
        ]

    def window(self, start: datetime, end: datetime) -> tuple[float, float]:
        """A client's window in account time.

        Account time may run ahead of the client's clock. A window that ends at the client's "now"
        is meant to end at the account's.
        """
        first, last = _seconds(start), _seconds(end)
        if first >= last:
            raise validation("The parameter StartTime must be less than the parameter EndTime.")
        ahead = self.clock.now() - time.time()
        if abs(last - time.time()) < _CLOCKS_AGREE_SECONDS < ahead:
            return first + ahead, last + ahead
        return first, last


def statistic(samples: Samples, name: str) -> float:
    """A statistic (Sum, Average, Minimum, Maximum, SampleCount, p95 ...) of samples."""
    count = sum(weight for _, weight in samples)
    total = sum(value * weight for value, weight in samples)
    match name:
        case "Sum":
            return total
        case "SampleCount":
            return count
        case "Average":
            return total / count
        case "Minimum":
            return min(value for value, _ in samples)
        case "Maximum":
            return max(value for value, _ in samples)
    if not (name.startswith("p") and name[1:].replace(".", "", 1).isdigit()):
        raise refusal(
            "InvalidParameterValue", f"The value {name} for parameter Stat is not supported."
        )
    wanted, seen = count * float(name[1:]) / 100, 0.0
    for value, weight in sorted(samples):
        seen += weight
        if seen >= wanted:
            return value
    return max(value for value, _ in samples)


def dimensions_of(asked: list[dict[str, Any]]) -> Dimensions:
    """The dimensions of a request."""
    return frozenset((str(one["Name"]), str(one.get("Value", ""))) for one in asked)


def install(figures: Figures) -> None:
    """Answer ListMetrics, GetMetricData and GetMetricStatistics from the account."""

    @wrap(CloudWatchBackend, "put_metric_data")
    def put_metric_data(
        original: Method, self: Any, namespace: str, metric_data: list[dict[str, Any]]
    ) -> None:
        for datum in metric_data:
            datum.setdefault("Timestamp", figures.clock.utc())
        original(self, namespace, metric_data)

    @replace(CloudWatchResponse, "list_metrics")
    def list_metrics(self: CloudWatchResponse) -> ActionResult:
        return _list_metrics(self, figures)

    @wrap(CloudWatchBackend, "get_metric_data")
    def get_metric_data(
        _original: Method,
        self: CloudWatchBackend,
        queries: list[dict[str, Any]],
        start_time: datetime,
        end_time: datetime,
        scan_by: str = "TimestampAscending",
    ) -> list[dict[str, Any]]:
        start, end = figures.window(start_time, end_time)
        results = [
            _query(figures, self, query, start, end) for query in queries if "MetricStat" in query
        ]
        for query in (query for query in queries if "MetricStat" not in query):
            values, times = parse_expression(query["Expression"], results)
            results.append(_result(query, values, times))
        asked = {query["Id"]: query.get("ReturnData", True) for query in queries}
        for result in results:
            if scan_by == "TimestampDescending":
                result["values"].reverse()
                result["timestamps"].reverse()
        return [result for result in results if asked[result["id"]] is not False]

    @replace(CloudWatchResponse, "get_metric_statistics")
    def get_metric_statistics(self: CloudWatchResponse) -> ActionResult:
        return _statistics(self, figures)


def _query(
    figures: Figures, backend: CloudWatchBackend, query: dict[str, Any], start: float, end: float
) -> dict[str, Any]:
    asked = query["MetricStat"]
    metric = asked["Metric"]
    found = figures.matching(
        backend,
        str(metric["Namespace"]),
        str(metric["MetricName"]),
        dimensions_of(metric.get("Dimensions") or []),
    )
    points = list(_points(found, int(asked["Period"]), start, end))
    values = [statistic(samples, str(asked["Stat"])) for _, samples in points]
    return _result(query, values, [datetime.fromtimestamp(at, UTC) for at, _ in points])


def _result(query: dict[str, Any], values: list[Any], times: list[Any]) -> dict[str, Any]:
    metric = query.get("MetricStat", {}).get("Metric", {}).get("MetricName")
    return {
        "id": query["Id"],
        "label": query.get("Label") or metric or query["Id"],
        "values": list(values),
        "timestamps": list(times),
        "status_code": "Complete",
    }


def _points(
    found: list[Series], period: int, start: float, end: float
) -> Iterator[tuple[float, Samples]]:
    """Each period that has data: its beginning and the samples in it."""
    at = math.floor(start / period) * period
    while found and at < end:
        samples = [
            one for series in found for one in series.samples(max(at, start), min(at + period, end))
        ]
        if samples:
            yield at, samples
        at += period


def _list_metrics(self: CloudWatchResponse, figures: Figures) -> ActionResult:
    asked = self._get_params()
    wanted = asked.get("Dimensions") or []
    now = figures.clock.now()
    rows: dict[tuple[str, str, Dimensions], None] = {}
    for one in figures.series(self.cloudwatch_backend):
        if (
            asked.get("Namespace") in {None, one.namespace}
            and asked.get("MetricName") in {None, one.name}
            and all(_has(one.dimensions, dimension) for dimension in wanted)
            and one.samples(now - RECENT_SECONDS, now + 1)
        ):
            rows[one.namespace, one.name, one.dimensions] = None
    try:
        part, token = page(list(rows), asked.get("NextToken"), LISTED)
    except BadTokenError as error:
        raise refusal("InvalidParameterValue", "Request parameter NextToken is invalid") from error
    metrics = [
        {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in sorted(dimensions)],
        }
        for namespace, name, dimensions in part
    ]
    return ActionResult({"Metrics": metrics, "NextToken": token})


def _has(dimensions: Dimensions, wanted: dict[str, Any]) -> bool:
    return any(
        key == wanted["Name"] and wanted.get("Value") in {None, value} for key, value in dimensions
    )


def _statistics(self: CloudWatchResponse, figures: Figures) -> ActionResult:
    asked = self._get_params()
    names = [*(asked.get("Statistics") or []), *(asked.get("ExtendedStatistics") or [])]
    if not names:
        raise refusal(
            "InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics"
        )
    start, end = figures.window(asked["StartTime"], asked["EndTime"])
    found = figures.matching(
        self.cloudwatch_backend,
        str(asked["Namespace"]),
        str(asked["MetricName"]),
        dimensions_of(asked.get("Dimensions") or []),
    )
    rows = []
    for at, samples in _points(found, int(asked["Period"]), start, end):
        row: dict[str, Any] = {"Timestamp": datetime.fromtimestamp(at, UTC)}
        for name in names:
            figure = statistic(samples, name)
            if name.startswith("p"):
                row.setdefault("ExtendedStatistics", {})[name] = figure
            else:
                row[name] = figure
        rows.append(row)
    return ActionResult({"Label": asked["MetricName"], "Datapoints": rows})


def _key(datum: Any) -> tuple[str, str, Dimensions]:
    dimensions = frozenset((str(one.name), str(one.value)) for one in datum.dimensions)
    return datum.namespace, datum.name, dimensions


def _put(backend: CloudWatchBackend, key: tuple[str, str, Dimensions]) -> Any:
    def samples(start: float, end: float) -> Samples:
        found: Samples = []
        data: list[Any] = [datum for datum in backend.metric_data if _key(datum) == key]
        for datum in data:
            if start <= _seconds(datum.timestamp) < end:
                if hasattr(datum, "sample_count"):
                    found += [(datum.min, 0.0), (datum.max, 0.0)]
                    found.append((datum.sum / datum.sample_count, datum.sample_count))
                else:
                    found.append((datum.value, 1.0))
        return found

    return samples


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
