"""An item that fans out beside the reference region: a row for each member."""

from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_comparing import comparison, rows
from wizard.effects import Json, Read
from wizard.engine.commands import AcceptDifference, Answer
from wizard.engine.comparing_members import FEW, LONGEST
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
    """Of each member whether it is there, without its fields."""
    return {
        row.field: (row.reference, row.mark, row.here)
        for row in comparison(state).rows
        if "." not in row.field
    }


def test_an_item_that_fans_out_has_a_row_for_each_member(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things = dict(THINGS)
    state = stage.run(NAMES, approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    assert standing(state) == {
        "here": ("present", "same", "right"),
        "new": ("present", "expected", "will be there"),
        "wrong": ("present", "expected", "value is 'other', not 'right'"),
        "only": ("absent", "differs", "right"),
    }
    assert rows(state)["new"].planned
    state = stage.run(AcceptDifference(item="a", field="only", reason="new here"))
    assert {field: mark for field, (_, mark, _) in standing(state).items()} == {
        "here": "same",
        "new": "same",
        "wrong": "same",
        "only": "accepted",
    }


def test_few_members_are_compared_field_by_field(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things = dict(THINGS)
    state = stage.run(NAMES, approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    fields = rows(state)
    wrong = fields["wrong.value"]
    assert (wrong.reference, wrong.here, wrong.planned) == ("right", "right", True)
    assert (fields["new.value"].here, fields["new.value"].planned) == ("right", True)
    assert not fields["here.value"].planned
    assert "only.value" not in fields
    resumed = rows(stage.run())
    assert (resumed["wrong.value"].mark, resumed["wrong.value"].planned) == ("same", False)


def test_a_field_of_a_member_is_accepted_with_a_reason(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things = {**THINGS, "eu-west-1/their-here": "theirs"}
    stage.run(NAMES, approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    state = stage.run(AcceptDifference(item="a", field="here.value", reason="ours is newer"))
    row = rows(state)["here.value"]
    assert (row.mark, row.reason, row.reference) == ("accepted", "ours is newer", "theirs")


def test_of_many_members_only_their_standing_is_compared(tmp_path: Path) -> None:
    names = [f"n{number}" for number in range(FEW + 1)]
    stage = Stage(tmp_path, MANY)
    stage.world.things = {f"eu-west-1/their-{name}": "right" for name in names}
    engine = stage.preview()
    play(engine, Answer(input="names", value=names))
    assert list(rows(engine.snapshot.state)) == names


def test_a_long_text_of_a_member_is_shortened(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things = {"eu-west-1/their-new": "x" * (LONGEST + 10)}
    engine = stage.preview()
    play(engine, Answer(input="names", value=["new"]))
    shown = rows(engine.snapshot.state)["new.value"].reference
    assert shown == "x" * LONGEST + f"… ({LONGEST + 10} characters)"


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
    assert standing(engine.snapshot.state)["new"] == ("present", "expected", "will be there")
