"""What the wizard does for the operator during a pause, with keys, a pasted secret, and words."""

import pytest
from textual import events as keys
from textual.widgets import Button, Input

from screens.deed_dialog import DeedDialog
from screens.pause import PauseDialog
from screens.run import Run
from tests.screens.drive import LARGE, SIZES, driving, press, resumed, screen_text, settle
from tests.screens.region import session, waiting
from tests.screens.test_hostile import EVIL, harmless
from wizard.engine import commands
from wizard.session import events, pauses
from wizard.step import Deed

ITEM = "region.sns.confirm.ec2"
LINK = "https://sns.eu-central-2.amazonaws.com/?Action=ConfirmSubscription&Token=s3cret"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("attest", [False, True])
async def test_every_deed_has_a_button_and_a_key(size: tuple[int, int], attest: bool) -> None:
    running = waiting(session(), attest=attest)
    async with driving(resumed(running), size, resume="s-12") as pilot:
        await press(pilot, "n", "t")
        text = screen_text(pilot)
        for part in ("F2 Paste the link", "F3 Send the mail again", "F4 Type the word", "Close"):
            assert part in text
        assert size != LARGE or "expires in 71 h" in text  # a small screen scrolls to it
        await press(pilot, "f3")
    assert running.sent == [commands.Act(item=ITEM, deed="again")]


async def test_what_is_pasted_is_masked_and_forgotten() -> None:
    running = waiting(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "t", "f2")
        given = pilot.app.screen.query_one("#given", Input)
        given.post_message(keys.Paste(f"\n{LINK[:40]}\n {LINK[40:]}\n"))
        await settle(pilot)
        text = screen_text(pilot)
        assert f"{len(LINK)} characters" in text
        assert "s3cret" not in text
        assert "amazonaws" not in text
        picture = pilot.app.export_screenshot()
        assert "characters" in picture
        assert "s3cret" not in picture
        assert "s3cret" not in str(pilot.app.tree)
        await press(pilot, "enter")
        assert given.value == ""
        assert "s3cret" not in screen_text(pilot)
    assert running.sent == [commands.Act(item=ITEM, deed="confirm", text=LINK)]
    assert "s3cret" not in repr(running.sent)


async def test_nothing_is_done_without_a_text_or_after_escape() -> None:
    running = waiting(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "t", "f4", "enter", *"word", "escape")
        assert isinstance(pilot.app.screen, PauseDialog)
        await press(pilot, "f9")
    assert running.sent == []


async def test_under_way_and_failed_read_in_words() -> None:
    running = waiting(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "t")
        running.tell(pauses.DeedAsked(item=ITEM, deed="again"))
        await pilot.pause(0.1)
        assert "▶ doing … Send the mail again" in screen_text(pilot)
        assert all(button.disabled for button in pilot.app.screen.query(".deed"))
        await press(pilot, "f3")
        assert running.sent == []
        running.tell(pauses.DeedEnded(item=ITEM, deed="again", problem="The topic is gone."))
        await pilot.pause(0.1)
        assert "✗ not done: The topic is gone." in screen_text(pilot)
        button = pilot.app.screen.query(".deed").first(Button)
        assert not button.disabled
        await pilot.click(button)
        await settle(pilot)
        assert isinstance(pilot.app.screen, DeedDialog)


async def test_a_pause_that_ended_behind_the_dialog_is_gone_with_it() -> None:
    running = waiting(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "t", "f2")
        running.tell(events.ItemDone(item=ITEM, how="observed", outputs={}))
        await pilot.pause(0.1)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Run)


async def test_hostile_deeds() -> None:
    running = session()
    deed = Deed(name="x", label=EVIL, prompt=EVIL)
    running.tell(
        pauses.PersonNeeded(
            item=ITEM, instructions=EVIL, notices_itself=True, must_attest=False, deeds=(deed,)
        )
    )
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "t")
        assert "OK[/]" in screen_text(pilot)
        assert harmless(screen_text(pilot))
        await press(pilot, "f2")
        assert harmless(screen_text(pilot))
        assert not pilot.app._exit
