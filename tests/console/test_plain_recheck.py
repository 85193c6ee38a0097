"""A session that has ended is read again from the menu, as by the command."""

import io
from pathlib import Path

import pytest

from tests.console.scripted import BEGIN, END, Sitting, StageDesk
from tests.engine.stage import Stage
from wizard.console.rechecked import print_verdicts

ONE = """
sections:
- title: First part
  items:
  - {id: a, title: Put it, letter: The letter, step: test.thing, with: {name: one}}
"""
AGAIN = (
    ("What is to be done", ("recheck", "")),
    ("Which session is read again", "s1"),
)


@pytest.fixture
def desk(tmp_path: Path) -> StageDesk:
    """With one session, which is done."""
    made = StageDesk(Stage(tmp_path / "home", ONE))
    assert Sitting(made, *BEGIN, ("Nothing has been changed", "all"), *END, start="test").code == 0
    made.stage.world.calls.clear()
    return made


def test_what_is_as_it_was_matches_and_nothing_is_written(desk: StageDesk) -> None:
    again = Sitting(desk, *AGAIN, *END)
    assert again.code == 0
    assert desk.rechecked == ["s1"]
    assert desk.stage.world.written() == []
    assert "Session 1 rechecked: 1 match." in again.printed
    assert "st-wizard export 2 --to DIR" in again.printed


def test_what_has_drifted_is_told_as_by_the_command(desk: StageDesk, tmp_path: Path) -> None:
    desk.stage.world.things = {"one": "wrong"}
    to = ("Below which folder", str(tmp_path / "to"))
    again = Sitting(desk, *AGAIN, ("Export", True), to)
    assert again.code == 2
    out = io.StringIO()
    print_verdicts(*desk.look("again"), out)
    assert "recorded right, now wrong" in out.getvalue()
    for line in out.getvalue().splitlines():
        assert line.strip() in again.printed
    assert list((tmp_path / "to").glob("*/report.html"))


def test_a_terminal_of_ascii_alone_shows_it_too(desk: StageDesk) -> None:
    assert "+ match" in Sitting(desk, *AGAIN, *END, encoding="ascii").printed


def test_it_is_offered_only_for_what_has_ended_and_is_no_recheck(desk: StageDesk) -> None:
    Sitting(desk, *AGAIN, *END)
    third = Sitting(desk, AGAIN[0], ("Which session is read again", KeyboardInterrupt))
    assert [one.value for one in third.script.offered["Which session is read again?"]] == ["s1"]


def test_without_a_session_it_is_not_in_the_menu(tmp_path: Path) -> None:
    none = StageDesk(Stage(tmp_path / "home", ONE))
    menu = Sitting(none, ("What is to be done", KeyboardInterrupt))
    assert [one.value for one in menu.script.offered["What is to be done?"]] == [("start", "test")]


def test_left_in_the_middle_it_says_so(desk: StageDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wizard.console.rechecked.Autopilot._prepare", interrupted)
    left = Sitting(desk, *AGAIN, *END)
    assert left.code == 1
    assert "Nothing was begun" not in left.printed
    assert "did not come to its end" in left.printed
