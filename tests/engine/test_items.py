"""Items from their start to their end: found, changed, waited for, attested, failed."""

from pathlib import Path

from tests.engine.stage import Stage, item_is, must_attest, play
from tests.engine.world import once
from wizard.effects import Read, Write
from wizard.engine.commands import Approve, Attest, MarkDone, Retry, Skip
from wizard.errors import DeniedError
from wizard.session.state import Status

TWO = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
  - {id: b, title: B, letter: B, step: test.thing, needs: [a],
     with: {name: "${steps.a.id}", value: x}}
"""


def test_what_is_right_already_is_not_written(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO)
    stage.world.things = {"one": "right", "id-one": "x"}
    state = stage.run()
    assert stage.world.written() == []
    assert {item.how for item in state.items.values()} == {"already"}
    assert state.finished_at


def test_differences_are_written_once_and_outputs_reach_later_items(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO)
    state = stage.run()
    assert stage.world.things == {"one": "right", "id-one": "x"}
    assert stage.world.written() == ["PutThing", "PutThing"]
    item = state.item("a")
    assert item.how == "changed"
    assert item.first_found is None
    assert item.found == {"value": "right", "id": "id-one"}
    written = [call for call in item.calls if call.mutating]
    assert [(call.outcome, call.title) for call in written] == [("ok", "Put one")]


def test_nothing_is_written_before_approval(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO)
    state = stage.run(approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    assert stage.world.written() == []
    assert [call.title for call in state.item("a").planned] == ["Put one"]
    state = stage.run(
        Approve(items=("a",)), approve=False, until=item_is("b", Status.NEEDS_APPROVAL)
    )
    assert stage.world.things == {"one": "right"}


def test_a_preview_writes_nothing_and_names_what_is_known_after_apply(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO)
    engine = stage.preview()
    play(engine)
    items = engine.snapshot.state.items
    assert stage.world.written() == []
    assert {item.status for item in items.values()} == {Status.PLANNED}
    assert items["b"].planned[0].params == {"Name": "(known after apply)", "Value": "x"}


def test_a_failed_item_stops_only_what_needs_it_and_can_be_retried(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        TWO + "  - {id: c, title: C, letter: C, step: test.thing, with: {name: three}}\n",
    )
    denied = DeniedError(
        "You lack it.", code="AccessDenied", action="things:PutThing", policy="{...}"
    )
    stage.world.before.append(
        once(lambda effect: isinstance(effect, Write) and effect.params["Name"] == "one", denied)
    )
    state = stage.run(
        until=lambda state: (
            state.item("a").status is Status.FAILED and state.item("c").status is Status.DONE
        )
    )
    problem = state.item("a").problem
    assert problem is not None
    assert problem.policy == "{...}"
    assert state.item("b").status is Status.WAITING
    assert stage.run(Retry(item="a")).finished_at
    assert stage.world.things["id-one"] == "x"


def test_skip_and_mark_let_the_rest_go_on(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.seen, with: {name: one}}
  - {id: b, title: B, letter: B, step: test.said, with: {instructions: Say it.}}
  - {id: c, title: C, letter: C, step: test.thing, needs: [a, b], with: {name: three}}
""",
    )
    waiting = item_is("b", Status.NEEDS_PERSON)
    stage.run(until=waiting)
    assert stage.state().item("a").status is Status.NEEDS_PERSON
    state = stage.run(Skip(item="a", reason="not here"), MarkDone(item="b", note="by Ada"))
    assert state.item("a").note == "not here"
    assert state.item("b").status is Status.MARKED
    assert state.finished_at


