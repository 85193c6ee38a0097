"""OSCAL assessment results: valid by the reference library for every outcome, whole in themselves,
and saying no more than was seen."""

import hashlib
import json
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.engine.stage import Stage, item_is
from tests.engine.test_fan_out import MANY, NAMES, VALUE, failing
from tests.evidence.session import CHECKLIST, HOSTILE, PIN, Story, story
from tests.evidence.test_controls import pinned_with, rechecking
from wizard.checklist.load import load_text
from wizard.effects import Again
from wizard.evidence.bundle import PARTS
from wizard.evidence.oscal import NAME
from wizard.evidence.source import Source, source
from wizard.session import calls, events
from wizard.session.rechecks import Drifted, Rechecked, Verdict
from wizard.session.state import Status

Told = dict[str, Any]


def source_of(told: Story) -> Source:
    state = told.state
    named = msgspec.structs.replace(pinned_with(), sha256=state.checklist_sha256)
    return source(named, told.entries, state)


def bundle(of: Source) -> dict[str, bytes]:
    """The files up to this one: what comes after it does not matter to it, and takes longer."""
    files: dict[str, bytes] = {}
    for part in PARTS:
        files |= part(of, files)
        if NAME in files:
            break
    return files


def written(told: Story) -> tuple[Told, Mapping[str, bytes]]:
    files = bundle(source_of(told))
    return json.loads(files[NAME])["assessment-results"], files


def only_result(told: Story) -> Told:
    [result] = written(told)[0]["results"]
    whole: Told = result
    return whole


def done(how: str) -> Callable[[Story], Story]:
    return lambda told: told.tell(
        events.ItemStarted(item="lb.dns.alias"),
        events.Observed(item="lb.dns.alias", found={"name": "x"}, differences=()),
        events.ItemDone(item="lb.dns.alias", how=how, outputs={"arn": "arn:aws:x:y"}),
    )


def in_doubt(told: Story) -> Story:
    return told.tell(
        events.ItemStarted(item="lb.dns.alias"),
        calls.CallIntended(
            item="lb.dns.alias",
            op="op-9",
            title="Change",
            service="route53",
            operation="ChangeResourceRecordSets",
            region="us-east-1",
            params={},
            request_sha256="ab" * 32,
            cli="aws route53 …",
            again=Again.ASK,
        ),
        calls.CallInDoubt(item="lb.dns.alias", op="op-9", code="timeout", message="lost"),
    )


def finished(told: Story) -> Story:
    for item in ("lb.listener.create", "lb.dns.alias"):
        told.tell(
            events.ItemReset(item=item, why="again"), events.ItemSkipped(item=item, reason="no")
        )
    return told.tell(events.SessionFinished())


def removed(told: Story) -> Story:
    gone = {"id": "lb.old", "title": "An old one", "letter": "Do the old", "step": "a.b"}
    text = CHECKLIST
    return told.tell(
        events.ChecklistMoved(
            checklist_text=text,
            checklist_sha256=load_text(text, "a.yaml").sha256,
            advice_text="",
            advice_sha256="",
            added=(),
            removed=(gone,),
            kept=("pre.identity", "lb.alb.create"),
        )
    )


OUTCOMES: dict[str, Callable[[Story], Story]] = {
    "incomplete: done, attested, marked, skipped, failed and open": lambda told: told,
    "already right": done("already"),
    "changed": done("changed"),
    "observed": done("observed"),
    "not applicable": lambda told: told.tell(
        events.ItemNotApplicable(item="lb.dns.alias", why="none")
    ),
    "in doubt": in_doubt,
    "aborted": lambda told: told.tell(events.SessionAborted(reason="=another\nday")),
    "suspended": lambda told: told.tell(events.SessionSuspended(reason="")),
    "finished": finished,
    "removed items": removed,
}


@pytest.fixture(params=OUTCOMES)
def told(request: pytest.FixtureRequest) -> Story:
    outcome: str = request.param
    return OUTCOMES[outcome](story())


def test_the_reference_library_finds_it_valid(told: Story, tmp_path: Path) -> None:
    assert_valid(bundle(source_of(told))[NAME], tmp_path)


def test_a_session_that_has_just_begun_is_valid(tmp_path: Path) -> None:
    assert_valid(bundle(source_of(Story()))[NAME], tmp_path)


def test_so_is_one_whose_checklist_names_no_criteria(tmp_path: Path) -> None:
    told = story()
    plain = source(load_text(CHECKLIST, "a.yaml"), told.entries, told.state)
    files = bundle(plain)
    assert_valid(files[NAME], tmp_path)
    [result] = json.loads(files[NAME])["assessment-results"]["results"]
    assert "findings" not in result
    assert result["reviewed-controls"]["control-selections"][0]["include-all"] == {}


