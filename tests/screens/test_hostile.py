"""Names from outside are shown harmlessly: no markup, no control sequence, no action."""

import msgspec
import pytest
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.widgets import Static

from screens.armour import NoControls, only_known
from screens.run import Run
from screens.widgets.pick import Pick
from tests.screens import region, scenes
from tests.screens.company import CREATE, PIN, PINNED
from tests.screens.drive import LARGE, driving, press, resumed, screen_text
from tests.screens.fakes import FakeDesk, FakeRunning
from tests.screens.listed import SUSPENDED
from wizard.effects import Again
from wizard.engine.desk import Dropdown
from wizard.errors import UsageError
from wizard.session import calls, events, pauses
from wizard.session.base import ComparedField, Member, member_id
from wizard.step import Difference, Option

EVIL = (
    "[@click=app.leave]OK[/] [red]x[/ \x1b]0;title\x07\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\u202eabc\r\n"
)
FORBIDDEN = "\x1b\x07\x9b\u202e\r"


def harmless(text: str) -> bool:
    return not any(char in text for char in FORBIDDEN)


async def test_home_start_and_palette_show_hostile_names() -> None:
    desk = FakeDesk(pin=msgspec.structs.replace(PIN, alias=EVIL, caller_arn=EVIL))
    desk.session_list = [
        msgspec.structs.replace(SUSPENDED, alias=EVIL, title=EVIL, waiting_for=EVIL, holder=EVIL)
    ]
    async with driving(desk, LARGE) as pilot:
        text = screen_text(pilot)
        assert "[@click=app.leave]OK[/]" in text
        assert harmless(text)
        await press(pilot, "ctrl+p", *"resume")
        assert harmless(screen_text(pilot))
        await press(pilot, "escape", "tab", "enter", "enter")
        text = screen_text(pilot)
        assert "[@click=app.leave]OK[/]" in text
        assert harmless(text)


async def test_inputs_and_picker_show_hostile_options() -> None:
    running = FakeRunning()
    option = Option(EVIL, EVIL, EVIL, disabled=EVIL)
    running.dropdowns["vpc"] = Dropdown(
        options=(option, Option("b", EVIL)), source=EVIL, read_at="2026-03-02T10:00:00Z"
    )
    running.dropdowns["topic"] = Dropdown(options=(), source=EVIL, read_at="", problem=EVIL)
    running.defaults["vpc"] = EVIL
    running.wrong["vpc"] = EVIL
    async with driving(resumed(running), LARGE, start="add-load-balancer") as pilot:
        await press(pilot, "enter", "enter")
        assert harmless(screen_text(pilot))
        pilot.app.screen.query(Pick).first().focus()
        await press(pilot, "enter")
        text = screen_text(pilot)
        assert "[@click=app.leave]OK[/]" in text
        assert harmless(text)
        await press(pilot, "enter")
        assert harmless(screen_text(pilot))


async def test_run_shows_hostile_facts_in_every_tab_and_dialog() -> None:
    running = FakeRunning()
    running.tell(
        events.Observed(
            item="lb.tg", found={EVIL: EVIL}, differences=(Difference(EVIL, EVIL, EVIL, EVIL),)
        ),
        events.Planned(
            item="lb.tg",
            calls=(msgspec.structs.replace(CREATE, title=EVIL, cli=EVIL, operation=EVIL),),
            needs_approval=True,
        ),
        msgspec.structs.replace(
            scenes.intended("lb.tg"), title=EVIL, cli=EVIL, params={EVIL: EVIL}
        ),
        calls.CallFailed(item="lb.tg", op="op-lb.tg", code=EVIL, message=EVIL),
        events.ItemFailed(item="lb.tg", where=EVIL, what=EVIL, todo=EVIL, policy=EVIL),
        *scenes.person("lb.confirm", attest=True),
        pauses.PersonNeeded(
            item="lb.confirm", instructions=EVIL, notices_itself=True, must_attest=True
        ),
        msgspec.structs.replace(scenes.intended("lb.logs", Again.ASK), title=EVIL),
        calls.CallInDoubt(item="lb.logs", op="op-lb.logs", code=EVIL, message=EVIL),
    )
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await press(pilot, "n", "l")
        for tab in "1234":
            await press(pilot, tab)
            assert harmless(screen_text(pilot))
        for _ in range(3):
            await press(pilot, "n", "enter")
            text = screen_text(pilot)
            assert "OK[/]" in text
            assert harmless(text)
            await press(pilot, "escape")
        assert not pilot.app._exit


async def test_hostile_members_and_comparisons() -> None:
    running = region.session()
    key = EVIL.replace("]", ")")
    row = ComparedField(
        field=EVIL, letter=EVIL, reference=EVIL, here=[EVIL], mark="differs", reason=EVIL
    )
    running.tell(
        events.FannedOut(item=region.GROUPS, members=(Member(key=key, each=key),)),
        events.ItemFailed(item=member_id(region.GROUPS, key), where=EVIL, what=EVIL, todo=EVIL),
        region.compared("region.s3.saas", row, problem=EVIL),
    )
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        run = pilot.app.screen
        assert isinstance(run, Run)
        run.go_to(region.GROUPS)
        for keys in (("5",), ("enter",), ("escape", "c"), ("down", "down", "down"), ("o",)):
            await press(pilot, *keys)
            assert harmless(screen_text(pilot))
            assert "OK[/" in screen_text(pilot)
        assert not pilot.app._exit


async def test_errors_and_notifications_are_not_markup() -> None:
    desk = FakeDesk()
    desk.problem = UsageError(EVIL, where=EVIL, todo=EVIL)
    desk.session_list = []
    async with driving(desk, LARGE) as pilot:
        assert "[@click=app.leave]OK[/]" in screen_text(pilot)
        assert harmless(screen_text(pilot))


async def test_hostile_checklist_titles() -> None:
    section = msgspec.structs.replace(PINNED.checklist.sections[0], title=EVIL)
    checklist = msgspec.structs.replace(
        PINNED.checklist, title=EVIL, sections=(section, *PINNED.checklist.sections[1:])
    )
    running = FakeRunning(pinned=msgspec.structs.replace(PINNED, checklist=checklist))
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        assert harmless(screen_text(pilot))


async def test_the_filter_catches_what_a_widget_let_through() -> None:
    async with driving(FakeDesk(), LARGE) as pilot:
        await pilot.app.screen.mount(Static(Content(EVIL.replace("\r\n", ""))))
        await pilot.pause()
        assert harmless(screen_text(pilot))


def test_segments_keep_their_width() -> None:
    segments = [Segment("plain"), Segment("a\x1b[2Jb\u202e")]
    shown = NoControls().apply(segments, Color(0, 0, 0))
    assert shown[0] is segments[0]
    assert shown[1].text == "a·[2Jb·"


@pytest.mark.parametrize(
    ("data", "passed"),
    [
        ("\x1b[?1049h\x1b[1;31mname\x1b[0m\x1b[3;4H", True),
        ("\x1b]52;c;aGk=\x07", True),
        ("\x1b]22;pointer\x07", True),
        ("\x1b]22;pointer\x1b\\", True),
        ("\x1b]0;title\x07", False),
        ("\x1bP+q\x1b\\", False),
        ("\x9b31m", False),
        ("a\x07b", False),
    ],
)
def test_the_driver_passes_only_what_textual_sends(data: str, *, passed: bool) -> None:
    shown = only_known(data)
    assert (shown == data) is passed
    if not passed:
        assert "\x07" not in shown
        assert "\x1b" not in shown
        assert "\x9b" not in shown
