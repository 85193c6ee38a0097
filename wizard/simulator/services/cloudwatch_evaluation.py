"""Alarms look at their metric: state from data in account time, and what a change of state does.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import json
import operator
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.loaders import Loader
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.sns.models import sns_backends

from wizard.simulator.services.cloudwatch_data import Figures, statistic
from wizard.simulator.services.cloudwatch_metrics import Samples

if TYPE_CHECKING:
    from collections.abc import Callable

# An alarm is evaluated every minute; a state that was set by hand lasts until then.
EVALUATION_SECONDS = 60.0
# AWS keeps the history of an alarm for 30 days.
REMEMBERED = 100
OPERATORS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


def evaluate(alarm: Alarm, backend: CloudWatchBackend, figures: Figures) -> None:
    """Bring an alarm to the state that its data give it now, and run the actions of a change.

    Alarms of metric math and composite alarms keep their state.
    """
    kept: dict[str, Any] = alarm.__dict__
    now = figures.clock.now()
    if now < kept["evaluate_at"] or alarm.rule is not None or alarm.metric_data_queries:
        return
    state, reason = _judge(alarm, _recent(alarm, backend, figures, now))
    if state != alarm.state_value:
        change_state(alarm, backend, figures, state=state, reason=reason)


def change_state(
    alarm: Alarm,
    backend: CloudWatchBackend,
    figures: Figures,
    *,
    state: str,
    reason: str,
    reason_data: str = "{}",
) -> None:
    """Put the alarm into a state, remember it, and notify the topics of that state's actions."""
    before = alarm.state_value
    alarm.state_reason = reason
    alarm.state_reason_data = reason_data
    alarm.state_value = state
    alarm.state_updated_timestamp = figures.clock.utc().replace(tzinfo=None)
    remember(alarm, figures, "StateUpdate", f"Alarm updated from {before} to {state}")
    if not alarm.actions_enabled or before == state:
        return
    actions = {
        "ALARM": alarm.alarm_actions,
        "OK": alarm.ok_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }[state]
    for action in actions:
        if ":sns:" in action:
            done = _notify(alarm, backend, figures, action, before)
            remember(alarm, figures, "Action", f"{done} action {action}")


def remember(alarm: Alarm, figures: Figures, kind: str, summary: str) -> None:
    """Add to what DescribeAlarmHistory tells."""
    story: list[dict[str, Any]] = alarm.__dict__.setdefault("story", [])
    story.append(
        {
            "AlarmName": alarm.name,
            "AlarmType": "MetricAlarm",
            "Timestamp": figures.clock.utc(),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps({"version": "1.0", "state": alarm.state_value}),
        }
    )
    del story[:-REMEMBERED]


def _recent(
    alarm: Alarm, backend: CloudWatchBackend, figures: Figures, now: float
) -> list[float | None]:
    """The figure of each of the last periods, oldest first; None where there are no data."""
    found = figures.matching(
        backend,
        alarm.namespace,
        alarm.metric_name,
        frozenset((str(one.name), str(one.value)) for one in alarm.dimensions),
    )
    name = str(alarm.statistic or alarm.extended_statistic)
    recent: list[float | None] = []
    for number in range(alarm.evaluation_periods, 0, -1):
        start = now - number * alarm.period
        samples: Samples = [
            one for series in found for one in series.samples(start, start + alarm.period)
        ]
        recent.append(statistic(samples, name) if samples else None)
    return recent


def _judge(alarm: Alarm, recent: list[float | None]) -> tuple[str, str]:
    missing = alarm.treat_missing_data or "missing"
    present = [figure for figure in recent if figure is not None]
    count = len(present)
    shown = ", ".join(str(figure) for figure in present)
    if not present:
        none = f"Threshold Crossed: no datapoints were received for {len(recent)} period"
        match missing:
            case "notBreaching":
                return "OK", f"{none} and 1 missing datapoint was treated as [NonBreaching]."
            case "breaching":
                return "ALARM", f"{none} and 1 missing datapoint was treated as [Breaching]."
            case "ignore":
                return alarm.state_value, alarm.state_reason
        return "INSUFFICIENT_DATA", "Insufficient Data: no datapoints were received."
    compare, words = OPERATORS[alarm.comparison_operator]
    breaching = sum(compare(figure, float(alarm.threshold)) for figure in present)
    if missing == "breaching":
        breaching += len(recent) - count
    needed = alarm.datapoints_to_alarm or alarm.evaluation_periods
    reached = breaching >= needed
    was = "was" if reached else "was not"
    reason = (
        f"Threshold Crossed: {count} datapoint [{shown}] {was} {words} the threshold "
        f"({float(alarm.threshold)})."
    )
    return ("ALARM" if reached else "OK"), reason


def _notify(
    alarm: Alarm, backend: CloudWatchBackend, figures: Figures, topic_arn: str, before: str
) -> str:
    region = backend.region_name
    where = _region_name(region)
    at = datetime.fromtimestamp(figures.clock.now(), UTC)
    text = (
        f'You are receiving this email because your Amazon CloudWatch Alarm "{alarm.name}" in the '
        f"{where} region has entered the {alarm.state_value} state, because "
        f'"{alarm.state_reason}" at "{at:%A %d %B, %Y %H:%M:%S} UTC".\n\n'
        f"Alarm Details:\n- Name: {alarm.name}\n- Description: {alarm.description or ''}\n"
        f"- State Change: {before} -> {alarm.state_value}\n"
        f"- AWS Account: {backend.account_id}\n- Alarm Arn: {alarm.alarm_arn}"
    )
    data = {
        "AlarmName": alarm.name,
        "AWSAccountId": backend.account_id,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "OldStateValue": before,
        "StateChangeTime": at.isoformat(),
        "Region": where,
        "AlarmArn": alarm.alarm_arn,
    }
    sns = sns_backends[backend.account_id][region]
    topic = sns.topics.get(topic_arn)
    # AWS takes any topic when the alarm is made, and fails here. CloudWatch may not use the key
    # of a topic that is encrypted with the AWS managed one.
    if topic is None or topic.kms_master_key_id == "alias/aws/sns":
        return "Failed to execute"
    sns.publish(
        json.dumps({"default": json.dumps(data), "email": text}),
        arn=topic_arn,
        subject=f'{alarm.state_value}: "{alarm.name}" in {where}'[:99],
        message_structure="json",
    )
    return "Successfully executed"


@cache
def _region_name(region: str) -> str:
    """The name that AWS's mails use, as in "US East (N. Virginia)"."""
    for partition in Loader().load_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region
