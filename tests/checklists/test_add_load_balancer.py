"""The questions and the order of the load balancer checklist."""

from pathlib import Path

import msgspec
import pytest

import steps
from wizard.checklist.expressions import evaluate
from wizard.checklist.inputs import check_answer
from wizard.checklist.lint import reach
from wizard.checklist.load import load_bundled
from wizard.checklist.model import Item
from wizard.effects import UNKNOWN, Json
from wizard.step import Registry

DATA = Path(__file__).parents[1] / "data"
PINNED = load_bundled("add-load-balancer")
CHECKLIST = PINNED.checklist
REGISTRY = Registry.of(steps)


@pytest.mark.parametrize(
    ("name", "safe", "letter"),
    [
        ("log_encryption", "AES256", "aws:kms"),
        ("log_policy_principal", "service", "legacy"),
        ("alarm_dimensions", "TargetGroup", "LoadBalancer"),
        ("missing_data", "notBreaching", "missing"),
        ("health_check_protocol", "HTTPS", "HTTP"),
    ],
)
def test_the_safe_choice_is_preselected_and_the_letter_can_be_chosen(
    name: str, safe: str, letter: str
) -> None:
    question = CHECKLIST.inputs[name]
    assert (question.default, question.letter) == (safe, letter)
    assert check_answer(question, letter) == ""


def test_the_letter_of_the_encryption_takes_typed_consent() -> None:
    consent = CHECKLIST.inputs["log_encryption"].consent
    assert consent is not None
    assert (consent.value, consent.phrase) == ("aws:kms", "logs will stop")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("owner", "ada@example.com", "[email protected]"),
        ("lb_description", "load balancer for app-acme production", "..."),
        ("dns_name", "acme.aws.supertokens.com", "a.b.aws.supertokens.com"),
        ("load_balancer_name", "acme-prod", "internal-acme"),
        ("target_group_name", "acme-prod-tg", "acme_prod"),
        ("log_bucket", "acme-access-logs", "Acme"),
        ("log_prefix", "acme/prod", "AWSLogs"),
        ("scale_api_url", "https://api.example.com/core", "http://api.example.com"),
        ("scale_api_url", "http://127.0.0.1:4711", "https://ada:secret@api.example.com"),
        ("database_url", "postgresql+psycopg://api@db/prod", "postgresql+psycopg://a:b@db/prod"),
        ("database_table", "saas.apps_with_load_balancer", "apps; drop table apps"),
    ],
)
def test_an_answer_that_aws_or_a_law_refuses_is_refused(name: str, good: str, bad: str) -> None:
    question = CHECKLIST.inputs[name]
    assert check_answer(question, good) == ""
    assert check_answer(question, bad) != ""


def test_names_that_follow_from_the_app_are_names() -> None:
    long = "app-of-a-customer-with-a-very-long-name.eu_west"
    scope = {"inputs": {"app_id": long}, "steps": {}, "session": {}}
    for name in ("load_balancer_name", "target_group_name"):
        question = CHECKLIST.inputs[name]
        value = evaluate(question.default, scope)
        assert check_answer(question, value) == ""


def _fields(item: Item, inputs: dict[str, Json]) -> Json:
    outputs = {one.id: UNKNOWN for one in CHECKLIST.items}
    session = {"region": "us-east-1", "account_id": "111122223333", "partition": "aws"}
    return evaluate(dict(item.with_), {"inputs": inputs, "steps": outputs, "session": session})


def _answers() -> dict[str, Json]:
    """An answer to each question: its default where that is a plain value, else one like it."""
    made: dict[str, Json] = {
        "subnets": ["subnet-a", "subnet-b"],
        "security_groups": ["sg-1"],
        "targets": ["i-1:3567", "i-2:3567"],
    }
    for name, question in CHECKLIST.inputs.items():
        plain = question.default is not None and "${" not in str(question.default)
        like_it = 7 if question.type == "integer" else f"the-{name.replace('_', '-')}"
        made.setdefault(name, question.default if plain else like_it)
    return made


@pytest.mark.parametrize("item", CHECKLIST.items, ids=lambda item: item.id)
def test_a_preview_can_build_the_step_before_anything_is_made(item: Item) -> None:
    if item.id == "lb.cover.alarms":
        return  # it repeats what the alarms' items give out, which nothing is known of before
    msgspec.convert(_fields(item, _answers()), REGISTRY.steps[item.step])


@pytest.mark.parametrize(
    ("chosen", "dimensions"),
    [
        ("TargetGroup", {"LoadBalancer": UNKNOWN, "TargetGroup": UNKNOWN}),
        ("LoadBalancer", {"LoadBalancer": UNKNOWN}),
    ],
)
def test_the_unhealthy_alarm_has_the_dimensions_that_were_chosen(
    chosen: str, dimensions: dict[str, Json]
) -> None:
    fields = _fields(
        CHECKLIST.item("lb.alarm.unhealthy"), {**_answers(), "alarm_dimensions": chosen}
    )
    assert fields["dimensions"] == dimensions


def test_the_name_moves_only_when_all_is_ready() -> None:
    before = reach(CHECKLIST)["lb.dns.alias"]
    assert {
        "lb.listener.create",
        "lb.tg.targets",
        "lb.alarm.elb5xx",
        "lb.alarm.latency",
        "lb.alarm.unhealthy",
    } <= before


def test_load_balancer_and_log_bucket_do_not_wait_for_the_instances() -> None:
    needed = reach(CHECKLIST)
    for item in ("lb.alb.create", "lb.logs.enable", "lb.alarm.elb5xx", "lb.alb.tags"):
        assert not {"lb.scale.call", "lb.scale.wait"} & needed[item]


def test_nothing_is_scaled_before_the_rest_is_known_to_be_possible() -> None:
    assert {"pre.vpc", "pre.cert", "pre.region.fit"} <= reach(CHECKLIST)["lb.scale.call"]


def test_the_last_part_is_the_runbooks() -> None:
    assert CHECKLIST.sections[-1].title == "To make sure you cover"
