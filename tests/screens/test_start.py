"""Start: profile, region, and the account confirmed."""

import asyncio

from textual.widgets import Button, OptionList

from screens.inputs import Inputs
from tests.screens.company import REAL
from tests.screens.drive import app_on, driving, press, screen_text, settle, told
from tests.screens.fakes import FakeDesk, FakeRunning
from tests.screens.region import REGION_PIN, session
from wizard.engine.desk import Profile
from wizard.errors import CredentialsError

CHECKLIST = "add-load-balancer"


def count(shown: OptionList) -> int:
    return shown.option_count


async def test_simulated_account_begins_with_a_button() -> None:
    desk = FakeDesk()
    async with driving(desk, start=CHECKLIST) as pilot:
        await press(pilot, "enter")
        assert "Nothing in a real account can change." in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Inputs)
    assert [(name, pin.region) for name, pin in desk.begun] == [(CHECKLIST, "us-east-1")]
    assert desk.running.started


async def test_real_account_wants_its_alias_typed() -> None:
    desk = FakeDesk(pin=REAL, running=FakeRunning(REAL))
    async with driving(desk, start=CHECKLIST) as pilot:
        await press(pilot, *"eu-west-1", "enter")
        button = pilot.app.screen.query_one("#begin", Button)
        assert "REAL" in screen_text(pilot)
        assert button.disabled
        assert pilot.app.focused is not button
        await press(pilot, *"acme-pro", "enter")
        assert desk.begun == []
        await press(pilot, "d", "enter")
    assert desk.begun[0][1].region == "eu-west-1"


async def test_the_filter_finds_regions_and_escape_goes_back() -> None:
    desk = FakeDesk()
    desk.profile_list = [
        Profile(name="prod", region="eu-west-1", kind="sso"),
        Profile(name="demo", region="us-east-1", kind="demo"),
    ]
    async with driving(desk, start=CHECKLIST) as pilot:
        assert "prod" in screen_text(pilot)
        await press(pilot, "enter", *"south")
        text = screen_text(pilot)
        assert "ap-south-1" in text
        assert "us-west-2" not in text
        await press(pilot, "escape")
        assert "Whose credentials" in screen_text(pilot)


async def test_failure_to_identify_can_be_tried_again() -> None:
    desk = FakeDesk()
    desk.problem = CredentialsError(
        "The token has expired.", code="ExpiredToken", where="profile demo", todo="Log in again."
    )
    async with driving(desk, start=CHECKLIST) as pilot:
        await press(pilot, "enter")
        text = screen_text(pilot)
        assert "The token has expired." in text
        assert "Log in again." in text
        desk.problem = None
        await press(pilot, "ctrl+r")
        assert "acme-demo (123456789012)" in screen_text(pilot)


async def test_unknown_checklist_is_explained() -> None:
    async with driving(FakeDesk(), start="nothing") as pilot:
        assert "No checklist is called nothing" in screen_text(pilot)


async def test_names_first_then_how_each_region_stands() -> None:
    desk = FakeDesk(pin=REGION_PIN, running=session())
    desk.may_list.clear()
    app = app_on(desk, start="add-region")
    async with app.run_test() as pilot:
        async with asyncio.timeout(10):
            while not (shown := app.screen.query("#regions")) or not count(shown.first(OptionList)):
                await pilot.pause()
        desk.may_list.set()
        await settle(pilot)
        text = screen_text(pilot)
        assert "✓ us-east-1       US East (N. Virginia) · enabled by default" in text
        assert "○ eu-central-2    Europe (Zurich) · not enabled" in text
        await press(pilot, *"zurich")
        assert "the checklist asks before" in screen_text(pilot)
        await press(pilot, "enter")
        assert "eu-central-2 (aws)" in screen_text(pilot)


async def test_a_checklist_that_enables_nothing_takes_no_closed_region() -> None:
    async with driving(FakeDesk(), start=CHECKLIST) as pilot:
        await press(pilot, *"zurich", "enter")
        assert "It cannot be chosen" in told(pilot)
        assert "In which region" in screen_text(pilot)


async def test_why_it_is_not_known_is_said() -> None:
    desk = FakeDesk()
    desk.region_list = CredentialsError("The token has expired.", code="ExpiredToken")
    async with driving(desk, start=CHECKLIST) as pilot:
        text = screen_text(pilot)
        assert "Whether they are enabled is not known: The token has expired." in text
        assert "ap-south-1" in text