def test_a_persons_deed_is_noticed(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.seen, with: {name: one, attest: Did you see it?}}
""",
    )
    looks: list[object] = []

    def person(effect: object) -> None:
        looks.append(effect)
        if len(looks) == 5:
            stage.world.things["one"] = "right"

    stage.world.before.append(person)
    state = stage.run(until=must_attest("a"))
    assert len(looks) >= 5
    state = stage.run(Attest(item="a", note="seen by Ada"))
    assert state.item("a").how == "attested"
    assert state.item("a").attestation is not None


def test_an_attestation_without_a_note_is_not_taken(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
sections:
- title: S
  items:
  - {id: b, title: B, letter: B, step: test.said, with: {instructions: Say it.}}
""",
    )
    engine = stage.engine()
    play(engine, Attest(item="b", note=" "), until=item_is("b", Status.NEEDS_PERSON))
    assert stage.state().item("b").status is Status.NEEDS_PERSON


def test_a_timer_keeps_its_start_over_restarts(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
sections:
- title: S
  items:
  - {id: s, title: S, letter: S, step: test.started}
  - {id: a, title: A, letter: A, step: test.grown, needs: [s],
     with: {seconds: 300, since: "${steps.s.started_at}"}}
""",
    )
    stage.run(until=item_is("a", Status.SETTLING))
    began = stage.clock.monotonic()
    since = stage.state().item("a").wait
    assert since is not None
    stage.clock.pass_(200)
    state = stage.run()
    assert state.finished_at
    assert stage.clock.monotonic() - began < 330
    assert stage.world.things["requested"] == 1


def test_what_settles_first_is_written_then(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
sections:
- title: S
  items:
  - {id: s, title: S, letter: S, step: test.started}
  - {id: a, title: A, letter: A, step: test.moved, needs: [s],
     with: {since: "${steps.s.started_at}"}}
""",
    )
    state = stage.run()
    assert state.finished_at
    assert state.item("a").how == "changed"
    assert stage.world.written() == ["PutThing"]


def test_a_wait_has_a_limit(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.grown, with: {seconds: 9e9, since: 0}}
""",
    )
    state = stage.run(until=item_is("a", Status.FAILED))
    problem = state.item("a").problem
    assert problem is not None
    assert "Waited 10 minutes" in problem.what


def test_a_defect_of_a_step_is_a_failed_item_not_a_dead_engine(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO)
    stage.world.before.append(once(lambda effect: isinstance(effect, Read), ZeroDivisionError("x")))
    state = stage.run(until=item_is("a", Status.FAILED))
    problem = state.item("a").problem
    assert problem is not None
    assert problem.code == "Defect"


def test_two_items_of_one_document_do_not_overlap(tmp_path: Path) -> None:
    items = "\n".join(
        f"  - {{id: i{n}, title: I, letter: I, step: test.thing,"
        f" with: {{name: doc, value: v{n}, guard: doc}}}}"
        for n in range(4)
    )
    stage = Stage(tmp_path, f"sections:\n- title: S\n  items:\n{items}\n")
    state = stage.run()
    assert state.finished_at
    # Each saw what the one before it had written, none the same beginning.
    seen = [item.first_found["value"] for item in state.items.values() if item.first_found]
    assert sorted(seen) == ["v0", "v1", "v2"]


def test_reads_that_several_items_need_are_made_once(tmp_path: Path) -> None:
    items = "\n".join(
        f"  - {{id: i{n}, title: I, letter: I, step: test.thing, with: {{name: same}}}}"
        for n in range(20)
    )
    stage = Stage(tmp_path, f"sections:\n- title: S\n  items:\n{items}\n")
    stage.world.things["same"] = "right"
    state = stage.run()
    assert len(stage.world.calls) == 1
    assert state.reads == 1


def test_what_needs_a_skipped_items_outputs_says_what_to_do(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TWO)
    state = stage.run(
        Skip(item="a", reason="made by hand"),
        until=item_is("b", Status.FAILED),
    )
    problem = state.item("b").problem
    assert problem is not None
    assert "needs what a gives" in problem.what
    stage.world.things["one"] = "right"
    state = stage.run(Retry(item="a"), until=item_is("a", Status.DONE))
    assert stage.run(Retry(item="b")).finished_at
