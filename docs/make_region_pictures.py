"""Makes the pictures of a new region, as `make_pictures.py` makes those of a load balancer.

In the account eu-central-2 is empty; for the members there are 300 functions to import.
"""  # noqa: INP001  a script, no package

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from photographer import LARGE, SMALL, Photographer, settings_for
from textual.widgets import Input

from screens.app import WizardApp
from screens.compare import Compare
from screens.inputs import Inputs
from screens.modals import TextDialog
from screens.pause import PauseDialog
from screens.run import Run
from screens.widgets.compare_list import CompareList
from screens.widgets.form import Form
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings
from wizard.engine.commands import Answer
from wizard.session.state import Status
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready

CHECKLIST, REGION = "add-region", "eu-central-2"
BUCKET, FUNCTIONS, LINK = "region.s3.saas.create", "region.lambda.import", "region.sns.confirm.ec2"
ROLE_POLICY, REPLICATION = "region.iam.s3crr", "region.s3.ssl.replication"
DENIED, ENOUGH = 3, 60
REASON = "Agreed with the team on 2 March"

Part = Callable[[Photographer, WizardApp], Awaitable[None]]


async def _begin(at: Photographer, app: WizardApp) -> None:
    """From the home screen to the run, with every question answered by what is suggested."""
    await at.until(lambda: app.focused is not None, "the home screen")
    await at.press("down", "enter")
    await at.until(lambda: app.focused is not None and app.focused.id == "filter", "the regions")
    await at.press(*("minus" if key == "-" else key for key in REGION), "enter")
    await at.until(lambda: app.focused is not None and app.focused.id == "begin", "the account")
    await at.press("enter")
    await at.screen(Inputs)
    form = app.screen.query_one(Form)
    await at.until(partial(_is_answered, form), "all defaults")
    await at.press("ctrl+s")
    await at.screen(Run)


async def _compare(at: Photographer, app: WizardApp) -> None:
    """One item and the whole region beside the reference region, before anything is made."""
    await at.item("pre.region.optin", Status.NEEDS_APPROVAL)
    await at.select("pre.region.optin")
    await at.press("a", "a")
    await at.item(BUCKET, Status.NEEDS_APPROVAL)
    await at.select(BUCKET, "compare")
    await at.resize(SMALL)
    await at.press("6")
    await at.picture("compared-80x24", SMALL)
    await at.press("escape")
    for item in (BUCKET, ROLE_POLICY):
        await at.item(item, Status.NEEDS_APPROVAL)
        await at.select(item)
        await at.press("a", "a")
    await at.until(lambda: at.state.item(REPLICATION).comparison is not None, "the rules compared")
    await at.press("c")
    await at.screen(Compare)
    compare = next(one for one in app.screen_stack if isinstance(one, Compare))
    await _accept(at, app, compare)
    await at.press("ctrl+r")
    await at.until(
        lambda: compare.fresh is not None and not compare.fresh.snapshot.running, "the dry run"
    )
    rows = compare.query_one(CompareList)
    await at.until(lambda: "accepted" in _marks(rows).values(), "what is accepted, in the dry run")
    rows.go_to(next(place for place, mark in _marks(rows).items() if mark == "accepted"))
    await at.picture("compare")
    await at.picture("compare-80x24", SMALL)
    await at.press("escape")
    await at.screen(Run)


async def _accept(at: Photographer, app: WizardApp, compare: Compare) -> None:
    """Accept a difference where there is one, and stay on it; else go to one that is accepted."""
    rows = compare.query_one(CompareList)
    marks = _marks(rows)
    for mark in ("differs", "accepted", "expected"):
        if places := [place for place, one in marks.items() if one == mark]:
            rows.go_to(places[0])
            break
    await at.press("down", "up")
    if marks.get(rows.place) == "differs":
        await at.press("o")
        await at.screen(TextDialog)
        app.screen.query_one(Input).value = REASON
        await at.press("enter")
        await at.screen(Compare)
        await at.until(partial(_is_accepted, rows), "the difference accepted")


def _marks(rows: CompareList) -> dict[int, str]:
    """The mark of each field, by its place in the list."""
    return {
        place: row.mark
        for place, key in enumerate(rows.keys)
        if (row := rows.entries[key].row) is not None
    }


def _is_accepted(rows: CompareList) -> bool:
    entry = rows.entry
    return entry is not None and entry.row is not None and entry.row.mark == "accepted"


async def _link(at: Photographer, app: WizardApp) -> None:
    """The pause for a link."""
    await at.press("A", "A")
    await at.item(LINK, Status.NEEDS_PERSON)
    await at.select(LINK)
    await at.press("t")
    await at.screen(PauseDialog)
    await at.until(lambda: app.screen.query(".deed"), "the deeds")
    await at.picture("link-80x24", SMALL)


async def _members(at: Photographer, app: WizardApp) -> None:
    """Many functions while they are imported."""
    for _ in range(DENIED):
        at.deny("lambda", "CreateFunction")
    await at.item("pre.region.optin", Status.NEEDS_APPROVAL)
    await at.press("A", "A")
    while not at.state.item(FUNCTIONS).members:
        await at.until(
            lambda: at.state.item(FUNCTIONS).members or _asking(at), "a question, or the functions"
        )
        for item in _asking(at):
            await _answer(at, app, item)
    await at.until(lambda: _ended(at) >= ENOUGH, f"{ENOUGH} functions")
    await at.select(FUNCTIONS, "members")
    await at.press("5")
    await at.picture("members")


async def _answer(at: Photographer, app: WizardApp, item: str) -> None:
    """By what is suggested, as the dialog would."""
    watch = app.session
    if watch is None:
        return
    for name in at.state.item(item).needed_inputs:
        value = await asyncio.wrap_future(watch.running.default(name))
        watch.running.send(Answer(input=name, value=value, source="default"))
        await at.until(partial(_is_known, at, name), f"the answer to {name}")


def _is_known(at: Photographer, name: str) -> bool:
    return name in at.state.answers


def _is_answered(form: Form) -> bool:
    answered, asked = form.progress()
    return answered == asked


def _asking(at: Photographer) -> list[str]:
    return [one.id for one in at.state.items.values() if one.status is Status.NEEDS_ANSWER]


def _ended(at: Photographer) -> int:
    return at.state.item(FUNCTIONS).tally.get(Status.DONE, 0)


async def _photograph(settings: Settings, ready: Ready, *parts: Part) -> None:
    app = WizardApp(lambda: WizardDesk(settings))
    async with app.run_test(size=LARGE) as pilot:
        at = Photographer(pilot, ready, settings.home)
        try:
            for part in parts:
                await part(at, app)
        finally:
            await asyncio.to_thread(app.stop_engines, "the pictures are made")


def make(seed: str, *parts: Part) -> None:
    """Make the pictures of these parts, in an account of their own."""
    with tempfile.TemporaryDirectory() as temporary, Simulator(speed=120, seed=seed) as account:
        settings = settings_for(account.ready, Path(temporary))
        asyncio.run(_photograph(settings, account.ready, *parts))


def main() -> None:
    """Make all pictures."""
    make("company", _begin, _compare, _link)
    make("scale", _begin, _members)


if __name__ == "__main__":
    main()
