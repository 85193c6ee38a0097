"""Drives one wizard key by key, and keeps what it shows as a picture in this folder."""  # noqa: INP001  for scripts

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
from textual.pilot import Pilot

from screens.app import WizardApp
from screens.widgets.detail import Detail
from screens.widgets.item_tree import ItemTree
from wizard.cli.settings import Demo, Settings
from wizard.session.state import SessionState, Status
from wizard.simulator.ready import Ready
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD

HERE = Path(__file__).parent
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
        await self.resize(size)
        self._app.clear_notifications()
        await self._pilot.pause()
        svg = self._folder / f"{name}.svg"
        drawing = self._app.export_screenshot()
        for textual, ours in DRAWN:
            drawing = drawing.replace(textual, ours)
        svg.write_text(drawing)
        target = HERE / f"{name}.png"
        command("rsvg-convert", "-w", str(WIDTHS[size]), str(svg), "-o", str(target))
        keep(target)
        await self.resize(LARGE)

    async def resize(self, size: tuple[int, int]) -> None:
        """Show it in a terminal of that size."""
        if tuple(self._app.size) != size:
            await self._pilot.resize_terminal(*size)
            await self._pilot.pause()

    def deny(self, service: str, operation: str) -> None:
        """Have the simulated account refuse the next call of that operation."""
        order = {"service": service, "operation": operation, "kind": "deny"}
        httpx.post(f"{self._ready.endpoint_url}/_st-wizard/faults", json=order).raise_for_status()


def command(*command: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise SystemExit(f"{command[0]} is not installed; the pictures are made with it.")
    subprocess.run([program, *command[1:]], check=True, capture_output=True)  # noqa: S603  ours


def keep(picture: Path) -> None:
    command("pngquant", "--force", "--ext", ".png", "96", str(picture))
    size = picture.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{picture.name} has {size} bytes; a picture has at most {MOST_BYTES}.")
    sys.stderr.write(f"docs/{picture.name}  {size // 1000} kB\n")


def settings_for(ready: Ready, home: Path) -> Settings:
    """The wizard's settings on a simulated account, as its demo has them."""
    return Settings(
        home=home,
        region="us-east-1",
        endpoint_url=ready.endpoint_url,
        demo=Demo(
            inbox_url=ready.inbox_url,
            answers={"scale_api_url": ready.scale_api_url, "database_url": ready.database_url},
            secrets={"scale-api-password": DEMO_SCALE_PASSWORD},
        ),
    )
