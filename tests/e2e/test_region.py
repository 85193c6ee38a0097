"""A new region by the command: the whole runbook, then once more on what it made."""

import csv
import io
import itertools
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e import region_by_hand
from tests.e2e.account import Account, until
from tests.e2e.command import Ended, st_wizard, start
from tests.e2e.evidence import events, exported, hangs_together
from tests.e2e.rechecked import (
    Ran,
    all_as_it_was,
    by_hand,
    every_item_is_covered,
    missed,
    verdicts,
)
from tests.e2e.region import differing, picture
from tests.e2e.unwatched import Attesting, begin, carry_out, desk
from wizard.engine.commands import Continue
from wizard.engine.comparing_members import TO_COME
from wizard.engine.snapshot import Snapshot
from wizard.evidence.corroboration import changing
from wizard.session.state import Status
from wizard.simulator.process import Simulator

REGION = "eu-central-2"
ITEMS = {"done": 57, "not applicable": 1}
STATE = "demo-auto-account.state"
LONGEST = 120.0
IMPORTED = 10
"""Functions of eu-west-1 but two: an ended runtime, and an image that is not in the registry."""


class Finished(NamedTuple):
    """A run of the demo's, and where it kept session and account."""

    ended: Ended
    home: Path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    home = tmp_path_factory.mktemp("home")
    ended = st_wizard(
        "demo", "--auto", "add-region", "--speed", "600", "--json", home=home, longest=LONGEST
    )
    return Finished(ended, home)


@pytest.fixture
def account(finished: Finished, tmp_path: Path) -> Iterator[Account]:
    """The account as that run left it; each test has a copy."""
    for file in finished.home.glob(f"{STATE}*"):
        shutil.copy(file, tmp_path / file.name)
    with Simulator(speed=600, state=tmp_path / STATE) as running:
        yield Account(running.ready)


def test_every_item_is_carried_out(finished: Finished) -> None:
    assert finished.ended.code == 0, finished.ended.err
    summary = finished.ended.line()
    assert summary["items"] == ITEMS
    assert summary["deviations"] > 0


def test_the_evidence_has_members_comparison_and_deviations(
    finished: Finished, tmp_path: Path
) -> None:
    folder = exported(finished.home, 1, tmp_path)
    rows = list(csv.DictReader(io.StringIO((folder / "items.csv").read_text())))
    members = Counter(row["item"].partition("[")[0] for row in rows if "[" in row["item"])
    assert members["region.lambda.import"] == IMPORTED
    assert members["region.lambda.alarm.errors"] == IMPORTED
    assert members["region.s3.tags"] == 2
    assert {row["state"] for row in rows} == {"done", "not applicable"}

    found = events(folder)
    compared = {event["item"]: event for event in found if event["event"] == "compared"}
    marks = Counter(row["mark"] for event in compared.values() for row in event["rows"])
    assert {"region.rds.cluster", "region.s3.saas.create"} <= set(compared)
    assert {event["region"] for event in compared.values()} == {"us-east-1"}
    assert marks["same"] > marks["expected"] > 0
    deviations = {
        event["input"]: event for event in found if event["event"] == "deviation_recorded"
    }
    assert deviations["db_alarm_dimensions"]["advice"] == "E3"

    report = (folder / "report.html").read_text()
    assert "supertokens-prod-eu-central-2" in report
    assert "saas-email-sender" in report
    logs, saas = "supertokens-s3-access-logs-eu-central-2", "supertokens-saas-eu-central-2"
    told = hangs_together(folder)
    assert {
        f"S3 bucket {saas} logs to S3 bucket {logs}",
        f"S3 bucket supertokens-ssl replicates to S3 bucket {saas}",
        "DB cluster supertokens-prod-eu-central-2 has "
        "DB instance supertokens-prod-eu-central-2-writer",
    } <= told
    for words in (
        r"(\d+ alarms|alarm) .* tells SNS topic CloudWatch_Alarms_EU_Central_2_Lambda",
        r"\d+ alarms db-.* watches DB cluster supertokens-prod-eu-central-2",
        "SNS topic CloudWatch_Alarms_EU_Central_2_EC2 mails to subscription",
        "VPC vpc-.* reaches S3 by gateway endpoint vpce-",
        "VPC vpc-.* is logged by flow log fl-",
        f"flow log fl-.* delivers to S3 bucket {logs}",
        "private hosted zone eu-central-2.dns resolves in VPC vpc-",
    ):
        assert any(re.match(words, one) for one in told), words
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["complete"] is True
    assert manifest["deviations"] == len(deviations)


def test_what_was_made_is_what_the_third_column_had_said(
    finished: Finished, tmp_path: Path
) -> None:
    first: dict[str, dict[str, Any]] = {}
    last: dict[str, dict[str, Any]] = {}
    for event in events(exported(finished.home, 1, tmp_path)):
        if event["event"] == "compared":
            first.setdefault(event["item"], event)
            last[event["item"]] = event
    otherwise = {
        f"{name} {row['field']}": (row["here"], then[row["field"]])
        for name, event in first.items()
        for then in [{row["field"]: row["here"] for row in last[name]["rows"]}]
        for row in event["rows"]
        if row["here"] != then[row["field"]] and row["here"] != TO_COME
    }
    assert otherwise == {}


