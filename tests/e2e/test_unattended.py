"""`answers`, `plan`, `run`: a script's way through the checklist, and what it can rely on."""

import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from msgspec import convert

from tests.e2e.account import SECRET, Account
from tests.e2e.command import ATTESTED, CHECKLIST, ITEMS, Ended, st_wizard, start
from tests.e2e.evidence import events, exported, holds_no_secret
from wizard.simulator.ready import Ready


def on(account: Account, home: Path, command: str, *more: str | Path) -> Ended:
    return st_wizard(
        command,
        CHECKLIST,
        "--endpoint-url",
        account.ready.endpoint_url,
        *more,
        home=home,
        env=SECRET,
    )


def plan(account: Account, home: Path, answers: Path) -> dict[str, Any]:
    done = on(account, home, "plan", "--answers", answers, "--json")
    assert done.code == 0, done.err
    return done.line()


def test_a_plan_a_run_and_a_plan_again(account: Account, home: Path, tmp_path: Path) -> None:
    known = account.answers(tmp_path, app_id="app-globex", owner="ops@supertokens.com")
    account.forget()
    before = plan(account, home, known)
    assert account.writes() == Counter()
    assert before["writes"] > 10
    assert before["answers"]["load_balancer_name"] == "app-globex-prod"
    planned = {one["id"] for one in before["items"] if one["state"] == "planned"}
    assert {"lb.scale.call", "lb.tg.create", "lb.logs.bucket.create"} <= planned
    assert all(call["cli"] for one in before["items"] for call in one["calls"])
    assert json.loads(st_wizard("sessions", "--json", home=home).out) == []

    done = on(account, home, "run", "--answers", known, "--defaults", "--yes")
    assert done.code == 3, done.err
    summary = done.line()
    assert summary["items"] == {"done": ITEMS - len(ATTESTED), "needs person": len(ATTESTED)}
    assert all(item in done.err for item in ATTESTED)
    assert f"st-wizard resume {summary['number']}" in done.err
    folder = exported(home, 1, tmp_path / "out")
    waiting = {event["item"] for event in events(folder) if event["event"] == "person_needed"}
    assert waiting == ATTESTED
    assert holds_no_secret(folder)

    account.forget()
    after = plan(account, home, known)
    assert (after["writes"], account.writes()) == (0, Counter())


def test_the_template_can_be_run_with(account: Account, home: Path, tmp_path: Path) -> None:
    known = account.answers(tmp_path)
    template = on(account, home, "answers")
    answers = tmp_path / "template.yaml"
    answers.write_text(template.out + known.read_text())
    done = on(account, home, "run", "--answers", answers)
    assert done.code == 3, done.err
    summary = done.line()
    # Nothing was approved, so nothing was written: the writes wait for it.
    assert summary["items"]["needs approval"] > 0
    folder = exported(home, 1, tmp_path / "out")
    found = events(folder)
    assert not [event for event in found if event["event"] == "intent"]
    given = {event["input"] for event in found if event["event"] == "input_answered"}
    assert {"app_id", "vpc", "certificate", "scale_api_url"} <= given


def test_expired_credentials_end_a_run_that_can_be_resumed(
    account: Account, home: Path, tmp_path: Path
) -> None:
    known = account.answers(tmp_path, app_id="app-acme")
    account.order(
        "faults", service="elbv2", operation="DescribeAccountLimits", kind="expired", times=1
    )
    done = on(account, home, "run", "--answers", known, "--defaults", "--yes")
    assert done.code == 3, done.err
    assert done.line()["items"].get("failed", 0) == 0
    assert "Your AWS session has ended" in done.err
    assert "st-wizard resume 1" in done.err


def test_a_run_that_is_told_to_end_awaits_its_calls(
    account: Account, home: Path, tmp_path: Path
) -> None:
    known = account.answers(tmp_path, app_id="app-acme")
    where = ["--endpoint-url", account.ready.endpoint_url, "--home", str(home)]
    account.order("latency", seconds=0.15)
    try:
        with start(["run", CHECKLIST, *where, "--answers", str(known), "--defaults"]) as running:
            assert running.stderr is not None
            assert any("pre.identity" in line for line in running.stderr)
            running.send_signal(signal.SIGTERM)
            out, err = running.communicate(timeout=30)
    finally:
        account.order("latency", seconds=0)
    assert (running.returncode, out) == (3, ""), err
    assert "Traceback" not in err
    assert events(exported(home, 1, tmp_path / "out"))[-1]["event"] == "session_suspended"


def test_the_simulator_says_where_it_is_and_stops_when_told(tmp_path: Path) -> None:
    state = tmp_path / "account.state"
    running = start(["simulator", "--port", "0", "--speed", "60", "--state", state])
    with running:
        assert running.stdout is not None
        said = json.loads(running.stdout.readline())
        assert set(said) == set(Ready.__struct_fields__)
        assert all(":" in value for name, value in said.items() if name != "account_id")
        account = Account(convert(said, Ready))
        client = account.client("sns", "us-east-1")
        made = client.create_topic(Name="kept-over-a-restart")["TopicArn"]
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (0, ""), err

    again = start(["simulator", "--state", state])
    with again:
        assert again.stdout is not None
        account = Account(convert(json.loads(again.stdout.readline()), Ready))
        attributes = account.client("sns", "us-east-1").get_topic_attributes(TopicArn=made)
        assert attributes["Attributes"]["TopicArn"] == made
        again.terminate()
        assert again.wait(20) == 0
