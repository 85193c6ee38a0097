"""How the main screens look, in both sizes, and in light: compared cell by cell as SVG."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.app import WizardApp
from tests.screens import region, scenes
from tests.screens.company import REAL
from tests.screens.drive import LARGE, SIZES, app_on, press, resumed, settle
from tests.screens.fakes import FakeDesk, FakeRunning

Compare = Callable[..., bool]


def then(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Waits for the desk, then presses keys."""

    async def drive(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, *keys)

    return drive


def home() -> WizardApp:
    return app_on(FakeDesk())


def start() -> WizardApp:
    return app_on(FakeDesk(pin=REAL, running=FakeRunning(REAL)), start="add-load-balancer")


def inputs() -> WizardApp:
    return app_on(FakeDesk(), start="add-load-balancer")


def run() -> WizardApp:
    running = scenes.midway(FakeRunning())
    running.under_way()
    return app_on(resumed(running), resume="s-12")


def finish() -> WizardApp:
    return app_on(resumed(scenes.finished(FakeRunning())), resume="s-12")


def members() -> WizardApp:
    return app_on(resumed(region.fanned(region.session())), resume="s-12")


def compare() -> WizardApp:
    return app_on(resumed(region.compare_all(region.session())), resume="s-12")


def deeds() -> WizardApp:
    return app_on(resumed(region.waiting(region.session(), attest=True)), resume="s-12")


def regions() -> WizardApp:
    return app_on(FakeDesk(pin=region.REGION_PIN, running=region.session()), start="add-region")


SCENES: dict[str, tuple[Callable[[], WizardApp], tuple[str, ...]]] = {
    "home": (home, ()),
    "start": (start, ("enter",)),
    "inputs": (inputs, ("enter", "enter")),
    "picker": (inputs, ("enter", "enter", "tab", "tab", "tab", "tab", "tab", "enter")),
    "run": (run, ("n",)),
    "plan": (run, ("n", "2")),
    "approve": (run, ("n", "a")),
    "pause": (run, (*"nnnn", "t")),
    "finish": (finish, ("f",)),
    "members": (members, ("end", "enter")),
    "member": (members, ("end", "enter", "enter")),
    "compare": (compare, ("c", "end", "up", "up")),
    "deeds": (deeds, ("n", "t")),
    "paste": (deeds, ("n", "t", "f2", *"https")),
    "regions": (regions, ("down", "down", "down", "down")),
    "texts": (regions, ("enter", "enter", "tab")),
}


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x50"])
@pytest.mark.parametrize("scene", SCENES)
def test_dark(snap_compare: Compare, scene: str, size: tuple[int, int]) -> None:
    make, keys = SCENES[scene]
    assert snap_compare(make(), terminal_size=size, run_before=then(*keys))


@pytest.mark.parametrize("scene", ["home", "inputs", "plan"])
def test_light(snap_compare: Compare, scene: str) -> None:
    make, keys = SCENES[scene]
    assert snap_compare(make(), terminal_size=LARGE, run_before=then("ctrl+t", *keys))
