"""What a person confirms, and that each kind has cases."""

import msgspec
import pytest

import steps
from steps.cloudwatch import Alarm, dimension_of
from steps.cover_capacity import Pools
from steps.cover_health import Alarms, Slack
from steps.cover_load import Million, RequestsPerSecond
from steps.cover_name import Elastic
from steps.target_health import REASONS, sick, why
from tests.steps.cases_of_steps import all_cases
from wizard.checklist.load import bundled_advice
from wizard.checklist.model import Advice
from wizard.checklist.yaml_text import read
from wizard.step import Probe, Registry

ATTESTED = [
    RequestsPerSecond(load_balancer_dimension="app/a/1", mode="attested"),
    Million(),
    Slack(topic_arn="arn:topic"),
    Elastic(zone_id="Z", name="a.example.com", load_balancer_dns="lb"),
    Pools(target_group_arn="arn:tg", thread_pool_size=10, connection_pool_size=10),
]


@pytest.mark.parametrize("step", ATTESTED, ids=lambda step: str(step.kind))
def test_what_aws_cannot_answer_a_person_confirms(step: Probe) -> None:
    assert step.attest.startswith(("Confirm", "Compare"))
    own = msgspec.structs.replace(step, attest="Say so.")
    assert own.attest == "Say so."


def test_what_is_measured_needs_nobody() -> None:
    assert RequestsPerSecond(load_balancer_dimension="app/a/1").attest == ""
    with_uri = Elastic(
        zone_id="Z", name="a.b.c", load_balancer_dns="lb", connection_uri="https://a.b.c:3567"
    )
    assert with_uri.attest == ""


@pytest.mark.parametrize("room", ["s3", "route53", "cloudwatch", "database", "cover"])
def test_every_kind_of_the_room_has_cases(room: str) -> None:
    kinds = {kind for kind in Registry.of(steps).steps if kind.startswith(f"{room}.")}
    assert kinds
    assert kinds <= {case.kind for case in all_cases()}


def test_an_alarms_definition_is_what_cover_alarms_takes() -> None:
    alarm = Alarm(
        name="a",
        namespace="AWS/ApplicationELB",
        metric="TargetResponseTime",
        dimensions={"LoadBalancer": "app/a/1"},
        statistic="Maximum",
        period=300,
        threshold=1.5,
        comparison="GreaterThanThreshold",
        missing_data="notBreaching",
        topic_arn="arn:topic",
    )
    definition = msgspec.json.decode(msgspec.json.encode(alarm.outputs(None)["definition"]))
    assert msgspec.convert({"alarms": [definition]}, Alarms).alarms == (alarm,)


def test_dimensions_are_the_ends_of_arns() -> None:
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
    assert dimension_of(f"{arn}:loadbalancer/app/acme/1f") == "app/acme/1f"
    assert dimension_of(f"{arn}:targetgroup/acme-tg/2e") == "targetgroup/acme-tg/2e"
    assert dimension_of("app/acme/1f") == "app/acme/1f"


@pytest.mark.parametrize("reason", REASONS)
def test_reasons_of_unhealthy_targets_are_in_plain_words(reason: str) -> None:
    said = why({"State": "unhealthy", "Reason": reason, "Description": "jargon"})
    assert said == REASONS[reason]
    assert why({"State": "unhealthy", "Description": "AWS's words"}) == "AWS's words"


def test_a_draining_target_settles_and_an_unhealthy_one_does_not() -> None:
    states = ["healthy", "draining", "unhealthy", "initial", "unused"]
    found = [{"target": f"i-{n}:1", "state": state, "why": ""} for n, state in enumerate(states)]
    assert [one.settles for one in sick(found)] == [True, False, True, True]


def test_all_errata_are_advice_with_their_reasons() -> None:
    content = read(bundled_advice(), "advice.yaml").content
    advice = msgspec.convert(content, dict[str, Advice])
    assert list(advice) == [f"E{number}" for number in range(1, 43)]
    choices = ["E1", "E4", "E5", "E8", "E11", "E13", "E14", "E28", "E29", "E30"]
    assert [erratum for erratum in choices if not advice[erratum].reason] == []
