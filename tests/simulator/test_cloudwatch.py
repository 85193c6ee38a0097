"""Alarms: what AWS refuses, when they get data, and whom they tell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from wizard.simulator.services.sns import subscribe_confirmed

TOPIC = "arn:aws:sns:us-east-1:123456789012:CloudWatch_Alarms_US_East_1_ELB"
OWN = {"Namespace": "Own", "MetricName": "Depth"}
ALARM: dict[str, Any] = {
    "AlarmName": "depth",
    **OWN,
    "Statistic": "Maximum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "AlarmActions": [TOPIC],
}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("sns", "cloudwatch") as made:
        yield made


@pytest.fixture
def cloudwatch(account: Account) -> Any:
    return account.client("cloudwatch")


def _state(cloudwatch: Any, name: str = "depth") -> str:
    return str(cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"])


def _put(cloudwatch: Any, value: float) -> None:
    cloudwatch.put_metric_data(
        Namespace="Own", MetricData=[{"MetricName": "Depth", "Value": value}]
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Period": 45}, "multiple of 60"),
        ({"Period": 40}, "multiple of 60"),
        ({"Period": 3600, "EvaluationPeriods": 200}, "more than seven days"),
        ({"Period": 300, "EvaluationPeriods": 289}, "more than a day"),
        ({"Statistic": "Median"}, "'statistic' failed to satisfy"),
        ({"ComparisonOperator": "Greater"}, "'comparisonOperator' failed to satisfy"),
        ({"EvaluationPeriods": 2, "DatapointsToAlarm": 3}, "DatapointsToAlarm"),
        ({"TreatMissingData": "fine"}, "Option fine is not supported"),
        ({"AlarmActions": ["CloudWatch_Alarms_US_East_1_ELB"]}, "Invalid arn syntax"),
        (
            {"AlarmActions": [TOPIC.replace("us-east-1", "eu-west-1")]},
            "Invalid region eu-west-1 specified. Only us-east-1 is supported.",
        ),
        ({"AlarmActions": [f"{TOPIC}{number}" for number in range(6)]}, "'alarmActions'"),
        (
            {"Dimensions": [{"Name": f"d{number}", "Value": "x"} for number in range(31)]},
            "'dimensions'",
        ),
    ],
)
def test_put_metric_alarm_refuses(cloudwatch: Any, change: dict[str, Any], words: str) -> None:
    with refused("ValidationError", words):
        cloudwatch.put_metric_alarm(**{**ALARM, **change})
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


@pytest.mark.parametrize("period", [10, 20, 30, 60, 120, 900])
def test_put_metric_alarm_takes_the_periods_of_aws(cloudwatch: Any, period: int) -> None:
    cloudwatch.put_metric_alarm(**{**ALARM, "Period": period})
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["Period"] == period


def test_a_new_alarm_has_no_data_for_one_period(account: Account, cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(**ALARM)
    _put(cloudwatch, 1)
    assert _state(cloudwatch) == "INSUFFICIENT_DATA"
    account.clock.advance(299)
    assert _state(cloudwatch) == "INSUFFICIENT_DATA"
    account.clock.advance(1)
    assert _state(cloudwatch) == "OK"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("missing", "INSUFFICIENT_DATA"),
        ("notBreaching", "OK"),
        ("breaching", "ALARM"),
        ("ignore", "INSUFFICIENT_DATA"),
    ],
)
def test_missing_data_are_treated_as_asked(
    account: Account, cloudwatch: Any, missing: str, expected: str
) -> None:
    cloudwatch.put_metric_alarm(**{**ALARM, "TreatMissingData": missing})
    account.clock.advance(300)
    assert _state(cloudwatch) == expected


def test_m_of_n_datapoints_make_an_alarm(account: Account, cloudwatch: Any) -> None:
    asked = {**ALARM, "Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 2}
    cloudwatch.put_metric_alarm(**asked)
    for value, expected in ((9, "OK"), (1, "OK"), (9, "ALARM"), (1, "OK")):
        account.clock.advance(30)
        _put(cloudwatch, value)
        account.clock.advance(30)
        assert _state(cloudwatch) == expected


def test_an_update_replaces_everything_but_the_state(account: Account, cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(**{**ALARM, "OKActions": [TOPIC], "AlarmDescription": "old"})
    _put(cloudwatch, 1)
    account.clock.advance(300)
    assert _state(cloudwatch) == "OK"
    cloudwatch.put_metric_alarm(**{**ALARM, "Threshold": 7.0})
    found = cloudwatch.describe_alarms()["MetricAlarms"][0]
    assert (found["StateValue"], found["Threshold"], found["OKActions"]) == ("OK", 7.0, [])
    assert "AlarmDescription" not in found


def test_set_alarm_state_mails_the_topic_and_lasts_until_the_next_evaluation(
    account: Account, cloudwatch: Any
) -> None:
    topic = account.client("sns").create_topic(Name="CloudWatch_Alarms_US_East_1_ELB")["TopicArn"]
    from moto.sns.models import sns_backends

    subscribe_confirmed(sns_backends["123456789012"]["us-east-1"], topic, "ops@example.com")
    cloudwatch.put_metric_alarm(**{**ALARM, "AlarmActions": [topic]})
    _put(cloudwatch, 1)
    account.clock.advance(300)
    assert _state(cloudwatch) == "OK"
    cloudwatch.set_alarm_state(AlarmName="depth", StateValue="ALARM", StateReason="fire drill")
    assert _state(cloudwatch) == "ALARM"
    assert [(mail.to, mail.subject) for mail in account.world.mails] == [
        ("ops@example.com", 'ALARM: "depth" in US East (N. Virginia)')
    ]
    assert "fire drill" in account.world.mails[0].body
    _put(cloudwatch, 1)
    account.clock.advance(60)
    assert _state(cloudwatch) == "OK"
    history = cloudwatch.describe_alarm_history(AlarmName="depth")["AlarmHistoryItems"]
    summaries = [item["HistorySummary"] for item in reversed(history)]
    assert summaries == [
        'Alarm "depth" created',
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        f"Successfully executed action {topic}",
        "Alarm updated from ALARM to OK",
    ]


def test_actions_that_are_off_or_without_topic_tell_nobody(
    account: Account, cloudwatch: Any
) -> None:
    cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": "off", "ActionsEnabled": False})
    cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": "nowhere"})
    for name in ("off", "nowhere"):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="drill")
    assert account.world.mails == []
    items = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [f"Failed to execute action {TOPIC}"]
    with refused("ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="")


def test_alarms_are_described_in_pages_by_name_prefix_and_state(cloudwatch: Any) -> None:
    for number in range(101):
        cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": f"alarm-{number:03}"})
    cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": "zebra", "AlarmActions": []})
    pages = list(cloudwatch.get_paginator("describe_alarms").paginate())
    assert [len(page["MetricAlarms"]) for page in pages] == [100, 2]
    some = cloudwatch.describe_alarms(MaxRecords=3, AlarmNamePrefix="alarm-")
    assert [one["AlarmName"] for one in some["MetricAlarms"]] == [
        "alarm-000",
        "alarm-001",
        "alarm-002",
    ]
    assert cloudwatch.describe_alarms(StateValue="OK")["MetricAlarms"] == []
    acting = cloudwatch.describe_alarms(ActionPrefix="arn:aws:sns", AlarmNamePrefix="z")
    assert acting["MetricAlarms"] == []
    with refused("ValidationError", "'alarmNames'"):
        cloudwatch.describe_alarms(AlarmNames=[f"n{number}" for number in range(101)])
    with refused("InvalidNextToken"):
        cloudwatch.describe_alarms(NextToken="made-up")


def test_a_clients_window_that_ends_now_ends_at_the_accounts_now(
    account: Account, cloudwatch: Any
) -> None:
    """The account's clock is years ahead of the client's here."""
    assert account.clock.now() > time.time()
    _put(cloudwatch, 3)
    account.clock.advance(60)
    now = datetime.now(UTC)
    found = cloudwatch.get_metric_statistics(
        **OWN,
        StartTime=now - timedelta(minutes=5),
        EndTime=now,
        Period=300,
        Statistics=["Maximum"],
    )["Datapoints"]
    assert [point["Maximum"] for point in found] == [3.0]
