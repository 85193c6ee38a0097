"""The simulated person: what it does at a pause, by what it reads in the channel."""

from collections.abc import Iterator

import pytest

from wizard.console.person import DEV_INSTANCE, NOTE, TRIES, SimulatedPerson
from wizard.engine.commands import Act, Attest
from wizard.session.state import ItemState, Pause
from wizard.simulator.inbox import Inbox
from wizard.simulator.loopback import LoopbackServer
from wizard.simulator.save_gate import SaveGate
from wizard.simulator.world import World
from wizard.step import Deed

TOPIC = "arn:aws:sns:eu-central-2:111122223333:alarms"
ADDRESS = "alarms@x.slack.com"
FOUND = {"topic": "alarms", "address": ADDRESS, "alarm": "db CPU"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def person(world: World) -> Iterator[SimulatedPerson]:
    server = LoopbackServer(Inbox(world, SaveGate()).application)
    server.start()
    yield SimulatedPerson(server.url)
    server.stop()


def paused(*deeds: str, must_attest: bool = False, doing: str = "", item: str = "one") -> ItemState:
    return ItemState(
        id=item,
        found=FOUND,
        pause=Pause(
            instructions="",
            since="",
            notices_itself=not must_attest,
            must_attest=must_attest,
            deeds=tuple(Deed(name=name, label=name) for name in deeds),
            doing=doing,
        ),
    )


def mail(world: World, link: str | None, body: str = "", topic: str = TOPIC) -> None:
    world.send_mail(ADDRESS, "a mail", body, link, topic, 0.0)


def test_it_pastes_the_newest_link_of_the_topic_once(world: World, person: SimulatedPerson) -> None:
    mail(world, "https://sns/old?Token=1")
    mail(world, "https://sns/new?Token=2")
    mail(world, "https://sns/other?Token=3", topic=TOPIC + "-others")
    pause = paused("link", "resend")
    assert person.act(pause) == Act(item="one", deed="link", text="https://sns/new?Token=2")
    assert person.act(pause) is None


def test_a_click_that_does_not_do_is_done_over(person: SimulatedPerson) -> None:
    assert person.act(paused("renew")) == Act(item="one", deed="renew")


def test_without_a_mail_it_has_one_sent_but_not_for_ever(person: SimulatedPerson) -> None:
    pause = paused("link", "resend")
    commands = [person.act(pause) for _ in range(TRIES + 2)]
    assert commands == [Act(item="one", deed="resend")] * TRIES + [None] * 2


def test_it_types_the_word_of_the_newest_mail(world: World, person: SimulatedPerson) -> None:
    pause = paused("send", "nonce", must_attest=True)
    assert person.act(pause) == Act(item="one", deed="send")
    assert person.act(pause) is None
    for word in ("aaaa1111", "bbbb2222"):
        mail(world, None, f'Alarm "db CPU": The word to type into the wizard is {word}')
    mail(world, None, 'Alarm "another": The word to type into the wizard is cccc3333')
    assert person.act(pause) == Act(item="one", deed="nonce", text="bbbb2222")


def test_it_attests_where_nothing_else_can_be_done(person: SimulatedPerson) -> None:
    assert person.act(paused(must_attest=True)) == Attest(item="one", note=NOTE)
    assert person.act(paused(must_attest=True, doing="send")) is None
    assert person.act(ItemState(id="one")) is None


def test_it_starts_no_instance_without_a_company(person: SimulatedPerson) -> None:
    waiting = paused(item=DEV_INSTANCE)
    assert person.act(waiting) is None
    assert person.is_at_work(waiting) is False
