"""The Trust Services Criteria and Vanta's tests that items may name, from `controls.yaml`."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from wizard.checklist import yaml_text
from wizard.checklist.model import CriterionId, Text, VantaTestId


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the AICPA's criteria, in a few words."""

    category: Text
    subject: Text


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that there are, in the order in which the AICPA numbers them."""

    criteria: Mapping[CriterionId, Criterion]
    vanta: Mapping[VantaTestId, Text]
    """Titles by id."""


@cache
def table() -> Table:
    """The table that comes with the package."""
    name = "controls.yaml"
    text = resources.files("checklists").joinpath(name).read_bytes().decode()
    return msgspec.convert(yaml_text.read(text, name).content, Table)


def subject(criterion: str) -> str:
    """What a criterion is about; empty for one that this version does not know."""
    known = table().criteria.get(criterion)
    return known.subject if known else ""


def vanta_title(test: str) -> str:
    """The title of one of Vanta's tests; its id where this version does not know it."""
    return table().vanta.get(test, test)


def in_order(criteria: set[str]) -> list[str]:
    """Criteria as the AICPA numbers them; what is unknown comes last."""
    places = {name: place for place, name in enumerate(table().criteria)}
    return sorted(criteria, key=lambda name: (places.get(name, len(places)), name))
