"""Leaving never loses anything: the engine stops its calls, then the terminal is given back."""

import os
import pty
import signal
import subprocess
import sys
import termios
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.app import WizardApp
from tests.screens import scenes
from tests.screens.drive import SMALL, driving, press, resumed, screen_text, settle
from tests.screens.fakes import FakeDesk, FakeRunning, clock
from wizard.engine.commands import Stop


async def test_q_asks_then_stops_and_joins() -> None:
    running = scenes.midway(FakeRunning())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "q")
        assert "st-wizard resume 12" in screen_text(pilot)
        await press(pilot, "enter")
        assert running.said(Stop) == []
        await press(pilot, "q", "q")
    assert running.said(Stop) == [Stop(reason="the operator left the wizard")]
    assert pilot.app.return_value == "s-12"


async def test_ctrl_c_in_a_text_field_leaves_in_order() -> None:
    running = scenes.midway(FakeRunning())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "k", *"half")
        await press(pilot, "ctrl+c")
    assert running.said(Stop) == [Stop(reason="the operator pressed Ctrl-C")]


async def test_sigterm_leaves_in_order() -> None:
    running = scenes.midway(FakeRunning())
    async with driving(resumed(running), resume="s-12") as pilot:
        os.kill(os.getpid(), signal.SIGTERM)
        await pilot.pause()
        await settle(pilot)
    assert running.said(Stop) == [Stop(reason="the wizard was ended by SIGTERM")]


async def test_a_crash_of_the_screen_still_stops_the_engine() -> None:
    running = FakeRunning()
    app = WizardApp(lambda: resumed(running), resume="s-12", now=clock)

    async def crash(pilot: Pilot[str]) -> None:
        await settle(pilot)
        assert running.started
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await app.run_async(headless=True, size=SMALL, auto_pilot=crash)
    assert running.stopped.is_set()


def test_sighup_on_a_real_terminal_restores_it() -> None:
    code = (
        "from tests.screens import scenes\n"
        "from tests.screens.drive import resumed\n"
        "from tests.screens.fakes import FakeRunning\n"
        "from screens.app import WizardApp\n"
        "running = scenes.midway(FakeRunning())\n"
        "WizardApp(lambda: resumed(running), resume='s-12').run()\n"
        "assert running.stopped.is_set()\n"
        "print('left in order')\n"
    )
    leader, follower = pty.openpty()
    before = termios.tcgetattr(follower)
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
    )
    seen = bytearray()
    told = threading.Event()

    def read() -> None:
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                return
            seen.extend(chunk)
            if b"Encrypt the log" in seen and not told.is_set():
                told.set()
                process.send_signal(signal.SIGHUP)
            if not chunk or b"left in order" in seen:
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert process.wait(60) == 0, bytes(seen[-2000:])
        reader.join(10)
        after = termios.tcgetattr(follower)
    finally:
        process.kill()
        os.close(follower)
        os.close(leader)
    assert told.is_set()
    assert b"left in order" in seen
    assert b"\x1b[?1049l" in seen
    assert after[3] == before[3]


def test_a_terminal_that_is_gone_still_lets_the_engine_stop(tmp_path: Path) -> None:
    said = tmp_path / "said"
    code = (
        "import pathlib\n"
        "from tests.screens import scenes\n"
        "from tests.screens.drive import resumed\n"
        "from tests.screens.fakes import FakeRunning\n"
        "from screens.app import WizardApp\n"
        "running = scenes.midway(FakeRunning())\n"
        "WizardApp(lambda: resumed(running), resume='s-12').run()\n"
        f"pathlib.Path({str(said)!r}).write_text(repr(running.sent))\n"
    )
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
    )
    os.close(follower)
    seen = b""
    try:
        while b"Encrypt the log" not in seen:
            seen += os.read(leader, 65536)
        os.close(leader)
        process.send_signal(signal.SIGHUP)
        process.wait(60)
    finally:
        process.kill()
    assert "ended by SIGHUP" in said.read_text()


def test_a_desk_that_never_opened_a_session_leaves_at_once() -> None:
    app = WizardApp(FakeDesk, now=clock)
    app.stop_engines("nothing was open")
    assert app.session is None
