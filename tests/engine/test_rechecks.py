"""A recheck: what was asserted is read again, and nothing that changed is called a match."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from tests.engine.stage import Stage, must_attest, play
from wizard.effects import Effect, Facts, Read, Write
from wizard.engine.commands import Attest, MarkDone, Skip, Stop
from wizard.engine.verdicts import judged
from wizard.errors import CallError, DeniedError
from wizard.gateway.read_only import ReadOnly
from wizard.session.rechecks import Verdict
from wizard.session.reduce import fold
from wizard.session.state import ItemState, SessionState, Status
from wizard.session.verdicts import counted
from wizard.step import Difference, Differences, Probe

ITEMS = """
sections:
- title: S
  items:
  - {id: one, title: One, letter: One, step: test.thing, with: {name: one}}
  - {id: two, title: Two, letter: Two, step: test.thing, with: {name: two}}
  - {id: said, title: Said, letter: Said, step: test.said, with: {instructions: Say so}}
"""
MANY = """
sections:
- title: S
  items:
  - id: many
    title: Many
    letter: Many
    step: test.thing
    foreach: {source: test.some}
    with: {name: "${each.key}", value: "${each.value}"}
"""


def recheck(stage: Stage, session: str = "again", *, stop: str = "") -> SessionState:
    """Another session, which reads again what the stage's asserted."""
    engine = stage.recheck(session)
    play(engine, *([Stop(reason=stop)] if stop else []))
    return fold(stage.journal.entries(session))


def verdict(state: SessionState, item: str) -> Verdict:
    found = state.item(item).recheck
    assert found is not None, item
    return found.verdict


def finished(stage: Stage) -> None:
    """The stage's session, done; its thing `said` is on a person's word."""
    stage.run(until=must_attest("said"))
    state = stage.run(Attest(item="said", note="I saw it"), until=lambda s: bool(s.finished_at))
    assert state.finished_at
    stage.world.calls.clear()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, ITEMS)


def test_what_is_as_it_was_matches_and_nothing_is_written(stage: Stage) -> None:
    finished(stage)
    state = recheck(stage)
    assert counted(state.items) == {Verdict.MATCH: 2, Verdict.ATTESTED: 1}
    assert (state.number, state.finished_at != "", state.aborted) == (2, True, "")
    assert state.rechecks is not None
    assert state.rechecks.previous == stage.state().head_sha256
    assert stage.world.written() == []
    assert stage.world.calls


def test_what_was_changed_is_drift_field_by_field(stage: Stage) -> None:
    finished(stage)
    stage.world.things["one"] = "wrong"
    state = recheck(stage)
    found = state.item("one").recheck
    assert found is not None
    assert found.verdict is Verdict.DRIFT
    (field,) = found.drifted
    assert (field.field, field.then, field.now, field.wanted) == (
        "value",
        "right",
        "wrong",
        "right",
    )
    assert verdict(state, "two") is Verdict.MATCH
    assert stage.world.written() == []


def test_what_is_not_there_any_more_is_gone(stage: Stage) -> None:
    finished(stage)
    del stage.world.things["one"]
    assert verdict(recheck(stage), "one") is Verdict.GONE


def test_what_may_not_be_read_is_denied_and_what_breaks_is_unread(stage: Stage) -> None:
    finished(stage)

    def refuse(effect: Effect) -> None:
        if isinstance(effect, Read) and effect.params["Name"] == "one":
            raise DeniedError("no", code="AccessDenied", action="things:GetThing", policy="{}")
        raise CallError("broken", code="HTTP 500")

    stage.world.before.append(refuse)
    state = recheck(stage)
    assert verdict(state, "one") is Verdict.DENIED
    assert verdict(state, "two") is Verdict.UNREADABLE
    assert state.finished_at


def test_a_secret_that_is_not_here_makes_it_not_comparable(stage: Stage) -> None:
    finished(stage)

    def missing(_effect: Effect) -> None:
        raise CallError("The secret is not known.", code="SecretMissing")

    stage.world.before.append(missing)
    state = recheck(stage)
    found = state.item("one").recheck
    assert found is not None
    assert found.verdict is Verdict.NOT_COMPARABLE
    assert "secret" in found.why


