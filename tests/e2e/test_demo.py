"""`demo --auto`: the whole checklist in one command, and the evidence of it."""

import json
import os
from pathlib import Path

from tests.e2e.command import CHECKLIST, ITEMS, st_wizard, start
from tests.e2e.evidence import contents, events, exported, hangs_together, holds_no_secret


def test_every_item_is_done_in_one_line_and_the_evidence_holds(home: Path, tmp_path: Path) -> None:
    with start(["demo", "--auto", CHECKLIST, "--speed", "300", "--home", home]) as running:
        out, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert out.count("\n") == 1
    summary = json.loads(out)
    assert set(summary) == {"session", "number", "items", "calls", "deviations", "seconds"}
    assert summary["items"] == {"done": ITEMS}
    assert summary["deviations"] > 0
    assert "lb.dns.alias" in err
    assert not processes_on(home)

    listed = st_wizard("sessions", "--json", home=home)
    (session,) = json.loads(listed.out)
    assert (session["session"], session["standing"]) == (summary["session"], "finished")
    assert (session["done"], session["total"], session["simulated"]) == (ITEMS, ITEMS, True)

    first = exported(home, 1, tmp_path / "first")
    second = exported(home, 1, tmp_path / "second")
    assert contents(first) == contents(second)
    assert {"report.html", "items.csv", "journal.jsonl", "checklist.yaml"} <= set(contents(first))
    assert holds_no_secret(first)
    assert holds_no_secret(home)
    kinds = [event["event"] for event in events(first)]
    assert (kinds[0], kinds[-1]) == ("session_started", "session_finished")
    checklist = Path(__file__).parents[2] / "checklists" / "add_load_balancer.yaml"
    assert contents(first)["checklist.yaml"] == checklist.read_bytes()
    assert {
        "DNS record acme.aws.supertokens.com leads to load balancer app-acme-prod",
        "load balancer app-acme-prod listens by listener HTTPS 3567",
        "listener HTTPS 3567 forwards to target group app-acme-prod-tg",
        "listener HTTPS 3567 shows certificate *.aws.supertokens.com",
        "load balancer app-acme-prod logs to S3 bucket app-acme-prod-access-logs",
        "alarm app-acme-prod ELB UnHealthyHostCount watches target group app-acme-prod-tg",
        "alarm app-acme-prod ELB TargetResponseTime tells "
        "SNS topic CloudWatch_Alarms_US_East_1_ELB",
    } <= (told := hangs_together(first))
    assert len([one for one in told if "app-acme-prod-tg sends to EC2 instance i-" in one]) == 3
    assert len([one for one in told if "mails to subscription" in one]) == 1


def test_a_checklist_that_does_not_exist_is_a_usage_error(home: Path) -> None:
    done = st_wizard("demo", "--auto", "add-everything", home=home)
    assert (done.code, done.out) == (2, "")
    assert CHECKLIST in done.err


def processes_on(home: Path) -> list[str]:
    """Command lines that name this home: the demo's account is one while it runs."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if str(home).encode() in words:
                found.append(words.replace(b"\0", b" ").decode())
    return found
