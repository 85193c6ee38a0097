"""Names and ARNs of SNS topics, as data: the region of a topic, and the other spelling of a name.

https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html
"""

import re

# The runbook's page lost the underscores around "Alarms", and some topics were made that way (E6).
_SPELLING = re.compile(r"^(?:CloudWatch_Alarms_|CloudWatchAlarms_?)(?P<rest>.+)$")
_SUFFIXES = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}


def name(arn: str) -> str:
    """The topic's name, the last part of its ARN."""
    return arn.rsplit(":", 1)[-1]


def region(arn: str) -> str | None:
    """The region of a topic; None where `arn` is none, as in a preview."""
    parts = arn.split(":")
    return parts[3] if len(parts) >= 6 and parts[2] == "sns" else None


def host(arn: str) -> str:
    """The host of SNS in the topic's region, where its links lead; empty where `arn` is none."""
    parts = arn.split(":")
    where = region(arn)
    return f"sns.{where}.{_SUFFIXES.get(parts[1], 'amazonaws.com')}" if where else ""


def spellings(topic: str) -> tuple[str, ...]:
    """The name itself, then the other ways in which the same topic is written (E6)."""
    match = _SPELLING.match(topic)
    if match is None:
        return (topic,)
    rest = match["rest"]
    every = (f"CloudWatch_Alarms_{rest}", f"CloudWatchAlarms_{rest}", f"CloudWatchAlarms{rest}")
    return (topic, *(one for one in every if one != topic))


def respelled(topic: str, example: str) -> str:
    """`topic`, written with the beginning that `example` has."""
    match, other = _SPELLING.match(topic), _SPELLING.match(example)
    if match is None or other is None:
        return topic
    return example[: len(example) - len(other["rest"])] + match["rest"]
