"""Topics, subscriptions, their confirmation and the proof, on the simulated account."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from steps.sns_proof import Proof, proof_alarms
from steps.sns_subscription import Confirmed, Subscription
from steps.sns_topic import Topic
from tests.steps.driving import Account, drive
from wizard.effects import Read, Secret, Write
from wizard.errors import CallError, StepError
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator

HOUR = 3600.0
ADDRESS = "aws-alarms-aaaaf3xq7d2w@supertokens.slack.com"


class Channel:
    """A region of a running account, with the Slack channel that its mails go to."""

    def __init__(self, simulator: Simulator) -> None:
        self.ready = simulator.ready
        self.secrets = Secrets({})
        self.gateway = WorldGateway(
            endpoint_url=self.ready.endpoint_url, region="eu-west-3", secrets=self.secrets
        )
        self.account = Account(self.gateway, self.now)

    def now(self) -> float:
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/network").raise_for_status()
        return float(answer.json()["account_time"])

    def advance(self, seconds: float) -> None:
        where = f"{self.ready.endpoint_url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": seconds}).raise_for_status()

    def call(self, effect: Read | Write) -> Any:
        return self.gateway.call(effect).value

    def mails(self, topic_arn: str) -> list[dict[str, Any]]:
        every = httpx.get(f"{self.ready.inbox_url}/mails.json").raise_for_status().json()
        return [mail for mail in every if mail["topic_arn"] == topic_arn]

    def topic(self, name: str) -> str:
        step = Topic(name=name)
        self.account.act(step)
        return str(step.outputs(self.account.look(step)[0])["arn"])

    def deed(self, step: Confirmed | Proof, name: str, text: str = "") -> str:
        """Has a deed done, as the engine does."""
        found, _ = self.account.look(step)
        given = step.take(name, found, text)
        secret = Secret("given-1") if given.secret else None
        if secret is not None:
            self.secrets.give(secret.name, given.secret)
        effects = step.act(name, found, given.facts, secret)
        return str(drive(effects, self.account.answers(step)))


@pytest.fixture(scope="module")
def channel() -> Iterator[Channel]:
    with Simulator() as simulator:
        made = Channel(simulator)
        yield made
        made.gateway.close()


def test_a_topic_is_spelled_as_in_the_reference_region(channel: Channel) -> None:
    # In eu-west-1 the ELB topic has the other spelling, in us-east-1 it has not.
    step = Topic(
        name="CloudWatch_Alarms_EU_West_3_ELB",
        reference="eu-west-1",
        reference_name="CloudWatch_Alarms_EU_West_1_ELB",
    )
    assert channel.account.act(step) is True
    found, differences = channel.account.look(step)
    assert differences == ()
    assert step.outputs(found)["name"] == "CloudWatchAlarms_EU_West_3_ELB"
    # Under either spelling it is there now, and no second one is made.
    assert channel.account.act(Topic(name="CloudWatch_Alarms_EU_West_3_ELB")) is False


def test_a_fifo_topic_of_the_name_is_refused(channel: Channel) -> None:
    attributes = {"FifoTopic": "true"}
    params = {"Name": "CloudWatch_Alarms_Fifo.fifo", "Attributes": attributes}
    channel.call(Write("sns", "CreateTopic", params))
    _, differences = channel.account.look(Topic(name="CloudWatch_Alarms_Fifo"))
    assert [(one.field, one.fixable) for one in differences] == [("type", False)]


def test_the_pasted_link_confirms_for_the_account_alone(channel: Channel) -> None:
    topic = channel.topic("CloudWatch_Alarms_Pasted")
    subscribed = Subscription(topic_arn=topic, address=ADDRESS)
    assert channel.account.act(subscribed) is True
    found, differences = channel.account.look(subscribed)
    assert differences == ()
    asked = subscribed.outputs(found)["asked_at"]
    assert abs(asked - channel.now()) < 60

    step = Confirmed(topic_arn=topic, address=ADDRESS, asked_at=asked)
    found, differences = channel.account.look(step)
    assert [(one.person, one.fixable) for one in differences] == [(True, False)]
    assert found is not None
    assert found["left"] == "47 hours"
    assert channel.deed(step, "link", channel.mails(topic)[-1]["link"]) == ""
    found, differences = channel.account.look(step)
    assert differences == ()
    assert step.outputs(found)["authenticated"] is True
    assert channel.account.act(subscribed) is False


def test_the_link_of_another_topic_confirms_nothing(channel: Channel) -> None:
    mine, other = channel.topic("CloudWatch_Alarms_Mine"), channel.topic("CloudWatch_Alarms_Other")
    for topic in (mine, other):
        channel.account.act(Subscription(topic_arn=topic, address=ADDRESS))
    step = Confirmed(topic_arn=mine, address=ADDRESS)
    with pytest.raises(StepError, match="CloudWatch_Alarms_Other"):
        channel.deed(step, "link", channel.mails(other)[-1]["link"])
    link = channel.mails(mine)[-1]["link"]
    with pytest.raises(CallError, match="Invalid parameter: Token"):
        channel.deed(step, "link", link.replace("Token=", "Token=0123456789abcdef"))
    assert channel.account.look(step)[1] != ()


def test_a_click_is_taken_and_recorded_or_done_over(channel: Channel) -> None:
    topic = channel.topic("CloudWatch_Alarms_Clicked")
    channel.account.act(Subscription(topic_arn=topic, address=ADDRESS))
    httpx.get(channel.mails(topic)[-1]["confirm_url"]).raise_for_status()
    found, differences = channel.account.look(Confirmed(topic_arn=topic, address=ADDRESS))
    assert differences == ()
    assert found is not None
    assert found["authenticated"] is False
    assert "anybody in the channel" in found["warning"]

    strict = Confirmed(topic_arn=topic, address=ADDRESS, clicks=False)
    found, differences = channel.account.look(strict)
    assert [one.field for one in differences] == ["authenticated"]
    channel.deed(strict, "renew")
    assert len(channel.mails(topic)) == 2
    channel.deed(strict, "link", channel.mails(topic)[-1]["link"])
    assert channel.account.look(strict)[1] == ()


def test_a_link_pasted_after_a_click_is_told_to_be_confirmed_and_how(channel: Channel) -> None:
    topic = channel.topic("CloudWatch_Alarms_Overtaken")
    channel.account.act(Subscription(topic_arn=topic, address=ADDRESS))
    step = Confirmed(topic_arn=topic, address=ADDRESS)
    found, _ = channel.account.look(step)
    mail = channel.mails(topic)[-1]
    httpx.get(mail["confirm_url"]).raise_for_status()
    given = step.take("link", found, mail["link"])
    channel.secrets.give("given-2", given.secret)
    effects = step.act("link", found, given.facts, Secret("given-2"))
    with pytest.raises(StepError, match="confirmed already: somebody clicked meanwhile") as told:
        drive(effects, channel.account.answers(step))
    assert "You lack" not in str(told.value)
    found, differences = channel.account.look(step)
    assert differences == ()
    assert step.outputs(found)["authenticated"] is False


def test_what_expired_is_mailed_again_and_waits_again(channel: Channel) -> None:
    topic = channel.topic("CloudWatch_Alarms_Expired")
    subscribed = Subscription(topic_arn=topic, address=ADDRESS)
    channel.account.act(subscribed)
    asked = subscribed.outputs(channel.account.look(subscribed)[0])["asked_at"]
    step = Confirmed(topic_arn=topic, address=ADDRESS, asked_at=asked)
    late = channel.mails(topic)[-1]["link"]
    channel.advance(48 * HOUR + 1)

    _, differences = channel.account.look(step)
    assert [one.fixable for one in differences] == [True]
    drive(step.converge(None, differences), channel.account.answers(step))
    found, differences = channel.account.look(step)
    assert [one.person for one in differences] == [True]
    assert found is not None
    assert found["asked_at"] > asked
    assert len(channel.mails(topic)) == 2
    with pytest.raises(CallError, match="Token"):
        channel.deed(step, "link", late)
    channel.deed(step, "resend")
    assert len(channel.mails(topic)) == 3
    channel.deed(step, "link", channel.mails(topic)[-1]["link"])
    assert channel.account.look(step)[1] == ()


def test_the_word_is_in_the_channel_and_nowhere_else(channel: Channel) -> None:
    topic = channel.topic("CloudWatch_Alarms_Proof")
    channel.account.act(Subscription(topic_arn=topic, address=ADDRESS))
    confirmed = Confirmed(topic_arn=topic, address=ADDRESS)
    name = "db-proof CPUUtilization"
    alarm = {
        "AlarmName": name,
        "Namespace": "AWS/RDS",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "DBClusterIdentifier", "Value": "proof"}],
        "Statistic": "Maximum",
        "Period": 900,
        "EvaluationPeriods": 1,
        "Threshold": 80,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [topic],
    }
    channel.call(Write("cloudwatch", "PutMetricAlarm", alarm))
    step = Proof(alarm=name, address=ADDRESS, attest="typed")
    assert [one.field for one in channel.account.look(step)[1]] == ["reaches"]
    channel.deed(confirmed, "link", channel.mails(topic)[-1]["link"])
    assert channel.account.look(step)[1] == ()
    lines = channel.account.read(proof_alarms(like="CPUUtilization"))
    assert [(one.value, one.suggested) for one in lines] == [(name, True)]

    with pytest.raises(StepError, match="knows no word"):
        channel.deed(step, "nonce", "cafe1234")
    assert channel.deed(step, "send") == ""
    there = [mail for mail in channel.mails(topic) if name in mail["subject"]]
    word = re.search(r"type into the wizard is ([0-9a-f]{8})", there[-1]["body"])
    assert word is not None
    after = channel.call(Read("cloudwatch", "DescribeAlarms", {"AlarmNames": [name]}))
    assert after["MetricAlarms"][0]["StateValue"] == "INSUFFICIENT_DATA"
    assert word[1] not in str([after, channel.account.look(step), channel.account.calls])

    with pytest.raises(StepError, match="not the word"):
        channel.deed(step, "nonce", "00000000" if word[1] != "00000000" else "11111111")
    assert "was typed" in channel.deed(step, "nonce", f" {word[1].upper()} ")
