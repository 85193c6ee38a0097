"""Questions on plain paper: choices, ports, deviations, phrases, secrets, and what is denied."""

from pathlib import Path

import pytest

from tests.console.scripted import BEGIN, END, TAKE, Sitting, StageDesk
from tests.engine.stage import Stage
from wizard.effects import Read
from wizard.errors import CallError

ALL = ("Nothing has been changed", "all")
ITEMS = """
sections:
- title: S
  items:
  - {id: a, title: Put it, letter: L, step: test.thing,
     with: {name: "${inputs.what}"}}
"""


def desk(tmp_path: Path, inputs: str, *, keyring: bool = True) -> StageDesk:
    text = "inputs:\n" + inputs + ITEMS
    return StageDesk(Stage(tmp_path / "home", text), keyring=keyring)


def test_a_departure_from_the_letter_needs_no_typing_but_is_told(tmp_path: Path) -> None:
    the_desk = desk(
        tmp_path,
        """
  what:
    {label: What, type: choice, letter: bad, advice: E1, default: good,
     choices: [{value: good, label: The good one}, {value: bad, label: The bad one}]}
""",
    )
    sitting = Sitting(the_desk, *BEGIN, ("What", TAKE), ("Reason", TAKE), ALL, *END, start="test")
    assert sitting.code == 0
    (deviation,) = the_desk.stage.state().deviations.values()
    assert (deviation.letter, deviation.chosen, deviation.reason) == ("bad", "good", "because")
    for part in ("▲ WARN  E1", "the letter", "the fact", "what it does", "bad → good", "because"):
        assert part in sitting.printed


def test_a_reason_of_ones_own_is_recorded(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, "  what: {label: What, letter: bad, advice: E1, default: good}\n")
    Sitting(the_desk, *BEGIN, ("What", "mine"), ("Reason", "I say"), ALL, *END, start="test")
    (deviation,) = the_desk.stage.state().deviations.values()
    assert (deviation.chosen, deviation.reason) == ("mine", "I say")


def test_a_dangerous_choice_needs_its_phrase(tmp_path: Path) -> None:
    the_desk = desk(
        tmp_path,
        """
  what:
    {label: What, type: choice, default: good, consent: {value: bad, phrase: logs will stop},
     choices: [{value: good, label: Good}, {value: bad, label: Bad}]}
""",
    )
    sitting = Sitting(
        the_desk,
        *BEGIN,
        ("What", "bad"),
        ('type "logs will stop"', ""),
        ("What", "bad"),
        ('type "logs will stop"', "logs will stop"),
        ALL,
        *END,
        start="test",
    )
    assert sitting.code == 0
    assert the_desk.stage.world.things == {"bad": "right"}


def test_a_wrong_answer_is_refused_in_the_checklists_own_words(tmp_path: Path) -> None:
    the_desk = desk(
        tmp_path, "  what: {label: What, pattern: '[a-z]+', pattern_help: Small letters only.}\n"
    )
    sitting = Sitting(the_desk, *BEGIN, ("What", "UP"), ("What", "up"), ALL, *END, start="test")
    assert sitting.script.refused == ["Small letters only."]
    assert the_desk.stage.world.things == {"up": "right"}


def test_live_choices_are_offered_with_what_is_suggested(tmp_path: Path) -> None:
    the_desk = desk(
        tmp_path, "  what: {label: What, type: choice, choices: {source: test.names}}\n"
    )
    the_desk.stage.world.things = {"names": ["one", "two"]}
    sitting = Sitting(the_desk, *BEGIN, ("What", "two"), ALL, *END, start="test")
    assert [one.label for one in sitting.script.offered["What"]] == ["The one", "The two"]
    assert the_desk.stage.state().answers["what"].label == "The two"
    assert "things:GetThing in us-east-1, read at" in sitting.printed


