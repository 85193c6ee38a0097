"""Makes the pictures in this folder, from the wizard as it runs on the simulated account.

`make docs` runs it. It drives the real wizard through a whole checklist, key by key, as an operator
would. It needs `rsvg-convert` and `pngquant`, and the font DejaVu Sans Mono.
"""  # noqa: INP001  a script, no package

import asyncio
import tempfile
import threading
from pathlib import Path

from photographer import (
    LARGE,
    PATIENCE,
    SMALL,
    Photographer,
    settings_for,
)
from textual.widgets import Input

from screens.app import WizardApp
from screens.inputs import Inputs
from screens.pause import PauseDialog
from screens.run import Run
from screens.widgets.field import Field
from screens.widgets.form import Form
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings
from wizard.engine.commands import Stop
from wizard.session.state import SessionState, Status
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready

CHECKLIST = "add-load-balancer"
NOTE = "Seen in #alerts: the mail of this topic, 10:02 UTC"


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


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as temporary, Simulator(speed=20) as account:
        folder, ready = Path(temporary), account.ready
        settings = settings_for(ready, folder / "home")
        asyncio.run(_photograph(settings, ready, folder))


if __name__ == "__main__":
    main()
