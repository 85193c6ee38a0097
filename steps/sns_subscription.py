"""Subscriptions of SNS topics by e-mail: asked for, then confirmed by a person.

https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from steps.sns_arn import name, region
from steps.sns_link import LinkError, parse
from steps.sns_state import CONFIRMED, NONE, PENDING, WARNING, authenticated, confirm, standing
from wizard.effects import Facts, Json, Made, Now, Secret, Write
from wizard.errors import StepError
from wizard.step import (
    Action,
    Deed,
    Difference,
    Differences,
    Given,
    Patience,
    Reads,
    Writes,
    step,
)

LIFETIME = 48 * 3600
"""Seconds that a confirmation link and a pending subscription live; it was three days until 2023.
https://aws.amazon.com/about-aws/whats-new/2023/05/amazon-sns-automatic-deletion-unconfirmed-subscriptions/"""


class _Subscribed(Action, frozen=True, kw_only=True):
    """What the two steps of a subscription share: its key, a look at it, and the mail."""

    topic_arn: str
    address: str

    def _look(self) -> Reads[tuple[str, str]]:
        """State and ARN of the subscription; the ARN is empty until it is confirmed."""
        return (yield from standing(self.topic_arn, self.address))

    def _subscribe(self, title: str) -> Write:
        return Write(
            "sns",
            "Subscribe",
            {
                "TopicArn": self.topic_arn,
                "Protocol": "email",
                "Endpoint": self.address,
                "ReturnSubscriptionArn": True,
            },
            region=region(self.topic_arn),
            title=title,
        )


