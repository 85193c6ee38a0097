"""Killed in the middle of a run, resumed in the wizard: nothing twice, no timer anew."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST, ITEMS, PASSWORD, st_wizard, start
from tests.e2e.evidence import events, exported, holds_no_secret, waiting_since
from tests.e2e.operator import answer_targets, attest_all
from tests.e2e.terminal import Terminal
from wizard.session.seal import commit
from wizard.simulator.process import Simulator

NAME = "app-acme-prod"


@pytest.fixture
def slow_account() -> Iterator[Account]:
    """Slow enough to be killed in the middle of a wait."""
    with Simulator(speed=60) as running:
        yield Account(running.ready)


def test_kill_and_resume(slow_account: Account, home: Path, tmp_path: Path) -> None:
    account = slow_account
    kill_in_the_wait_for_instances(account, home, tmp_path)
    (session,) = json.loads(st_wizard("sessions", "--json", home=home).out)
    assert session["standing"] == "suspended"
    half = exported(home, 1, tmp_path / "before")
    before = events(half)
    done = by_item(before, "item_done")
    since = waiting_since(half, "lb.scale.wait")
    assert len(since) == 1
    assert done["lb.scale.call"] == 1
    assert not done["lb.scale.wait"]

    with Terminal(["resume", "1"], home, **SECRET) as terminal:
        shown = terminal.until("✓ done      Call the scale API")
        assert f"/{ITEMS} done" in shown
        answer_targets(terminal)
        attest_all(terminal)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.restored()

    folder = exported(home, 1, tmp_path / "after")
    after = events(folder)
    assert after[: len(before)] == before
    assert after[len(before)]["event"] == "session_resumed"
    assert after[-1]["event"] == "session_finished"
    assert holds_no_secret(folder)
    ended = by_item(after, "item_done")
    assert (len(ended), set(ended.values())) == (ITEMS, {1})
    # The wait is looked at anew, and lasts from where it began.
    assert set(waiting_since(folder, "lb.scale.wait")) == set(since)
    nothing_was_made_twice(account, after)
    the_password_can_be_proved(home, after)


def the_password_can_be_proved(home: Path, found: list[dict[str, Any]]) -> None:
    """By who knows it, once the session is over; another one cannot."""
    [sent] = [
        event["params"]["json"]["password"]
        for event in found
        if event["event"] == "call_intended" and event["service"] == "http"
    ]
    asked = ("reveal", "1", "scale-api-password", "--from-secret", "scale-api-password", "--json")
    done = st_wizard(*asked, home=home, env=SECRET)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert sent == {"$secret": "scale-api-password", "commit": told["commit"]}
    assert PASSWORD not in done.out + done.err
    assert commit(told["salt"], PASSWORD.encode()) == told["commit"]
    wrong = st_wizard(*asked, home=home, env=dict.fromkeys(SECRET, "another"))
    assert wrong.code == 4
    assert told["salt"] not in wrong.out + wrong.err


def kill_in_the_wait_for_instances(account: Account, home: Path, tmp_path: Path) -> None:
    """SIGKILL once the scale call was made and its instances are waited for."""
    answers = account.answers(tmp_path, app_id="app-acme")
    where = ["--endpoint-url", account.ready.endpoint_url, "--home", str(home)]
    arguments = ["run", CHECKLIST, *where, "--answers", str(answers), "--defaults", "--yes"]
    with start(arguments, **SECRET) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "lb.scale.wait" in line and "settling" in line:
                break
        running.kill()
    assert running.returncode == -9
    assert account.writes()


def by_item(found: list[dict[str, Any]], kind: str) -> Counter[str]:
    return Counter(event["item"] for event in found if event["event"] == kind)


def nothing_was_made_twice(account: Account, found: list[dict[str, Any]], name: str = NAME) -> None:
    """Each change happened once: by the journal, by the account's call log, by what is there."""
    happened = {event["op"] for event in found if event["event"] == "call_succeeded"}
    happened |= {
        event["op"] for event in found if event["event"] == "call_settled" and event["happened"]
    }
    intents = [
        event for event in found if event["event"] == "call_intended" and event["op"] in happened
    ]
    changes = Counter(
        (intent["service"], intent["operation"], json.dumps(intent["params"], sort_keys=True))
        for intent in intents
    )
    assert changes
    assert set(changes.values()) == {1}
    assert account.writes() == Counter(
        f"{intent['service']}:{intent['operation']}"
        for intent in intents
        if intent["service"] not in {"http", "sql"}
    )
    elbv2, region = account.client("elbv2", "us-east-1"), "us-east-1"
    groups = [one["TargetGroupName"] for one in elbv2.describe_target_groups()["TargetGroups"]]
    balancers = [
        one["LoadBalancerName"] for one in elbv2.describe_load_balancers()["LoadBalancers"]
    ]
    buckets = [one["Name"] for one in account.client("s3", region).list_buckets()["Buckets"]]
    assert [one for one in groups if one.startswith(name)] == [f"{name}-tg"]
    assert [one for one in balancers if one.startswith(name)] == [name]
    assert [one for one in buckets if one.startswith(name)] == [f"{name}-access-logs"]
