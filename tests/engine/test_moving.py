"""Another copy of the checklist in the middle: only what changed is opened again."""

from pathlib import Path

import pytest

from tests.engine.stage import ACTOR, ADVICE, Stage, item_is, pinned, play
from tests.engine.test_crashes import intend
from wizard.checklist.differing import Differing, differing
from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.engine.commands import Approve
from wizard.engine.moving import moving, refuse_unfit
from wizard.errors import RefusedError
from wizard.evidence.bundle import bundle
from wizard.evidence.source import source
from wizard.evidence.views import REMOVED, report
from wizard.session.state import SessionState, Status

BEFORE = """
inputs:
  colour: {label: Colour, default: red}
  size: {label: Size, default: big}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
  - {id: b, title: B, letter: B, step: test.thing, with: {name: two}, advice: [E1]}
  - {id: c, title: C, letter: C, step: test.thing, with: {name: three, value: '${steps.b.value}'},
     needs: [b]}
  - {id: d, title: D, letter: D, step: test.thing, with: {name: four}}
  - {id: e, title: E, letter: E, step: test.said, with: {instructions: Look}}
"""
AFTER = """
inputs:
  colour: {label: Colour, default: red, pattern: '[a-z]+', pattern_help: letters}
  shape: {label: Shape, default: round}
sections:
- title: S
  items:
  - {id: a, title: A better title, letter: A, step: test.thing, with: {name: one}}
  - {id: b, title: B, letter: B anew, step: test.thing, with: {name: two, value: left}}
  - {id: c, title: C, letter: C, step: test.thing, with: {name: three, value: '${steps.b.value}'},
     needs: [b]}
  - {id: e, title: E, letter: E, step: test.said, with: {instructions: Look}}
  - {id: f, title: F, letter: F, step: test.thing, with: {name: five}}
"""


def half_way(stage: Stage) -> None:
    """All but the attestation is done."""
    stage.run(until=waits_for_e)


def waits_for_e(state: SessionState) -> bool:
    others = {item.status for name, item in state.items.items() if name != "e"}
    return others == {Status.DONE} and state.item("e").status is Status.NEEDS_PERSON


def move(stage: Stage, after: Pinned, *, advice: str = ADVICE) -> Differing:
    found = differing(stage.pinned, after)
    writer = stage.journal.open(stage.session, ACTOR)
    try:
        refuse_unfit(writer.state, after, found)
        writer.append(*moving(writer.state, after, advice, found))
    finally:
        writer.close()
    stage.pinned = after
    return found


def test_what_differs_is_told_part_by_part() -> None:
    found = differing(pinned(BEFORE), pinned(AFTER))
    assert [item.id for item in found.added] == ["f"]
    assert [item.id for item in found.removed] == ["d"]
    parts = {change.id: [part.name for part in change.parts] for change in found.changed}
    assert parts == {"a": ["title"], "b": ["letter", "with", "advice"]}
    assert found.reopened == ("b",)
    assert found.kept == ("a", "c", "e")
    assert found.resting == {"c": ("b",)}
    assert (found.questions_added, found.questions_removed) == (("shape",), ("size",))
    assert found.asked_again == ("colour",)
    assert not differing(pinned(BEFORE), pinned(BEFORE))


def test_advice_that_says_something_else_opens_its_items_again() -> None:
    before = pinned(BEFORE)
    after = load_text(before.text, "test.yaml", advice=ADVICE.replace("the fact", "another"))
    assert differing(before, after).reopened == ("b",)


def test_only_what_changed_is_opened_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, BEFORE)
    half_way(stage)
    written = len(stage.world.written())
    ended = {name: item.ended_at for name, item in stage.state().items.items()}
    after = pinned(AFTER)
    move(stage, after)
    now = stage.state()
    assert now.checklist_sha256 == after.sha256
    assert now.item("b").status is Status.WAITING
    assert {now.item(name).status for name in ("a", "c")} == {Status.DONE}
    assert "d" not in now.items
    assert now.removed["d"].status is Status.DONE
    assert not now.approved_all
    assert now.approved == {"a", "c", "e"}

    entries = stage.journal.entries("s1")
    assert stage.journal.pinned("s1", entries) == (after.text, ADVICE)
    stage.run(until=item_is("f", Status.NEEDS_APPROVAL), approve=False)
    assert len(stage.world.written()) == written  # what is new waits for consent
    stage.run(until=waits_for_e)
    assert stage.world.things["two"] == "left"
    assert len(stage.world.written()) == written + 2
    again = stage.state()
    assert {name: again.item(name).ended_at for name in ("a", "c")} == {
        name: ended[name] for name in ("a", "c")
    }


def test_the_evidence_keeps_what_was_removed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, BEFORE)
    half_way(stage)
    after = pinned(AFTER)
    move(stage, after)
    state, entries = stage.state(), stage.journal.entries("s1")
    last = report(after, entries, state).sections[-1]
    assert last.title == REMOVED
    [gone] = last.items
    assert (gone.item.id, gone.item.letter, gone.state.status) == ("d", "D", Status.DONE)
    assert [call.operation for call in gone.calls] == ["PutThing"]
    files = bundle(source(after, entries, state, lines=stage.journal.lines("s1")))
    assert REMOVED in files["report.html"].decode()
    assert '"d"' in files["items.csv"].decode()
    assert files["checklist.yaml"] == after.text.encode()


@pytest.mark.parametrize("wanted", ["changed", "gone"])
def test_a_call_in_doubt_keeps_its_item_as_it_was(tmp_path: Path, wanted: str) -> None:
    """By another definition of right, looking would settle it wrongly."""
    text = BEFORE.replace("with: {name: one}", "with: {name: one, value: else}")
    if wanted == "gone":
        text = "\n".join(line for line in BEFORE.splitlines() if "{id: a," not in line)
    stage = Stage(tmp_path, BEFORE)
    intend(stage, "PutThing")
    with pytest.raises(RefusedError, match="Calls of a are in doubt"):
        move(stage, pinned(text))
    play(stage.engine(), Approve(), until=waits_for_e)
    move(stage, pinned(text))


def test_another_checklist_is_refused(tmp_path: Path) -> None:
    stage = Stage(tmp_path, BEFORE)
    half_way(stage)
    other = load_text(stage.pinned.text.replace("id: test", "id: other"), "x", advice=ADVICE)
    with pytest.raises(RefusedError, match="the checklist other, not test"):
        move(stage, other)
