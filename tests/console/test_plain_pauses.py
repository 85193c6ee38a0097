"""On plain paper: deeds at a pause, a pause that is skipped, and the comparison before consent."""

from pathlib import Path

import pytest

from tests.console.scripted import BEGIN, END, Sitting, StageDesk
from tests.engine.stage import Stage
from wizard.session.state import Status

SUBSCRIBED = """
sections:
- title: S
  items:
  - {id: a, title: Confirm it, letter: L, step: test.subscribed, with: {name: one}}
"""
PROVEN = SUBSCRIBED.replace("test.subscribed", "test.proven")
COMPARED = """
inputs:
  addresses: {label: Addresses, type: texts, pattern: '[0-9./]+',
    consent: {value: 0.0.0.0/0, phrase: open it}}
sections:
- title: S
  items:
  - id: a
    title: Like there
    letter: L
    step: test.setup
    with: {name: one, settings: {addresses: "${inputs.addresses}"}}
    reference: {region: eu-west-1, with: {name: theirs}}
"""
ALL = ("Nothing has been changed", "all")
ONE_BY_ONE = ("Nothing has been changed", "one by one")
LINK = "https://sns.test/?Token=canary-of-the-link"


def desk(tmp_path: Path, text: str) -> StageDesk:
    return StageDesk(Stage(tmp_path, text))


def test_a_link_is_pasted_into_a_masked_field(tmp_path: Path) -> None:
    sitting = Sitting(
        desk(tmp_path, SUBSCRIBED), *BEGIN, ALL,
        ("Meanwhile?", "deed link"), ("The link of the mail", LINK), *END, start="test",
    )  # fmt: skip
    assert sitting.code == 0
    assert "canary" not in sitting.printed
    assert "✓ done      Confirm it" in sitting.printed


def test_what_is_wrong_with_a_deed_is_told_and_it_is_asked_again(tmp_path: Path) -> None:
    sitting = Sitting(
        desk(tmp_path, SUBSCRIBED), *BEGIN, ALL,
        ("Meanwhile?", "deed link"), ("The link of the mail", "canary"),
        ("Meanwhile?", "deed link"), ("The link of the mail", LINK), *END, start="test",
    )  # fmt: skip
    assert sitting.code == 0
    assert "✗ *** is not a link of a confirmation mail." in sitting.printed


@pytest.mark.parametrize(
    ("chosen", "note", "status"),
    [
        ("skip", ("Why it is skipped", "not today"), Status.SKIPPED),
        ("mark", ("What was done by hand", "by ada"), Status.MARKED),
    ],
)
def test_a_pause_that_notices_itself_can_be_ended(
    tmp_path: Path, chosen: str, note: tuple[str, str], status: Status
) -> None:
    the_desk = desk(tmp_path, SUBSCRIBED)
    sitting = Sitting(the_desk, *BEGIN, ALL, ("Meanwhile?", chosen), note, *END, start="test")
    assert sitting.code == 0
    assert the_desk.stage.state().item("a").status is status


def test_a_deed_at_an_attestation_and_the_word_that_attests(tmp_path: Path) -> None:
    sitting = Sitting(
        desk(tmp_path, PROVEN), *BEGIN, ALL,
        ("Is it so?", "deed send"),
        ("Is it so?", "deed word"), ("The word", "another"),
        ("Is it so?", "deed word"), ("The word", "word-0"), *END, start="test",
    )  # fmt: skip
    assert sitting.code == 0
    assert "✗ That is not the word that was sent. Read it again." in sitting.printed


def test_the_comparison_is_shown_and_a_difference_let_stand(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, COMPARED)
    the_desk.stage.world.things = {
        "eu-west-1/theirs": {"addresses": ["10.0.0.0/16"], "kept": True},
        "one": {"addresses": [], "kept": False},
    }
    sitting = Sitting(
        the_desk, *BEGIN, ("Addresses", "10.1.0.0/16, 10.2.0.0/16"), ONE_BY_ONE,
        ("Let these calls happen?", "accept"), ("Which difference", "kept"), ("Why", "as agreed"),
        ("Let these calls happen?", "approve"), *END, start="test",
    )  # fmt: skip
    assert sitting.code == 0
    assert "Beside eu-west-1: 0 of 2 fields are the same" in sitting.printed
    assert "✗ differs  addresses" in sitting.printed
    assert "eu-west-1: 10.0.0.0/16" in sitting.printed
    assert "here, planned: 10.1.0.0/16, 10.2.0.0/16" in sitting.printed
    assert "✎ accepted  kept  (as agreed)" in sitting.printed
    assert the_desk.stage.world.things["one"]["addresses"] == ["10.1.0.0/16", "10.2.0.0/16"]


def test_a_dangerous_entry_of_a_list_needs_its_phrase(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, COMPARED)
    sitting = Sitting(
        the_desk, *BEGIN, ("Addresses", "10.1.0.0/16 0.0.0.0/0"), ('type "open it"', "no"),
        ("Addresses", "10.1.0.0/16 0.0.0.0/0"), ('type "open it"', "open it"), ALL, *END,
        start="test",
    )  # fmt: skip
    assert sitting.code == 0
    assert the_desk.stage.world.things["one"]["addresses"] == ["10.1.0.0/16", "0.0.0.0/0"]
