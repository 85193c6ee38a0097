"""PutMetricAlarm replaces the whole alarm: what others set in it always stays."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from steps.cloudwatch import KEPT, Alarm, described
from tests.steps.play import found_by, writes

ALARM = Alarm(
    name="acme ELB TargetResponseTime",
    namespace="AWS/ApplicationELB",
    metric="TargetResponseTime",
    dimensions={"LoadBalancer": "app/acme/1", "Zone": "a"},
    statistic="Maximum",
    period=300,
    threshold=1.5,
    comparison="GreaterThanThreshold",
    missing_data="notBreaching",
    topic_arn="arn:topic",
)
words = st.sampled_from(["a", "b", "arn:topic", "Maximum", "300"])
actions = st.lists(words, unique=True, max_size=3)
alarms = st.fixed_dictionaries(
    {"AlarmName": st.just(ALARM.name), "AlarmArn": st.just("arn:alarm")},
    optional={
        "Namespace": words,
        "MetricName": words,
        "Statistic": words,
        "ExtendedStatistic": st.just("p99"),
        "Unit": st.just("Seconds"),
        "Period": st.sampled_from([60, 300]),
        "EvaluationPeriods": st.integers(1, 3),
        "DatapointsToAlarm": st.integers(1, 3),
        "Threshold": st.sampled_from([1.0, 1.5]),
        "TreatMissingData": st.sampled_from(["missing", "notBreaching"]),
        "ActionsEnabled": st.booleans(),
        "AlarmActions": actions,
        "OKActions": actions,
        "InsufficientDataActions": actions,
        "AlarmDescription": words,
        "Dimensions": st.lists(st.fixed_dictionaries({"Name": words, "Value": words}), max_size=2),
    },
)


@given(alarms)
def test_what_others_set_stays_and_the_second_look_finds_nothing(alarm: dict[str, Any]) -> None:
    found = found_by(ALARM.observe(), [alarm])
    assert found is not None
    if not ALARM.differences(found):
        return
    (write,) = writes(ALARM, found)
    after = described({**write.params, "AlarmArn": "arn:alarm"})
    assert ALARM.differences(after) == ()
    for key in KEPT:
        assert write.params.get(key, alarm.get(key)) == alarm.get(key)
        assert (key in write.params) == bool(alarm.get(key))
    old = alarm.get("AlarmActions", [])
    assert write.params["AlarmActions"][: len(old)] == old
    assert "arn:topic" in write.params["AlarmActions"]


def test_an_alarm_of_another_name_is_not_ours() -> None:
    assert found_by(ALARM.observe(), [{"AlarmName": "acme ELB TargetResponseTime 2"}]) is None
