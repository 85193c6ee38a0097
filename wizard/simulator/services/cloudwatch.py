"""CloudWatch alarms: validated, without data at first, evaluated in account time, in pages.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from wizard.simulator.services import cloudwatch_data
from wizard.simulator.services.cloudwatch_data import Figures, dimensions_of
from wizard.simulator.services.cloudwatch_evaluation import (
    EVALUATION_SECONDS,
    change_state,
    evaluate,
    remember,
)
from wizard.simulator.services.cloudwatch_metrics import record_load
from wizard.simulator.services.cloudwatch_rules import check
from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

__all__ = ["install", "record_load"]

PAGE = 100
MOST_NAMES = 100


def install(clock: AccountClock, world: World) -> None:
    """Make alarms and metrics behave as AWS's, from what is in the account."""
    figures = Figures(clock, world)
    cloudwatch_data.install(figures)
    _patch_put(figures)
    _patch_describe(figures)
    _patch_states(figures)


def _patch_put(figures: Figures) -> None:
    @wrap(CloudWatchBackend, "put_metric_alarm")
    def put_metric_alarm(original: Method, self: CloudWatchBackend, **asked: Any) -> Alarm:
        if asked.get("rule") is None:
            check(asked, self.region_name)
        before = self.alarms.get(asked["name"])
        if before is not None:
            # AWS ignores tags on an update.
            asked.pop("tags", None)
        alarm: Alarm = original(self, **asked)
        now = figures.clock.now()
        alarm.configuration_updated_timestamp = figures.clock.utc().replace(tzinfo=None)
        if before is None:
            alarm.state_value = "INSUFFICIENT_DATA"
            alarm.state_updated_timestamp = alarm.configuration_updated_timestamp
            alarm.__dict__["evaluate_at"] = now + float(alarm.period or EVALUATION_SECONDS)
            summary = f'Alarm "{alarm.name}" created'
        else:
            # An update leaves the state as it is until the next evaluation.
            alarm.state_value = before.state_value
            alarm.state_reason = before.state_reason
            alarm.state_updated_timestamp = before.state_updated_timestamp
            alarm.__dict__["story"] = before.__dict__.get("story", [])
            alarm.__dict__["evaluate_at"] = now + EVALUATION_SECONDS
            summary = f'Alarm "{alarm.name}" updated'
        remember(alarm, figures, "ConfigurationUpdate", summary)
        return alarm


def _patch_describe(figures: Figures) -> None:
    def current(backend: CloudWatchBackend) -> list[Alarm]:
        alarms = sorted(backend.alarms.values(), key=lambda alarm: alarm.name)
        for alarm in alarms:
            evaluate(alarm, backend, figures)
        return alarms

    @replace(CloudWatchResponse, "describe_alarms")
    def describe_alarms(self: CloudWatchResponse) -> ActionResult:
        asked = self._get_params()
        names, prefix = asked.get("AlarmNames") or [], asked.get("AlarmNamePrefix")
        if names and prefix:
            raise validation("AlarmNamePrefix cannot be specified with AlarmNames")
        if len(names) > MOST_NAMES:
            raise validation(
                "1 validation error detected: Value at 'alarmNames' failed to satisfy "
                f"constraint: Member must have length less than or equal to {MOST_NAMES}"
            )
        kinds = asked.get("AlarmTypes") or ["MetricAlarm"]
        found = [
            alarm
            for alarm in current(self.cloudwatch_backend)
            if (not names or alarm.name in names)
            and alarm.name.startswith(prefix or "")
            and asked.get("StateValue") in {None, alarm.state_value}
            and _acts(alarm, asked.get("ActionPrefix"))
            and ("MetricAlarm" if alarm.rule is None else "CompositeAlarm") in kinds
        ]
        part, token = _page(found, asked)
        return ActionResult(
            {
                "MetricAlarms": [alarm for alarm in part if alarm.rule is None],
                "CompositeAlarms": [alarm for alarm in part if alarm.rule is not None],
                "NextToken": token,
            }
        )

    @replace(CloudWatchResponse, "describe_alarms_for_metric")
    def describe_alarms_for_metric(self: CloudWatchResponse) -> ActionResult:
        asked = self._get_params()
        wanted = dimensions_of(asked.get("Dimensions") or [])
        found = [
            alarm
            for alarm in current(self.cloudwatch_backend)
            if (alarm.namespace, alarm.metric_name) == (asked["Namespace"], asked["MetricName"])
            and frozenset((one.name, one.value) for one in alarm.dimensions) == wanted
        ]
        return ActionResult({"MetricAlarms": found})

    @replace(CloudWatchResponse, "describe_alarm_history")
    def describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
        asked = self._get_params()
        items = [
            item
            for alarm in current(self.cloudwatch_backend)
            for item in alarm.__dict__.get("story", [])
            if asked.get("AlarmName") in {None, alarm.name}
            and asked.get("HistoryItemType") in {None, item["HistoryItemType"]}
        ]
        items.sort(key=lambda item: item["Timestamp"])
        if asked.get("ScanBy") != "TimestampAscending":
            items.reverse()
        part, token = _page(items, asked)
        return ActionResult({"AlarmHistoryItems": part, "NextToken": token})


def _acts(alarm: Alarm, prefix: str | None) -> bool:
    actions = [*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions]
    return prefix is None or any(action.startswith(prefix) for action in actions)


def _page(items: list[Any], asked: dict[str, Any]) -> tuple[list[Any], str | None]:
    size = int(asked.get("MaxRecords") or PAGE)
    if not 1 <= size <= PAGE:
        raise validation(
            f"1 validation error detected: Value '{size}' at 'maxRecords' failed to satisfy "
            f"constraint: Member must have value less than or equal to {PAGE}"
        )
    try:
        return page(items, asked.get("NextToken"), size)
    except BadTokenError as error:
        raise refusal("InvalidNextToken", "The next token specified is invalid.") from error


def _patch_states(figures: Figures) -> None:
    @wrap(CloudWatchBackend, "set_alarm_state")
    def set_alarm_state(  # noqa: PLR0917  moto's own order
        original: Method,
        self: CloudWatchBackend,
        alarm_name: str,
        reason: str,
        reason_data: str | None,
        state_value: str,
    ) -> None:
        alarm = self.alarms.get(alarm_name)
        if alarm is None:
            raise refusal("ResourceNotFound", "")
        evaluate(alarm, self, figures)
        before = (alarm.state_value, alarm.state_updated_timestamp)
        original(self, alarm_name, reason, reason_data, state_value)
        # moto has checked the state and set it without running the actions.
        alarm.state_value, alarm.state_updated_timestamp = before
        change_state(
            alarm,
            self,
            figures,
            state=state_value,
            reason=reason,
            reason_data=reason_data or "{}",
        )
        alarm.__dict__["evaluate_at"] = figures.clock.now() + EVALUATION_SECONDS
