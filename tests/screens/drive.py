"""Drives the app: waits until nothing is under way, never for a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from screens.app import WizardApp
from tests.screens.fakes import FakeDesk, FakeRunning, clock

SMALL = (80, 24)
LARGE = (160, 50)
SIZES = (SMALL, LARGE)


def app_on(desk: FakeDesk, *, start: str | None = None, resume: str | None = None) -> WizardApp:
    app = WizardApp(lambda: desk, start=start, resume=resume, now=clock)
    # What moves for a moment would look otherwise on a busy machine.
    app.animation_level = "none"
    return app


async def settle(pilot: Pilot[str]) -> None:
    """Until workers have ended and messages are handled."""
    app = pilot.app
    # The desk is fetched after the first paint: no worker is there before.
    while isinstance(app, WizardApp) and not app.asked_for_desk:
        await pilot.pause()
    for _ in range(2):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[str], *keys: str) -> None:
    """Keys as an operator presses them; what they started is awaited before the next."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


@asynccontextmanager
async def driving(
    desk: FakeDesk,
    size: tuple[int, int] = SMALL,
    *,
    start: str | None = None,
    resume: str | None = None,
) -> AsyncIterator[Pilot[str]]:
    app = app_on(desk, start=start, resume=resume)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


def resumed(running: FakeRunning) -> FakeDesk:
    return FakeDesk(running=running)


def screen_text(pilot: Pilot[str]) -> str:
    """What is on the screen, as text."""
    width, height = pilot.app.size
    strips = pilot.app.screen._compositor.render_strips()
    assert len(strips) <= height
    return "\n".join(strip.text[:width].rstrip() for strip in strips)


def told(pilot: Pilot[str]) -> str:
    """What notifications say."""
    return "\n".join(one.message for one in pilot.app._notifications)
