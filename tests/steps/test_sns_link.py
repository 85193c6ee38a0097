"""The pasted confirmation link: what is taken, and every way in which it is refused."""

import pytest

from steps.sns_link import LinkError, parse
from steps.sns_subscription import Confirmed
from wizard.effects import Secret, Write
from wizard.errors import StepError

from .driving import drive

TOPIC = "arn:aws:sns:eu-central-2:111122223333:alarms"
ADDRESS = "alarms@x.slack.com"
TOKEN = "2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92"
LINK = (
    "https://sns.eu-central-2.amazonaws.com/confirmation.html"
    f"?TopicArn={TOPIC}&Token={TOKEN}&Endpoint={ADDRESS}"
)
STEP = Confirmed(topic_arn=TOPIC, address=ADDRESS)


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        f"  {LINK}\n",
        f"<{LINK}>",
        f"<{LINK}|Confirm subscription>",
        LINK.replace("&", "&amp;"),
        LINK.replace(":", "%3A").replace("https%3A", "https:"),
        LINK.replace(".com/", ".com:443/"),
        LINK.replace(f"&Endpoint={ADDRESS}", ""),
    ],
)
def test_the_link_is_taken_as_mails_and_slack_give_it(text: str) -> None:
    assert parse(text, TOPIC, ADDRESS) == TOKEN


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no link"),
        ("confirm", "no link"),
        ("https://[::1", "no link"),
        (TOKEN, "no link"),
        (LINK.replace("https:", "http:"), "begins with http,"),
        (LINK.replace("eu-central-2.ama", "us-east-1.ama"), "leads to sns.us-east-1.amazonaws.com"),
        (
            LINK.replace(".com/", ".com.evil.example/"),
            "leads to sns.eu-central-2.amazonaws.com.evil",
        ),
        (LINK.replace("https://", "https://sns.eu-central-2.amazonaws.com@"), "leads to"),
        (LINK.replace("amazonaws.com/", "amazonaws.com.cn/"), "leads to"),
        (LINK.replace(".com/", ".com:8443/"), "leads to"),
        (LINK.replace("confirmation.html", "unsubscribe.html"), "would end the alarms"),
        (LINK.replace("confirmation.html", ""), "its path is /"),
        (LINK.replace(":alarms&", ":others&"), "for the topic others"),
        (LINK.replace("111122223333", "444455556666"), "account 444455556666"),
        (LINK.replace(f"TopicArn={TOPIC}&", ""), "names no topic"),
        (LINK.replace(f"&Token={TOKEN}", ""), "carries no token"),
        (LINK.replace(TOKEN, "%0A2336412f37fb687f5d51"), "carries no token"),
        (LINK + "&Token=another", "carries no token"),
        (LINK.replace(ADDRESS, "other@x.com"), "another address"),
    ],
)
def test_any_other_link_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(LinkError, match=reason):
        parse(text, TOPIC, ADDRESS)
    with pytest.raises(StepError, match="not the confirmation link of alarms") as refused:
        STEP.take("link", None, text)
    assert TOKEN not in str(refused.value)


def test_in_china_and_govcloud_the_partition_decides_where_it_leads() -> None:
    topic = TOPIC.replace("arn:aws:", "arn:aws-cn:").replace("eu-central-2", "cn-north-1")
    link = LINK.replace("eu-central-2", "cn-north-1").replace("arn:aws:", "arn:aws-cn:")
    assert parse(link.replace("amazonaws.com", "amazonaws.com.cn"), topic) == TOKEN
    with pytest.raises(LinkError, match="leads to"):
        parse(link, topic)


def test_the_token_goes_into_the_call_as_a_secret_only() -> None:
    given = STEP.take("link", None, LINK)
    assert given.secret == TOKEN
    assert TOKEN not in str(given.facts)
    made: list[Write] = []

    def answer(effect: object) -> object:
        assert isinstance(effect, Write)
        made.append(effect)
        return {}

    assert drive(STEP.act("link", None, given.facts, Secret("given-1")), answer) == ""
    assert [(one.operation, one.params, one.region) for one in made] == [
        (
            "ConfirmSubscription",
            {"TopicArn": TOPIC, "Token": Secret("given-1"), "AuthenticateOnUnsubscribe": "true"},
            "eu-central-2",
        )
    ]


def test_what_is_offered_depends_on_where_it_stands() -> None:
    pending = {"state": "pending", "topic": "alarms"}
    assert [(deed.name, deed.secret) for deed in STEP.deeds(pending)] == [
        ("link", True),
        ("resend", False),
    ]
    assert [deed.name for deed in STEP.deeds({"state": "confirmed"})] == ["renew"]
    with pytest.raises(StepError, match="no deed nothing"):
        drive(STEP.act("nothing", None, {}, None), lambda _: None)
    with pytest.raises(StepError, match="no link"):
        drive(STEP.act("link", None, {}, None), lambda _: None)
