"""The run on a small screen, and what one item asks there."""

from concurrent.futures import Future
from unittest.mock import patch

from screens.ask import Ask
from screens.run import Run
from tests.screens import scenes
from tests.screens.drive import driving, press, resumed, screen_text, settle, told
from tests.screens.fakes import FakeRunning
from wizard.engine import commands
from wizard.engine.desk import Dropdown


def midway() -> FakeRunning:
    return scenes.midway(FakeRunning())


async def test_a_small_screen_shows_the_counts_whole() -> None:
    running = scenes.asking(FakeRunning())
    for _ in range(1234):
        running.tell(scenes.read("pre.vpc", "ec2", "DescribeVpcs", 3))
    async with driving(resumed(running), resume="s-12") as pilot:
        assert f"{running.snapshot.state.reads} reads" in screen_text(pilot)


async def test_a_small_screen_shows_first_where_the_mails_are() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "n", "n", "n", "t")
        text = screen_text(pilot)
    assert text.index("127.0.0.1:5601/inbox") < text.index("What to do")


async def test_what_one_item_asks_stands_below_its_title_alone() -> None:
    running = scenes.asking(FakeRunning())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "e")
        assert isinstance(pilot.app.screen, Ask)
        assert not pilot.app.screen.query(".title")


async def test_answers_that_are_still_read_are_awaited_and_said() -> None:
    running = scenes.asking(FakeRunning())
    coming: Future[Dropdown] = Future()
    with patch.object(running, "dropdown", return_value=coming):
        async with driving(resumed(running), resume="s-12") as pilot:
            await pilot.press("n", "e")
            await pilot.pause()
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert "Still reading: Instances" in told(pilot)
            assert running.sent == []
            coming.set_result(running.dropdowns["targets"])
            await settle(pilot)
            await press(pilot, "ctrl+s")
            assert isinstance(pilot.app.screen, Run)
    (answer,) = running.sent
    assert isinstance(answer, commands.Answer)
