"""Answers that hang on other answers go with them; what was only looked at is looked at again."""

from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from wizard.engine.commands import Answer
from wizard.session.state import SessionState, Status

HANGING = """
inputs:
  first: {label: First}
  second: {label: Second, type: choice,
     choices: {source: test.names, with: {}}}
  third: {label: Third, default: "${inputs.first}-x"}
sections:
- title: S
  items:
  - {id: look, title: L, letter: L, step: test.thing, with: {name: "${inputs.first}"}}
  - {id: make, title: M, letter: M, step: test.thing, needs: [look],
     with: {name: "${inputs.third}", value: "${inputs.second}"}}
"""


def stage_at(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path, HANGING)
    stage.world.things = {"a": "right", "b": "right", "names": ["one", "two"]}
    stage.run(
        Answer(input="first", value="a"),
        Answer(input="second", value="one"),
        Answer(input="third", value="a-x", source="default"),
        approve=False,
        until=item_is("make", Status.NEEDS_APPROVAL),
    )
    return stage


def test_a_default_goes_with_the_answer_it_was_made_from(tmp_path: Path) -> None:
    stage = stage_at(tmp_path)
    state = stage.run(
        Answer(input="first", value="b"),
        approve=False,
        until=item_is("make", Status.NEEDS_ANSWER),
    )
    assert "third" not in state.answers
    assert state.item("make").needed_inputs == ("third",)
    assert state.item("look").found == {"value": "right", "id": "id-b"}
    assert stage.world.written() == []


def test_what_the_operator_typed_stays(tmp_path: Path) -> None:
    stage = stage_at(tmp_path)
    state = stage.run(
        Answer(input="third", value="mine"),
        Answer(input="first", value="b"),
        approve=False,
        until=lambda state: state.inputs().get("first") == "b" and _approvable(state),
    )
    assert state.inputs()["third"] == "mine"


def test_nothing_is_withdrawn_from_under_what_was_written_with_it(tmp_path: Path) -> None:
    stage = stage_at(tmp_path)
    stage.run()
    assert stage.world.things["a-x"] == "one"
    stage = Stage(
        tmp_path / "other",
        HANGING + "  - {id: say, title: S, letter: S, step: test.said,"
        " with: {instructions: Say.}}\n",
    )
    stage.world.things = {"a": "right", "b": "right"}
    stage.run(
        Answer(input="first", value="a"),
        Answer(input="second", value="one"),
        Answer(input="third", value="a-x", source="default"),
        until=item_is("make", Status.DONE),
    )
    notices: list[str] = []
    engine = stage.engine()
    engine.subscribe(lambda snapshot: notices.append(snapshot.notice))
    play(
        engine,
        Answer(input="first", value="b"),
        until=lambda _: any("cannot be changed" in notice for notice in notices),
    )
    assert stage.state().inputs()["first"] == "a"


def test_what_needs_a_typed_phrase_is_not_taken_from_a_file(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
inputs:
  key: {label: Key, consent: {value: danger, phrase: logs will stop}}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: "${inputs.key}"}}
""",
    )
    notices: list[str] = []
    engine = stage.engine()
    engine.subscribe(lambda snapshot: notices.append(snapshot.notice))
    play(
        engine,
        Answer(input="key", value="danger", source="file"),
        until=lambda _: any("logs will stop" in notice for notice in notices),
    )
    assert "key" not in stage.state().answers
    state = stage.run(Answer(input="key", value="danger"))
    assert state.finished_at


def _approvable(state: SessionState) -> bool:
    return state.item("make").status is Status.NEEDS_APPROVAL


def test_what_was_there_before_is_of_the_answer_that_is_used(tmp_path: Path) -> None:
    stage = stage_at(tmp_path)
    stage.world.things["new"] = "other"
    state = stage.run(Answer(input="third", value="new"))
    item = state.item("make")
    assert item.first_found == {"value": "other", "id": "id-new"}
    assert stage.world.things["new"] == "one"


def test_a_default_that_comes_late_replaces_nobodys_decision(tmp_path: Path) -> None:
    stage = stage_at(tmp_path)
    state = stage.run(
        Answer(input="third", value="mine"),
        Answer(input="third", value="a-x", source="default"),
        Answer(input="second", value="two"),
        approve=False,
        until=lambda state: state.inputs().get("second") == "two" and _approvable(state),
    )
    assert state.inputs()["third"] == "mine"
