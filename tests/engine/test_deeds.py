"""Deeds at a pause: asked for, journaled, carried out, told of when they fail; secrets nowhere."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.stage import ACTOR, Stage, item_is, play
from tests.engine.world import once
from wizard.effects import Effect, Request, Write
from wizard.engine.commands import Act, Approve, Command, Settle
from wizard.errors import CallError, UnknownOutcomeError
from wizard.session.pauses import DeedAsked, DeedEnded, PersonNeeded
from wizard.session.state import SessionState, Status

CANARY = "canary0token0that0must0stay0away"
LINK = f"https://sns.test/?Action=ConfirmSubscription&Token={CANARY}"
SUBSCRIBED = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.subscribed, with: {name: one}}
"""
PROVEN = SUBSCRIBED.replace("test.subscribed", "test.proven")


def paused(state: SessionState) -> bool:
    return state.item("a").status is Status.NEEDS_PERSON


def ended(state: SessionState) -> bool:
    """A deed was carried out, well or not, and the item waits again."""
    pause = state.item("a").pause
    return paused(state) and pause is not None and bool(pause.problem) and not pause.doing


def act(deed: str, text: str = "") -> Act:
    return Act(item="a", deed=deed, text=text)


class Operator:
    """Sends each command as soon as its moment has come."""

    def __init__(self, stage: Stage, *moves: tuple[Callable[[SessionState], bool], Command]):
        self.engine = stage.engine()
        self.left = list(moves)
        self.seen: list[str] = []
        self.engine.subscribe(lambda snapshot: self.see(snapshot.state, snapshot.notice))

    def see(self, state: SessionState, notice: str) -> None:
        if notice and notice not in self.seen:
            self.seen.append(notice)
        if self.left and self.left[0][0](state):
            self.engine.send(self.left.pop(0)[1])

    def run(self, until: Callable[[SessionState], bool] | None = None) -> None:
        play(self.engine, Approve(), until=until)


def written_down(stage: Stage) -> str:
    return "\n".join(str(entry) for entry in stage.journal.entries("s1"))


def test_a_pasted_link_confirms_and_its_token_is_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stage = Stage(tmp_path, SUBSCRIBED)
    pictures: list[str] = []
    operator = Operator(stage, (paused, act("link", f"  {LINK}\n")))
    operator.engine.subscribe(lambda snapshot: pictures.append(repr(snapshot)))
    operator.run()
    state = stage.state()
    assert state.item("a").status is Status.DONE
    assert stage.world.things["one-token"] == CANARY
    said = [call.title for call in state.item("a").calls if call.mutating]
    assert said == ["Subscribe one", "Confirm", "Confirmed"]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    everywhere = [*pictures, repr(state), caplog.text, repr(act("link", LINK)), *operator.seen]
    assert not any(CANARY in one for one in everywhere)
    assert files
    assert not any(CANARY.encode() in one for one in files)
    events = [entry.event for entry in stage.journal.entries("s1")]
    asked = next(event for event in events if isinstance(event, DeedAsked))
    assert asked.given == {"host": "sns.test"}
    confirm = next(call for call in state.item("a").calls if call.title == "Confirm")
    assert list(confirm.params["Value"]) == ["$secret"]


