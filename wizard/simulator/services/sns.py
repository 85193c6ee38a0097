"""SNS: subscriptions that wait for a person, mails, and pages of a hundred.

Sources: API_Subscribe ("the token is valid for two days"), API_ConfirmSubscription, API_Unsubscribe
and API_ListSubscriptions of https://docs.aws.amazon.com/sns/latest/api/.
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

PAGE = 100
LIFETIME_SECONDS = 48 * 3600.0
CONFIRMED_BY_THE_RECEIVER = ("email", "email-json", "http", "https")
PROTOCOLS = (*CONFIRMED_BY_THE_RECEIVER, "sms", "sqs", "lambda", "application", "firehose")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class AlreadyConfirmed(SNSException):
    """ConfirmSubscription without a signature on what only a signed call may change."""

    code = "AuthorizationError"
    message = "Subscription already confirmed"


def subscribe_confirmed(backend: SNSBackend, topic_arn: str, endpoint: str) -> Subscription:
    """Subscribe an address whose owner confirmed long ago, with a plain click; sends no mail."""
    made = Subscription(backend.account_id, backend.get_topic(topic_arn), endpoint, "email")
    made.confirmed = True
    made.attributes = {
        "PendingConfirmation": False,
        "ConfirmationWasAuthenticated": False,
        "Endpoint": endpoint,
        "TopicArn": topic_arn,
        "Protocol": "email",
        "SubscriptionArn": made.arn,
        "Owner": backend.account_id,
        "RawMessageDelivery": False,
    }
    backend.subscriptions[made.arn] = made
    return made


def is_pending(subscription: Subscription) -> bool:
    """Whether its receiver has not confirmed it yet."""
    return subscription.attributes.get("PendingConfirmation") is True


def install(clock: AccountClock, world: World) -> None:
    """Make SNS wait for confirmations, by a link in a mail or by ConfirmSubscription."""
    _patch_pages()
    _patch_subscribe(clock, world)
    _patch_confirm(clock, world)
    _patch_topics()
    _patch_delivery(clock, world)


def _patch_pages() -> None:
    @wrap(SNSBackend, "_get_values_nexttoken")
    def page(
        _original: Callable[..., Any],
        _backend: SNSBackend,
        values: dict[str, Any],
        next_token: str | None = None,
    ) -> tuple[list[Any], str | None]:
        if next_token is not None and not next_token.isdigit():
            raise SNSInvalidParameter("Invalid parameter: NextToken")
        start = int(next_token or "0")
        more = len(values) > start + PAGE
        return list(values.values())[start : start + PAGE], str(start + PAGE) if more else None

    @wrap(SNSResponse, "list_subscriptions")
    def list_subscriptions(_original: Callable[..., Any], self: SNSResponse) -> ActionResult:
        found, token = self.backend.list_subscriptions(self._get_param("NextToken"))
        return _listed(found, token)

    @wrap(SNSResponse, "list_subscriptions_by_topic")
    def list_by_topic(_original: Callable[..., Any], self: SNSResponse) -> ActionResult:
        found, token = self.backend.list_subscriptions_by_topic(
            self._get_param("TopicArn"), next_token=self._get_param("NextToken")
        )
        return _listed(found, token)


def _listed(found: list[Subscription], token: object) -> ActionResult:
    rows = [
        {
            "SubscriptionArn": "PendingConfirmation" if is_pending(one) else one.arn,
            "Owner": one.owner,
            "Protocol": one.protocol,
            "Endpoint": one.endpoint,
            "TopicArn": one.topic_arn,
        }
        for one in found
    ]
    return ActionResult({"Subscriptions": rows, "NextToken": token})


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


def _patch_topics() -> None:
    @wrap(SNSResponse, "get_topic_attributes")
    def attributes(original: Callable[..., ActionResult], self: SNSResponse) -> ActionResult:
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        states = [
            is_pending(one) for one in self.backend.subscriptions.values() if one.topic is topic
        ]
        topic.subscriptions_pending = sum(states)
        topic.subscriptions_confimed = len(states) - sum(states)
        return original(self)

    @wrap(SNSBackend, "unsubscribe")
    def unsubscribe(original: Callable[..., None], self: SNSBackend, subscription_arn: str) -> None:
        elements = subscription_arn.count(":") + 1
        if elements < 6:
            raise SNSInvalidParameter(
                "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, "
                f"not {elements}"
            )
        found = self.subscriptions.get(subscription_arn)
        if found is not None and is_pending(found):
            raise SNSInvalidParameter(
                "Invalid parameter: SubscriptionArn Reason: the subscription is pending "
                "confirmation"
            )
        if found is not None:
            found.topic.subscriptions_deleted += 1
        original(self, subscription_arn)


def _patch_delivery(clock: AccountClock, world: World) -> None:
    @wrap(Subscription, "publish")
    def publish(
        original: Callable[..., None],
        self: Subscription,
        message: str,
        message_id: str,
        subject: str | None = None,
        **options: Any,
    ) -> None:
        if is_pending(self):
            return
        if not self.protocol.startswith("email"):
            original(self, message, message_id, subject=subject, **options)
            return
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(
            options.get("message_attributes") or {}, message
        ):
            return
        if options.get("message_structure") == "json":
            message = self._parse_message_structure(message, self.protocol)
        region = parse_arn(self.topic_arn).region
        query = urlencode({"SubscriptionArn": self.arn, "Endpoint": self.endpoint})
        body = (
            f"{message}\n\n--\nIf you wish to stop receiving notifications from this topic, please "
            f"click or visit the link below to unsubscribe:\n"
            f"https://sns.{region}.amazonaws.com/unsubscribe.html?{query}\n"
        )
        world.send_mail(
            self.endpoint,
            subject or "AWS Notification Message",
            body,
            None,
            self.topic_arn,
            clock.now(),
        )
