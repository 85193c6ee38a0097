"""An item that fans out beside the reference region: a row for each member."""

from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_comparing import comparison, rows
from wizard.effects import Json, Read
from wizard.engine.commands import AcceptDifference, Answer
from wizard.errors import DeniedError
from wizard.session.state import SessionState, Status

MANY = """
inputs:
  names: {label: Names, type: texts}
sections:
- title: S
  items:
  - id: a
    title: A
    letter: A
    step: test.thing
    foreach: "${inputs.names}"
    with: {name: "${each}"}
    reference: {region: eu-west-1, with: {name: "their-${each}"}}
"""
NAMES = Answer(input="names", value=["here", "new", "wrong", "only"])
THINGS: Json = {
    "here": "right",
    "wrong": "other",
    "only": "right",
    **{f"eu-west-1/their-{name}": "right" for name in ("here", "new", "wrong")},
}


def standing(state: SessionState) -> dict[str, tuple[Json, str, Json]]:
    return {row.field: (row.reference, row.mark, row.here) for row in comparison(state).rows}


def test_an_item_that_fans_out_has_a_row_for_each_member(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things = dict(THINGS)
    state = stage.run(NAMES, approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    assert standing(state) == {
        "here": ("present", "same", "right"),
        "new": ("present", "expected", "missing"),
        "wrong": ("present", "expected", "value is 'other', not 'right'"),
        "only": ("absent", "differs", "right"),
    }
    assert rows(state)["new"].planned
    state = stage.run(AcceptDifference(item="a", field="only", reason="new here"))
    assert {row.field: row.mark for row in comparison(state).rows} == {
        "here": "same",
        "new": "same",
        "wrong": "same",
        "only": "accepted",
    }


def test_members_that_cannot_be_read_there_are_counted_and_stop_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things = dict(THINGS)
    denied = DeniedError("You may not.", code="AccessDenied", action="things:Get", policy="{}")

    def deny(effect: object) -> None:
        if isinstance(effect, Read) and effect.params["Name"] == "their-new":
            raise denied

    stage.world.before.append(deny)
    state = stage.run(NAMES)
    assert state.item("a").status is Status.DONE
    assert comparison(state).problem == "1 of 4: eu-west-1 could not be read: You may not."
    assert "new" not in standing(state)


def test_a_preview_compares_members_too(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things = dict(THINGS)
    engine = stage.preview()
    play(engine, NAMES)
    assert standing(engine.snapshot.state)["new"] == ("present", "expected", "missing")