def test_what_was_skipped_asserts_nothing_and_what_was_marked_is_looked_at(stage: Stage) -> None:
    stage.world.things["two"] = "other"
    stage.run(until=must_attest("said"), approve=False)
    stage.run(
        Skip(item="one", reason="not now"),
        MarkDone(item="two", note="by hand"),
        Attest(item="said", note="yes"),
        until=lambda s: bool(s.finished_at),
        approve=False,
    )
    state = recheck(stage)
    found = state.item("one").recheck
    assert found is not None
    assert (found.verdict, found.why) == (Verdict.NOT_COMPARABLE, "It was skipped: not now")
    assert verdict(state, "two") is Verdict.DRIFT
    stage.world.things["two"] = "right"
    assert verdict(recheck(stage, "third"), "two") is Verdict.MATCH


def test_each_of_many_has_its_verdict_and_new_ones_are_judged_too(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things["some"] = [{"key": key, "value": key} for key in "abc"]
    stage.run(until=lambda s: bool(s.finished_at))
    keys = [member.key for member in stage.state().item("many").members]
    assert keys
    assert verdict(recheck(stage, "same"), "many") is Verdict.MATCH
    stage.world.things[keys[0]] = "changed"
    stage.world.things["some"] = [{"key": key, "value": key} for key in "abcd"]
    state = recheck(stage, "drifted")
    assert verdict(state, f"many[{keys[0]}]") is Verdict.DRIFT
    assert verdict(state, f"many[{keys[1]}]") is Verdict.MATCH
    assert verdict(state, "many[d]") is Verdict.DRIFT
    assert verdict(state, "many") is Verdict.DRIFT
    found = state.item("many[d]").recheck
    assert found is not None
    assert found.why == "It was not there when the session ran."


def test_a_recheck_that_is_cut_short_has_its_end_in_the_population(stage: Stage) -> None:
    finished(stage)
    stage.clock.pass_(1)
    state = recheck(stage, stop="the terminal went away")
    assert state.finished_at
    assert state.aborted in {"", "the terminal went away"}
    assert state.suspended == ""


def test_the_gateway_lets_no_write_through(stage: Stage) -> None:
    gateway = ReadOnly(stage.world)
    with pytest.raises(Exception, match="only looked"):
        gateway.call(Write("things", "PutThing", {"Name": "x", "Value": "y"}))
    assert stage.world.calls == []


class Facts_(Probe, frozen=True, kw_only=True):  # noqa: N801
    volatile: ClassVar[tuple[str, ...]] = ("age", "tls.not_after", "*.state")

    def differences(self, found: Facts | None) -> Differences:
        if found is not None and found.get("wrong"):
            return (Difference("wrong", True, False),)
        return ()


RECORDED: Mapping[str, object] = {
    "age": 1,
    "kept": {"a": [1, 2], "b": "x"},
    "tls": {"not_after": "2026", "matches": True},
    "alarm one": {"state": "OK", "threshold": 1},
}


@pytest.mark.parametrize(
    ("now", "fields"),
    [
        ({}, []),
        ({"age": 2}, []),
        ({"tls": {"not_after": "2027", "matches": True}}, []),
        ({"tls": {"not_after": "2027", "matches": False}}, ["tls.matches"]),
        ({"alarm one": {"state": "ALARM", "threshold": 1}}, []),
        ({"alarm one": {"state": "ALARM", "threshold": 2}}, ["alarm one.threshold"]),
        ({"kept": {"a": [2, 1], "b": "x"}}, []),
        ({"kept": {"a": [1, 2, 3], "b": "x"}}, ["kept.a"]),
        ({"kept": {"b": "x"}}, ["kept.a"]),
        ({"kept": None}, ["kept"]),
        ({"new": "value"}, ["new"]),
        ({"new": None}, []),
        ({"wrong": True}, ["wrong"]),
        ({"secret": {"$redacted": "p", "commit": "2"}}, ["secret"]),
    ],
)
def test_a_field_is_drift_unless_it_is_volatile(
    now: Mapping[str, object], fields: list[str]
) -> None:
    step = Facts_()
    before = ItemState(id="i", status=Status.DONE, found=dict(RECORDED), observed_at="t")
    found = {**RECORDED, **now}
    result = judged("i", step, before, found, step.differences(found))
    assert [one.field for one in result.drifted] == fields
    assert result.verdict is (Verdict.DRIFT if fields else Verdict.MATCH)


def test_another_session_s_commitment_to_the_same_secret_is_no_drift() -> None:
    step = Facts_()
    before = ItemState(
        id="i",
        status=Status.DONE,
        found={"key": {"$redacted": "p", "commit": "1"}},
        observed_at="t",
    )
    found = {"key": {"$redacted": "p", "commit": "2"}}
    assert judged("i", step, before, found, ()).verdict is Verdict.MATCH
