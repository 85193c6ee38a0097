"""Home paints before the desk is there, and says what to do without credentials."""

import subprocess
import sys
import threading
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from screens.app import WizardApp
from tests.screens.drive import SIZES, SMALL, driving, press, screen_text, settle
from tests.screens.fakes import FakeDesk, clock
from wizard.checklist.pinned import Pinned
from wizard.engine.desk import Profile
from wizard.errors import CredentialsError


@pytest.mark.parametrize("size", SIZES)
async def test_sessions_checklists_and_who_you_are(size: tuple[int, int]) -> None:
    async with driving(FakeDesk(), size) as pilot:
        text = screen_text(pilot)
    for part in ("#12", "acme-demo (123456789012)", "us-east-1", "5/11", "suspended", "14 min ago"):
        assert part in text
    assert "SIMULATED" in text
    assert "waits for Subscriptions confirmed" in text
    assert "#11" in text
    assert "3 days ago" in text
    assert "11 items · Contributors guide" in text
    assert "assumed-role/Operator/mira" in text


async def test_a_long_line_goes_on_under_its_own_beginning() -> None:
    source = "Contributors guide, Adding Load Balancer for production deployment, part two of three"

    class Desk(FakeDesk):
        def checklists(self) -> Sequence[Pinned]:
            pinned = self.running.pinned
            return [replace(pinned, checklist=replace(pinned.checklist, source=source))]

    desk = Desk()
    desk.session_list = [replace(desk.session_list[0], holder="mira@a-host " + "since " * 15)]
    async with driving(desk, SMALL) as pilot:
        rows = screen_text(pilot).splitlines()
    for beginning, rest in (("11 items", "two of three"), ("held by", "since since")):
        [first] = [place for place, row in enumerate(rows) if beginning in row]
        assert rows[first].startswith(f"  │   {beginning}")
        assert rows[first + 1].startswith("  │   "), rows[first + 1]
        assert rest in rows[first + 1]
        assert rows[first + 1][6] != " "


async def test_paints_while_the_desk_is_still_being_made() -> None:
    made = threading.Event()

    def slow() -> FakeDesk:
        made.wait(10)
        return FakeDesk()

    app = WizardApp(slow, now=clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "Opening the journal" in screen_text(pilot)
        made.set()
        await settle(pilot)
        assert "#12" in screen_text(pilot)


async def test_empty_home_invites_to_start() -> None:
    desk = FakeDesk()
    desk.session_list = []
    async with driving(desk) as pilot:
        text = screen_text(pilot)
        assert "None yet." in text
        assert pilot.app.focused is pilot.app.screen.query_one("#checklists")


async def test_expired_credentials_name_profiles_login_and_demo() -> None:
    desk = FakeDesk()
    desk.session_list = []
    desk.profile_list = [Profile(name="prod", region="eu-west-1", kind="sso")]
    desk.problem = CredentialsError(
        "The SSO session has expired.", code="ExpiredToken", where="profile prod", todo="Log in."
    )
    async with driving(desk) as pilot:
        text = screen_text(pilot)
    assert "The SSO session has expired." in text
    assert "aws sso login --profile prod" in text
    assert "st-wizard demo" in text


async def test_no_profile_at_all() -> None:
    desk = FakeDesk()
    desk.profile_list = []
    async with driving(desk) as pilot:
        assert "aws configure sso" in screen_text(pilot)


async def test_looking_again_sees_who_logged_in_meanwhile() -> None:
    desk = FakeDesk()
    profiles, desk.profile_list = desk.profile_list, []
    async with driving(desk) as pilot:
        assert "No AWS profile" in screen_text(pilot)
        desk.profile_list = profiles
        await press(pilot, "r")
        assert "No AWS profile" not in screen_text(pilot)
        assert "Caller" in screen_text(pilot)


async def test_what_has_ended_is_looked_at() -> None:
    async with driving(FakeDesk()) as pilot:
        await pilot.press("down", "enter")
        await settle(pilot)
        text = screen_text(pilot)
    assert "READ ONLY" in text
    assert "The account is another one." not in text


async def test_refused_resume_says_where_what_next() -> None:
    desk = FakeDesk()
    desk.session_list[1] = replace(desk.session_list[1], standing="suspended")
    async with driving(desk) as pilot:
        await pilot.press("down", "enter")
        await settle(pilot)
        text = screen_text(pilot)
    assert "The account is another one." in text
    assert "Session 9" in text
    assert "Log in." in text


def test_nothing_heavy_before_the_first_paint() -> None:
    heavy = "boto3 botocore sqlalchemy moto ruamel httpx jinja2 keyring msgspec wizard.engine"
    code = (
        "import sys, screens.app\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


async def test_a_failing_desk_is_explained() -> None:
    def broken() -> FakeDesk:
        raise CredentialsError(
            "The journal is locked.", code="", where="~/.local", todo="Close it."
        )

    app = WizardApp(broken, now=clock)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "The journal is locked." in screen_text(pilot)
