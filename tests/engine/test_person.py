"""What only a person can bring about is waited for, by an action as by a probe."""

from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from wizard.effects import Read
from wizard.session.pauses import PersonNeeded
from wizard.session.state import SessionState, Status

ONE = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.subscribed, with: {name: one}}
"""
FILTERED = ONE.replace("name: one", "name: one, filter: all")


def paused(state: SessionState) -> bool:
    return state.item("a").status is Status.NEEDS_PERSON


def confirms_at_look(stage: Stage, look: int) -> None:
    """A person confirms just before the wizard looks for the `look`th time."""
    looks = [0]

    def watch(effect: object) -> None:
        if isinstance(effect, Read):
            looks[0] += 1
            if looks[0] == look:
                thing = stage.world.things["one"]
                stage.world.things["one"] = {**thing, "state": "confirmed"}

    stage.world.before.append(watch)


def test_an_action_that_has_nothing_else_to_do_waits_for_the_person(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    state = stage.run(until=paused)
    pause = state.item("a").pause
    assert pause is not None
    assert pause.notices_itself
    assert not pause.must_attest
    assert "open the mail's link" in pause.instructions
    assert [deed.name for deed in pause.deeds] == ["link", "resend", "careless"]
    assert stage.world.written() == ["PutThing"]


def test_it_notices_by_itself_and_goes_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    confirms_at_look(stage, 8)
    state = stage.run()
    assert state.item("a").status is Status.DONE
    assert state.item("a").how == "changed"
    asked = [e for e in stage.journal.entries("s1") if isinstance(e.event, PersonNeeded)]
    assert len(asked) == 1


def test_what_can_be_written_is_written_before_a_person_is_waited_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path, FILTERED)
    stage.world.things = {"one": {"state": "pending", "filter": "none"}}
    state = stage.run(until=paused)
    assert stage.world.things["one"]["filter"] == "all"
    assert [one.field for one in state.item("a").differences] == ["state"]


def test_what_becomes_wrong_while_a_person_is_waited_for_is_written_too(tmp_path: Path) -> None:
    stage = Stage(tmp_path, FILTERED)
    stage.world.things = {"one": {"state": "pending", "filter": "all"}}
    looks = [0]

    def watch(effect: object) -> None:
        if isinstance(effect, Read):
            looks[0] += 1
            if looks[0] == 3:
                stage.world.things["one"] = {"state": "pending", "filter": "changed"}

    stage.world.before.append(watch)
    confirms_at_look(stage, 12)
    state = stage.run()
    assert state.item("a").status is Status.DONE
    assert stage.world.things["one"] == {"state": "confirmed", "filter": "all"}


def test_a_preview_says_what_a_person_will_do(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    stage.world.things = {"one": {"state": "pending", "filter": ""}}
    engine = stage.preview()
    play(engine)
    item = engine.snapshot.state.item("a")
    assert item.status is Status.DEFERRED
    assert "Confirm one" in item.note
    assert "open the mail's link" in item.note


def test_a_restart_waits_on_and_keeps_since_when(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    first = stage.run(until=paused).item("a").pause
    stage.clock.pass_(3600)
    confirms_at_look(stage, 6)
    again = stage.run(until=item_is("a", Status.DONE))
    assert first is not None
    assert again.item("a").started_at <= first.since
    assert stage.world.written() == ["PutThing"]