def test_the_same_again_writes_nothing(account: Account, home: Path) -> None:
    before = picture(account.client, REGION)
    account.forget()
    running = begin(account, home, REGION)
    assert carry_out(running, account, Attesting()) == 0
    state = running.snapshot.state
    assert Counter(item.status.value for item in state.items.values()) == ITEMS
    assert not [call for item in state.items.values() for call in item.calls if call.mutating]
    assert account.writes() == Counter()
    assert state.item("region.sns.proof").status is Status.DONE
    assert differing(before, picture(account.client, REGION)) == {}


def test_a_plan_of_what_is_there_has_nothing_to_write(account: Account, home: Path) -> None:
    account.forget()
    done = st_wizard(
        *("plan", "add-region", "--region", REGION, "--json"),
        *("--endpoint-url", account.ready.endpoint_url),
        home=home,
    )
    assert done.code == 0, done.err
    plan: dict[str, Any] = done.line()
    assert (plan["writes"], account.writes()) == (0, Counter())
    standing = Counter(item["state"] for item in plan["items"])
    assert standing["done"] > len(plan["items"]) / 2
    assert not {"failed", "planned"} & set(standing)


def test_killed_among_functions_and_resumed(account: Account, home: Path) -> None:
    undisturbed = picture(account.client, REGION)
    with Simulator(speed=600) as running:
        other = Account(running.ready)
        where = ["--endpoint-url", running.ready.endpoint_url, "--home", str(home)]
        arguments = ["run", "add-region", "--region", REGION, *where, "--defaults", "--yes"]
        # The answers of these come late: most likely it is killed while it awaits them.
        for operation in ("CreateFunction", "PutMetricAlarm"):
            other.order("faults", service="*", operation=operation, kind="delay", seconds=0.5)
        person = desk(other, home, REGION)
        with start(arguments) as killed:
            until(lambda: other.writes()["lambda:CreateFunction"] >= 2, "functions", LONGEST)
            killed.kill()
        assert other.writes()["lambda:CreateFunction"] <= IMPORTED
        resumed = person.resume("1")
        carry_out(resumed, other)
        state = resumed.snapshot.state
        assert Counter(item.status.value for item in state.items.values()) == ITEMS
        assert differing(undisturbed, picture(other.client, REGION)) == {}
        assert other.writes()["lambda:CreateFunction"] == IMPORTED
        assert other.writes()["cloudwatch:PutMetricAlarm"] == IMPORTED + 4


KINDS = ("drop_after", "drop_before", "error_after", "throttle", "expired")
ONE_FUNCTION = {"PutFunctionConcurrency", "PutFunctionEventInvokeConfig", "PublishVersion"}
"""All on the one function that has an alias: so many lost calls of one item end its tries."""


def test_every_first_write_goes_wrong(finished: Finished, account: Account, home: Path) -> None:
    undisturbed = picture(account.client, REGION)
    _, done = desk(account, finished.home, REGION).look("1")
    calls = [
        call
        for item in done.items.values()
        for one in (item, *item.children.values())
        for call in one.calls
    ]
    operations = {(call.service, call.operation) for call in calls if call.mutating}
    with Simulator(speed=600) as other_simulator:
        other = Account(other_simulator.ready)
        running = begin(other, home, REGION)
        wrong = sorted(one for one in operations if one[1] not in ONE_FUNCTION)
        assert len(wrong) > 30
        for (service, operation), kind in zip(wrong, itertools.cycle(KINDS), strict=False):
            other.order("faults", service=service, operation=operation, kind=kind)
        paused: list[int] = []

        def log_in_again(snapshot: Snapshot) -> None:
            if snapshot.state.paused and paused[-1:] != [snapshot.state.seq]:
                paused.append(snapshot.state.seq)
                running.send(Continue())

        running.subscribe(log_in_again)
        assert carry_out(running, other) == 0
        state = running.snapshot.state
        assert Counter(item.status.value for item in state.items.values()) == ITEMS
        assert paused
        assert differing(undisturbed, picture(other.client, REGION)) == {}


def test_a_recheck_calls_no_change_by_hand_a_match(
    finished: Finished, account: Account, home: Path
) -> None:
    home.mkdir()
    shutil.copy(finished.home / "journal.db", home)
    _, state = desk(account, home, REGION).look("1")
    ran = Ran("add-region", home, account, state)
    all_as_it_was(ran)
    where = ("--endpoint-url", account.ready.endpoint_url, "--json")
    corroborated = st_wizard("corroborate", "1", *where, home=home, longest=LONGEST)
    told = json.loads(corroborated.out)["result"]
    assert (corroborated.code, told["missing"], told["unexpected"]) == (0, [], [])
    assert {one["op"] for one in told["matched"]} >= {
        call.op for call in changing(state) if call.request_id and call.outcome == "ok"
    }

    by_hand(ran, region_by_hand.BY_HAND)
    ended = ran.recheck()
    assert ended.code == 2, ended.err
    found = verdicts(ended)
    seen_by_others = {
        *(f"region.sns.confirm.{name}" for name in ("ec2", "elb", "lambda", "rds")),
        "region.final.soc2",
    }
    every_item_is_covered(
        ran,
        region_by_hand.BY_HAND,
        region_by_hand.AFTERWARDS,
        region_by_hand.UNTOUCHED,
        seen_by_others=seen_by_others,
    )
    assert missed(found, {*region_by_hand.BY_HAND, *seen_by_others}) == {}
    assert found["region.logs.retention[/by/hand]"]["verdict"] == "drift"
    assert found["region.lambda.import[saas-core-scale-worker]"]["verdict"] == "drift"

    by_hand(ran, region_by_hand.AFTERWARDS)
    assert verdicts(ran.recheck())["pre.region.optin"]["verdict"] == "drift"
