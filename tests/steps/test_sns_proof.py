"""The proof that an alarm reaches the channel: the word, the alarm put back, the word compared."""

from typing import Any

import pytest

from steps.sns_proof import REASON, Proof, proof_alarms
from wizard.effects import Effect, Matches, NewSecret, Read, Secret, Write
from wizard.errors import StepError

from .driving import drive
from .play import play

STEP = Proof(alarm="db-prod CPUUtilization", address="alarms@x.slack.com", attest="typed")
WORD = Secret("proof-word-db-prod-cpuutilization")
TOPIC = "arn:aws:sns:eu-central-2:111122223333:alarms"


def alarm(name: str = STEP.alarm, state: str = "OK", *, enabled: bool = True) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "StateValue": state,
        "StateReason": "it is too much",
        "ActionsEnabled": enabled,
        "AlarmActions": [TOPIC],
    }


def test_the_alarm_is_set_off_with_the_word_and_put_back() -> None:
    note, asked = play(
        STEP.act("send", None, {}, None), [alarm(state="INSUFFICIENT_DATA")], WORD, {}, {}
    )
    assert note == ""
    read, new, there, back = asked
    assert isinstance(read, Read)
    assert new == NewSecret(WORD.name)
    assert isinstance(there, Write)
    assert isinstance(back, Write)
    assert there.params["StateValue"] == "ALARM"
    reason = there.params["StateReason"]
    assert isinstance(reason, Secret)
    assert reason.name == WORD.name
    assert reason.text.endswith("{}")
    assert back.params["StateValue"] == "INSUFFICIENT_DATA"
    assert "back to the state" in back.params["StateReason"]


def test_an_alarm_that_rings_already_would_send_nothing() -> None:
    with pytest.raises(StepError, match="in ALARM for a reason of its own: it is too much"):
        play(STEP.act("send", None, {}, None), [alarm(state="ALARM")])
    with pytest.raises(StepError, match="no alarm"):
        play(STEP.act("send", None, {}, None), [])


def test_a_proof_that_was_cut_short_is_put_back_first_and_its_word_told_nobody() -> None:
    left = {**alarm(state="ALARM"), "StateReason": REASON.format("cafe1234")}
    note, asked = play(STEP.act("send", None, {}, None), [left], {}, WORD, {}, {})
    assert note == ""
    states = [one.params["StateValue"] for one in asked if isinstance(one, Write)]
    assert states == ["INSUFFICIENT_DATA", "ALARM", "INSUFFICIENT_DATA"]
    assert "cafe1234" not in repr(asked)


@pytest.mark.parametrize("actions", ["AlarmActions", "OKActions", "InsufficientDataActions"])
def test_an_alarm_that_does_more_than_tell_is_never_set_off(actions: str) -> None:
    reboot = "arn:aws:automate:eu-central-2:ec2:reboot"
    armed = {**alarm(), actions: [TOPIC, reboot]}
    with pytest.raises(StepError, match=f"{reboot} would run too"):
        play(STEP.act("send", None, {}, None), [armed])
    (option,) = drive(proof_alarms(), lambda _: [armed])
    assert "does more than tell a topic" in option.disabled
    assert not option.suggested


@pytest.mark.parametrize("typed", ["cafe1234", ' "CAFE1234". '])
def test_the_right_word_attests(typed: str) -> None:
    given = STEP.take("nonce", None, typed)
    note, asked = play(STEP.act("nonce", None, given.facts, None), True)
    assert asked == [Matches(WORD, "cafe1234")]
    assert note == (
        "The message reached the channel: the word that db-prod CPUUtilization carried was typed."
    )


@pytest.mark.parametrize(
    ("known", "reason"), [(None, "started after"), (False, "not the word of the last mail")]
)
def test_any_other_word_does_not(known: bool | None, reason: str) -> None:
    with pytest.raises(StepError, match=reason):
        play(STEP.act("nonce", None, {"word": "cafe1234"}, None), known)


@pytest.mark.parametrize("typed", ["", "yes", "I saw it", "cafe 1234", "x" * 8])
def test_what_cannot_be_a_word_is_told_at_once(typed: str) -> None:
    with pytest.raises(StepError, match="not such a word"):
        STEP.take("nonce", None, typed)


def test_a_strange_deed_is_refused() -> None:
    with pytest.raises(StepError, match="no deed"):
        play(STEP.act("shout", None, {}, None))


def test_a_calm_alarm_of_the_wanted_kind_is_suggested() -> None:
    found = [
        alarm("a CPUUtilization", "INSUFFICIENT_DATA"),
        alarm("b CPUUtilization", "ALARM"),
        alarm("c CPUUtilization", "OK"),
        alarm("d FreeableMemory", "OK"),
        alarm("e CPUUtilization", "OK", enabled=False),
        {"AlarmName": "f CPUUtilization", "StateValue": "OK", "AlarmActions": []},
    ]

    def answer(_: Effect) -> object:
        return found

    options = drive(proof_alarms(like="CPUUtilization"), answer)
    assert [one.value[0] for one in options] == ["a", "b", "c", "d", "e"]
    assert [one.value[0] for one in options if one.suggested] == ["c"]
    assert {one.value[0]: bool(one.disabled) for one in options} == {
        "a": False,
        "b": True,
        "c": False,
        "d": False,
        "e": True,
    }
