"""Dropdowns over SNS topics."""

import re
from typing import Any

from wizard.effects import Read
from wizard.step import Option, Options, options


@options("sns.topics")
def topics(service: str = "ELB") -> Options:
    """The topics of the session's region, those for alarms of `service` first.

    Both spellings in use are taken: `CloudWatch_Alarms_US_East_1_ELB` and
    `CloudWatchAlarmsUS_East_1_ELB`.
    """
    found = yield Read("sns", "ListTopics", pages="Topics")
    arns = sorted(topic["TopicArn"] for topic in found)
    ours = re.compile(rf"^CloudWatch_?Alarms_?.*_{re.escape(service)}$")
    matching = [arn for arn in arns if ours.match(name(arn))]
    others = [arn for arn in arns if arn not in set(matching)]
    return [
        *(
            Option(
                arn,
                name(arn),
                detail=f"alarms of {service}",
                suggested=len(matching) == 1,
            )
            for arn in matching
        ),
        *(
            Option(
                arn,
                name(arn),
                detail="not named like a topic for these alarms",
                disabled="A FIFO topic sends no email." if arn.endswith(".fifo") else "",
            )
            for arn in others
        ),
    ]


def name(arn: str) -> str:
    """The topic's name, the last part of its ARN."""
    return arn.rsplit(":", 1)[-1]


def is_confirmed(subscription: dict[str, Any]) -> bool:
    """Whether its owner clicked the link: until then the ARN is only a word.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    """
    return str(subscription.get("SubscriptionArn", "")).startswith("arn:")
