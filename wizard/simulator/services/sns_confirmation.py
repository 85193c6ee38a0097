"""SNS subscriptions wait for a person: a token is mailed, and lives two days.

Sources: API_Subscribe ("the token is valid for two days"), API_ConfirmSubscription of
https://docs.aws.amazon.com/sns/latest/api/.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSException, SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription, sns_backends
from moto.sns.responses import SNSResponse
from moto.utilities.arns import parse_arn

from wizard.simulator.services.patching import wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

LIFETIME_SECONDS = 48 * 3600.0
CONFIRMED_BY_THE_RECEIVER = ("email", "email-json", "http", "https")
PROTOCOLS = (*CONFIRMED_BY_THE_RECEIVER, "sms", "sqs", "lambda", "application", "firehose")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class AlreadyConfirmed(SNSException):
    """ConfirmSubscription without a signature on what only a signed call may change."""

    code = "AuthorizationError"
    message = "Subscription already confirmed"


def is_pending(subscription: Subscription) -> bool:
    """Whether its receiver has not confirmed it yet."""
    return subscription.attributes.get("PendingConfirmation") is True


def install(clock: AccountClock, world: World) -> None:
    """Make new subscriptions pending, and confirm them by link or by ConfirmSubscription."""
    _patch_subscribe(clock, world)
    _patch_confirm(clock, world)


def _patch_subscribe(clock: AccountClock, world: World) -> None:
    @wrap(SNSBackend, "subscribe")
    def subscribe(
        original: Callable[..., Subscription],
        self: SNSBackend,
        topic_arn: str,
        endpoint: str,
        protocol: str,
    ) -> Subscription:
        self.get_topic(topic_arn)
        if protocol not in PROTOCOLS:
            raise SNSInvalidParameter(
                f"Invalid parameter: Does not support this protocol string: {protocol}"
            )
        if protocol.startswith("email") and not _ADDRESS.fullmatch(endpoint or ""):
            raise SNSInvalidParameter("Invalid parameter: Email address")
        known = self._find_subscription(topic_arn, endpoint, protocol)
        made = original(self, topic_arn, endpoint, protocol)
        asks = protocol in CONFIRMED_BY_THE_RECEIVER
        if asks and (known is None or is_pending(known)):
            _ask(made, clock, world)
        return made

    @wrap(SNSResponse, "subscribe")
    def respond(original: Callable[..., ActionResult], self: SNSResponse) -> ActionResult:
        answer: Any = original(self)
        made = self.backend.subscriptions[answer.result["SubscriptionArn"]]
        if is_pending(made) and not self._get_bool_param("ReturnSubscriptionArn"):
            return ActionResult({"SubscriptionArn": "pending confirmation"})
        return ActionResult({"SubscriptionArn": made.arn})

    def expire(now: float) -> None:
        for token, arn in list(world.pending.items()):
            found = _find(arn)
            if found is None or now >= _asked(found).get(token, 0.0) + LIFETIME_SECONDS:
                del world.pending[token]
                if found is not None and is_pending(found) and _is_stale(found, now):
                    found.topic.sns_backend.subscriptions.pop(arn, None)

    world.due_hooks.append(expire)


def _asked(subscription: Subscription) -> dict[str, float]:
    """Token → account time at which it was mailed; kept with the subscription."""
    asked: dict[str, float] = subscription.__dict__.setdefault("asked", {})
    return asked


def _is_stale(subscription: Subscription, now: float) -> bool:
    return now >= max(_asked(subscription).values(), default=0.0) + LIFETIME_SECONDS


def _find(arn: str) -> Subscription | None:
    parsed = parse_arn(arn)
    backend: SNSBackend = sns_backends[parsed.account][parsed.region]
    return backend.subscriptions.get(arn)


def _ask(subscription: Subscription, clock: AccountClock, world: World) -> None:
    """Mail the link that confirms a subscription; each request mails a new one."""
    token = secrets.token_hex(84)
    now = clock.now()
    _asked(subscription)[token] = now
    subscription.attributes["PendingConfirmation"] = True
    subscription.attributes["ConfirmationWasAuthenticated"] = False
    world.pending[token] = subscription.arn
    if subscription.protocol.startswith("http"):
        return
    topic = subscription.topic_arn
    query = urlencode({"TopicArn": topic, "Token": token, "Endpoint": subscription.endpoint})
    world.send_mail(
        subscription.endpoint,
        "AWS Notification - Subscription Confirmation",
        f"You have chosen to subscribe to the topic:\n{topic}\n\n"
        "To confirm this subscription, click or visit the link below (If this was in error no "
        "action is necessary).",
        f"https://sns.{parse_arn(topic).region}.amazonaws.com/confirmation.html?{query}",
        topic,
        now,
    )


def _patch_confirm(clock: AccountClock, world: World) -> None:
    def confirm(token: str, topic_arn: str | None, *, signed: bool) -> Subscription:
        found = _find(world.pending[token]) if token in world.pending else None
        expired = found is None or clock.now() >= _asked(found)[token] + LIFETIME_SECONDS
        if found is None or expired or topic_arn not in {None, found.topic_arn}:
            raise SNSInvalidParameter("Invalid parameter: Token")
        if is_pending(found):
            found.attributes["PendingConfirmation"] = False
            found.attributes["ConfirmationWasAuthenticated"] = signed
            found.confirmed = True
        elif signed and found.attributes["ConfirmationWasAuthenticated"] is not True:
            raise AlreadyConfirmed
        return found

    def by_link(token: str) -> bool:
        found = _find(world.pending.get(token, "")) if token in world.pending else None
        if found is None or not is_pending(found) or _is_stale(found, clock.now()):
            return False
        confirm(token, None, signed=False)
        return True

    world.confirm = by_link

    @wrap(SNSResponse, "confirm_subscription")
    def respond(_original: Callable[..., Any], self: SNSResponse) -> ActionResult:
        topic_arn = self._get_param("TopicArn")
        self.backend.get_topic(topic_arn)
        wish = str(self._get_param("AuthenticateOnUnsubscribe") or "").lower()
        found = confirm(str(self._get_param("Token")), topic_arn, signed=wish == "true")
        return ActionResult({"SubscriptionArn": found.arn})