def test_one_that_fans_out_is_valid_and_counts_its_members(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "two")
    state = stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    files = bundle(source(stage.pinned, stage.journal.entries("s1"), state))
    assert_valid(files[NAME], tmp_path)
    [result] = json.loads(files[NAME])["assessment-results"]["results"]
    many = observed(result, "many")
    assert "It stands for 3 (1 failed, 2 done): two, one, three." in many["description"]


def test_a_recheck_says_what_it_found_and_which_evidence_it_follows(tmp_path: Path) -> None:
    drifted = Drifted(field="scheme", then="internet-facing", now="internal", wrong=True)
    told = rechecking(
        Rechecked(item="pre.identity", verdict=Verdict.MATCH),
        Rechecked(item="lb.alb.create", verdict=Verdict.DRIFT, drifted=(drifted,)),
        Rechecked(item="lb.listener.create", verdict=Verdict.DENIED, why="You may not read it."),
        Rechecked(item="lb.cover.rps", verdict=Verdict.ATTESTED),
    ).tell(events.SessionFinished())
    document, files = written(told)
    assert_valid(files[NAME], tmp_path)
    assert {"name": "previous-sha256", "value": "cd" * 32}.items() <= document["metadata"]["props"][
        -1
    ].items()
    [result] = document["results"]
    balancer = observed(result, "lb.alb.create")
    assert "scheme was internet-facing and is internal." in balancer["description"]
    assert balancer["methods"] == ["TEST"]
    assert observed(result, "lb.cover.rps")["methods"] == ["EXAMINE"]
    assert {one["title"]: one["status"] for one in result["risks"]} == {
        "Drift: Create load balancer": "open",
        "1 could not be read again": "open",
        "3 items are open": "open",
    }
    states = {
        one["target"]["target-id"]: one["target"]["status"]["state"] for one in result["findings"]
    }
    assert states["A1.2_st-wizard"] == "not-satisfied"
    assert states["A1.1_st-wizard"] == "satisfied"


def test_a_simulated_account_says_so_loudly(tmp_path: Path) -> None:
    pin = msgspec.structs.replace(PIN, endpoint_url="http://127.0.0.1:4566")
    told = Story(pin=pin)
    assert_valid(bundle(source_of(told))[NAME], tmp_path)
    [account] = only_result(told)["local-definitions"]["components"]
    assert account["title"].startswith("SIMULATED AWS account 000011112222")
    assert account["status"]["state"] == "other"


def test_every_reference_leads_to_something(told: Story) -> None:
    document, _ = written(told)
    made = set(uuids(document))
    for name, uuid in references(document):
        assert uuid in made, f"{name} {uuid} leads nowhere"
    objectives = {
        part["id"]
        for one in document["local-definitions"]["objectives-and-methods"]
        for part in one["parts"]
    }
    [result] = document["results"]
    for finding in result["findings"]:
        assert finding["target"]["target-id"] in objectives


def test_every_uuid_is_of_version_5_and_stands_for_one_thing(told: Story) -> None:
    found = list(uuids(written(told)[0]))
    assert len(found) == len(set(found))
    assert {UUID(one).version for one in found} == {5}


def test_the_files_it_names_have_the_hashes_that_it_says(told: Story) -> None:
    document, files = written(told)
    named = {}
    for resource in document["back-matter"]["resources"]:
        for link in resource.get("rlinks", ()):
            for one in link.get("hashes", ()):
                named[link["href"]] = one["value"]
    assert set(named) == set(files) - {NAME}
    for name, value in named.items():
        assert hashlib.sha256(files[name]).hexdigest() == value


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


def assert_valid(content: bytes, folder: Path) -> None:

    from trestle.core.validator_factory import validator_factory
    from trestle.oscal import OSCAL_VERSION
    from trestle.oscal.assessment_results import AssessmentResults

    file = folder / NAME
    file.write_bytes(content)
    document = AssessmentResults.oscal_read(file)
    assert isinstance(document, AssessmentResults)
    assert document.metadata.oscal_version.root.root == OSCAL_VERSION
    checks = validator_factory.get(Namespace(mode="all"))
    assert checks.model_is_valid(document, quiet=True), checks.error_msg()


def observed(result: Told, item: str) -> Told:
    for one in result["observations"]:
        for prop in one["props"]:
            if (prop["name"], prop["value"]) == ("item", item):
                found: Told = one
                return found
    raise KeyError(item)


def uuids(value: Any) -> Iterator[str]:
    """Those that something is called by."""
    if isinstance(value, dict):
        if "uuid" in value:
            yield value["uuid"]
        for part in value.values():
            yield from uuids(part)
    elif isinstance(value, list):
        for part in value:
            yield from uuids(part)


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Where it refers to something by its UUID."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name.endswith("-uuid"):
                yield name, part
            elif name.endswith("-uuids"):
                yield from ((name, one) for one in part)
            elif name == "href" and part.startswith("#"):
                yield name, part[1:]
            else:
                yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
