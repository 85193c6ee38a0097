"""A real browser for the tests: Chromium, headless, without scripts, over its own protocol."""

import json
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FOUND = next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page, driven through pipes as the DevTools protocol has it."""

    def __init__(self, process: subprocess.Popen[bytes], to: int, back: int) -> None:
        self._process, self._to, self._back = process, to, back
        self._number = 0
        self._rest = b""
        self._session = ""
        self.events: list[dict[str, Any]] = []

    def open(self, page: Path, *, width: int = 1100, scripts: bool = False) -> None:
        """Load a file and wait until it is there."""
        if not self._session:
            target = self.call("Target.createTarget", {"url": "about:blank"}, page=False)
            attached = self.call(
                "Target.attachToTarget",
                {"targetId": target["targetId"], "flatten": True},
                page=False,
            )
            self._session = attached["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network", "Security"):
                self.call(f"{domain}.enable")
        self.call("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        self.call(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        self.events.clear()
        self.call("Page.navigate", {"url": page.as_uri()})
        while not any(one["method"] == "Page.loadEventFired" for one in self.events):
            self._next()

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of ours; the page's own scripts stay off."""
        self.call("Emulation.setScriptExecutionDisabled", {"value": False})
        given = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        return given["result"].get("value")

    def printed(self, width: float, height: float) -> bytes:
        """The page as a PDF on paper of that size in inches, as its style sheet has it."""
        given = self.call(
            "Page.printToPDF",
            {
                "paperWidth": width,
                "paperHeight": height,
                "printBackground": True,
                "preferCSSPageSize": False,
                "displayHeaderFooter": False,
            },
        )
        return b64decode(given["data"])

    def call(
        self, method: str, params: dict[str, Any] | None = None, *, page: bool = True
    ) -> dict[str, Any]:
        self._number += 1
        number = self._number
        order: dict[str, Any] = {"id": number, "method": method, "params": params or {}}
        if page:
            order["sessionId"] = self._session
        os.write(self._to, json.dumps(order).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") == number:
                assert "error" not in message, message["error"]
                result: dict[str, Any] = message["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._back, 1 << 20)
            assert part, "the browser is gone"
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if "method" in message:
            self.events.append(message)
        return message


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Chromium, gone again afterwards with all that it started."""
    assert FOUND is not None
    to_read, to = os.pipe()
    back, back_write = os.pipe()
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()

    def inherit() -> None:
        # The protocol is spoken on descriptors 3 and 4.
        os.dup2(to_read, 13)
        os.dup2(back_write, 14)
        os.dup2(13, 3)
        os.dup2(14, 4)

    process = subprocess.Popen(
        [
            FOUND,
            "--headless",
            "--remote-debugging-pipe",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={folder}",
            *root,
        ],
        preexec_fn=inherit,  # noqa: PLW1509  no thread runs here
        pass_fds=(3, 4),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(to_read)
    os.close(back_write)
    try:
        yield Browser(process, to, back)
    finally:
        os.close(to)
        os.close(back)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
