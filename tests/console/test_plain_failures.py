"""The plain front end when things go wrong, or the operator leaves: what is told, what is kept."""

from collections.abc import Mapping
from pathlib import Path

from tests.console.scripted import BEGIN, END, TAKE, Sitting, StageDesk
from tests.engine.stage import Stage
from tests.engine.world import once
from wizard.effects import Effect, Json, Request, Write
from wizard.engine.engine import Engine
from wizard.errors import CallError, CredentialsError, RefusedError, UnknownOutcomeError
from wizard.session.base import Pin
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
STARTED = """
sections:
- title: S
  items:
  - {id: a, title: Start it, letter: L, step: test.started}
"""
ALL = ("Nothing has been changed", "all")


def desk(tmp_path: Path, text: str) -> StageDesk:
    return StageDesk(Stage(tmp_path / "home", text))


def fails_once(stage: Stage, error: Exception) -> None:
    stage.world.before.append(once(lambda effect: isinstance(effect, Write), error))


def test_a_failure_is_told_and_tried_again(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    fails_once(the_desk.stage, CallError("It is full.", code="Full", todo="Make room."))
    sitting = Sitting(the_desk, *BEGIN, ALL, ("What now", "retry"), *END, start="test")
    assert sitting.code == 0
    assert "It is full." in sitting.printed
    assert "→ Make room." in sitting.printed


def test_a_failure_that_is_left_makes_the_exit_code_1(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    fails_once(the_desk.stage, CallError("It is full.", code="Full"))
    sitting = Sitting(the_desk, *BEGIN, ALL, ("What now", "leave"), start="test")
    assert sitting.code == 1
    assert the_desk.stage.state().suspended


def test_a_failure_is_marked_done_by_hand(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    fails_once(the_desk.stage, CallError("It is full.", code="Full"))
    sitting = Sitting(
        the_desk, *BEGIN, ALL, ("What now", "mark"), ("done by hand", "by ada"), *END, start="test"
    )
    assert sitting.code == 0
    assert the_desk.stage.statuses() == {"a": Status.MARKED}


def test_a_lost_answer_is_settled_by_a_persons_word(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, STARTED)

    def is_start(effect: Effect) -> bool:
        return isinstance(effect, Request)

    lost = UnknownOutcomeError("no answer", code="Timeout")
    the_desk.stage.world.after.append(once(is_start, lost))
    sitting = Sitting(
        the_desk,
        *BEGIN,
        ALL,
        ("Did it happen", "happened"),
        ("What you saw", "it runs"),
        *END,
        start="test",
    )
    assert sitting.code == 0
    assert the_desk.stage.world.things["requested"] == 1
    assert "The answer of this call was lost" in sitting.printed


def test_expired_credentials_hold_the_session_until_the_operator_goes_on(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    fails_once(the_desk.stage, CredentialsError("The token has expired.", code="ExpiredToken"))
    sitting = Sitting(
        the_desk, *BEGIN, ALL, ("When the cause is gone", "go on"), *END, start="test"
    )
    assert sitting.code == 0
    assert the_desk.stage.world.resets == 1
    assert "The token has expired." in sitting.printed


def test_ctrl_c_suspends_and_says_how_to_go_on(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    sitting = Sitting(
        the_desk, *BEGIN, ("Nothing has been changed", KeyboardInterrupt), start="test"
    )
    assert sitting.code == 3
    assert "st-wizard resume 1" in sitting.printed
    assert the_desk.stage.state().suspended


def test_ctrl_c_before_the_beginning_begins_nothing(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, ONE)
    sitting = Sitting(the_desk, ("Region", KeyboardInterrupt), start="test")
    assert sitting.code == 3
    assert the_desk.sessions() == []


def test_what_was_answered_wrongly_is_changed_after_the_failure(tmp_path: Path) -> None:
    text = """
inputs:
  what: {label: What, default: one}
sections:
- title: S
  items:
  - {id: a, title: Put it, letter: L, step: test.thing, with: {name: "${inputs.what}"}}
"""
    the_desk = desk(tmp_path, text)
    fails_once(the_desk.stage, CallError("It is full.", code="Full"))
    sitting = Sitting(
        the_desk,
        *BEGIN,
        ("What", TAKE),
        ALL,
        ("What now", "edit"),
        ("Which answer", "what"),
        ("What", "two"),
        *END,
        start="test",
    )
    assert sitting.code == 0
    assert the_desk.stage.world.things == {"two": "right"}


def test_when_the_plan_is_refused_the_session_is_kept(tmp_path: Path) -> None:
    class Elsewhere(StageDesk):
        def preview(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Engine:
            raise RefusedError("Not the account that was confirmed.")

    the_desk = Elsewhere(Stage(tmp_path / "home", ONE))
    sitting = Sitting(the_desk, *BEGIN, start="test")
    assert sitting.code == 4
    assert "st-wizard resume 1" in sitting.printed
    assert "Not the account that was confirmed." in sitting.printed
    assert the_desk.stage.state().suspended


def test_consent_outlives_the_sitting(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, SAID)
    sitting = Sitting(the_desk, *BEGIN, ALL, ("Is it so", "leave"), start="test")
    assert sitting.code == 3
    again = Sitting(the_desk, ("Is it so", "attest"), ("Your note", "seen"), *END, resume="1")
    assert again.code == 0
    assert "The plan" not in again.printed
