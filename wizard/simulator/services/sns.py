"""SNS: pages of a hundred, true counters, and mails for those who have confirmed.

Sources: API_ListSubscriptions, API_GetTopicAttributes and API_Unsubscribe of
https://docs.aws.amazon.com/sns/latest/api/.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse
from moto.utilities.arns import parse_arn

from wizard.simulator.services import sns_confirmation
from wizard.simulator.services.patching import wrap
from wizard.simulator.services.sns_confirmation import is_pending

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

PAGE = 100


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


def install(clock: AccountClock, world: World) -> None:
    """Make SNS wait for confirmations, by a link in a mail or by ConfirmSubscription."""
    _patch_pages()
    sns_confirmation.install(clock, world)
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
