"""What OSCAL assessment results say: no more than was seen."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.evidence.in_oscal import observed, only_result, written
from tests.evidence.session import HOSTILE, story
from wizard.session import events


def test_an_item_links_to_the_files_of_its_own_calls() -> None:
    document, files = written(story())
    [result] = document["results"]
    names = {
        f"#{one['uuid']}": one["rlinks"][0]["href"]
        for one in document["back-matter"]["resources"]
        if one.get("rlinks")
    }
    linked = {names[one["href"]] for one in observed(result, "lb.alb.create")["relevant-evidence"]}
    mine = [name for name in linked if name.startswith("evidence/")]
    assert any("CreateLoadBalancer" in name for name in mine)
    assert all(b"lb.alb.create" in files[name] for name in mine)


@pytest.mark.parametrize(
    ("item", "methods"),
    [
        ("lb.alb.create", ["TEST"]),
        ("lb.cover.rps", ["INTERVIEW"]),
        ("lb.cover.slack", ["INTERVIEW"]),
        ("lb.listener.create", ["TEST"]),
        ("lb.cover.million", ["EXAMINE"]),
        ("lb.dns.alias", ["EXAMINE"]),
    ],
)
def test_what_was_not_tested_is_not_called_a_test(item: str, methods: list[str]) -> None:
    assert observed(only_result(story()), item)["methods"] == methods


@pytest.mark.parametrize(
    ("criterion", "state", "reason"),
    [
        ("A1.2", "satisfied", "pass"),
        ("A1.1", "satisfied", "pass"),
        ("CC6.6", "not-satisfied", "other"),
        ("CC6.7", "not-satisfied", "fail"),
        ("CC7.2", "not-satisfied", "other"),
        ("CC7.3", "not-satisfied", "other"),
        ("CC8.1", "not-satisfied", "other"),
    ],
)
def test_each_criterion_has_a_finding(criterion: str, state: str, reason: str) -> None:
    found = {
        one["target"]["target-id"]: one["target"]["status"]
        for one in only_result(story())["findings"]
    }
    status = found[f"{criterion}_st-wizard"]
    assert (status["state"], status["reason"]) == (state, reason)


def test_a_criterion_that_nothing_applied_to_has_no_finding() -> None:
    told = story().tell(events.ItemNotApplicable(item="lb.dns.alias", why="none"))
    result = only_result(told)
    assert "CC6.6_st-wizard" not in {one["target"]["target-id"] for one in result["findings"]}
    assert "CC6.6" in result["reviewed-controls"]["remarks"]


def test_risks_are_what_is_open_left_out_or_departs_from_the_letter() -> None:
    found = {one["title"]: one for one in only_result(story())["risks"]}
    assert {title: one["status"] for title, one in found.items()} == {
        "Failed: Create listener HTTPS 3567": "open",
        "1 item is open": "open",
        "Skipped: A million sessions": "deviation-requested",
        "Done by hand, not verified: Errors reach Slack": "open",
        "Departs from the letter: Security Policy": "deviation-requested",
    }
    departs = found["Departs from the letter: Security Policy"]
    assert "TLS 1.0" in departs["statement"]
    assert len(departs["related-observations"]) == 1


def test_an_attestation_has_its_person_and_words() -> None:
    document, _ = written(story())
    [result] = document["results"]
    [said] = result["attestations"]
    assert said["parts"][0]["prose"] == "1,240 requests a second at p99 180 ms"
    people = {one["uuid"]: one["name"] for one in document["metadata"]["parties"]}
    assert people[said["responsible-parties"][0]["party-uuids"][0]] == "ada@desk"


def test_nothing_from_outside_is_markup() -> None:
    document, _ = written(story())
    text = json.dumps(document, ensure_ascii=False)
    assert HOSTILE not in text
    for value in texts(document):
        assert "<script" not in value.replace("\\<", "")
        assert "\u202e" not in value


def test_the_same_session_gives_the_same_document_and_a_later_state_another() -> None:
    told = story()
    first, again = written(told)[0], written(story())[0]
    assert first == again
    later = written(told.tell(events.SessionAborted(reason="enough")))[0]
    assert later["uuid"] != first["uuid"]
    assert later["results"][0]["uuid"] == first["results"][0]["uuid"]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
