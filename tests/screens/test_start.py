"""Start: profile, region, and the account confirmed."""

from textual.widgets import Button

from screens.inputs import Inputs
from tests.screens.company import REAL
from tests.screens.drive import driving, press, screen_text
from tests.screens.fakes import FakeDesk, FakeRunning
from wizard.engine.desk import Profile
from wizard.errors import CredentialsError

CHECKLIST = "add-load-balancer"


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
