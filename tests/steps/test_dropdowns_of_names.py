"""Dropdowns over zones, names, topics, owners and columns: what is offered, what is suggested."""

from typing import Any

import pytest

from steps.database import columns
from steps.route53_records import names, plain, zones
from steps.sns import topics
from steps.tagging import owners
from tests.steps.play import found_by, operations, play
from wizard.effects import Read
from wizard.step import Option


def suggested(options: list[Option]) -> list[Any]:
    return [option.value for option in options if option.suggested]


def zone(name: str, key: str, *, private: bool = False) -> dict[str, Any]:
    return {"Id": f"/hostedzone/{key}", "Name": name, "Config": {"PrivateZone": private}}


ZONES = [
    zone("supertokens.com.", "Z1"),
    zone("aws.supertokens.com.", "Z2"),
    zone("aws.supertokens.com.", "Z3", private=True),
    zone("ws.supertokens.com.", "Z4"),
]


def test_the_longest_public_zone_of_the_name_is_suggested() -> None:
    options = found_by(zones("aws.supertokens.com"), ZONES)
    assert suggested(options) == ["Z2"]
    assert {option.value for option in options if option.disabled} == {"Z3"}
    assert suggested(found_by(zones("dev.supertokens.com"), ZONES)) == ["Z1"]


def test_of_two_public_zones_of_one_name_none_is_guessed() -> None:
    twice = [*ZONES, zone("aws.supertokens.com.", "Z5")]
    assert suggested(found_by(zones("aws.supertokens.com"), twice)) == []


def record(name: str, kind: str, value: str, ttl: int = 300) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value}]}


RECORDS = [
    record("aws.example.com.", "NS", "ns-1."),
    record("acme.aws.example.com.", "A", "192.0.2.1"),
    record("acme.aws.example.com.", "TXT", '"x"'),
    record("globex.aws.example.com.", "CNAME", "host.example.com", 60),
    record("deep.down.aws.example.com.", "A", "192.0.2.2"),
    record("\\052.aws.example.com.", "A", "192.0.2.3"),
    record("_token.aws.example.com.", "CNAME", "validation.example.com"),
]


def test_names_of_one_label_with_what_they_answer_now() -> None:
    options = found_by(names("Z2", "aws.example.com", "app-acme"), RECORDS)
    assert [option.label for option in options] == [
        "acme.aws.example.com → A 192.0.2.1, TTL 300 s",
        "globex.aws.example.com → CNAME host.example.com, TTL 60 s",
    ]
    assert suggested(options) == ["acme.aws.example.com"]


@pytest.mark.parametrize(
    ("app", "wanted"),
    [
        ("new_app", "new-app.aws.example.com"),
        ("app-new", "new.aws.example.com"),
        ("GLOBEX", "globex.aws.example.com"),
    ],
)
def test_the_apps_own_name_is_offered_even_without_a_record(app: str, wanted: str) -> None:
    options = found_by(names("Z2", "aws.example.com", app), RECORDS)
    assert suggested(options) == [wanted]
    assert options[0].value == wanted


def test_without_a_suffix_the_zones_name_is_taken() -> None:
    answer = {"HostedZone": {"Name": "aws.example.com."}}
    options, asked = play(names("Z2"), answer, RECORDS)
    assert operations(asked) == ["GetHostedZone", "ListResourceRecordSets"]
    assert len(options) == 2
    assert suggested(options) == []


def test_escapes_of_route_53_are_read() -> None:
    assert plain("\\052.Example.com.") == "*.example.com"


def arns(*topic_names: str) -> list[dict[str, str]]:
    return [{"TopicArn": f"arn:aws:sns:us-east-1:123456789012:{name}"} for name in topic_names]


@pytest.mark.parametrize(
    "name",
    ["CloudWatch_Alarms_US_East_1_ELB", "CloudWatchAlarmsUS_East_1_ELB", "CloudWatchAlarms_x_ELB"],
)
def test_both_spellings_of_the_topic_are_suggested(name: str) -> None:
    options, asked = play(
        topics("ELB"), arns("aaa", name, "CloudWatch_Alarms_US_East_1_RDS", "b.fifo")
    )
    assert [option.label for option in options if option.suggested] == [name]
    assert options[0].label == name
    assert len(options) == 4
    assert [option.label for option in options if option.disabled] == ["b.fifo"]
    assert isinstance(asked[0], Read)
    assert asked[0].pages == "Topics"


def test_of_two_matching_topics_none_is_guessed() -> None:
    options = found_by(topics("ELB"), arns("CloudWatch_Alarms_a_ELB", "CloudWatch_Alarms_b_ELB"))
    assert suggested(options) == []
    assert found_by(topics("ELB"), []) == []


def tagged(*values: str) -> list[dict[str, Any]]:
    return [{"Tags": [{"Key": "VantaOwner", "Value": value}, {"Key": "x"}]} for value in values]


def test_the_only_owner_is_suggested_without_counting() -> None:
    options, asked = play(owners(), ["me@example.com"])
    assert suggested(options) == ["me@example.com"]
    assert operations(asked) == ["GetTagValues"]


def test_the_most_usual_owner_is_suggested_and_never_the_web_pages_stand_in() -> None:
    used = tagged("[email protected]", "[email protected]", "a@b.c", "a@b.c", "d@e.f")
    options = found_by(owners(), ["[email protected]", "a@b.c", "d@e.f", "old@b.c"], used)
    assert suggested(options) == ["a@b.c"]
    assert [option.value for option in options if option.disabled] == ["[email protected]"]
    assert {option.value for option in options} >= {"old@b.c"}


def test_two_equally_usual_owners_are_not_guessed_between() -> None:
    assert suggested(found_by(owners(), ["a@b.c", "d@e.f"], tagged("a@b.c", "d@e.f"))) == []


def column(name: str) -> dict[str, Any]:
    return {"name": name, "type": "TEXT", "nullable": True, "primary_key": False, "default": None}


def test_the_column_of_app_ids_is_suggested() -> None:
    options = found_by(columns("sqlite://", "apps"), [column("app"), column("app_id")])
    assert suggested(options) == ["app_id"]
    assert suggested(found_by(columns("sqlite://", "apps"), [column("name")])) == []
    assert found_by(columns("sqlite://", "apps"), None) == []
