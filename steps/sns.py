"""Dropdowns over SNS: topics, and the addresses that the alarms are mailed to."""

import re
from collections import Counter
from typing import Any

from steps.regions import CLOSED, enabled_regions
from steps.sns_arn import name
from wizard.effects import Read
from wizard.step import Option, Options, options

_ALARMS = re.compile(r"^CloudWatch_?Alarms_?.+$")


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


@options("sns.addresses")
def addresses(region: str = "") -> Options:
    """The confirmed e-mail addresses of the alarm topics of all enabled regions but `region`; the
    one on most topics is suggested."""
    used: dict[str, Counter[str]] = {}
    for one in (yield from enabled_regions()):
        if one == region:
            continue
        found = yield Read(
            "sns",
            "ListSubscriptions",
            pages="Subscriptions",
            region=one,
            absent=(*CLOSED, "AuthorizationError", "AccessDenied"),
        )
        for subscription in found:
            is_mail = subscription.get("Protocol") == "email" and is_confirmed(subscription)
            if is_mail and _ALARMS.match(name(str(subscription["TopicArn"]))):
                used.setdefault(str(subscription["Endpoint"]), Counter())[one] += 1
    ranked = sorted(used.items(), key=lambda entry: (-entry[1].total(), entry[0]))
    return [
        Option(
            address,
            address,
            detail="alarm topics: "
            + ", ".join(f"{count} in {where}" for where, count in sorted(places.items())),
            suggested=number == 0,
        )
        for number, (address, places) in enumerate(ranked)
    ]


def is_confirmed(subscription: dict[str, Any]) -> bool:
    """Whether its owner clicked the link: until then the ARN is only a word.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    """
    return str(subscription.get("SubscriptionArn", "")).startswith("arn:")
