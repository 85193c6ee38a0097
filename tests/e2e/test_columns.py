"""The three columns of an empty region before anything is made: the third says what will be."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.e2e.command import st_wizard
from wizard.checklist.load import load_bundled
from wizard.effects import UNKNOWN
from wizard.simulator.process import Simulator

EMPTY, REFERENCE = "eu-central-1", "us-east-1"
"""A region that is enabled, and has nothing but what every region has from the start."""

ONLY_AWS_KNOWS: Mapping[str, str] = {}
"""`item field` → why only AWS can say it. None is left: no id with a random part is compared."""

Rows = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The comparison by item."""
    with Simulator(speed=600) as simulator:
        done = st_wizard(
            *("compare", EMPTY, REFERENCE, "--json"),
            *("--endpoint-url", simulator.ready.endpoint_url),
            home=tmp_path_factory.mktemp("home"),
        )
    return {item["id"]: item for item in done.line()["items"]}


def rows(item: Mapping[str, Any]) -> Rows:
    return {row["field"]: row for row in item["rows"]}


def test_every_item_with_a_reference_has_a_third_column(
    compared: dict[str, dict[str, Any]],
) -> None:
    wanted = {item.id for item in load_bundled("add-region").checklist.items if item.reference}
    assert set(compared) == wanted
    assert {name: item["problem"] for name, item in compared.items() if item["problem"]} == {}
    assert [name for name, item in compared.items() if not item["rows"]] == []
    unknown = {
        f"{name} {row['field']}"
        for name, item in compared.items()
        for row in item["rows"]
        if UNKNOWN in json.dumps(row["here"])
    }
    assert unknown == set(ONLY_AWS_KNOWS)


def test_what_differs_by_its_nature_says_why_and_nothing_is_to_fix(
    compared: dict[str, dict[str, Any]],
) -> None:
    everything = [row for item in compared.values() for row in item["rows"]]
    assert [row["field"] for row in everything if row["mark"] == "differs"] == []
    assert all(row["reason"] for row in everything if row["mark"] != "same")


def test_what_must_not_be_copied_is_shown_as_such(compared: dict[str, dict[str, Any]]) -> None:
    bucket = rows(compared["region.s3.saas.create"])
    for field in ("notification", "logging", "policy"):
        assert (bucket[field]["here"], bucket[field]["mark"]) == (None, "expected")
        assert bucket[field]["reference"]
    logs = rows(compared["region.s3.logs.create"])
    assert (logs["ownership"]["here"], logs["acl"]["here"]) == ("BucketOwnerEnforced", None)


def test_the_letters_column_has_what_the_runbook_states(
    compared: dict[str, dict[str, Any]],
) -> None:
    stated = {
        f"{item.id} {field}"
        for item in load_bundled("add-region").checklist.items
        if item.reference
        for field, said in item.reference.letter.items()
        if said != ""
    }
    shown = {
        # Of a member, the field follows its name.
        f"{name} {row['field'].removeprefix(member + '.') if member else row['field']}"
        for name, item in compared.items()
        for member in ("", *(row["field"] for row in item["rows"] if row["reference"] == "present"))
        for row in item["rows"]
        if row["letter"]
    }
    assert stated - shown == set()
    memory = rows(compared["region.rds.alarm.memory"])
    assert memory["Threshold"]["letter"] == "52428800"
    assert memory["Dimensions.EngineName"]["letter"] == "aurora"
    assert (memory["Dimensions.EngineName"]["here"], memory["Dimensions.EngineName"]["mark"]) == (
        None,
        "accepted",
    )


def test_members_are_told_field_by_field(compared: dict[str, dict[str, Any]]) -> None:
    instances = rows(compared["region.rds.instance"])
    writer = instances[f"supertokens-prod-{EMPTY}-writer.DBInstanceClass"]
    assert writer["here"] == writer["reference"]
    assert writer["planned"]
    tags = rows(compared["region.rds.tags"])
    assert tags[f"supertokens-prod-{EMPTY}-reader.VantaContainsUserData"]["here"] == "true"
