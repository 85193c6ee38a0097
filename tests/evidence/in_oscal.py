"""Told sessions as OSCAL, and what of them a test asks for."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from tests.evidence.session import Story
from tests.evidence.test_controls import pinned_with
from wizard.evidence.bundle import PARTS
from wizard.evidence.oscal import NAME
from wizard.evidence.source import Source, source

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


def observed(result: Told, item: str) -> Told:
    for one in result["observations"]:
        for prop in one["props"]:
            if (prop["name"], prop["value"]) == ("item", item):
                found: Told = one
                return found
    raise KeyError(item)
