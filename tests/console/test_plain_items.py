"""The plain front end on the real engine over a small world: consent, pauses, failures, leaving."""

from pathlib import Path

from msgspec.structs import replace

from tests.console.scripted import BEGIN, END, Sitting, StageDesk
from tests.engine.stage import Stage
from tests.engine.world import PIN
from wizard.engine.desk import Evidence
from wizard.session.state import Status

ONE = """
sections:
- title: First part
  items:
  - {id: a, title: Put it, letter: The letter, step: test.thing, with: {name: one}}
"""
SAID = """
sections:
- title: S
  items:
  - {id: a, title: Look at Slack, letter: See it, step: test.said, with: {instructions: Open it.}}
"""
TWO = ONE + "  - {id: b, title: Then this, letter: L, step: test.thing, with: {name: two}}\n"
ALL = ("Nothing has been changed", "all")
ONE_BY_ONE = ("Nothing has been changed", "one by one")


def desk(tmp_path: Path, text: str) -> StageDesk:
    return StageDesk(Stage(tmp_path / "home", text))


def test_a_whole_sitting_from_the_menu_to_the_export(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    the_desk.stage.world.things = {"one": "wrong"}
    sitting = Sitting(
        the_desk,
        ("What is to be done", ("start", "test")),
        *BEGIN,
        ALL,
        ("Export", True),
        ("Below which folder", str(tmp_path / "evidence")),
    )
    assert sitting.code == 0
    assert the_desk.stage.world.things == {"one": "right"}
    for part in (
        "test (111122223333)",
        "REAL",
        "value: wrong → right",
        "1. Put one",
        "aws things PutThing",
        "1 change to make",
        "✓ done      Put it  changed, and looked at again",
        "No deviation",
    ):
        assert part in sitting.printed, sitting.printed
    assert list((tmp_path / "evidence").glob("*/report.html"))


def test_what_stands_for_the_evidence_already_is_told(tmp_path: Path) -> None:
    class Exporting(StageDesk):
        def export(self, session: str, to: Path) -> Evidence:
            return Evidence(folder=to, signed="✓ Signed before", besides=("△ The time went",))

    folder = ("Below which folder", str(tmp_path))
    again = Sitting(
        Exporting(Stage(tmp_path / "home", ONE)),
        *BEGIN,
        ALL,
        ("Export", True),
        folder,
        start="test",
    )
    assert "✓ Signed before" in again.printed
    assert "△ The time went" in again.printed


def test_a_real_account_is_typed_and_anything_else_is_refused(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    sitting = Sitting(
        the_desk,
        ("Region", "us-east-1"),
        ("Type its alias", "tset"),
        ("Type its alias", ""),
        start="test",
    )
    assert sitting.code == 4
    assert sitting.script.refused == ["That is not the account's alias."]
    assert the_desk.sessions() == []
    assert the_desk.stage.world.calls == []


def test_without_an_alias_the_account_id_is_typed(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    the_desk.pin = replace(PIN, alias="")
    sitting = Sitting(
        the_desk,
        ("Region", "us-east-1"),
        ("Type its account id", "111122223333"),
        ("Nothing has been changed", "dry run"),
        start="test",
    )
    assert sitting.code == 3


def test_a_simulated_account_is_confirmed_plainly(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    the_desk.pin = replace(PIN, endpoint_url="http://127.0.0.1:4000")
    sitting = Sitting(
        the_desk, ("Region", "us-east-1"), ("real account can change", False), start="test"
    )
    assert sitting.code == 4
    assert "SIMULATED" in sitting.printed


def test_a_dry_run_changes_nothing_and_is_resumed_to_its_end(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    dry = Sitting(the_desk, *BEGIN, ("Nothing has been changed", "dry run"), start="test")
    assert dry.code == 3
    assert the_desk.stage.world.written() == []
    assert "st-wizard resume 1" in dry.printed
    again = Sitting(the_desk, ALL, *END, resume="")
    assert again.code == 0
    assert the_desk.stage.world.written() == ["PutThing"]


def test_one_by_one_each_item_is_shown_before_it_is_done_or_skipped(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, TWO)
    sitting = Sitting(
        the_desk,
        *BEGIN,
        ONE_BY_ONE,
        ("Let these calls happen", "later"),
        ("Let these calls happen", "approve"),
        ("Let these calls happen", "skip"),
        ("Why it is skipped", ""),
        ("Why it is skipped", "not today"),
        *END,
        start="test",
    )
    assert sitting.code == 0
    assert the_desk.stage.world.things == {"two": "right"}
    assert the_desk.stage.statuses() == {"a": Status.SKIPPED, "b": Status.DONE}
    assert "» skipped   Put it  not today" in sitting.printed
    assert sitting.script.refused == ["A note is needed."]


def test_a_person_says_so_with_a_note(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, SAID)
    sitting = Sitting(
        the_desk, *BEGIN, ALL, ("Is it so", "attest"), ("Your note", "saw it"), *END, start="test"
    )
    assert sitting.code == 0
    attestation = the_desk.stage.state().item("a").attestation
    assert attestation is not None
    assert attestation.note == "saw it"
    for part in ("Open it.", "See it", "It cannot see it"):
        assert part in sitting.printed


def test_text_from_outside_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    the_desk.stage.world.things = {"one": "\x1b]0;owned\x07[bold red]:smile:[/]\u202e"}
    sitting = Sitting(the_desk, *BEGIN, ALL, *END, start="test")
    assert "␛]0;owned␇[bold red]:smile:[/]⟨U+202E⟩ → right" in sitting.printed
    assert "\x1b" not in sitting.printed


def test_a_terminal_without_unicode_gets_what_it_can_show(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    sitting = Sitting(the_desk, *BEGIN, ALL, *END, start="test", encoding="ascii")
    assert sitting.code == 0
    assert "+ done      Put it" in sitting.printed


def test_a_pause_that_notices_itself_is_told_once_and_goes_on(tmp_path: Path) -> None:
    text = """
sections:
- title: S
  items:
  - {id: a, title: By hand, letter: Do it, step: test.seen, with: {name: one}}
"""
    the_desk = desk(tmp_path, text)

    def wait_while_it_is_done() -> str:
        the_desk.stage.world.things["one"] = "right"
        return "later"

    sitting = Sitting(
        the_desk, *BEGIN, ALL, ("Meanwhile?", wait_while_it_is_done), *END, start="test"
    )
    assert sitting.code == 0
    assert sitting.printed.count("⚑ needs you: By hand") == 1
    assert "It looks by itself, and goes on when it is done." in sitting.printed
    assert "✓ done      By hand  seen to be right" in sitting.printed
