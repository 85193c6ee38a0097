"""Every payload through every screen: shown harmlessly, and nothing that it says is done."""

from collections.abc import Callable

import msgspec
from textual.pilot import Pilot

from screens.run import Run
from tests.hostile.judge import active
from tests.hostile.payloads import PAYLOADS
from tests.hostile.poison import Poison
from tests.screens import region, scenes
from tests.screens.company import DROPDOWNS, PIN, PINNED
from tests.screens.drive import LARGE, driving, press, screen_text
from tests.screens.fakes import FakeDesk, FakeRunning
from tests.screens.listed import FINISHED, SUSPENDED
from wizard.engine.desk import Profile
from wizard.errors import UsageError
from wizard.session import events
from wizard.session.base import Member, member_id
from wizard.session.events import AnyEvent


class HostileRunning(FakeRunning):
    """A session in which every text that came from outside is a payload."""

    def __init__(self, poison: Poison, base: FakeRunning) -> None:
        self.poison = poison
        super().__init__(
            poison.struct(PIN),
            pinned=poison.checklist(base.pinned),
            dropdowns={name: poison.struct(one) for name, one in base.dropdowns.items()},
            defaults=base.defaults,
        )

    def tell(self, *happened: AnyEvent) -> None:
        super().tell(*(self.poison.struct(event) for event in happened))


def desk(poison: Poison, running: FakeRunning) -> FakeDesk:
    made = FakeDesk(pin=poison.struct(PIN), running=running)
    made.session_list = [poison.struct(SUSPENDED), poison.struct(FINISHED)]
    made.profile_list = [poison.struct(Profile(name="a", region="us-east-1", kind="sso"))]
    made.region_list = poison.struct(made.region_list)
    return made


def harmless(pilot: Pilot[str]) -> None:
    """Nothing active is on the screen, nothing in it acts, and the app goes on."""
    text = screen_text(pilot)
    assert not active(text), text
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            if segment.style is not None:
                assert not segment.style.link, segment
                called = str(segment.style.meta.get("@click", ""))
                assert not any(word in called for word in ("leave", "boom", "bell", "dismiss"))
    for note in pilot.app._notifications:
        assert not active(note.message), note
    assert not pilot.app._exit


async def keep_pressing(pilot: Pilot[str], *keys: str) -> None:
    for key in keys:
        await press(pilot, key)
        harmless(pilot)


async def everywhere(make: Callable[[Poison], FakeRunning], *keys: str) -> None:
    """Sessions of this kind until every payload was in one; each is looked at all over."""
    poison, times = Poison(), 0
    while len(poison.used) < len(PAYLOADS):
        times += 1
        assert times < 20
        running = make(poison)
        async with driving(desk(poison, running), LARGE, resume="s-12") as pilot:
            assert isinstance(pilot.app.screen, Run)
            harmless(pilot)
            await keep_pressing(pilot, *keys)


def midway(poison: Poison) -> FakeRunning:
    running = HostileRunning(poison, FakeRunning())
    scenes.midway(running)
    running.refuse(poison.text())
    return running


def of_a_region(poison: Poison) -> FakeRunning:
    running = HostileRunning(poison, region.session())
    region.compare_all(region.waiting(running))
    for _ in range(12):
        key = poison.text()
        FakeRunning.tell(
            running,
            events.FannedOut(item=region.GROUPS, members=(Member(key=key, each={"key": key}),)),
            events.ItemFailed(
                item=member_id(region.GROUPS, key), where=key, what=poison.text(), todo=key
            ),
        )
    return running


async def test_a_run_in_all_its_tabs_and_dialogs() -> None:
    await everywhere(
        midway, "l", "2", "3", "4", "n", "1", "enter", "escape", "n", "enter", "escape", "f",
        "escape", "question_mark",
    )  # fmt: skip


async def test_a_region_with_its_members_and_columns() -> None:
    await everywhere(of_a_region, "5", "6", "c", "down", "escape", "n", "enter", "escape")


async def test_the_way_in_and_the_questions() -> None:
    poison, times = Poison(), 0
    while len(poison.used) < len(PAYLOADS):
        times += 1
        assert times < 20
        running = HostileRunning(poison, FakeRunning())
        running.wrong = {name: poison.text() for name in DROPDOWNS}
        shown = desk(poison, running)
        async with driving(shown, LARGE) as pilot:
            harmless(pilot)
            await keep_pressing(pilot, "ctrl+p", "r", "escape", "tab", "enter", "enter", "enter")
        async with driving(shown, LARGE, start="add-load-balancer") as pilot:
            await keep_pressing(pilot, "enter", "enter", "enter", "tab", "enter", "escape")
        shown.problem = UsageError(poison.text(), where=poison.text(), todo=poison.text())
        async with driving(shown, LARGE) as pilot:
            harmless(pilot)


async def test_a_finished_session_and_its_summary() -> None:
    poison = Poison()
    while len(poison.used) < len(PAYLOADS):
        running = HostileRunning(poison, FakeRunning(pinned=msgspec.structs.replace(PINNED)))
        scenes.finished(running)
        async with driving(desk(poison, running), LARGE, resume="s-12") as pilot:
            await keep_pressing(pilot, "f", "down", "escape")
