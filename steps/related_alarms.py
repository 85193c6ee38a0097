"""How alarms hang together: what they watch, the topics they tell, and whom these mail to."""

from collections.abc import Mapping

from steps.cloudwatch import Alarm
from steps.cover_health import Slack
from steps.sns_subscription import Confirmed, Subscription
from steps.sns_topic import Topic
from steps.things import (
    alarm,
    cluster,
    database,
    function,
    load_balancer,
    subscription,
    target_group,
    topic,
)
from wizard.effects import Facts
from wizard.step import Relation, Relations, Thing, relations

_WATCHED = {
    "LoadBalancer": load_balancer,
    "TargetGroup": target_group,
    "FunctionName": function,
    "DBClusterIdentifier": cluster,
    "DBInstanceIdentifier": database,
}
"""What a dimension names."""


@relations(Topic)
def _topic(_step: Topic, found: Facts) -> Relations:
    if found["arn"]:
        yield topic(found["arn"])


@relations(Subscription, Confirmed)
def _subscription(step: Subscription | Confirmed, found: Facts) -> Relations:
    if found["state"] in {"pending", "confirmed"}:
        one = subscription(step.topic_arn, step.address)
        if isinstance(step, Subscription):
            yield one
        verb = "mails to" if found["state"] == "confirmed" else "asked to confirm"
        yield Relation(topic(step.topic_arn), verb, one)


@relations(Alarm)
def _alarm(step: Alarm, found: Facts) -> Relations:
    itself = alarm(found["arn"], step.name)
    yield itself
    for watched in _watched(found["Dimensions"]):
        yield Relation(itself, "watches", watched)
    for arn in found["AlarmActions"]:
        if arn.split(":")[2:3] == ["sns"]:
            yield Relation(itself, "tells", topic(arn))


@relations(Slack)
def _told(step: Slack, found: Facts) -> Relations:
    for verb, addresses in (
        ("mails to", found["confirmed"]),
        ("asked to confirm", found["pending"]),
    ):
        for address in addresses:
            yield Relation(topic(step.topic_arn), verb, subscription(step.topic_arn, address))


def _watched(dimensions: Mapping[str, str]) -> list[Thing]:
    """A load balancer's target group is watched through it: one arrow says enough."""
    names = [name for name in _WATCHED if name in dimensions]
    if "TargetGroup" in names:
        names.remove("LoadBalancer")
    return [_WATCHED[name](dimensions[name]) for name in names]
