"""OSCAL assessment results: valid by the reference library for every outcome, and whole in
themselves."""

import hashlib
import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.engine.stage import Stage, item_is
from tests.engine.test_fan_out import MANY, NAMES, VALUE, failing
from tests.evidence.in_oscal import bundle, observed, only_result, source_of, written
from tests.evidence.session import CHECKLIST, PIN, Story, story
from tests.evidence.test_controls import rechecking
from wizard.checklist.load import load_text
from wizard.effects import Again
from wizard.evidence.oscal import NAME
from wizard.evidence.source import source
from wizard.session import calls, events
from wizard.session.rechecks import Drifted, Rechecked, Verdict
from wizard.session.state import Status


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
