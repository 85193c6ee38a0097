"""What PutMetricAlarm refuses.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

import re
from typing import Any

from wizard.simulator.services.cloudwatch_evaluation import OPERATORS
from wizard.simulator.services.errors import enumeration, refusal, validation

STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
SHORT_PERIODS = (10, 20, 30)
MISSING = ("breaching", "notBreaching", "ignore", "missing")
ANOMALY = (
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
MOST_ACTIONS = 5
MOST_DIMENSIONS = 30
DAY_SECONDS = 86400
WEEK_SECONDS = 7 * DAY_SECONDS
_EXTENDED = re.compile(r"p(\d{1,2}(\.\d{0,10})?|100)|(tm|tc|ts|wm|TM|TC|TS|WM|PR|IQM).*")
# EC2's own actions and what an alarm may start.
_ACTION = re.compile(
    r"arn:aws[a-z-]*:(?P<service>sns|automate|swf|autoscaling|ssm|ssm-incidents|lambda|aiops)"
    r":(?P<region>[a-z0-9-]*):(?P<account>\d{12}|):.+"
)


def check(asked: dict[str, Any], region: str) -> None:
    """Raise as AWS does when an alarm on one metric is not in order; `asked` is moto's names."""
    _check_metric(asked)
    _check_periods(asked)
    for field in ("alarm_actions", "ok_actions", "insufficient_data_actions"):
        _check_actions(field, asked.get(field) or [], region)
    missing = asked.get("treat_missing_data")
    if missing is not None and missing not in MISSING:
        raise validation(
            f"Option {missing} is not supported. Supported options for parameter "
            f"TreatMissingData are {', '.join(MISSING[:-1])} and {MISSING[-1]}."
        )


def _check_metric(asked: dict[str, Any]) -> None:
    name = asked.get("name") or ""
    if not 1 <= len(name) <= 255:
        raise validation(
            f"1 validation error detected: Value '{name}' at 'alarmName' failed to satisfy "
            "constraint: Member must have length less than or equal to 255"
        )
    comparison = asked.get("comparison_operator")
    allowed = (*OPERATORS, *ANOMALY)
    if comparison not in allowed:
        raise validation(enumeration(comparison, "comparisonOperator", allowed))
    if asked.get("metric_data_queries"):
        return
    kind, extended = asked.get("statistic"), asked.get("extended_statistic")
    if not asked.get("metric_name") or not asked.get("namespace"):
        raise validation("MetricName and Namespace must be specified for a metric alarm")
    if (kind is None) == (extended is None):
        raise validation("Exactly one of Statistic and ExtendedStatistic must be specified")
    if kind is not None and kind not in STATISTICS:
        raise validation(enumeration(kind, "statistic", STATISTICS))
    if extended is not None and _EXTENDED.fullmatch(extended) is None:
        raise refusal(
            "InvalidParameterValue",
            f"The value {extended} for parameter ExtendedStatistic is not supported.",
        )
    if asked.get("threshold") is None:
        raise validation("Threshold must be specified for a static threshold alarm")
    _check_dimensions(asked.get("dimensions") or [])


def _check_dimensions(dimensions: list[dict[str, str]]) -> None:
    if len(dimensions) > MOST_DIMENSIONS:
        raise validation(
            f"1 validation error detected: Value at 'dimensions' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MOST_DIMENSIONS}"
        )
    names = [one["Name"] for one in dimensions]
    if len(set(names)) < len(names):
        raise validation("Duplicate dimension names are not allowed")


def _check_periods(asked: dict[str, Any]) -> None:
    count = asked.get("evaluation_periods")
    if count is None or int(count) < 1:
        raise validation(
            f"1 validation error detected: Value '{count}' at 'evaluationPeriods' failed to "
            "satisfy constraint: Member must have value greater than or equal to 1"
        )
    needed = asked.get("datapoints_to_alarm")
    if needed is not None and not 1 <= int(needed) <= int(count):
        raise validation(
            "DatapointsToAlarm must be greater than zero and less than or equal to "
            "EvaluationPeriods"
        )
    if asked.get("metric_data_queries"):
        return
    period = asked.get("period")
    if period is None:
        raise validation("Period must be specified for a metric alarm")
    seconds = int(period)
    if seconds not in SHORT_PERIODS and (seconds < 60 or seconds % 60):
        raise validation("Period must be 10, 20, 30 or a multiple of 60")
    whole = seconds * int(count)
    if seconds >= 3600 and whole > WEEK_SECONDS:
        raise validation(
            "Metrics cannot be checked across more than seven days "
            f"(EvaluationPeriods * Period must be <= {WEEK_SECONDS})."
        )
    if seconds < 3600 and whole > DAY_SECONDS:
        raise validation(
            "Metrics cannot be checked across more than a day "
            f"(EvaluationPeriods * Period must be <= {DAY_SECONDS})."
        )


def _check_actions(field: str, actions: list[str], region: str) -> None:
    if len(actions) > MOST_ACTIONS:
        words = field.split("_")
        member = words[0] + "".join(word.capitalize() for word in words[1:])
        raise validation(
            f"1 validation error detected: Value '{actions}' at '{member}' failed to satisfy "
            f"constraint: Member must have length less than or equal to {MOST_ACTIONS}"
        )
    for action in actions:
        found = _ACTION.fullmatch(action)
        if found is None:
            raise validation(f"Invalid arn syntax: {action}")
        if found["region"] not in {region, ""}:
            raise validation(
                f"Invalid region {found['region']} specified. Only {region} is supported."
            )