@step("sns.subscription")
class Subscription(_Subscribed, frozen=True, kw_only=True):
    """An address subscribed to a topic, confirmed or still to be."""

    volatile: ClassVar[tuple[str, ...]] = ("arn", "asked_at", "state")
    """It is confirmed later, by another item."""

    def observe(self) -> Reads[Facts | None]:
        state, arn = yield from self._look()
        if state == NONE:
            return None
        made = yield Made()
        return {
            "topic": name(self.topic_arn),
            "address": self.address,
            "state": state,
            "arn": arn,
            "asked_at": _last(made, "Subscribe"),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is not None:
            return ()
        reason = f"{self.address} is not subscribed to {name(self.topic_arn)}"
        return (Difference("subscription", None, self.address, reason),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield self._subscribe(f"Subscribe {self.address} to {name(self.topic_arn)}")

    def outputs(self, found: Facts | None) -> Facts:
        """`state`, and `asked_at`: account seconds since the epoch when the wizard asked for the
        mail, 0 when the subscription was there already."""
        return {"state": found["state"], "asked_at": found["asked_at"] or 0} if found else {}

    def compared(self, found: Facts | None) -> Facts | None:
        return {"address": found["address"], "state": found["state"]} if found else None


@step("sns.confirmed")
class Confirmed(_Subscribed, frozen=True, kw_only=True):
    """A subscription that a person confirmed, by the pasted link or by a click.

    The pasted link is better: ConfirmSubscription then lets only the account unsubscribe (E7).
    https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("asked_at",)

    patience: ClassVar[Patience] = Patience(every=15, limit=LIFETIME)

    asked_at: float | str = 0
    """Account seconds when the mail was asked for; 0 when unknown. Text only in a preview."""
    clicks: bool = True
    """Whether a click in the mail will do. When not, one that was clicked is done over."""

    def observe(self) -> Reads[Facts | None]:
        state, arn = yield from self._look()
        made = yield Made()
        facts: dict[str, Json] = {
            "topic": name(self.topic_arn),
            "address": self.address,
            "state": state,
        }
        if state == CONFIRMED:
            signed = yield from authenticated(self.topic_arn, arn)
            facts |= {"arn": arn, "authenticated": signed, "warning": "" if signed else WARNING}
        elif state == PENDING:
            now = yield Now()
            asked = _last(made, "Subscribe") or _seconds(self.asked_at)
            ends = asked + LIFETIME if asked else None
            facts |= {"asked_at": asked or None, "expires_at": ends, "left": _left(ends, now)}
        return facts

    def differences(self, found: Facts | None) -> Differences:
        state = found["state"] if found else PENDING
        if found and state == NONE:
            reason = (
                f"the pending subscription to {found['topic']} is gone: links live 48 hours. A new "
                "mail is asked for"
            )
            return (Difference("state", NONE, CONFIRMED, reason),)
        if state == PENDING:
            reason = f"{self.address} has not confirmed {name(self.topic_arn)}"
            return (self._person("state", PENDING, CONFIRMED, reason),)
        if found and not found["authenticated"] and not self.clicks:
            reason = "it was confirmed by a click, and a pasted link is asked for"
            return (self._person("authenticated", found=False, wanted=True, reason=reason),)
        return ()

    @staticmethod
    def _person(field: str, found: Json, wanted: Json, reason: str) -> Difference:
        return Difference(field, found, wanted, reason, fixable=False, person=True)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield self._subscribe(f"Send the confirmation mail for {name(self.topic_arn)} again")

    def instructions(self, found: Facts | None) -> str:
        topic = name(self.topic_arn)
        if found and found["state"] == CONFIRMED:
            return f"{WARNING} Unsubscribe and mail a new link, then paste that one."
        until = found.get("expires_at") if found else None
        ends = f" This one ends at {_utc(until)}." if until else ""
        return (
            f"A mail from AWS Notifications, subject “Subscription Confirmation”, came to the "
            f"Slack channel of {self.address} for {topic}. In Slack, do not click: right-click "
            f"“Confirm subscription”, copy the link, and paste it here. So confirmed, only this "
            f"account can unsubscribe; after a click, anybody in the channel can. The link lives "
            f"48 hours.{ends} No mail: is the channel's address still active, and may "
            "no-reply@sns.amazonaws.com write to it? The wizard looks every 15 seconds and goes "
            "on by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        left = found.get("left") if found else None
        ends = f", the link ends in {left}" if left else ", when the link ends is not known"
        return f"{self.address} to confirm {name(self.topic_arn)}{ends}"

    def deeds(self, found: Facts | None) -> tuple[Deed, ...]:
        if found is not None and found["state"] == CONFIRMED:
            return (Deed(name="renew", label="Unsubscribe and mail a new link"),)
        return (
            Deed(
                name="link",
                label="Paste the confirmation link",
                prompt=f"The link “Confirm subscription” of the mail for {name(self.topic_arn)}",
                secret=True,
            ),
            Deed(name="resend", label="Send the mail again"),
        )

    def take(self, deed: str, found: Facts | None, text: str) -> Given:
        if deed != "link":
            return Given()
        try:
            token = parse(text, self.topic_arn, self.address)
        except LinkError as wrong:
            raise StepError(
                f"That is not the confirmation link of {name(self.topic_arn)}: {wrong}.",
                todo="Copy the link of “Confirm subscription” in that topic's mail, and paste it.",
            ) from None
        return Given(facts={"topic_arn": self.topic_arn}, secret=token)

    def act(
        self, deed: str, found: Facts | None, given: Facts, secret: Secret | None
    ) -> Reads[str]:
        topic = name(self.topic_arn)
        match deed:
            case "link":
                if secret is None:
                    raise StepError("There is no link.", todo="Paste it again.")
                title = f"Confirm the subscription to {topic}, only the account may end it"
                yield from confirm(self.topic_arn, self.address, secret, title)
            case "resend":
                yield self._subscribe(f"Send the confirmation mail for {topic} again")
            case "renew":
                state, arn = yield from self._look()
                if state == CONFIRMED:
                    yield Write(
                        "sns",
                        "Unsubscribe",
                        {"SubscriptionArn": arn},
                        region=region(self.topic_arn),
                        title=f"Unsubscribe {self.address} from {topic}",
                    )
                yield self._subscribe(f"Send a new confirmation mail for {topic}")
            case _:
                raise StepError(f"There is no deed {deed} here.", todo="Choose one that is shown.")
        return ""

    def outputs(self, found: Facts | None) -> Facts:
        """`arn` of the subscription; `authenticated`: only the account can unsubscribe."""
        if found is None or found["state"] != CONFIRMED:
            return {}
        return {"arn": found["arn"], "authenticated": found["authenticated"]}

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None:
            return None
        return {"state": found["state"], "authenticated": found.get("authenticated")}


def _last(made: Iterable[Mapping[str, Any]], operation: str) -> float | None:
    """When this item last made the call; None when it never did."""
    times = [float(call["at"]) for call in made if call["operation"] == operation]
    return times[-1] if times else None


def _seconds(at: float | str) -> float:
    return 0 if isinstance(at, str) else float(at)


def _utc(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def _left(ends: float | None, now: float) -> str:
    """What is left of a link, rounded so that it changes seldom: each change is journaled."""
    if ends is None:
        return ""
    hours, minutes = divmod(max(0, int(ends - now)) // 60, 60)
    if hours:
        return f"{hours} hours" if hours > 1 else "1 hour"
    return f"{minutes - minutes % 10} minutes" if minutes >= 10 else "a few minutes"
