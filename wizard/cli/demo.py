"""The embedded demo: a simulated account of its own, kept between visits."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from wizard.checklist.load import load_bundled
from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.settings import Demo, Settings
from wizard.console.autopilot import Autopilot, every_item_is_done, summary
from wizard.console.person import SimulatedPerson
from wizard.console.progress import Progress
from wizard.engine.account import is_simulated
from wizard.errors import UnreachableError, WizardError
from wizard.gateway.network import ask
from wizard.session.base import Pin
from wizard.simulator.process import Simulator, SimulatorError
from wizard.simulator.ready import Ready

REGION = "us-east-1"
AUTO_REGIONS = {"add-region": "eu-central-2"}
"""Where a checklist is carried out unless the operator says where: a region yet to be added."""
KEPT = "demo-account.state"
SCALE_KEPT = "demo-scale-account.state"
AUTO_KEPT = "demo-auto-account.state"


def interactive(settings: Settings, speed: float, *, plain: bool, scale: bool = False) -> int:
    """The wizard on the demo account, which is as it was left."""
    from wizard.cli.wizard import open_wizard  # noqa: PLC0415

    state = settings.home / (SCALE_KEPT if scale else KEPT)
    with _simulated(settings, speed, state, scale=scale) as fitted:
        return open_wizard(fitted, plain=plain)


def auto(settings: Settings, checklist: str, speed: float, *, scale: bool = False) -> int:
    """A whole checklist on a fresh account, with a simulated person. One JSON line at the end."""
    settings = replace(settings, region=settings.region or AUTO_REGIONS.get(checklist, REGION))
    load_bundled(checklist)  # a wrong name is told before an account is started for it
    kept = settings.home / AUTO_KEPT
    kept.unlink(missing_ok=True)
    with _simulated(settings, speed, kept, scale=scale) as fitted:
        desk = WizardDesk(fitted)
        began = time.monotonic()
        running = desk.begin(checklist, desk.identify("", fitted.region), {})
        pilot = Autopilot(
            running,
            answers={},
            defaults=True,
            approve=True,
            viewer=Progress(running.pinned.checklist),
            person=SimulatedPerson(desk.inbox_url(), fitted.endpoint_url),
            alone=True,
        )
        code = pilot.run()
        done = summary(running, time.monotonic() - began)
    print_json(done)
    return code if code else 0 if every_item_is_done(running) else 1


@contextlib.contextmanager
def as_demo(settings: Settings, pin: Pin, session: str) -> Iterator[Settings]:
    """Settings for a session of that account: a demo account that is not running is started."""
    if not is_simulated(pin) or settings.endpoint_url or _answers(pin.endpoint_url):
        yield settings
        return
    kept = [settings.home / name for name in (KEPT, SCALE_KEPT, AUTO_KEPT)]
    state = max(
        (file for file in kept if file.exists()),
        key=lambda file: file.stat().st_mtime,
        default=None,
    )
    if state is None:
        raise WizardError(
            f"The simulated account of this session does not run at {pin.endpoint_url}.",
            where=session,
            todo="Start it again with `st-wizard simulator --state FILE`, and name its "
            "--endpoint-url.",
        )
    with _simulated(settings, pin.speed, state) as fitted:
        yield fitted


@contextlib.contextmanager
def _simulated(
    settings: Settings, speed: float, state: Path, *, scale: bool = False
) -> Iterator[Settings]:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    sys.stderr.write("Starting the simulated account …\n")
    account = Simulator(speed=speed, state=state, seed="scale" if scale else "company")
    try:
        ready = account.start()
    except SimulatorError as error:
        todo = f"To begin with a fresh account, delete {state}." if state.exists() else ""
        raise WizardError(f"{error}.", where="demo", todo=todo) from error
    try:
        yield replace(
            settings,
            endpoint_url=ready.endpoint_url,
            region=settings.region or REGION,
            profile="",
            demo=_demo(ready),
        )
    finally:
        account.stop()


def _demo(ready: Ready) -> Demo:
    from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD  # noqa: PLC0415

    return Demo(
        inbox_url=ready.inbox_url,
        answers={"scale_api_url": ready.scale_api_url, "database_url": ready.database_url},
        secrets={"scale-api-password": DEMO_SCALE_PASSWORD},
    )


def _answers(endpoint_url: str) -> bool:
    try:
        ask(endpoint_url)
    except UnreachableError:
        return False
    return True
