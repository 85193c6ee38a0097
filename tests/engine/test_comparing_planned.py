"""Beside the reference region stands what will be here, as far as it is known before it is made."""

from pathlib import Path

from tests.engine.stage import play
from tests.engine.steps_of_pauses import Subscribed
from tests.engine.test_comparing import ONE, rows, stage_of
from wizard.effects import Facts
from wizard.engine.columns import planned_here
from wizard.session.state import Status
from wizard.step import Difference

EXISTENCE = ONE.replace("test.setup", "test.subscribed").replace(
    ', settings: {size: "${inputs.size}", bucket: "logs-${session.region}"}', ""
)


def test_of_what_is_not_there_yet_only_what_is_planned_is_known(tmp_path: Path) -> None:
    stage = stage_of(tmp_path, EXISTENCE)
    stage.world.things["eu-west-1/theirs"] = {"state": "confirmed", "filter": "all"}
    engine = stage.preview()
    play(engine)
    found = rows(engine.snapshot.state)
    assert (found["state"].here, found["state"].planned) == ("pending", True)
    assert (found["filter"].mark, found["filter"].reason) == ("expected", "known once it is made")


def test_a_step_may_tell_what_is_planned_itself() -> None:
    step = Planning(name="one")
    differences = step.differences(None)
    told, planned = planned_here(step, None, differences, {"filter": "x"})
    assert told == {"filter": "told"}
    assert planned == {"filter"}
    assert planned_here(step, {"filter": "seen"}, (), {}) == ({"filter": "seen"}, frozenset())


class Planning(Subscribed, frozen=True, kw_only=True):
    """Says what it will be like."""

    def planned(self, found: Facts | None) -> Facts | None:
        return {"filter": "told"}


def test_what_earlier_items_are_still_to_make_is_in_nobodys_way() -> None:
    step = Planning(name="one")
    missing = (Difference("bucket", None, "one", "create it first", fixable=False),)
    assert planned_here(step, None, missing, {"filter": "x"}, pending=True) == (
        {"filter": "told"},
        frozenset({"filter"}),
    )
    assert planned_here(step, None, missing, {"filter": "x"})[1] == frozenset()
    nothing: Facts = {"filter": None}
    assert planned_here(step, nothing, missing, {"filter": "x"}, pending=True)[0] == {
        "filter": "told"
    }
    there = {"filter": "theirs"}
    assert planned_here(step, there, missing, {"filter": "x"}, pending=True)[0] == there


PROMISES = EXISTENCE.replace("  - id: a\n", """  - id: b
    title: B
    letter: B
    step: test.promising
    with: {name: two}
  - id: a
    needs: [b]
""").replace("with: {name: one}", 'with: {name: "${steps.b.id}"}')  # fmt: skip


def test_a_preview_goes_on_with_what_is_promised(tmp_path: Path) -> None:
    stage = stage_of(tmp_path, PROMISES)
    stage.world.things = {"id-two": {"state": "pending"}}
    engine = stage.preview()
    play(engine)
    state = engine.snapshot.state
    assert state.item("b").status is Status.PLANNED
    assert state.item("a").found == {"state": "pending"}


def test_what_is_not_promised_stays_unknown(tmp_path: Path) -> None:
    stage = stage_of(tmp_path, PROMISES.replace("steps.b.id", "steps.b.address"))
    stage.world.things = {"id-two": {"state": "pending"}}
    engine = stage.preview()
    play(engine)
    assert engine.snapshot.state.item("a").found is None


def test_what_nobody_will_mend_is_compared_as_it_is() -> None:
    step = Subscribed(name="one")
    stuck = (Difference("state", "pending", "confirmed", fixable=False),)
    told, planned = planned_here(step, {"state": "pending"}, stuck, {"state": "confirmed"})
    assert (told, planned) == ({"state": "pending"}, frozenset())


def test_that_it_is_to_be_there_at_all_is_no_field() -> None:
    step = Subscribed(name="one")
    missing = (Difference("topic", None, "one"),)
    told, planned = planned_here(step, None, missing, {"state": "confirmed"})
    assert (list(told), planned) == (["state"], frozenset())
