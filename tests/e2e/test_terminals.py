"""However a wizard's end comes to its terminal: the change in flight is awaited and written down,
the session suspended, the terminal as it was, and the exit code says that it can go on."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST
from tests.e2e.midway import begin, ended_in_order, events, in_flight, slow_writes
from tests.e2e.terminal import Terminal
from wizard.simulator.process import Simulator

LONG = 90.0
"""Real seconds within which it has begun to write."""

End = Callable[[Terminal], int]
"""Ends the wizard, and gives its exit code."""


def by_signal(number: signal.Signals) -> End:
    def end(terminal: Terminal) -> int:
        terminal.signal(number)
        code = terminal.wait()
        assert terminal.restored()
        return code

    return end


def by_key(terminal: Terminal) -> int:
    terminal.press("\x03")
    code = terminal.wait()
    assert terminal.restored()
    return code


ENDS = {
    "SIGINT": by_signal(signal.SIGINT),
    "SIGTERM": by_signal(signal.SIGTERM),
    "SIGHUP": by_signal(signal.SIGHUP),
    "Ctrl-C": by_key,
    "hang up": Terminal.hang_up,
}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """One for these tests: what they leave behind, others would stumble over."""
    with Simulator(speed=600) as running:
        yield Account(running.ready)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("how", [(), ("--plain",)], ids=["screen", "plain"])
def test_a_wizard_that_writes_ends_in_order(
    how: tuple[str, ...], end: str, account: Account, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{end}{'-'.join(how)}".replace(" ", "-")
    uri = "https://acme.example.com"
    begin(account, home, monkeypatch, approve=True, load_balancer_name=name, connection_uri=uri)
    slow_writes(account)
    with Terminal(["resume", "1", *how], home, **SECRET) as terminal:
        terminal.until(lambda _: bool(in_flight(events(home))), LONG)
        assert ENDS[end](terminal) == 3
        if end != "hang up":
            assert b"st-wizard resume 1" in terminal.raw
        assert b"Traceback" not in terminal.raw
    ended_in_order(account, home)


@pytest.mark.parametrize("end", ["SIGTERM", "Ctrl-C", "hang up"])
def test_a_question_on_paper_is_left_in_order(
    end: str, account: Account, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(account, home, monkeypatch, approve=False)
    with Terminal(["resume", "1", "--plain"], home, **SECRET) as terminal:
        terminal.until("connectionURI of the app")
        assert ENDS[end](terminal) == 3
        assert b"Traceback" not in terminal.raw
    found = events(home)
    assert found[-1]["event"] == "session_suspended"
    assert not any(event["event"] == "call_intended" for event in found)


@pytest.mark.parametrize("end", ["Ctrl-C", "hang up"])
def test_a_run_in_a_terminal_ends_in_order(
    end: str, account: Account, home: Path, tmp_path: Path
) -> None:
    name = f"run-{end}".replace(" ", "-")
    answers = account.answers(tmp_path, app_id="app-acme", load_balancer_name=name)
    where = ["--endpoint-url", account.ready.endpoint_url, "--defaults", "--yes"]
    slow_writes(account)
    with Terminal(["run", CHECKLIST, "--answers", answers, *where], home, **SECRET) as terminal:
        terminal.until(lambda _: bool(in_flight(events(home))), LONG)
        assert ENDS[end](terminal) == 3
        assert b"Traceback" not in terminal.raw
    ended_in_order(account, home)
