"""What sets a function off on a clock or by an event: EventBridge rules and schedules.

Copies are made disabled: a job that runs in two regions runs twice.
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from steps.lambda_arns import moved
from wizard.effects import Facts, Json, Read, Write
from wizard.errors import StepError
from wizard.step import Reads, Writes

_GONE = ("ResourceNotFoundException",)
SCHEDULES = "Schedules[].{Name: Name, GroupName: GroupName, Arn: Target.Arn}"


def rules_of(arns: Iterable[str], region: str) -> Reads[dict[str, Json]]:
    """The rules of the default bus that have one of these ARNs as target, by name."""
    rules: dict[str, Json] = {}
    for arn in arns:
        names = yield Read(
            "events",
            "ListRuleNamesByTarget",
            {"TargetArn": arn},
            pages="RuleNames",
            region=region,
        )
        for name in names:
            rule = yield from rule_in(name, region)
            if rule is not None:
                rules[name] = {**rule, "arn": arn}
    return rules


def rule_in(name: str, region: str | None) -> Reads[dict[str, Json] | None]:
    """A rule of the default bus with its targets, without what they are given."""
    rule = yield Read("events", "DescribeRule", {"Name": name}, absent=_GONE, region=region)
    if rule is None:
        return None
    targets = yield Read(
        "events", "ListTargetsByRule", {"Rule": name}, pages="Targets", region=region
    )
    return {
        "schedule": rule.get("ScheduleExpression") or "",
        "pattern": rule.get("EventPattern") or "",
        "description": rule.get("Description") or "",
        "state": rule.get("State", "ENABLED"),
        "targets": {str(one["Id"]): str(one["Arn"]) for one in targets},
    }


def schedules_of(arns: Iterable[str], region: str) -> Reads[dict[str, Json]]:
    """The schedules that have one of these ARNs as target, as `group/name`."""
    wanted = set(arns)
    listed = yield Read("scheduler", "ListSchedules", pages=SCHEDULES, region=region, keeps=60.0)
    found: dict[str, Json] = {}
    for one in listed:
        if one["Arn"] in wanted:
            key = f"{one['GroupName']}/{one['Name']}"
            found[key] = yield from schedule_in(key, region)
    return found


def schedule_in(key: str, region: str | None) -> Reads[dict[str, Json] | None]:
    """A schedule, without what its target is given."""
    answer = yield _schedule(key, region)
    if answer is None:
        return None
    return {
        "expression": answer["ScheduleExpression"],
        "timezone": answer.get("ScheduleExpressionTimezone") or "UTC",
        "state": answer.get("State", "ENABLED"),
        "arn": answer["Target"]["Arn"],
    }


def _schedule(key: str, region: str | None) -> Read:
    group, _, name = key.partition("/")
    return Read(
        "scheduler",
        "GetSchedule",
        {"Name": name, "GroupName": group},
        absent=_GONE,
        region=region,
    )


def copy_rule(name: str, rule: Facts, have: Facts | None, source: str, region: str) -> Writes:
    """The rule, disabled, and its target. A rule that is there keeps its state and its targets."""
    if have is None:
        asked = {
            "Name": name,
            "State": "DISABLED",
            "Description": rule["description"],
            "ScheduleExpression": rule["schedule"],
            "EventPattern": moved(rule["pattern"], source, region),
        }
        yield Write(
            "events",
            "PutRule",
            {key: value for key, value in asked.items() if value},
            title=f"Create rule {name}, disabled",
        )
    targets = yield Read(
        "events", "ListTargetsByRule", {"Rule": name}, pages="Targets", region=source
    )
    taken: Mapping[str, str] = (have or {}).get("targets", {})
    for target in targets:
        if target["Arn"] != rule["arn"]:
            continue
        ours = moved(target, source, region)
        if taken.get(ours["Id"], ours["Arn"]) != ours["Arn"]:
            ours["Id"] = f"{ours['Id']}-{name}"[:64]
        answer = yield Write(
            "events",
            "PutTargets",
            {"Rule": name, "Targets": [ours]},
            title=f"Add the function to rule {name}",
        )
        for failed in answer.get("FailedEntries") or ():
            raise StepError(
                f"AWS answered 200 and did not add the function to rule {name}: "
                f"{failed.get('ErrorCode')}: {failed.get('ErrorMessage')}",
                where=f"events:PutTargets of {name}",
                todo="Mend what AWS names, then retry: the rule stays disabled.",
            )


def copy_schedule(key: str, source: str, region: str) -> Writes:
    """The schedule, disabled. Its role is global."""
    answer = yield _schedule(key, source)
    group, _, name = key.partition("/")
    target: dict[str, Any] = moved(dict(answer["Target"]), source, region)
    asked = {
        "Name": name,
        "GroupName": group,
        "State": "DISABLED",
        "ScheduleExpression": answer["ScheduleExpression"],
        "ScheduleExpressionTimezone": answer.get("ScheduleExpressionTimezone"),
        "Description": answer.get("Description"),
        "FlexibleTimeWindow": answer["FlexibleTimeWindow"],
        # Without its end it would run for ever once it is enabled.
        **{key: answer.get(key) for key in ("StartDate", "EndDate", "ActionAfterCompletion")},
        "Target": target,
    }
    yield Write(
        "scheduler",
        "CreateSchedule",
        {key: value for key, value in asked.items() if value},
        title=f"Create schedule {name}, disabled",
    )
