"""How many instances an app may be scaled to."""

from collections.abc import Iterable, Iterator
from typing import Any

from steps.fleet import INSTANCES, cores, zones
from wizard.effects import Read
from wizard.step import Option, Options, options

MORE = 10
"""How far above the present number the list goes; any number may be typed."""


@options("scale.sizes")
def sizes(app_id: str, deployment: str = "") -> Options:
    """Numbers of instances. Two more than now are suggested, for three zones with one that is
    there; none more when a target group holds them already, as after a finished run."""
    instances = yield INSTANCES
    mine = cores(instances, app_id, deployment)
    count = len(mine)
    ids = {str(one["InstanceId"]) for one in mine}
    balanced = False
    if count > 1:
        groups = yield Read("elbv2", "DescribeTargetGroups", pages="TargetGroups")
        for group in _used(groups):
            health = yield Read(
                "elbv2",
                "DescribeTargetHealth",
                {"TargetGroupArn": group["TargetGroupArn"]},
                absent=("TargetGroupNotFound",),
            )
            described = health["TargetHealthDescriptions"] if health else ()
            if ids <= {str(one["Target"]["Id"]) for one in described}:
                balanced = True
                break
    suggested = count if balanced else count + 2
    first = max(count, 2)
    where = f" in {', '.join(zones(mine))}" if mine else ""
    return [
        Option(
            number,
            str(number),
            detail=(
                f"as now{where}: the call is not made"
                if number == count
                else f"{number - count} more than the {count} of now{where}"
            ),
            suggested=number == suggested,
        )
        for number in range(first, count + MORE + 1)
    ]


def _used(groups: Iterable[Any]) -> Iterator[Any]:
    """Groups of instances that a load balancer forwards to."""
    for group in groups:
        if group.get("TargetType") == "instance" and group.get("LoadBalancerArns"):
            yield group
