"""Killed at any moment, it goes on where it was: nothing is repeated, nobody is left out."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_fan_out import MANY, NAMES, VALUE, member, writes
from tests.engine.world import once
from wizard.effects import Effect, Read, Write
from wizard.engine.commands import Approve, Retry, Skip
from wizard.errors import UnknownOutcomeError
from wizard.session.lines import Line
from wizard.session.state import SessionState, Status
from wizard.session.writer import SessionJournal

LOCKED = MANY.replace('value: "${inputs.value}"', 'value: "${inputs.value}", guard: one document')
LOST = UnknownOutcomeError("The answer was lost.", code="ConnectionReset")
SETTLING = """
inputs:
  waits: {label: Waits, type: texts}
sections:
- title: S
  items:
  - id: many
    title: Many
    letter: Many
    step: test.grown
    foreach: {source: test.some}
    with: {seconds: "${each.seconds}", since: "${each.since}"}
"""


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@pytest.mark.parametrize(
    ("text", "written"),
    [(MANY, False), (MANY, True), (LOCKED, True)],
    ids=["before it", "after it", "after it, one document"],
)
def test_killed_at_every_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, *, written: bool
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)
    commit = SessionJournal._commit
    for commits in range(60):
        stage = Stage(tmp_path / str(commits), text)
        engine = stage.engine()
        taken: list[int] = []

        def take(
            journal: SessionJournal,
            lines: Sequence[Line],
            taken: list[int] = taken,
            commits: int = commits,
        ) -> None:
            if len(taken) >= commits:
                if written and len(taken) == commits:
                    commit(journal, lines)
                taken.append(0)
                raise Killed
            taken.append(len(lines))
            commit(journal, lines)

        monkeypatch.setattr(SessionJournal, "_commit", take)
        for command in (Approve(), NAMES, VALUE):
            engine.send(command)
        engine.start()
        assert engine.join(20)
        monkeypatch.setattr(SessionJournal, "_commit", commit)
        finished = bool(stage.state().finished_at)
        state = stage.state() if finished else stage.run(NAMES, VALUE)
        assert state.finished_at
        assert state.item("many").tally == {Status.DONE: 3}
        names = [str(one.params["Name"]) for one in stage.world.calls if isinstance(one, Write)]
        assert sorted(names) == ["after", "one", "three", "two"]
        if len(taken) <= commits:
            break
    else:
        raise AssertionError("it was never let through")


@pytest.mark.parametrize("happened", [True, False])
def test_an_answer_that_is_lost_is_settled_by_looking(tmp_path: Path, *, happened: bool) -> None:
    stage = Stage(tmp_path, MANY)
    faults = stage.world.after if happened else stage.world.before
    faults.append(once(writes("two"), LOST))
    state = stage.run(NAMES, VALUE)
    assert state.finished_at
    names = [str(one.params["Name"]) for one in stage.world.calls if isinstance(one, Write)]
    assert sorted(names) == ["after", "one", "three", "two"]
    assert state.item("many[two]").how == "changed"


def test_what_aws_shows_late_is_waited_for_together(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    shown = stage.world.call

    def late(effect: Effect) -> object:
        answer = shown(effect)
        name = str(effect.params["Name"]) if isinstance(effect, Read) else ""
        if name in {"one", "two"} and stage.clock.monotonic() < 9 and answer.value is not None:
            return type(answer)(value=None, redacted=None)
        return answer

    stage.world.call = late  # type: ignore[assignment,method-assign]
    state = stage.run(NAMES, VALUE)
    assert state.finished_at
    assert 9 <= stage.clock.monotonic() < 20
    assert stage.world.written() == ["PutThing"] * 4


def test_what_aws_never_shows_fails_that_member(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    shown = stage.world.call

    def never(effect: Effect) -> object:
        answer = shown(effect)
        if isinstance(effect, Read) and effect.params["Name"] == "two":
            return type(answer)(value=None, redacted=None)
        return answer

    stage.world.call = never  # type: ignore[assignment,method-assign]
    state = stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    problem = state.item("many[two]").problem
    assert problem is not None
    assert "still reads" in problem.what
    assert member(state, "one") is Status.DONE
    assert 30 <= stage.clock.monotonic() < 40


def test_what_settles_by_itself_is_waited_for_together(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        SETTLING.replace("waits: {label: Waits, type: texts}", "").replace("inputs:\n  \n", ""),
    )
    now = stage.world.now()
    stage.world.things["some"] = [
        {"key": key, "seconds": seconds, "since": now}
        for key, seconds in (("a", 0), ("b", 20), ("c", 50), ("d", 5000))
    ]
    seen: set[str] = set()
    engine = stage.engine()
    engine.subscribe(lambda one: seen.update(look.waiting_for for look in one.looks))
    play(engine, Approve(), until=item_is("many", Status.FAILED))
    state = stage.state()
    assert {key: child.how for key, child in state.item("many").children.items()} == {
        "a": "observed", "b": "observed", "c": "observed", "d": ""
    }  # fmt: skip
    problem = state.item("many[d]").problem
    assert problem is not None
    assert "Waited 600 seconds" in problem.what
    assert any(words.startswith("3 of 4: ") for words in seen)


def test_a_member_can_be_left_out_while_consent_is_waited_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.run(NAMES, VALUE, approve=False, until=item_is("many", Status.NEEDS_APPROVAL))

    def two_left(state: SessionState) -> bool:
        item = state.item("many")
        return item.status is Status.NEEDS_APPROVAL and len(item.planned) == 2

    state = stage.run(Skip(item="many[one]", reason="not it"), approve=False, until=two_left)
    assert [call.params["Name"] for call in state.item("many").planned] == ["two", "three"]
    # Tried again, it is shown again.
    stage.run(
        Retry(item="many[one]"),
        approve=False,
        until=lambda state: (
            state.item("many").status is Status.NEEDS_APPROVAL
            and len(state.item("many").planned) == 3
        ),
    )
    assert stage.world.written() == []
