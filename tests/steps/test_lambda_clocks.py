"""Rules and schedules that are copied: what a 200 may hide, and when a schedule is over."""

import pytest

from steps.lambda_clocks import copy_rule, copy_schedule
from wizard.effects import Write
from wizard.errors import StepError

from .cases_of_steps import complaint
from .play import play

HOME, NEW = "eu-west-1", "eu-central-2"
FUNCTION = f"arn:aws:lambda:{HOME}:123456789012:function:f"
RULE = {"arn": FUNCTION, "schedule": "rate(1 day)", "pattern": "", "description": ""}


def test_a_target_that_was_not_added_is_a_failure() -> None:
    failed = {"FailedEntryCount": 1, "FailedEntries": [{"ErrorCode": "E", "ErrorMessage": "why"}]}
    with pytest.raises(StepError, match="to rule nightly: E: why"):
        play(
            copy_rule("nightly", RULE, None, HOME, NEW),
            {},
            [{"Id": "1", "Arn": FUNCTION}],
            failed,
        )
    play(copy_rule("nightly", RULE, None, HOME, NEW), {}, [{"Id": "1", "Arn": FUNCTION}], {})


def test_a_schedule_ends_when_its_model_ends() -> None:
    times = {
        "StartDate": "2026-01-01T00:00:00+00:00",
        "EndDate": "2027-01-01T00:00:00+00:00",
        "ActionAfterCompletion": "DELETE",
    }
    model = {
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": FUNCTION, "RoleArn": "arn:aws:iam::123456789012:role/clock"},
        "State": "ENABLED",
    }
    _, (_, write) = play(copy_schedule("default/f", HOME, NEW), {**model, **times}, {})
    assert isinstance(write, Write)
    assert complaint(write) == ""
    assert write.params["State"] == "DISABLED"
    assert {key: write.params[key] for key in times} == times
    _, (_, plain) = play(copy_schedule("default/f", HOME, NEW), model, {})
    assert isinstance(plain, Write)
    assert not times.keys() & plain.params.keys()
