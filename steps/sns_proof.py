"""Proof that an alarm reaches the Slack channel: one is set off with a word that nobody here knows.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from steps.sns import is_confirmed
from steps.sns_arn import name, region
from wizard.effects import Facts, Json, Matches, NewSecret, Read, Secret, Write
from wizard.errors import StepError
from wizard.step import (
    Deed,
    Difference,
    Differences,
    Given,
    Option,
    Options,
    Patience,
    Probe,
    Reads,
    options,
    step,
)

REASON = (
    "A proof by st-wizard, no trouble: the alarm was set off by hand. The word to type into the "
    "wizard is {}"
)
_BEGINNING = REASON.partition(":")[0]
RESTORED = "st-wizard put the alarm back to the state it had before the proof."
_WORD = re.compile(r"[0-9a-f]{4,64}")


@step("sns.proof")
class Proof(Probe, frozen=True, kw_only=True):
    """An alarm whose mail was read in the channel: a person typed the word that it carried.

    The word is made up by the gateway and never shown, read back or written down by the wizard.
    """

    volatile: ClassVar[tuple[str, ...]] = ("firing",)

    patience: ClassVar[Patience] = Patience(every=15, limit=86400)

    alarm: str
    address: str
    """The channel's address, subscribed to the alarm's topic."""

    def observe(self) -> Reads[Facts | None]:
        alarm = yield from self._alarm()
        if alarm is None:
            return None
        topics = _topics(alarm)
        reached = []
        for arn in topics:
            listed = yield Read(
                "sns",
                "ListSubscriptionsByTopic",
                {"TopicArn": arn},
                pages="Subscriptions",
                absent=("NotFound", "NotFoundException"),
                region=region(arn),
            )
            if any(one["Endpoint"] == self.address and is_confirmed(one) for one in listed):
                reached.append(name(arn))
        # Not its StateReason: there the word stands, until the alarm is put back.
        return {
            "alarm": self.alarm,
            "actions_enabled": bool(alarm.get("ActionsEnabled")),
            "topics": [name(arn) for arn in topics],
            "reaches": reached,
            "firing": alarm.get("StateValue") == "ALARM",
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = f"there is no alarm {self.alarm} in this region"
            return (Difference("alarm", None, self.alarm, reason, fixable=False),)
        wrong = []
        if not found["actions_enabled"]:
            reason = f"the actions of {self.alarm} are switched off: it tells nobody"
            wrong.append(Difference("actions_enabled", False, True, reason, fixable=False))  # noqa: FBT003
        if not found["reaches"]:
            reason = f"{self.address} is confirmed on no topic that {self.alarm} notifies"
            wrong.append(Difference("reaches", [], self.address, reason, fixable=False))
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return (
            f"To prove the path, choose “Set off the alarm”: {self.alarm} goes to ALARM with a "
            "made-up word in its reason, and back at once. Read the word in the mail in the Slack "
            "channel, and type it here. The wizard does not show it."
        )

    def deeds(self, found: Facts | None) -> tuple[Deed, ...]:
        return (
            Deed(name="send", label="Set off the alarm"),
            Deed(name="nonce", label="Type the word", prompt="The word in the alarm's reason"),
        )

    def take(self, deed: str, found: Facts | None, text: str) -> Given:
        if deed != "nonce":
            return Given()
        word = text.strip().strip("\"'.").lower()
        if _WORD.fullmatch(word) is None:
            raise StepError(
                "That is not such a word: it has digits and the letters a to f only.",
                todo="Type the word that stands at the end of the alarm's reason in the mail.",
            )
        return Given(facts={"word": word})

    def act(
        self, deed: str, found: Facts | None, given: Facts, secret: Secret | None
    ) -> Reads[str]:
        match deed:
            case "send":
                yield from self._set_off()
                return ""
            case "nonce":
                return (yield from self._compare(str(given["word"])))
            case _:
                raise StepError(f"There is no deed {deed} here.", todo="Choose one that is shown.")

    def _set_off(self) -> Reads[None]:
        alarm = yield from self._alarm()
        if alarm is None:
            raise StepError(f"There is no alarm {self.alarm}.", todo="Choose another one.")
        before = str(alarm["StateValue"])
        if others := _does_more(alarm):
            raise StepError(
                f"{self.alarm} does more than tell a topic: {', '.join(others)} would run too.",
                todo="Choose an alarm that only notifies topics.",
            )
        if before == "ALARM" and str(alarm.get("StateReason", "")).startswith(_BEGINNING):
            # A proof of ours was cut short after it set the alarm off; CloudWatch judges it anew.
            yield self._put_back("INSUFFICIENT_DATA")
            before = "INSUFFICIENT_DATA"
        if before == "ALARM":
            raise StepError(
                f"{self.alarm} is in ALARM for a reason of its own: {alarm.get('StateReason', '')}",
                todo="See to that first, or choose another alarm; then set it off.",
            )
        made = yield NewSecret(_word_of(self.alarm))
        yield Write(
            "cloudwatch",
            "SetAlarmState",
            {
                "AlarmName": self.alarm,
                "StateValue": "ALARM",
                "StateReason": Secret(made.name, text=REASON),
            },
            title=f"Set off {self.alarm}",
        )
        # An alarm that ignores missing data would stay in ALARM; and the word would be readable.
        yield self._put_back(before)

    def _put_back(self, state: str) -> Write:
        return Write(
            "cloudwatch",
            "SetAlarmState",
            {"AlarmName": self.alarm, "StateValue": state, "StateReason": RESTORED},
            title=f"Put {self.alarm} back to {state}",
        )

    def _compare(self, word: str) -> Reads[str]:
        right: bool | None = yield Matches(Secret(_word_of(self.alarm)), word)
        if right is None:
            raise StepError(
                "This process knows no word: it was started after the alarm was set off.",
                todo="Set off the alarm again, and type the word of the new mail.",
            )
        if not right:
            raise StepError(
                "That is not the word of the last mail.",
                todo="Read it again in the newest mail, or set off the alarm again.",
            )
        return f"The message reached the channel: the word that {self.alarm} carried was typed."

    def _alarm(self) -> Reads[Mapping[str, Any] | None]:
        found = yield Read(
            "cloudwatch",
            "DescribeAlarms",
            {"AlarmNames": [self.alarm], "AlarmTypes": ["MetricAlarm"]},
            pages="MetricAlarms",
        )
        return next(iter(found), None)


def _word_of(alarm: str) -> str:
    """The secret's name: one word for each alarm, in this process only."""
    return "proof-word-" + re.sub(r"[^a-z0-9]+", "-", alarm.lower()).strip("-")


