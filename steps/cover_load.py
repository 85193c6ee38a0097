"""Whether the app carries the load that it is to carry."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import ClassVar, Literal

from msgspec.structs import force_setattr

from steps.cloudwatch import dimension_of, dimensions, query
from wizard.effects import Facts, Json, Now, Read
from wizard.step import Difference, Differences, Patience, Probe, Reads, step

MINUTE = 60


@step("cover.rps")
class RequestsPerSecond(Probe, frozen=True, kw_only=True):
    """A minute with `per_second` × 60 requests and no 5XX, in the last `hours`.

    `measured`: the figures of CloudWatch decide, while the operator runs a load test.
    `attested`: the figures are shown, and a person confirms, with a note.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    """

    momentary: ClassVar[str] = (
        "The traffic of another day says nothing of the load test that was asserted."
    )

    patience: ClassVar[Patience] = Patience(every=60, limit=86400)

    load_balancer_dimension: str
    """`app/name/id`, or the load balancer's ARN."""
    mode: Literal["measured", "attested"] = "measured"
    per_second: int = 1000
    hours: int = 3

    def __post_init__(self) -> None:
        if self.mode == "attested" and not self.attest:
            force_setattr(
                self,
                "attest",
                f"Confirm that the app can handle {self.per_second:,} requests per second. Say in "
                "the note what it rests on: which load test, on which day, or which like set-up.",
            )

    def observe(self) -> Reads[Facts | None]:
        now = yield Now()
        until = now - now % MINUTE
        metric = {
            "Namespace": "AWS/ApplicationELB",
            "Dimensions": dimensions({"LoadBalancer": dimension_of(self.load_balancer_dimension)}),
        }
        series = {
            "requests": ("RequestCount", "Sum"),
            "p95": ("TargetResponseTime", "p95"),
            "elb_5xx": ("HTTPCode_ELB_5XX_Count", "Sum"),
            "target_5xx": ("HTTPCode_Target_5XX_Count", "Sum"),
        }
        results = yield Read(
            "cloudwatch",
            "GetMetricData",
            {
                "MetricDataQueries": [
                    query(name, {**metric, "MetricName": of}, stat, MINUTE)
                    for name, (of, stat) in series.items()
                ],
                "StartTime": iso(until - self.hours * 3600),
                "EndTime": iso(until),
                "ScanBy": "TimestampAscending",
            },
            pages="MetricDataResults",
        )
        minutes = by_minute(results)
        enough = self.per_second * MINUTE
        return {
            "mode": self.mode,
            "minutes_with_requests": len(minutes),
            "busiest": max(minutes, key=lambda one: one["requests"], default=None),
            "clean": max(
                (one for one in minutes if one["requests"] >= enough and not one["errors"]),
                key=lambda one: one["requests"],
                default=None,
            ),
        }

    def differences(self, found: Facts | None) -> Differences:
        if self.mode == "attested" or (found and found["clean"]):
            return ()
        enough = self.per_second * MINUTE
        busiest = found["busiest"] if found else None
        if busiest is None:
            reason = f"The load balancer had no request in the last {self.hours} hours."
        elif busiest["requests"] < enough:
            reason = (
                f"The busiest minute had {busiest['requests']:,.0f} requests "
                f"({busiest['requests'] / MINUTE:,.0f} a second)."
            )
        else:
            reason = (
                f"A minute had {busiest['requests']:,.0f} requests, of which "
                f"{busiest['errors']:,.0f} were answered with 5XX."
            )
        return (
            Difference(
                "requests in a minute without 5XX",
                busiest["requests"] if busiest else 0,
                enough,
                reason=reason,
            ),
        )

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Run a load test of {self.per_second:,} requests per second for some minutes against "
            "the app, not against /hello, which is rate limited. The wizard reads the load "
            "balancer's metrics every minute and goes on when it sees such a minute without 5XX."
        )


def by_minute(results: Iterable[Mapping[str, Json]]) -> list[dict[str, Json]]:
    """GetMetricData's series, which pages may split, as one entry a minute that had requests."""
    series: dict[str, dict[str, float]] = {}
    for result in results:
        points = zip(result["Timestamps"], result["Values"], strict=True)
        series.setdefault(result["Id"], {}).update({str(at): value for at, value in points})
    return [
        {
            "at": at,
            "requests": requests,
            "p95_seconds": series.get("p95", {}).get(at),
            "errors": sum(series.get(name, {}).get(at, 0) for name in ("elb_5xx", "target_5xx")),
        }
        for at, requests in sorted(series.get("requests", {}).items())
    ]


def iso(seconds: float) -> str:
    """A moment as the AWS API takes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


@step("cover.million")
class Million(Probe, frozen=True, kw_only=True):
    """A person confirms that the database holds a million users; its figures help.

    No AWS fact proves it. `db_cluster` names the Aurora cluster to show.
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("volume_bytes_used",)

    db_cluster: str = ""

    def __post_init__(self) -> None:
        if not self.attest:
            force_setattr(
                self,
                "attest",
                "Confirm that the app's database can hold 1 million sessions and users. Say in "
                "the note what it rests on: instance class, storage, or a like app.",
            )

    def observe(self) -> Reads[Facts | None]:
        if not self.db_cluster:
            return {}
        clusters = yield Read(
            "rds",
            "DescribeDBClusters",
            {"DBClusterIdentifier": self.db_cluster},
            absent=("DBClusterNotFoundFault", "DBClusterNotFound"),
        )
        if clusters is None:
            return None
        cluster = clusters["DBClusters"][0]
        now = yield Now()
        until = now - now % 300
        metric = {
            "Namespace": "AWS/RDS",
            "MetricName": "VolumeBytesUsed",
            "Dimensions": dimensions({"DBClusterIdentifier": self.db_cluster}),
        }
        results = yield Read(
            "cloudwatch",
            "GetMetricData",
            {
                "MetricDataQueries": [query("used", metric, "Maximum", 300)],
                "StartTime": iso(until - 86400),
                "EndTime": iso(until),
            },
            pages="MetricDataResults",
        )
        used = [value for result in results for value in result["Values"]]
        return {
            "cluster": self.db_cluster,
            "engine": f"{cluster.get('Engine')} {cluster.get('EngineVersion')}",
            "serverless": cluster.get("ServerlessV2ScalingConfiguration"),
            "instances": [one["DBInstanceIdentifier"] for one in cluster["DBClusterMembers"]],
            "volume_bytes_used": max(used, default=None),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is not None:
            return ()
        return (
            Difference(
                "cluster",
                None,
                self.db_cluster,
                reason=f"There is no database cluster {self.db_cluster} in this region.",
            ),
        )

    def instructions(self, found: Facts | None) -> str:
        return "Name the app's database cluster in the inputs, or none."
