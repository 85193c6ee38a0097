"""Signals and a terminal that goes away: calls awaited, `suspended` written, the code right."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST, st_wizard, start
from tests.e2e.evidence import events, exported
from wizard.simulator.process import Simulator


@pytest.fixture
def account() -> Iterator[Account]:
    """One for each test: what a run leaves behind here, others would stumble over."""
    with Simulator(speed=600) as running:
        yield Account(running.ready)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name
)
def test_a_run_that_writes_ends_in_order(
    number: signal.Signals, account: Account, home: Path, tmp_path: Path
) -> None:
    app = f"app-{number.name.lower()}"
    answers = account.answers(tmp_path, app_id="app-acme", load_balancer_name=app)
    where = ["--endpoint-url", account.ready.endpoint_url, "--home", str(home)]
    arguments = ["run", CHECKLIST, *where, "--answers", str(answers), "--defaults", "--yes"]
    account.order("latency", seconds=0.3)
    try:
        with start(arguments, **SECRET) as running:
            assert running.stderr is not None
            assert any("pre.vpc" in line and "done" in line for line in running.stderr)
            running.send_signal(number)
            out, err = running.communicate(timeout=30)
    finally:
        account.order("latency", seconds=0)
    assert (running.returncode, out) == (3, ""), err
    assert "Traceback" not in err
    found = events(exported(home, 1, tmp_path / "out"))
    assert found[-1]["event"] == "session_suspended"
    begun = {event["op"] for event in found if event["event"] == "call_intended"}
    ended = {event["op"] for event in found if event["event"] in {"call_succeeded", "call_failed"}}
    assert begun == ended  # what was in flight was awaited and written down
    [session] = json.loads(st_wizard("sessions", "--json", home=home).out)
    assert session["standing"] == "suspended"
