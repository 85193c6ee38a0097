"""Members of which one must be made before the others, and members that are mended in two goes."""

from pathlib import Path

from tests.engine.stage import Stage, item_is
from tests.engine.test_fan_out import failing, member
from wizard.effects import Read, Write
from wizard.engine.commands import Answer, Retry, Skip
from wizard.session.state import SessionState, Status

CLUSTER = """
sections:
- title: S
  items:
  - id: many
    title: Many
    letter: Many
    step: test.thing
    foreach: "${[{key: 'writer'}, {key: 'reader', after: 'writer'}]}"
    with: {name: "${each.key}", guard: members}
"""
TWO = """
inputs:
  names: {label: Names, type: texts, default: [one]}
sections:
- title: S
  items:
  - id: many
    title: Many
    letter: Many
    step: test.halves
    foreach: "${inputs.names}"
    with: {name: "${each}"}
"""


def test_the_second_is_not_made_when_the_first_could_not_be(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CLUSTER)
    failing(stage, "writer")
    state = stage.run(until=item_is("many", Status.FAILED))
    assert stage.world.things == {}
    assert member(state, "reader") is Status.FAILED
    problem = state.item("many[reader]").problem
    assert problem is not None
    assert problem.what == "writer must be made first, and could not be."
    state = stage.run(Retry(item="many"))
    assert state.finished_at
    made = [str(one.params["Name"]) for one in stage.world.calls if isinstance(one, Write)]
    assert made == ["writer", "reader"]


def test_the_second_alone_is_not_made_either_unless_the_first_is_left_out(tmp_path: Path) -> None:
    stage = Stage(tmp_path, CLUSTER)
    failing(stage, "writer")
    stage.run(until=item_is("many", Status.FAILED))
    seen: list[Status] = []

    def failed_again(state: SessionState) -> bool:
        seen.append(member(state, "reader"))
        return seen[-1] is Status.FAILED and len(set(seen)) > 1

    stage.run(Retry(item="many[reader]"), until=failed_again)
    assert stage.world.things == {}
    stage.run(
        Skip(item="many[writer]", reason="the reader is to be the writer"),
        until=lambda state: member(state, "writer") is Status.SKIPPED,
    )
    assert stage.run(Retry(item="many[reader]")).finished_at
    assert stage.world.things == {"reader": "right"}


def test_what_is_mended_in_part_is_written_again_without_being_asked(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO)
    stage.world.things["one"] = {"code": "old", "settings": "old"}
    state = stage.run(Answer(input="names", value=["one"]))
    assert state.finished_at
    assert stage.world.things["one"] == {"code": "new", "settings": "new"}
    assert stage.world.written() == ["PutThing", "PutThing"]
    assert any(isinstance(one, Read) for one in stage.world.calls)


def test_what_does_not_change_at_all_fails_as_ever(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO.replace("test.halves", "test.stubborn"))
    stage.world.things["one"] = {"code": "old", "settings": "old"}
    state = stage.run(Answer(input="names", value=["one"]), until=item_is("many", Status.FAILED))
    problem = state.item("many[one]").problem
    assert problem is not None
    assert "yet it still reads" in problem.what
