"""Makes the pictures in this folder, from the wizard as it runs on the simulated account.

`make docs` runs it. It drives the real wizard through a whole checklist, key by key, as an operator
would. It needs `rsvg-convert`, `pngquant` and `chromium`, and the font DejaVu Sans Mono.
"""  # noqa: INP001  a script, no package

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
from textual.pilot import Pilot
from textual.widgets import Input

from screens.app import WizardApp
from screens.inputs import Inputs
from screens.pause import PauseDialog
from screens.run import Run
from screens.widgets.detail import Detail
from screens.widgets.field import Field
from screens.widgets.form import Form
from screens.widgets.item_tree import ItemTree
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Demo, Settings
from wizard.engine.commands import Stop
from wizard.session.state import SessionState, Status
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD

HERE = Path(__file__).parent
CHECKLIST = "add-load-balancer"
LARGE, SMALL = (160, 50), (80, 24)
WIDTHS = {LARGE: 1440, SMALL: 960}
DRAWN = (
    # rsvg-convert drops runs of spaces that are not marked as meant, draws Fira Code's ligatures,
    # and ignores textLength: the size is the one that fits the cells.
    *(("&#160;", " "), ("<text ", '<text xml:space="preserve" ')),
    *(("Fira Code", "DejaVu Sans Mono"), ("font-size: 20px", "font-size: 20.264px")),
)
MOST_BYTES = 300_000
PATIENCE = 90.0
NOTE = "Seen in #alerts: the mail of this topic, 10:02 UTC"


