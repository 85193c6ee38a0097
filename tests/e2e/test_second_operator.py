"""What a second operator sees of a session that is held, and going on without a terminal."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import ATTESTED, ITEMS, st_wizard
from tests.e2e.midway import begin, events
from tests.e2e.terminal import Terminal
from tests.engine.stage import ACTOR
from wizard.clock import SystemClock
from wizard.session.journal import Journal
from wizard.session.stores import FileStore
from wizard.simulator.process import Simulator

HELD = "ada on host"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """One for these tests: what they leave behind, others would stumble over."""
    with Simulator(speed=600) as running:
        yield Account(running.ready)


def test_a_held_session_is_shown_with_its_holder_and_can_be_gone_on_with_without_a_terminal(
    account: Account, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(account, home, monkeypatch, approve=False, load_balancer_name="held")
    before = len(events(home))
    held = Journal(FileStore(home), SystemClock()).open("1", ACTOR)
    [listed] = json.loads(st_wizard("sessions", "--json", home=home).out)
    assert listed["standing"] == "running"
    assert listed["holder"].startswith(HELD)
    assert HELD in st_wizard("sessions", home=home).out

    with Terminal(["resume", "1"], home, **SECRET) as screen:
        screen.until(HELD)
        screen.until("read-only")
        screen.press("ctrl+q")
        assert screen.wait() in {0, 3}
        assert screen.restored()
    with Terminal(["resume", "1", "--plain"], home, **SECRET) as paper:
        paper.until(HELD)
        assert paper.wait() == 4
        assert paper.restored()
    alone = st_wizard("run", "--resume", "1", "--yes", home=home, env=SECRET)
    assert (alone.code, alone.out) == (4, "")
    assert HELD in alone.err
    assert "--take-over" in alone.err
    assert len(events(home)) == before  # nobody but its holder wrote
    held.close()

    # What wants a screen says so, and what does not need one.
    refused = st_wizard("resume", "1", home=home, env=SECRET)
    assert (refused.code, refused.out) == (2, "")
    assert "st-wizard run --resume 1" in refused.err
    done = st_wizard("run", "--resume", "1", "--defaults", "--yes", home=home, env=SECRET)
    assert done.code == 3, done.err  # attestations are left to a person
    assert done.line()["items"]["done"] == ITEMS - len(ATTESTED)


def test_what_is_run_is_named_once(home: Path) -> None:
    for arguments in (["run"], ["run", "add-load-balancer", "--resume", "1"]):
        done = st_wizard(*arguments, home=home)
        assert (done.code, done.out) == (2, "")
        assert "CHECKLIST" in done.err
        assert "--resume" in done.err