def _topics(alarm: Mapping[str, Any]) -> list[str]:
    return sorted(str(one) for one in alarm.get("AlarmActions") or () if region(str(one)))


@options("sns.proof_alarms")
def proof_alarms(like: str = "") -> Options:
    """The region's alarms that notify a topic; those in ALARM cannot be set off. One of which the
    name contains `like` and that is OK is suggested."""
    found: list[Json] = yield Read(
        "cloudwatch", "DescribeAlarms", {"AlarmTypes": ["MetricAlarm"]}, pages="MetricAlarms"
    )
    entries = sorted((one for one in found if _topics(one)), key=lambda one: str(one["AlarmName"]))
    fitting = [one for one in entries if like in one["AlarmName"] and not _unusable(one)]
    calm = [one for one in fitting if one["StateValue"] == "OK"]
    best = next(iter([*calm, *fitting]), None)
    return [
        Option(
            one["AlarmName"],
            one["AlarmName"],
            detail=f"{one['StateValue']}, tells {', '.join(name(arn) for arn in _topics(one))}",
            suggested=one is best,
            disabled=_unusable(one),
        )
        for one in entries
    ]


def _does_more(alarm: Mapping[str, Any]) -> list[str]:
    """The actions of any state that are no topics: they would reboot, scale or call something."""
    named = ("AlarmActions", "OKActions", "InsufficientDataActions")
    every = {str(one) for actions in named for one in alarm.get(actions) or ()}
    return sorted(one for one in every if region(one) is None)


def _unusable(alarm: Mapping[str, Any]) -> str:
    if others := _does_more(alarm):
        return f"does more than tell a topic: {', '.join(others)}"
    if alarm.get("StateValue") == "ALARM":
        return "is in ALARM: setting it off would send nothing"
    return "" if alarm.get("ActionsEnabled", True) else "its actions are switched off"
