"""CloudWatch metric alarms, and the metric queries that probes share."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import msgspec

from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, compare, step

# What PutMetricAlarm would drop if it were not sent again, and is not this step's to decide.
KEPT = ("AlarmDescription", "OKActions", "InsufficientDataActions")
ALARMS = Read(
    "cloudwatch",
    "DescribeAlarms",
    {"AlarmTypes": ["MetricAlarm"]},
    pages="MetricAlarms",
    keeps=60.0,
)
COMPARED = (
    "Namespace",
    "MetricName",
    "Statistic",
    "ExtendedStatistic",
    "Unit",
    "Period",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "ActionsEnabled",
)


def dimensions(mapping: Mapping[str, str]) -> list[dict[str, str]]:
    """Dimensions as CloudWatch takes them, in a fixed order."""
    return [{"Name": name, "Value": mapping[name]} for name in sorted(mapping)]


def dimension_of(arn: str) -> str:
    """The end of a load balancer's or target group's ARN, which is its dimension's value.

    `app/name/id`, `targetgroup/name/id`; a text that is no ARN is taken for the value itself.
    """
    tail = arn.split(":", 5)[-1]
    return tail.removeprefix("loadbalancer/")


def query(name: str, metric: Mapping[str, Json], stat: str, period: int) -> dict[str, Json]:
    """One entry of GetMetricData's `MetricDataQueries`."""
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}


@step("cloudwatch.alarm")
class Alarm(Action, frozen=True, kw_only=True):
    """A metric alarm that tells a topic. `period` is in seconds, `threshold` in the metric's unit.

    PutMetricAlarm replaces the whole alarm and checks neither metric nor dimensions: a pair that
    is not published gives an alarm that never has data.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("state", "published")
    """What the metric does is not the alarm's setting."""

    # A new metric is listed after up to 15 minutes, and the longest period here is another 15.
    patience: ClassVar[Patience] = Patience(every=30, limit=2100)

    name: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str
    period: int
    threshold: float
    comparison: str
    missing_data: str
    topic_arn: str
    evaluation_periods: int = 1
    datapoints_to_alarm: int = 1
    has_data: bool = False
    """The metric is reported all the time, so that an alarm without data is a wrong one."""

    listed: bool = False
    """Found in one listing of the region's alarms, which hundreds of items share."""

    @property
    def wanted(self) -> Facts:
        """The alarm as it is to be, in the words of DescribeAlarms."""
        return {
            "Namespace": self.namespace,
            "MetricName": self.metric,
            "Dimensions": dict(self.dimensions),
            "Statistic": self.statistic,
            "ExtendedStatistic": None,
            "Unit": None,
            "Period": self.period,
            "EvaluationPeriods": self.evaluation_periods,
            "DatapointsToAlarm": self.datapoints_to_alarm,
            "Threshold": self.threshold,
            "ComparisonOperator": self.comparison,
            "TreatMissingData": self.missing_data,
            "ActionsEnabled": True,
        }

    def observe(self) -> Reads[Facts | None]:
        by_name = {"AlarmNames": [self.name], "AlarmTypes": ["MetricAlarm"]}
        alarms = yield (
            ALARMS
            if self.listed
            else Read("cloudwatch", "DescribeAlarms", by_name, pages="MetricAlarms")
        )
        for alarm in alarms:
            if alarm["AlarmName"] == self.name:
                found = described(alarm)
                return {**found, **(yield from self._published())} if self.has_data else found
        return None

    def _published(self) -> Reads[Facts]:
        """In which dimensions the metric exists for what the alarm watches."""
        metrics = yield Read(
            "cloudwatch",
            "ListMetrics",
            {"Namespace": self.namespace, "MetricName": self.metric},
            pages="Metrics",
        )
        return {"published": _sets(metrics, self.dimensions.values())}

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            wanted = {k: v for k, v in self.wanted.items() if v is not None}
            return compare({**wanted, "AlarmActions": [self.topic_arn]}, None)
        wanted = {**self.wanted, "AlarmActions": self._actions(found)}
        return compare(wanted, found) or self._dataless(found)

    def _dataless(self, found: Facts) -> Differences:
        """What keeps an alarm that is as wanted from watching anything."""
        if not self.has_data:
            return ()
        names = ", ".join(sorted(self.dimensions))
        if names not in found["published"]:
            known = "; ".join(found["published"]) or "none yet"
            reason = (
                f"{self.metric} is not published with [{names}], so the alarm has no data; of what "
                f"it watches the metric has [{known}]. New metrics take up to 15 minutes. When it "
                "stays so, the dimensions are wrong (E3): answer otherwise for them"
            )
            return (Difference("published", found["published"], names, reason, settles=True),)
        if found["state"] == "INSUFFICIENT_DATA":
            reason = f"it is judged after its period of {self.period / 60:g} minutes"
            return (Difference("state", found["state"], "OK or ALARM", reason, settles=True),)
        return ()

    def waiting_for(self, found: Facts | None) -> str:
        state = found["state"] if found else "not there yet"
        return f"alarm {self.name} to have data: {state}"

    def compared(self, found: Facts | None) -> Facts | None:
        """The definition, without what AWS made of it."""
        if found is None:
            return None
        return {key: found[key] for key in (*COMPARED, "Dimensions", "AlarmActions")}

    def planned(self, found: Facts | None) -> Facts | None:
        return {**self.wanted, "AlarmActions": self._actions(found)}

    def _actions(self, found: Facts | None) -> list[str]:
        """Whom it tells: the topic, and whoever is told already."""
        actions = list((found or {}).get("AlarmActions", ()))
        return actions if self.topic_arn in actions else [*actions, self.topic_arn]

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        have: Facts = found or {}
        kept = {key: have[key] for key in KEPT if have.get(key)}
        wanted = {k: v for k, v in self.wanted.items() if v is not None}
        yield Write(
            "cloudwatch",
            "PutMetricAlarm",
            {
                **kept,
                **wanted,
                "AlarmName": self.name,
                "Dimensions": dimensions(self.dimensions),
                "AlarmActions": self._actions(found),
            },
            title=f"{'Change' if found else 'Create'} alarm {self.name}",
        )

    def outputs(self, found: Facts | None) -> Facts:
        """With `definition`, from which `cover.alarms` asks the same question again."""
        definition = msgspec.to_builtins(self)
        del definition["attest"]
        return {**(found or {}), "name": self.name, "definition": definition}


def _sets(metrics: Iterable[Mapping[str, Any]], values: Iterable[str]) -> list[str]:
    """The names of dimensions that go together, in metrics of any of these values."""
    watched = set(values)
    return sorted(
        {
            ", ".join(sorted(str(one["Name"]) for one in metric["Dimensions"]))
            for metric in metrics
            if watched & {one["Value"] for one in metric.get("Dimensions") or ()}
        }
    )


def described(alarm: Mapping[str, Json]) -> Facts:
    """An alarm of DescribeAlarms, with what AWS leaves out when it has the default filled in."""
    filled = {
        "TreatMissingData": "missing",
        "DatapointsToAlarm": alarm.get("EvaluationPeriods"),
        **alarm,
    }
    return {
        "arn": alarm["AlarmArn"],
        "state": alarm.get("StateValue"),
        **{key: filled.get(key) for key in COMPARED},
        "Dimensions": {d["Name"]: d["Value"] for d in alarm.get("Dimensions", [])},
        "AlarmActions": list(alarm.get("AlarmActions", [])),
        **{key: alarm[key] for key in KEPT if alarm.get(key)},
    }
