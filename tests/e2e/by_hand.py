"""Changes by hand, as somebody makes them with the console: what the tests of a recheck share."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.simulator.conftest import Client

Change = Callable[[Client, Mapping[str, Any]], object]
"""Changes one thing, by the client of the account and what the item's session found."""

BALANCER = "us-east-1"
REGION = "eu-central-2"
TAGS = {"TagSet": [{"Key": "VantaOwner", "Value": "somebody@else.com"}]}


def by(service: str, operation: str, region: str = REGION, **params: Any) -> Change:
    return lambda client, found: getattr(client(service, region), operation)(
        **{key: value(found) if callable(value) else value for key, value in params.items()}
    )


def arn(found: Mapping[str, Any]) -> Any:
    return found["arn"]


def alarm(region: str, **changed: Any) -> Change:
    """The alarm with something of it changed."""

    def change(client: Client, found: Mapping[str, Any]) -> object:
        name = found["arn"].partition(":alarm:")[2]
        cloudwatch = client("cloudwatch", region)
        (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        kept = {
            key: alarm[key]
            for key in (
                "AlarmName",
                "ActionsEnabled",
                "AlarmActions",
                "MetricName",
                "Namespace",
                "Statistic",
                "Dimensions",
                "Period",
                "EvaluationPeriods",
                "DatapointsToAlarm",
                "Threshold",
                "ComparisonOperator",
                "TreatMissingData",
            )
            if key in alarm
        }
        return cloudwatch.put_metric_alarm(**{**kept, **changed})

    return change


def unsubscribe(region: str) -> Change:
    def change(client: Client, found: Mapping[str, Any]) -> object:
        sns = client("sns", region)
        return [
            sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
            for topic in sns.list_topics()["Topics"]
            if topic["TopicArn"].endswith(found.get("topic", "_ELB"))
            for one in sns.list_subscriptions_by_topic(**topic)["Subscriptions"]
            if one["SubscriptionArn"].startswith("arn:")
        ]

    return change
