"""A held session: shown who holds it, read, or taken over once that was typed."""

from msgspec.structs import replace

from screens.app import WizardApp
from tests.screens import scenes
from tests.screens.drive import driving, press, screen_text, settle
from tests.screens.fakes import FakeDesk, FakeRunning
from wizard.engine.desk import Running
from wizard.engine.snapshot import Snapshot
from wizard.errors import HeldError

ADA = "ada on laptop (process 7) since 2026-03-02 09:00 UTC"
GONE = "Somebody else has taken this session over."


class HeldDesk(FakeDesk):
    """Its session is held by Ada."""

    taken = ""

    def resume(self, session: str, *, take_over: str = "") -> Running:
        if not take_over:
            raise HeldError(f"This session is open elsewhere: {ADA}.", holder=ADA, where=session)
        self.taken = take_over
        return self.running


async def test_a_held_session_is_taken_over_once_that_was_typed() -> None:
    running = scenes.midway(FakeRunning())
    desk = HeldDesk(running=running)
    async with driving(desk, resume="s-12") as pilot:
        assert "ada on laptop" in screen_text(pilot)
        await press(pilot, "t")
        assert "Take this session over?" in screen_text(pilot)
        await press(pilot, "enter")
        assert desk.taken == ""
        await pilot.press(*"take", "space", *"over")
        await press(pilot, "enter")
        assert desk.taken == ADA
        assert running.started


class Fenced(FakeRunning):
    """Its session is taken over once `out` is set."""

    out = False

    @property
    def snapshot(self) -> Snapshot:
        now = super().snapshot
        return replace(now, running=False, fenced=True, error=GONE) if self.out else now


async def test_who_is_fenced_out_is_told_and_leaves() -> None:
    running = Fenced()
    scenes.midway(running)
    async with driving(FakeDesk(running=running), resume="s-12") as pilot:
        running.out = True
        running.show()
        await settle(pilot)
    assert isinstance(pilot.app, WizardApp)
    assert pilot.app.fenced == GONE
    assert pilot.app.return_value == "s-12"