def test_when_the_look_up_is_denied_the_answer_is_typed(tmp_path: Path) -> None:
    the_desk = desk(
        tmp_path, "  what: {label: What, type: choice, choices: {source: test.names}}\n"
    )

    def denied(effect: object) -> None:
        if isinstance(effect, Read) and effect.params["Name"] == "names":
            raise CallError("You may not list them.", code="AccessDenied")

    the_desk.stage.world.before.append(denied)
    sitting = Sitting(the_desk, *BEGIN, ("What", "three"), ALL, *END, start="test")
    assert sitting.code == 0
    assert "Free text, because You may not list them." in sitting.printed
    assert the_desk.stage.world.things == {"three": "right"}


def test_a_text_with_choices_can_be_something_else(tmp_path: Path) -> None:
    from wizard.console.plain.fields import Other

    the_desk = desk(tmp_path, "  what: {label: What, choices: {source: test.names}}\n")
    the_desk.stage.world.things = {"names": ["one"]}
    sitting = Sitting(the_desk, *BEGIN, ("What", Other), ("What", "mine"), ALL, *END, start="test")
    assert sitting.code == 0
    assert the_desk.stage.world.things["mine"] == "right"


def test_an_optional_question_may_stay_empty(tmp_path: Path) -> None:
    the_desk = desk(
        tmp_path,
        "  what: {label: What, default: one}\n  more: {label: More, optional: true}\n",
    )
    Sitting(the_desk, *BEGIN, ("What", TAKE), ("More", ""), ALL, *END, start="test")
    assert the_desk.stage.state().answers["more"].value is None


def test_each_chosen_row_is_asked_for_its_port(tmp_path: Path) -> None:
    text = """
inputs:
  rows: {label: Rows, type: ports, port: 3567, minimum: 2, choices: {source: test.names}}
sections:
- title: S
  items:
  - {id: a, title: Put it, letter: L, step: test.thing,
     with: {name: it, value: "${join('+', inputs.rows)}"}}
"""
    the_desk = StageDesk(Stage(tmp_path / "home", text))
    the_desk.stage.world.things = {"names": ["one", "two"]}
    sitting = Sitting(
        the_desk,
        *BEGIN,
        ("Rows", TAKE),
        ("Port of The one", TAKE),
        ("Port of The two", "99999"),
        ("Port of The two", "3570"),
        ALL,
        *END,
        start="test",
    )
    assert sitting.script.refused == ["A port is a number from 1 to 65535."]
    assert the_desk.stage.world.things["it"] == "one:3567+two:3570"


SECRET = """
  key: {label: Key, type: secret, default: the-key}
  what: {label: What, default: one}
"""


@pytest.mark.parametrize("keep", [True, False])
def test_a_secret_is_typed_unseen_and_only_its_name_is_the_answer(
    tmp_path: Path, keep: bool
) -> None:
    the_desk = desk(tmp_path, SECRET)
    sitting = Sitting(
        the_desk,
        *BEGIN,
        ("Key", ""),
        ("Key", "hunter2hunter2"),
        ("keyring", keep),
        ("What", TAKE),
        ALL,
        *END,
        start="test",
    )
    assert sitting.code == 0
    assert the_desk.secrets == {"the-key": "hunter2hunter2"}
    assert the_desk.kept == (["the-key"] if keep else [])
    assert the_desk.stage.state().answers["key"].value == "the-key"
    assert "hunter2" not in sitting.printed
    assert b"hunter2" not in (tmp_path / "home" / "journal.db").read_bytes()


def test_without_a_keyring_the_secret_is_held_for_this_sitting(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, SECRET, keyring=False)
    sitting = Sitting(
        the_desk,
        *BEGIN,
        ("Key", "hunter2"),
        ("keyring", True),
        ("What", TAKE),
        ALL,
        *END,
        start="test",
    )
    assert the_desk.secrets == {"the-key": "hunter2"}
    assert "no keyring" in sitting.printed
    assert "memory of this process" in sitting.printed


def test_a_known_secret_is_not_asked_for(tmp_path: Path) -> None:
    the_desk = desk(tmp_path, SECRET)
    the_desk.secrets["the-key"] = "x"
    assert Sitting(the_desk, *BEGIN, ("What", TAKE), ALL, *END, start="test").code == 0
