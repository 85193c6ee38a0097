"""The load balancer checklist holds every row and every line of the runbook, in its own words."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import steps
from wizard.checklist.expressions import evaluate
from wizard.checklist.inputs import check_answer
from wizard.checklist.lint import lint, reach
from wizard.checklist.load import load_bundled
from wizard.checklist.model import Item
from wizard.effects import UNKNOWN, Json
from wizard.step import Registry

DATA = Path(__file__).parents[1] / "data"
PINNED = load_bundled("add-load-balancer")
CHECKLIST = PINNED.checklist
REGISTRY = Registry.of(steps)
# The errata that this checklist must show, those that only add to them included.
ERRATA = {
    f"E{number}"
    for number in (
        *(1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 25, 27, 28, 29, 30),
        *(31, 32, 33, 39, 40, 41, 42),
    )
}
HEADINGS = {6: "title", 92: "section"}
"""Lines of the runbook that are no item: its title and the heading of its last part."""


def table(name: str) -> list[dict[str, str]]:
    """A table of `tests/data`."""
    with (DATA / f"add_load_balancer_{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def numbers(lines: str) -> Iterator[int]:
    """The lines that an item's `lines` names."""
    for part in lines.removeprefix("L").split(",") if lines else ():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def words(text: str) -> str:
    """A line without what makes it an entry of a list; a web page's fixed space is a space."""
    return (
        text.replace("\N{NO-BREAK SPACE}", " ").strip().removeprefix("•").removesuffix("#").strip()
    )


LINES = {int(row["line"]): row for row in table("lines")}


def test_it_is_free_of_lint() -> None:
    assert lint(PINNED, REGISTRY) == []


def test_every_row_is_an_item_and_every_item_a_row() -> None:
    assert Counter(item.id for item in CHECKLIST.items) == Counter(
        row["row"] for row in table("rows")
    )


@pytest.mark.parametrize("item", CHECKLIST.items, ids=lambda item: item.id)
def test_the_letter_has_the_words_of_its_lines(item: Item) -> None:
    for number in numbers(item.lines):
        assert words(LINES[number]["text"]) in item.letter


@pytest.mark.parametrize("item", CHECKLIST.items, ids=lambda item: item.id)
def test_the_letter_of_an_added_item_is_its_rows_text(item: Item) -> None:
    if item.lines:
        return
    text = next(row["text"] for row in table("rows") if row["row"] == item.id)
    assert re.sub(r"^\([^)]*\) *", "", text) == item.letter


def test_every_line_stands_in_the_item_it_belongs_to() -> None:
    where: dict[int, set[str]] = {}
    for item in CHECKLIST.items:
        for number in numbers(item.lines):
            where.setdefault(number, set()).add(item.id)
    for number, row in LINES.items():
        if row["row"] == "not-an-item":
            assert number not in where
            continue
        named = {
            one.strip().removeprefix("param:").partition(" ")[0] for one in row["row"].split(",")
        }
        wanted = {
            item.id
            for item in CHECKLIST.items
            for one in named
            if item.id == one or (one.endswith("*") and item.id.startswith(one[:-1]))
        }
        assert wanted, f"line {number} belongs to no item"
        assert where.get(number) == wanted, f"line {number}: {row['text']}"


def test_title_and_heading_are_the_runbooks() -> None:
    assert words(LINES[6]["text"]) == CHECKLIST.title
    assert words(LINES[92]["text"]) == CHECKLIST.sections[-1].title


def test_every_erratum_is_on_an_item() -> None:
    shown = {erratum for item in CHECKLIST.items for erratum in item.advice}
    assert shown >= ERRATA
    assert shown <= set(PINNED.advice)


def test_an_erratum_of_a_question_is_on_each_item_that_uses_the_answer_to_write() -> None:
    for name, question in CHECKLIST.inputs.items():
        if question.advice is None:
            continue
        users = [item for item in CHECKLIST.items if f"inputs.{name}" in str(item.with_)]
        assert users
        assert any(question.advice in item.advice for item in users), name


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
