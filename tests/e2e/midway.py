"""A session that is answered, and perhaps approved, and has written nothing yet: whoever resumes
it begins to write."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST
from tests.engine.stage import ACTOR
from wizard.checklist.answers import read_answers
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings
from wizard.clock import SystemClock
from wizard.console.autopilot import Autopilot
from wizard.engine.snapshot import Snapshot
from wizard.session.events import Approved
from wizard.session.journal import Journal
from wizard.session.stores import FileStore

SLOW = (
    *(("s3", name) for name in ("CreateBucket", "PutBucketTagging", "PutBucketPolicy")),
    *(("elbv2", name) for name in ("CreateTargetGroup", "CreateLoadBalancer")),
)
"""The first writes of the checklist."""
ENDS = {"call_succeeded", "call_failed", "call_in_doubt"}


class Silent:
    """Shows nothing."""

    def show(self, snapshot: Snapshot) -> None:
        """Nobody looks."""


def begin(
    account: Account,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    approve: bool,
    **answers: str,
) -> None:
    """Session 1 in that home, answered by default; left when it waits for consent."""
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    desk = WizardDesk(Settings(home=home, endpoint_url=account.ready.endpoint_url))
    file = account.answers(home.parent, app_id="app-acme", **answers)
    running = desk.begin(CHECKLIST, desk.identify("", "us-east-1"), {})
    given = read_answers(file, running.pinned)
    Autopilot(
        running, answers=given, defaults=True, approve=False, viewer=Silent(), alone=True
    ).run()
    if approve:
        writer = Journal(FileStore(home), SystemClock()).open("1", ACTOR)
        writer.append(Approved())
        writer.close()


def events(home: Path) -> list[dict[str, Any]]:
    """What is in the journal at this moment, of the only session."""
    if not (home / "journal.db").exists():
        return []
    with closing(sqlite3.connect(home / "journal.db")) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            return []
        lines = connection.execute("SELECT line FROM events ORDER BY seq").fetchall()
    return [json.loads(line)["event"] for (line,) in lines]


def in_flight(found: list[dict[str, Any]]) -> set[str]:
    """Changing calls that were announced, and of which nothing more is written."""
    ended = {event["op"] for event in found if event["event"] in ENDS}
    return {event["op"] for event in found if event["event"] == "call_intended"} - ended


def slow_writes(account: Account, seconds: float = 2.0) -> None:
    """The answers to the next writes take their time; the log of calls begins anew."""
    httpx.delete(f"{account.ready.endpoint_url}/_st-wizard/faults").raise_for_status()
    for service, operation in SLOW:
        account.order("faults", service=service, operation=operation, kind="delay", seconds=seconds)
    account.forget()


def ended_in_order(account: Account, home: Path) -> None:
    """The change in flight was awaited and is written down, and the session can be resumed."""
    found = events(home)
    assert found[-1]["event"] == "session_suspended"
    assert not in_flight(found)
    succeeded = {event["op"] for event in found if event["event"] == "call_succeeded"}
    made = Counter(
        f"{event['service']}:{event['operation']}"
        for event in found
        if event["event"] == "call_intended"
        and event["op"] in succeeded
        and event["service"] not in {"http", "sql"}
    )
    assert succeeded
    assert account.writes() == made, (account.writes(), made)
