"""An intent without a result is settled by looking, or by a person: never by calling blindly."""

import threading
from pathlib import Path

import pytest

from tests.engine.stage import ACTOR, Stage, item_is, play
from tests.engine.world import once
from wizard.effects import Effect, Request, Write
from wizard.engine.commands import Approve, Continue, Settle
from wizard.errors import CredentialsError, RefusedError, ThrottledError, UnknownOutcomeError
from wizard.session.calls import CallIntended
from wizard.session.state import Status

ONE = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
"""
STARTED = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.started}
"""
LOST = UnknownOutcomeError("The answer was lost.", code="ConnectionReset")


def is_write(effect: Effect) -> bool:
    return isinstance(effect, Write)


def intend(stage: Stage, operation: str, again: str = "look") -> None:
    """What the journal holds when the process is killed after the intent."""
    stage.run(approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    writer = stage.journal.open(stage.session, ACTOR)
    writer.append(
        CallIntended(
            item="a",
            op="killed",
            title="Put",
            service="things",
            operation=operation,
            region="us-east-1",
            params={"Name": "one", "Value": "right"},
            request_sha256="0",
            cli="",
            again=again,  # type: ignore[arg-type]
        )
    )
    writer.close()


@pytest.mark.parametrize("happened", [True, False])
def test_killed_between_intent_and_result(tmp_path: Path, happened: bool) -> None:
    stage = Stage(tmp_path, ONE)
    intend(stage, "PutThing")
    if happened:
        stage.world.things["one"] = "right"
    state = stage.run()
    assert state.finished_at
    assert stage.world.things["one"] == "right"
    assert stage.world.written() == ([] if happened else ["PutThing"])
    settled = next(call for call in state.item("a").calls if call.op == "killed")
    assert settled.outcome == ("settled: happened" if happened else "settled: did not happen")
    assert state.item("a").how == "changed"


@pytest.mark.parametrize("happened", [True, False])
def test_a_lost_answer_is_settled_by_looking(tmp_path: Path, happened: bool) -> None:
    stage = Stage(tmp_path, ONE)
    faults = stage.world.after if happened else stage.world.before
    faults.append(once(is_write, LOST))
    seen: set[Status] = set()
    engine = stage.engine()
    engine.subscribe(lambda snapshot: seen.add(snapshot.state.item("a").status))
    play(engine, Approve(), until=lambda state: bool(state.finished_at))
    state = stage.state()
    assert stage.world.written() == ["PutThing"]
    assert not any(status.wants_operator for status in seen)
    outcomes = [call.outcome for call in state.item("a").calls if call.mutating]
    assert outcomes == (["settled: happened"] if happened else ["settled: did not happen", "ok"])


@pytest.mark.parametrize("happened", [True, False])
def test_what_cannot_be_looked_up_is_asked(tmp_path: Path, happened: bool) -> None:
    stage = Stage(tmp_path, STARTED)
    faults = stage.world.after if happened else stage.world.before
    faults.append(once(lambda effect: isinstance(effect, Request), LOST))
    state = stage.run(until=item_is("a", Status.IN_DOUBT))
    (call,) = [call for call in state.item("a").calls if call.mutating]
    again = stage.run(until=item_is("a", Status.IN_DOUBT))
    assert again.item("a").status is Status.IN_DOUBT
    state = stage.run(Settle(op=call.op, happened=happened, note="asked the API's owner"))
    assert state.finished_at
    assert stage.world.things["requested"] == 1


def test_killed_before_an_answer_that_cannot_be_looked_up(tmp_path: Path) -> None:
    stage = Stage(tmp_path, STARTED)
    intend(stage, "POST", again="ask")
    state = stage.run(until=item_is("a", Status.IN_DOUBT))
    assert "requested" not in stage.world.things
    state = stage.run(Settle(op="killed", happened=False, note="nothing in its log"))
    assert state.finished_at
    assert stage.world.things["requested"] == 1


def test_expired_credentials_pause_and_go_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    expired = CredentialsError("Your AWS session ended.", code="ExpiredToken")
    stage.world.before.append(once(is_write, expired))
    state = stage.run(until=lambda state: bool(state.paused))
    assert "session ended" in state.paused
    engine = stage.engine()
    play(engine, Approve(), until=lambda state: bool(state.finished_at))
    state = stage.state()
    assert stage.world.written() == ["PutThing"]
    outcomes = [call.outcome for call in state.item("a").calls if call.mutating]
    assert outcomes == ["failed", "ok"]


def test_a_pause_ends_only_for_the_same_account(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    expired = CredentialsError("Your AWS session ended.", code="ExpiredToken")
    stage.world.before.append(once(is_write, expired))
    stage.world.pin = stage.world.pin.__class__(
        account_id="999988887777",
        partition="aws",
        caller_arn=stage.world.pin.caller_arn,
        region="us-east-1",
    )
    engine = stage.engine()
    refused = threading.Event()
    asked: list[bool] = []

    def operator(snapshot: object) -> None:
        now = engine.snapshot
        if now.state.paused and not asked:
            asked.append(True)
            engine.send(Continue())
        if "999988887777" in now.notice:
            refused.set()

    engine.subscribe(operator)
    play(engine, Approve(), until=lambda _: refused.is_set())
    assert refused.is_set()
    assert stage.world.written() == []
    assert stage.world.resets == 1


def test_throttled_calls_are_put_off_and_made(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    slow = ThrottledError("Slow down.", code="Throttling")
    stage.world.before += [once(is_write, slow), once(lambda e: not is_write(e), slow)]
    state = stage.run()
    assert state.finished_at
    assert stage.world.written() == ["PutThing"]


def test_a_second_operator_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ONE)
    stage.run(approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    held = stage.journal.open(stage.session, ACTOR)
    with pytest.raises(RefusedError, match="ada on host"):
        stage.journal.open(stage.session, ACTOR)
    assert str(stage.journal.holder(stage.session)).startswith("ada on host")
    held.close()
    assert stage.journal.holder(stage.session) is None
    assert stage.run().finished_at