def test_the_deed_is_journaled_before_its_call_and_ended_after(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    Operator(stage, (paused, act("link", LINK))).run()
    names = [type(entry.event).__name__ for entry in stage.journal.entries("s1")]
    order = [names.index(name) for name in ("PersonNeeded", "DeedAsked", "DeedEnded")]
    assert order == sorted(order)
    between = names[order[1] : order[2]]
    assert between.count("CallIntended") == 2


def test_a_link_that_is_none_is_refused_and_not_repeated(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    operator = Operator(stage, (paused, act("link", CANARY)))
    operator.run(until=lambda _: bool(operator.seen))
    assert operator.seen == ["*** is not a link of a confirmation mail."]
    assert not any(isinstance(entry.event, DeedAsked) for entry in stage.journal.entries("s1"))


@pytest.mark.parametrize(
    ("command", "notice"),
    [
        (act("fly"), "a does not offer fly now."),
        (act("link"), "Paste the link: The link of the mail"),
        (act("careless", CANARY), "the step would write the secret down"),
        (Act(item="b", deed="link"), "no item called b"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_notice(
    tmp_path: Path, command: Act, notice: str
) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    operator = Operator(stage, (paused, command))
    operator.run(until=lambda _: bool(operator.seen))
    assert notice in operator.seen[0]
    assert CANARY not in written_down(stage)


def test_nothing_is_done_for_an_item_that_is_not_paused(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    stage.world.things = {"one": {"state": "confirmed", "filter": ""}}
    operator = Operator(stage, (lambda _: True, act("link", LINK)))
    operator.run(until=lambda _: bool(operator.seen))
    assert operator.seen == ["a is not waiting for a person."]


def test_deeds_are_offered_anew_when_they_change(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)

    def twice(state: SessionState) -> bool:
        return offers(state, "resend") and stage.world.things["one"].get("mails") == 2

    operator = Operator(stage, (paused, act("resend")), (twice, act("resend")))

    def no_more(state: SessionState) -> bool:
        pause = state.item("a").pause
        names = [deed.name for deed in pause.deeds] if pause else []
        return names == ["link", "careless"] and not (pause and pause.doing)

    operator.run(until=no_more)
    events = [entry.event for entry in stage.journal.entries("s1")]
    pauses = [event for event in events if isinstance(event, PersonNeeded)]
    assert [len(one.deeds) for one in pauses] == [3, 3, 2]
    assert "sent 3 times" in pauses[-1].instructions


def test_a_deed_that_fails_tells_where_what_and_what_to_do(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    refused = CallError(
        f"Invalid token {CANARY}.", code="Invalid", where="things:ConfirmThing", todo="Ask."
    )
    stage.world.before.append(once(lambda effect: operation(effect) == "ConfirmThing", refused))
    operator = Operator(stage, (paused, act("link", LINK)))
    operator.run(until=ended)
    pause = stage.state().item("a").pause
    assert pause is not None
    assert pause.problem == "things:ConfirmThing: Invalid token ***. Ask."
    assert pause.doing == ""
    operator = Operator(stage, (paused, act("link", LINK)))
    operator.run(until=item_is("a", Status.DONE))


def operation(effect: Effect) -> str:
    return effect.operation if isinstance(effect, Write) else ""


def test_a_lost_answer_is_settled_by_looking(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    lost = UnknownOutcomeError("gone", code="Timeout")
    is_put = lambda effect: isinstance(effect, Write) and effect.title == "Confirmed"  # noqa: E731
    stage.world.after.append(once(is_put, lost))
    Operator(stage, (paused, act("link", LINK))).run(until=item_is("a", Status.DONE))
    calls = {call.title: call.outcome for call in stage.state().item("a").calls if call.mutating}
    assert calls["Confirmed"] == "settled: happened"


def test_a_lost_answer_that_cannot_be_seen_asks_a_person(tmp_path: Path) -> None:
    stage = Stage(tmp_path, PROVEN)
    stage.world.things = {"one": "sent"}
    lost = UnknownOutcomeError("gone", code="Timeout")
    stage.world.after.append(once(lambda effect: isinstance(effect, Request), lost))
    in_doubt: list[str] = []

    def doubtful(state: SessionState) -> bool:
        in_doubt[:] = [one.op for one in state.item("a").calls if one.outcome == "in doubt"]
        return state.item("a").status is Status.IN_DOUBT

    operator = Operator(stage, (paused, act("ring")))
    operator.run(until=doubtful)
    Operator(stage, (doubtful, Settle(op=in_doubt[0], happened=True, note="heard it"))).run(
        until=lambda state: paused(state) and not doubtful(state)
    )
    assert stage.world.things["requested"] == 1


@pytest.mark.parametrize("happened", [True, False])
def test_of_what_nobody_can_see_it_is_not_said_that_it_happened(
    tmp_path: Path, happened: bool
) -> None:
    """All was right before it: that it still is proves no proof."""
    stage = Stage(tmp_path, PROVEN)
    faults = stage.world.after if happened else stage.world.before
    faults.append(
        once(lambda effect: operation(effect) == "PutThing", UnknownOutcomeError("gone", code="T"))
    )
    Operator(stage, (paused, act("send"))).run(until=ended)
    item = stage.state().item("a")
    assert [call.outcome for call in item.calls if call.mutating] == ["settled: did not happen"]
    assert item.pause is not None
    assert "cannot be seen" in item.pause.problem


def test_a_word_that_was_sent_and_typed_attests_the_item(tmp_path: Path) -> None:
    stage = Stage(tmp_path, PROVEN)
    sent = lambda state: paused(state) and "word" in stage.world.secrets and offers(state, "word")  # noqa: E731
    operator = Operator(
        stage,
        (paused, act("send")),
        (sent, act("word", "another")),
        (ended, act("word", "word-0")),
    )
    operator.run()
    item = stage.state().item("a")
    assert (item.status, item.how) == (Status.DONE, "attested")
    assert item.attestation is not None
    assert item.attestation.note == "*** was read and typed."
    # The word itself is a secret: not even what was typed is written down when it is right.
    assert "word-0" not in written_down(stage)
    assert not [call for call in item.calls if "Matches" in call.operation]


def offers(state: SessionState, deed: str) -> bool:
    pause = state.item("a").pause
    return pause is not None and not pause.doing and deed in [one.name for one in pause.deeds]


def test_a_wizard_that_ends_in_the_middle_says_so_and_offers_it_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    stage.run(until=paused)
    crashed = stage.journal.open("s1", ACTOR)
    crashed.append(DeedAsked(item="a", deed="link", given={"host": "sns.test"}))
    crashed.close()
    operator = Operator(stage)
    operator.run(until=ended)
    events = [entry.event for entry in stage.journal.entries("s1")]
    assert any(isinstance(event, DeedEnded) for event in events)
    pause = stage.state().item("a").pause
    assert pause is not None
    assert pause.problem.startswith("The wizard ended meanwhile")
    assert [deed.name for deed in pause.deeds] == ["link", "resend", "careless"]
    assert "one-token" not in stage.world.things
    Operator(stage, (paused, act("link", LINK))).run(until=item_is("a", Status.DONE))
