"""The process: one line when ready, a prompt end, nothing left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from wizard.simulator import process
from wizard.simulator.process import Simulator, SimulatorError

COMMAND = [sys.executable, "-m", "wizard.simulator", "--seed", "empty"]


def patient(child: subprocess.Popen[bytes]) -> threading.Timer:
    """Kills a child that would hang the test, and what the child has started."""
    timer = threading.Timer(60, os.killpg, (child.pid, signal.SIGKILL))
    timer.daemon = True
    timer.start()
    return timer


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_one_line_then_a_prompt_end(sign: signal.Signals) -> None:
    child = subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert child.stdout is not None
    timer = patient(child)
    ready = json.loads(child.stdout.readline())
    assert list(ready) == [
        "endpoint_url",
        "inbox_url",
        "scale_api_url",
        "database_url",
        "account_id",
    ]
    database = Path(ready["database_url"].removeprefix("sqlite:///"))
    assert database.is_file()
    assert httpx.get(ready["inbox_url"], trust_env=False).status_code == 200
    child.send_signal(sign)
    rest, errors = child.communicate(timeout=10)
    timer.cancel()
    assert (child.returncode, rest, errors) == (0, b"", b"")
    assert not database.parent.exists()
    port = int(ready["endpoint_url"].rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_ends_with_its_parent() -> None:
    start = "import subprocess, sys; subprocess.Popen(sys.argv[1:]).wait()"
    parent = subprocess.Popen(
        [sys.executable, "-c", start, *COMMAND, "--with-parent"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert parent.stdout is not None
    timer = patient(parent)
    assert json.loads(parent.stdout.readline())["account_id"]
    parent.kill()
    # The account holds the other end of this pipe: it ends when the account does.
    assert parent.stdout.read() == b""
    parent.wait()
    timer.cancel()
    parent.stdout.close()


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        simulator = Simulator(port=taken.getsockname()[1], seed="empty")
        with pytest.raises(SimulatorError, match="in use"):
            simulator.start()
    with pytest.raises(SimulatorError, match="not running"):
        _ = simulator.ready


def test_context_manager_stops_the_process() -> None:
    with Simulator(seed="empty", speed=30) as simulator:
        pid = simulator.pid
        url = f"{simulator.ready.endpoint_url}/_st-wizard/network"
        assert httpx.get(url, trust_env=False).json()["speed"] == 30
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert simulator.stop() is None


def test_without_moto_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(name: str) -> Any:
        return None

    monkeypatch.setattr("importlib.util.find_spec", nothing)
    assert process.main([]) == 1
    shown = capsys.readouterr()
    assert "st-wizard[demo]" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("arguments", [["--speed", "0"], ["--speed", "fast"], ["--seed", "other"]])
def test_bad_options_are_refused(arguments: list[str]) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert "speed" in done.stderr or "seed" in done.stderr
