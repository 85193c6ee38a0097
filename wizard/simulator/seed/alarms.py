"""The CloudWatch alarms of what is there already, with the dimensions that really have data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wizard.simulator.seed import balancers
from wizard.simulator.seed.balancers import Balancer
from wizard.simulator.seed.company import EU, US, topic_arn
from wizard.simulator.seed.databases import CLUSTERS
from wizard.simulator.seed.fleet import Planted
from wizard.simulator.seed.functions import FUNCTIONS
from wizard.simulator.seed.ground import Ground

AT_LEAST = "GreaterThanOrEqualToThreshold"
ABOVE = "GreaterThanThreshold"
BELOW = "LessThanThreshold"


@dataclass(frozen=True, slots=True)
class Watch:
    """What an alarm watches: metric, statistic, seconds, comparison, threshold, missing data."""

    metric: str
    statistic: str
    period: int
    comparison: str
    threshold: float
    missing: str = "missing"


BALANCER = (
    Watch("HTTPCode_ELB_5XX_Count", "Maximum", 300, AT_LEAST, 1, "notBreaching"),
    Watch("TargetResponseTime", "Maximum", 300, ABOVE, 1.5, "notBreaching"),
    Watch("UnHealthyHostCount", "Maximum", 300, AT_LEAST, 1),
)
DATABASE = (
    Watch("FreeableMemory", "Minimum", 900, BELOW, 52428800),
    Watch("FreeLocalStorage", "Minimum", 900, BELOW, 1073741824),
    Watch("CPUUtilization", "Maximum", 900, ABOVE, 80),
    Watch("ReadIOPS", "Maximum", 900, ABOVE, 1000),
)
FUNCTION = Watch("Errors", "Maximum", 900, AT_LEAST, 1, "notBreaching")
INSTANCE = Watch("StatusCheckFailed", "Maximum", 300, AT_LEAST, 1)


def plant_alarms(ground: Ground, balancer: Balancer, fleet: Iterable[Planted]) -> None:
    """Make the alarms of the load balancer, clusters, functions and instances."""
    us, eu = ground.backend("cloudwatch", US), ground.backend("cloudwatch", EU)
    for watch in BALANCER:
        dimensions = {"LoadBalancer": balancer.dimension}
        if watch.metric == "UnHealthyHostCount":
            dimensions["TargetGroup"] = balancer.target_group_dimension
        name = f"{balancers.NAME} ELB {watch.metric}"
        action = topic_arn(ground.account, US, "ELB")
        _put(us, name, "AWS/ApplicationELB", watch, dimensions, action)
    for cluster in CLUSTERS:
        for watch in DATABASE:
            _put(
                ground.backend("cloudwatch", cluster.region),
                f"db-{cluster.name} {watch.metric}",
                "AWS/RDS",
                watch,
                {"DBClusterIdentifier": cluster.name},
                topic_arn(ground.account, cluster.region, "RDS"),
            )
    action = topic_arn(ground.account, EU, "Lambda")
    for function in FUNCTIONS:
        called = {"FunctionName": function.name}
        _put(eu, f"{function.name} Errors", "AWS/Lambda", FUNCTION, called, action)
    for planted in (planted for planted in fleet if planted.host.running):
        _put(
            ground.backend("cloudwatch", planted.app.region),
            f"{planted.instance_id} StatusCheckFailed",
            "AWS/EC2",
            INSTANCE,
            {"InstanceId": planted.instance_id},
            topic_arn(ground.account, planted.app.region, "EC2"),
        )


def _put(  # noqa: PLR0917  one call's parameters
    cloudwatch: Any,
    name: str,
    namespace: str,
    watch: Watch,
    dimensions: dict[str, str],
    action: str,
) -> None:
    cloudwatch.put_metric_alarm(
        name=name,
        namespace=namespace,
        metric_name=watch.metric,
        comparison_operator=watch.comparison,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        period=watch.period,
        threshold=watch.threshold,
        statistic=watch.statistic,
        description=f"{watch.metric} of {next(iter(dimensions.values()))}",
        dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        alarm_actions=[action],
        treat_missing_data=watch.missing,
    )
