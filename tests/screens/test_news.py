"""News that an operator must not miss: pauses, refusals, waits, changed plans."""

from msgspec.structs import replace

from screens.finish import Finish
from screens.halt import HaltDialog
from screens.run import Run
from screens.widgets.top import look_text
from tests.screens import scenes
from tests.screens.company import PIN
from tests.screens.drive import LARGE, driving, press, resumed, screen_text, settle
from tests.screens.fakes import FakeDesk, FakeRunning
from wizard.engine import commands
from wizard.engine.snapshot import InFlight, NextLook
from wizard.session import events
from wizard.step import Difference


def midway() -> FakeRunning:
    return scenes.midway(FakeRunning())


async def test_a_pause_of_its_own_is_told_whole_and_goes_on() -> None:
    running = midway()
    why = "Your AWS session has ended: log in again with `aws sso login --profile acme`."
    async with driving(resumed(running), resume="s-12") as pilot:
        running.tell(events.SessionPaused(reason=why))
        await settle(pilot)
        assert isinstance(pilot.app.screen, HaltDialog)
        text = screen_text(pilot)
        assert "Your AWS session has ended: log in again" in text
        assert "no new call starts" in text
        await press(pilot, "p")
        running.tell(events.SessionContinued())
        await settle(pilot)
        assert isinstance(pilot.app.screen, Run)
        running.tell(events.SessionPaused(reason=why))
        await settle(pilot)
        assert isinstance(pilot.app.screen, HaltDialog)
        await press(pilot, "enter")
        running.show()
        await settle(pilot)
        assert isinstance(pilot.app.screen, Run)
    assert running.sent == [commands.Continue()]


async def test_every_refusal_is_told() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        running.refuse("Name was used by lb.alb, which is done.")
        running.refuse("There is nothing to try \x1b[2Jagain.")
        await settle(pilot)
        told = [note.message for note in pilot.app._notifications]
    assert told == [
        "Name was used by lb.alb, which is done.",
        "There is nothing to try ␛[2Jagain.",
    ]


async def test_plan_shows_what_was_found_last_and_says_right_only_when_done() -> None:
    running = midway()
    later = (Difference(field="Name", found=None, wanted="acme-prod-2"),)
    running.tell(events.Observed(item="lb.tg", found=None, differences=later))
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await press(pilot, "n", "2")
        text = screen_text(pilot)
        assert "+ acme-prod-2" in text
        assert "HealthCheckProtocol" not in text
        running.tell(events.ItemSkipped(item="lb.tg", reason="later"))
        await settle(pilot)
        assert "now so" not in screen_text(pilot)
        running.tell(
            events.Observed(item="lb.tg", found={"Name": "acme-prod-2"}, differences=()),
            events.ItemDone(item="lb.tg", how="changed", outputs={}),
        )
        await settle(pilot)
        assert "✓ now so" in screen_text(pilot)


def test_a_wait_on_the_account_runs_at_its_speed_and_one_on_a_person_does_not() -> None:
    running = FakeRunning(replace(PIN, speed=60.0))
    account = NextLook(item="lb.wait", waiting_for="3 now", elapsed=60, limit=900, next_look_in=9)
    person = NextLook(item="lb.confirm", waiting_for="you", elapsed=60, limit=0, next_look_in=9)
    now = running.snapshot
    assert look_text(now, account, "Wait", 2) == "3 now · for 3:00 of 15:00 · looks in 7 s"
    assert look_text(now, person, "Slack", 2) == "waiting for you: Slack · for 1:02 · looks in 7 s"


def test_a_wait_says_looking_only_while_it_looks() -> None:
    running = FakeRunning()
    look = NextLook(item="lb.wait", waiting_for="3 now", elapsed=60, limit=900, next_look_in=0)
    assert look_text(running.snapshot, look, "Wait", 0) == "3 now · for 1:00 of 15:00"
    call = InFlight(
        item="lb.wait",
        service="ec2",
        operation="DescribeInstances",
        region="us-east-1",
        mutating=False,
        since=0,
    )
    running.under_way(in_flight=(call,))
    assert look_text(running.snapshot, look, "Wait", 0).endswith(" · looking now")
    running.tell(events.SessionPaused(reason="the credentials have expired"))
    assert look_text(running.snapshot, look, "Wait", 0).endswith("when the session goes on")


async def test_a_session_held_elsewhere_is_read_only_and_followed() -> None:
    running = midway()
    desk = FakeDesk(running=running)
    async with driving(desk) as pilot:
        await press(pilot, "down", "enter", "l")
        assert isinstance(pilot.app.screen, Run)
        text = screen_text(pilot)
        assert "READ ONLY" in text
        assert "Only looked at" in text
        await press(pilot, "n", "a", "A", "k", "x", "n", "n")
        assert isinstance(pilot.app.screen, Run)
        assert "a approves" not in screen_text(pilot)
        looked = pilot.app.screen.looked
        assert looked is not None
        running.tell(events.ItemDone(item="lb.tg", how="changed", outputs={}))
        looked.look_again()
        await settle(pilot)
        assert "4/11 done" in screen_text(pilot)
        await press(pilot, "f")
        assert isinstance(pilot.app.screen, Finish)
        await press(pilot, "escape", "escape")
        assert pilot.app.screen is pilot.app.screen_stack[0]
    assert running.sent == []
    assert not running.started


async def test_any_session_can_be_looked_at_from_home() -> None:
    async with driving(FakeDesk(running=midway())) as pilot:
        await press(pilot, "l")
        assert "READ ONLY" in screen_text(pilot)
        await press(pilot, "q")
        assert pilot.app.screen is pilot.app.screen_stack[0]
