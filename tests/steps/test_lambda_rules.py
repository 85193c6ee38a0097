"""A rule that was made, and whose function was not added to it before the wizard was killed."""

from typing import Any

from steps.lambda_triggers import Triggers
from tests.steps.driving import drive
from wizard.effects import Effect, Write

THERE = "arn:aws:lambda:eu-west-1:123456789012:function:mailer"
HERE = THERE.replace("eu-west-1", "eu-central-2")
RULE = {"schedule": "rate(1 day)", "pattern": "", "description": "", "state": "ENABLED"}
FOUND = {
    "existing": [],
    "source": {
        "arn": THERE,
        "sha256": "c2hh",
        "concurrency": None,
        "invoke": {},
        "runtime_updates": "Auto",
        "provisioned": [],
        "code_signing": "",
        "aliases": {},
        "urls": {},
        "permissions": {},
        "mappings": {},
        "rules": {"nightly": {**RULE, "targets": {"1": THERE}, "arn": THERE}},
        "schedules": {},
    },
    "here": {
        "state": "Active",
        "rules": {"nightly": {**RULE, "state": "DISABLED", "targets": {}}},
        "schedules": {},
    },
}


def test_only_the_function_is_added() -> None:
    step = Triggers(name="mailer", source="eu-west-1", region="eu-central-2")
    made: list[tuple[str, Any]] = []

    def answer(effect: Effect) -> Any:
        if isinstance(effect, Write):
            made.append((effect.operation, effect.params))
            return {}
        return [{"Id": "1", "Arn": THERE}]

    drive(step.converge(FOUND, step.differences(FOUND)), answer)
    assert made == [("PutTargets", {"Rule": "nightly", "Targets": [{"Id": "1", "Arn": HERE}]})]
