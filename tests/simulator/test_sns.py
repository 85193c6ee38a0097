"""SNS as AWS has it: a person confirms, or nothing is delivered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated

ADDRESS = "alarms@supertokens.slack.com"
HOURS = 3600.0


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("sns") as made:
        yield made


@pytest.fixture
def sns(account: Account) -> Any:
    return account.client("sns")


@pytest.fixture
def topic(sns: Any) -> str:
    return str(sns.create_topic(Name="CloudWatch_Alarms_US_East_1_ELB")["TopicArn"])


def _subscribe(sns: Any, topic: str, **more: Any) -> str:
    made = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=ADDRESS, **more)
    return str(made["SubscriptionArn"])


def _token(account: Account) -> str:
    token = account.world.mails[-1].token
    assert token is not None
    return token


def _counts(sns: Any, topic: str) -> tuple[str, str, str]:
    found = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    return (
        found["SubscriptionsPending"],
        found["SubscriptionsConfirmed"],
        found["SubscriptionsDeleted"],
    )


def test_email_subscription_is_pending_until_the_link_is_opened(
    account: Account, sns: Any, topic: str
) -> None:
    assert _subscribe(sns, topic) == "pending confirmation"
    listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [one["SubscriptionArn"] for one in listed] == ["PendingConfirmation"]
    assert _counts(sns, topic) == ("1", "0", "0")

    mail = account.world.mails[-1]
    assert (mail.to, mail.topic_arn) == (ADDRESS, topic)
    assert mail.link is not None
    assert mail.link.startswith("https://sns.us-east-1.amazonaws.com/confirmation.html?")
    assert account.world.confirm(_token(account)) is True

    arn = sns.list_subscriptions()["Subscriptions"][0]["SubscriptionArn"]
    assert arn.startswith(f"{topic}:")
    assert _counts(sns, topic) == ("0", "1", "0")
    found = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert found["PendingConfirmation"] == "false"
    assert found["ConfirmationWasAuthenticated"] == "false"
    # A second click changes nothing.
    assert account.world.confirm(_token(account)) is False


def test_the_real_arn_is_told_when_asked_for(sns: Any, topic: str) -> None:
    arn = _subscribe(sns, topic, ReturnSubscriptionArn=True)
    found = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert found["PendingConfirmation"] == "true"


def test_confirm_subscription_can_protect_against_the_unsubscribe_link(
    account: Account, sns: Any, topic: str
) -> None:
    _subscribe(sns, topic)
    token = _token(account)
    arn = sns.confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")[
        "SubscriptionArn"
    ]
    found = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert found["ConfirmationWasAuthenticated"] == "true"
    # The same token again is the same subscription.
    again = sns.confirm_subscription(TopicArn=topic, Token=token)
    assert again["SubscriptionArn"] == arn


def test_a_token_of_another_topic_or_none_is_refused(
    account: Account, sns: Any, topic: str
) -> None:
    _subscribe(sns, topic)
    other = sns.create_topic(Name="other")["TopicArn"]
    with refused("InvalidParameter", "Token"):
        sns.confirm_subscription(TopicArn=other, Token=_token(account))
    with refused("InvalidParameter", "Token"):
        sns.confirm_subscription(TopicArn=topic, Token="2336412f37")
    with refused("NotFound", "Topic does not exist"):
        sns.confirm_subscription(TopicArn=f"{topic}x", Token=_token(account))


def test_tokens_and_pending_subscriptions_live_two_days(
    account: Account, sns: Any, topic: str
) -> None:
    _subscribe(sns, topic)
    token = _token(account)
    account.clock.advance(48 * HOURS - 1)
    account.world.settle(account.clock.now())
    assert len(sns.list_subscriptions()["Subscriptions"]) == 1
    account.clock.advance(2)
    assert account.world.confirm(token) is False
    with refused("InvalidParameter", "Token"):
        sns.confirm_subscription(TopicArn=topic, Token=token)
    account.world.settle(account.clock.now())
    assert sns.list_subscriptions()["Subscriptions"] == []
    assert account.world.pending == {}


def test_subscribing_again_while_pending_sends_another_mail(
    account: Account, sns: Any, topic: str
) -> None:
    first = _subscribe(sns, topic, ReturnSubscriptionArn=True)
    account.clock.advance(47 * HOURS)
    assert _subscribe(sns, topic, ReturnSubscriptionArn=True) == first
    assert len(account.world.mails) == 2
    account.clock.advance(2 * HOURS)
    account.world.settle(account.clock.now())
    # The first token has expired, the second has not, and it keeps the subscription.
    assert list(account.world.pending) == [_token(account)]
    assert account.world.confirm(_token(account)) is True
    # A confirmed address is not asked again.
    assert _subscribe(sns, topic) == first
    assert len(account.world.mails) == 2


def test_only_confirmed_addresses_get_what_is_published(
    account: Account, sns: Any, topic: str
) -> None:
    _subscribe(sns, topic)
    sns.publish(TopicArn=topic, Subject="unheard", Message="nobody listens")
    assert [mail.subject for mail in account.world.mails] == [
        "AWS Notification - Subscription Confirmation"
    ]
    account.world.confirm(_token(account))
    sns.publish(TopicArn=topic, Subject="heard", Message="somebody listens")
    mail = account.world.mails[-1]
    assert (mail.to, mail.subject, mail.link) == (ADDRESS, "heard", None)
    assert mail.body.startswith("somebody listens\n")


def test_a_pending_subscription_cannot_be_deleted_and_a_deleted_one_is_counted(
    account: Account, sns: Any, topic: str
) -> None:
    arn = _subscribe(sns, topic, ReturnSubscriptionArn=True)
    with refused("InvalidParameter", "pending"):
        sns.unsubscribe(SubscriptionArn=arn)
    with refused("InvalidParameter", "at least 6 elements"):
        sns.unsubscribe(SubscriptionArn="PendingConfirmation")
    account.world.confirm(_token(account))
    sns.unsubscribe(SubscriptionArn=arn)
    assert _counts(sns, topic) == ("0", "0", "1")


@pytest.mark.parametrize(
    ("protocol", "endpoint", "words"),
    [("email", "nobody", "Email address"), ("pigeon", "loft", "protocol string: pigeon")],
)
def test_what_cannot_be_mailed_is_refused(
    sns: Any, topic: str, protocol: str, endpoint: str, words: str
) -> None:
    with refused("InvalidParameter", words):
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)


@pytest.mark.parametrize("count", [100, 101])
def test_lists_come_in_pages_of_a_hundred(sns: Any, topic: str, count: int) -> None:
    for number in range(count - 1):
        sns.create_topic(Name=f"topic-{number}")
    for number in range(count):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"a{number}@example.com")
    for operation, field, asked in (
        ("list_topics", "Topics", {}),
        ("list_subscriptions", "Subscriptions", {}),
        ("list_subscriptions_by_topic", "Subscriptions", {"TopicArn": topic}),
    ):
        pages = [page[field] for page in sns.get_paginator(operation).paginate(**asked)]
        assert [len(page) for page in pages] == ([100] if count == 100 else [100, 1])