class Photographer:
    """Drives one wizard and keeps what it shows."""

    def __init__(self, pilot: Pilot[str], ready: Ready, folder: Path) -> None:
        self._pilot = pilot
        self._app: WizardApp = pilot.app  # type: ignore[assignment]  # the only app there is
        self._ready = ready
        self._folder = folder

    @property
    def state(self) -> SessionState:
        """The session as it is now."""
        watch = self._app.session
        return watch.latest.state if watch is not None else SessionState()

    async def until(self, true: Callable[[], object], what: str) -> None:
        """Wait for something the wizard does by itself; TimeoutError says for what."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():  # noqa: ASYNC110  any part of the screen may be meant
                    await asyncio.sleep(0.02)
                await self._pilot.pause()
        except TimeoutError:
            raise TimeoutError(f"not in {PATIENCE:.0f} s: {what}") from None

    async def item(self, item: str, *statuses: Status) -> None:
        """Wait until the item stands so."""
        await self.until(lambda: self.state.item(item).status in statuses, f"{item} {statuses}")

    async def screen(self, kind: type) -> None:
        """Wait until a screen of that kind is on top."""
        await self.until(lambda: isinstance(self._app.screen, kind), f"screen {kind.__name__}")

    async def press(self, *keys: str) -> None:
        """Press keys, and let the wizard handle them."""
        for key in keys:
            await self._pilot.press(key)
            await self._pilot.pause()

    async def select(self, item: str, tab: str = "overview") -> None:
        """Put the cursor of the tree on an item."""
        self._app.screen.query_one(ItemTree).go_to(item)
        await self._pilot.pause()
        self._app.screen.query_one(Detail).active = tab
        await self._pilot.pause()

    async def picture(self, name: str, size: tuple[int, int] = LARGE) -> None:
        """Keep what is on the screen at that size as `name.png`."""
        await self._resize(size)
        self._app.clear_notifications()
        await self._pilot.pause()
        svg = self._folder / f"{name}.svg"
        drawing = self._app.export_screenshot()
        for textual, ours in DRAWN:
            drawing = drawing.replace(textual, ours)
        svg.write_text(drawing)
        target = HERE / f"{name}.png"
        _command("rsvg-convert", "-w", str(WIDTHS[size]), str(svg), "-o", str(target))
        _keep(target)
        await self._resize(LARGE)

    async def _resize(self, size: tuple[int, int]) -> None:
        if tuple(self._app.size) != size:
            await self._pilot.resize_terminal(*size)
            await self._pilot.pause()

    def deny(self, service: str, operation: str) -> None:
        """Have the simulated account refuse the next call of that operation."""
        order = {"service": service, "operation": operation, "kind": "deny"}
        httpx.post(f"{self._ready.endpoint_url}/_st-wizard/faults", json=order).raise_for_status()


async def _begin(at: Photographer, app: WizardApp) -> None:
    """From the home screen to the questions, all answered by what the account suggests."""
    await at.until(lambda: app.focused is not None, "the home screen")
    await at.press("enter")
    await at.until(lambda: app.focused is not None and app.focused.id == "filter", "the regions")
    await at.press("enter")
    await at.until(lambda: app.focused is not None and app.focused.id == "begin", "the account")
    await at.picture("start-80x24", SMALL)
    await at.press("enter")
    await at.screen(Inputs)
    form = app.screen.query_one(Form)
    await at.until(lambda: form.progress()[0] == form.progress()[1], "all defaults")
    await at.picture("inputs")
    await at.picture("inputs-80x24", SMALL)
    topic = next(one for one in app.screen.query(Field) if one.key == "alarm_topic")
    topic.focus_control(scroll=True)
    await at.press("enter")
    await at.until(lambda: not isinstance(app.screen, Inputs), "the dropdown")
    await at.picture("dropdown-80x24", SMALL)
    await at.press("escape")


async def _plan(at: Photographer, app: WizardApp) -> None:
    """The dry run, which leaves no trace."""
    await at.press("f5")
    await at.screen(Run)
    await at.until(
        lambda: app.previewed is not None and not app.previewed.latest.running, "the dry run's end"
    )
    await at.select("lb.tg.create", "plan")
    await at.picture("plan")
    await at.press("escape")
    await at.screen(Inputs)


async def _middle(at: Photographer, _app: WizardApp) -> None:
    """The run, from its first approval to its first failure."""
    at.deny("elbv2", "CreateTargetGroup")
    await at.press("ctrl+s")
    await at.screen(Run)
    await at.item("lb.alb.create", Status.NEEDS_APPROVAL)
    await at.select("lb.alb.create")
    await at.press("a")
    await at.picture("approve-80x24", SMALL)
    await at.press("escape", "A", "A")
    await at.item("lb.alb.create", Status.SETTLING)
    await at.item("lb.logs.bucket.policy", Status.DONE)
    await at.select("lb.alb.create")
    await at.picture("run")
    await at.picture("run-80x24", SMALL)
    await at.press("ctrl+t")
    await at.select("lb.logs.bucket.policy", "plan")
    await at.picture("run-light")
    await at.press("ctrl+t", "l")
    await at.select("lb.logs.bucket.policy", "calls")
    await at.picture("calls")
    await at.press("l")
    await at.item("lb.tg.create", Status.FAILED)
    await at.select("lb.tg.create")
    await at.press("enter")
    await at.picture("failed-80x24", SMALL)
    await at.press("r")


async def _end(at: Photographer, app: WizardApp) -> None:
    """The choices and the words that only a person can give, and the summary."""
    await at.item("lb.tg.targets", Status.NEEDS_ANSWER)
    await at.select("lb.tg.targets")
    await at.press("enter")
    await at.until(lambda: app.screen.query(Form), "the choice of instances")
    form = app.screen.query_one(Form)
    await at.until(lambda: form.progress() == (1, 1), "the suggested instances")
    await at.picture("choice-80x24", SMALL)
    await at.press("ctrl+s")
    await at.screen(Run)
    while not at.state.finished_at:
        await at.until(lambda: at.state.finished_at or _wanting(at.state), "a pause, or the end")
        for item in _wanting(at.state):
            await at.select(item)
            await at.press("t")
            await at.screen(PauseDialog)
            app.screen.query_one("#note", Input).value = NOTE
            if item == "lb.cover.slack":
                await at.picture("pause-80x24", SMALL)
            await at.press("enter")
            await at.item(item, Status.DONE)
    await at.until(lambda: not isinstance(app.screen, Run), "the summary")
    await at.picture("finish")


def _wanting(state: SessionState) -> list[str]:
    return [item.id for item in state.items.values() if item.status.wants_operator]


async def _photograph(settings: Settings, ready: Ready, folder: Path) -> None:
    app = WizardApp(lambda: WizardDesk(settings))
    async with app.run_test(size=LARGE) as pilot:
        at = Photographer(pilot, ready, folder)
        try:
            for part in (_begin, _plan, _middle, _end):
                await part(at, app)
        finally:
            await asyncio.to_thread(app.stop_engines, "the pictures are made")
    await asyncio.to_thread(_interrupted_session, settings)
    app = WizardApp(lambda: WizardDesk(settings))
    async with app.run_test(size=LARGE) as pilot:
        at = Photographer(pilot, ready, folder)
        await at.until(lambda: app.focused is not None, "the home screen")
        await app.workers.wait_for_complete()
        await at.picture("home")
        await at.picture("home-80x24", SMALL)


def _interrupted_session(settings: Settings) -> None:
    """A second session, left where its first answers are wanted."""
    desk = WizardDesk(settings)
    running = desk.begin(CHECKLIST, desk.identify("", settings.region), {})
    wanted = threading.Event()
    running.subscribe(lambda now: wanted.set() if _wanting(now.state) else None)
    running.start()
    wanted.wait(PATIENCE)
    running.send(Stop(reason="the wizard was closed"))
    running.join()


def _report(settings: Settings, folder: Path) -> None:
    """The exported report as a browser shows it."""
    evidence = WizardDesk(settings).export("1", folder)
    target = HERE / "report.png"
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    _command(
        *("chromium", "--headless", "--disable-gpu", "--hide-scrollbars", *root),
        f"--user-data-dir={folder / 'browser'}",
        "--window-size=1100,1400",
        f"--screenshot={target}",
        (evidence / "report.html").as_uri(),
    )
    _keep(target)


def _command(*command: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise SystemExit(f"{command[0]} is not installed; the pictures are made with it.")
    subprocess.run([program, *command[1:]], check=True, capture_output=True)  # noqa: S603  ours


def _keep(picture: Path) -> None:
    _command("pngquant", "--force", "--ext", ".png", "96", str(picture))
    size = picture.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{picture.name} has {size} bytes; a picture has at most {MOST_BYTES}.")
    sys.stderr.write(f"docs/{picture.name}  {size // 1000} kB\n")


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as temporary, Simulator(speed=20) as account:
        folder, ready = Path(temporary), account.ready
        settings = Settings(
            home=folder / "home",
            region="us-east-1",
            endpoint_url=ready.endpoint_url,
            demo=Demo(
                inbox_url=ready.inbox_url,
                answers={"scale_api_url": ready.scale_api_url, "database_url": ready.database_url},
                secrets={"scale-api-password": DEMO_SCALE_PASSWORD},
            ),
        )
        asyncio.run(_photograph(settings, ready, folder))
        _report(settings, folder)


if __name__ == "__main__":
    main()
