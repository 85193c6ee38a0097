"""`recheck` by the command: all as it was, and not one change by hand that is called a match."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e import balancer_by_hand, region_by_hand
from tests.e2e.account import Account
from tests.e2e.by_hand import Change
from tests.e2e.command import Ended, st_wizard
from tests.e2e.under_policy import REGIONS, enforce, seen, settings
from wizard.checklist.load import load_bundled
from wizard.cli.desk import WizardDesk
from wizard.cli.policy import needed
from wizard.console.autopilot import Autopilot
from wizard.console.person import SimulatedPerson
from wizard.engine.snapshot import Snapshot
from wizard.evidence.corroboration import changing
from wizard.session.state import SessionState
from wizard.simulator.process import Simulator

LONGEST = 180.0
GOOD = {"match", "attested only", "not comparable"}


class Ran(NamedTuple):
    """A whole run of a checklist, and the account as it left it."""

    name: str
    home: Path
    account: Account
    state: SessionState

    def recheck(self, *more: str | Path, home: Path | None = None, evidence: str = "1") -> Ended:
        return st_wizard(
            "recheck",
            evidence,
            "--endpoint-url",
            self.account.ready.endpoint_url,
            "--json",
            *more,
            home=home or self.home,
            longest=LONGEST,
        )


class Meddler:
    """Somebody who makes a user with the operator's own credentials while the run goes on."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._done = False

    def show(self, snapshot: Snapshot) -> None:
        if snapshot.state.writes > 3 and not self._done:
            self._done = True
            self._account.client("iam", "us-east-1").create_user(UserName="eve")


def _ran(name: str, home: Path, speed: float = 600) -> Iterator[Ran]:
    """The whole of a checklist with a simulated person, on an account of its own."""
    with Simulator(speed=speed) as simulator:
        account = Account(simulator.ready)
        desk = WizardDesk(settings(account, home, REGIONS[name]))
        running = desk.begin(name, desk.identify("", REGIONS[name]), {})
        pilot = Autopilot(
            running,
            answers={},
            defaults=True,
            approve=True,
            viewer=Meddler(account),
            person=SimulatedPerson(account.ready.inbox_url, account.ready.endpoint_url),
            alone=True,
        )
        assert pilot.run() == 0
        yield Ran(name, home, account, running.snapshot.state)


@pytest.fixture(scope="module")
def balancer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    yield from _ran("add-load-balancer", tmp_path_factory.mktemp("balancer"))


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    # Slower: its alarms wait for data as long as a busy machine needs to make them.
    yield from _ran("add-region", tmp_path_factory.mktemp("region"), speed=300)


def verdicts(ended: Ended) -> Mapping[str, Mapping[str, Any]]:
    """By item, and by member."""
    told = json.loads(ended.out)
    found = {item["id"]: item for item in told["items"]}
    return found | {one["id"]: one for item in told["items"] for one in item.get("members", ())}


def by_hand(ran: Ran, changes: Mapping[str, Change]) -> None:
    for item, change in changes.items():
        known = ran.state.item(item)
        first = next(iter(known.children.values()), known)
        change(ran.account.client, first.found or {})


def all_as_it_was(ran: Ran) -> None:
    """Under the policy that only reads, with nothing denied and nothing written."""
    enforce(ran.account, needed(load_bundled(ran.name).checklist, read_only=True))
    try:
        ended = ran.recheck()
        assert ended.code == 0, ended.out + ended.err
        assert {one["verdict"] for one in verdicts(ended).values()} <= GOOD
        assert seen(ran.account)["denied"] == set()
        assert not ran.account.writes()
    finally:
        enforce(ran.account, None)


def every_item_is_covered(ran: Ran, *named: Mapping[str, object], seen_by_others: set[str]) -> None:
    items = {item.id for item in load_bundled(ran.name).checklist.items}
    assert items == {item for one in named for item in one} | seen_by_others


def test_a_load_balancer_as_it_was_left_matches_by_reads_alone(balancer: Ran) -> None:
    all_as_it_was(balancer)


def test_every_call_of_the_run_is_in_cloudtrail_and_so_is_what_somebody_else_did(
    balancer: Ran, tmp_path: Path
) -> None:
    where = ("--endpoint-url", balancer.account.ready.endpoint_url)
    done = st_wizard("corroborate", "1", *where, "--to", tmp_path, "--json", home=balancer.home)
    assert done.code == 2, done.err
    told = json.loads(done.out)
    result = told["result"]
    made = [call for call in changing(balancer.state) if call.service not in {"http", "sql"}]
    assert {one["op"] for one in result["matched"]} == {call.op for call in made}
    assert {one["by"] for one in result["matched"]} == {"request id"}
    assert (result["missing"], result["not_yet"]) == ([], [])
    assert {one["call"] for one in result["not_recorded"]} == {"sql:Insert"} | {
        f"http:{call.operation}" for call in changing(balancer.state) if call.service == "http"
    }
    assert [one["call"] for one in result["unexpected"]] == ["iam.amazonaws.com CreateUser"]
    assert told["journal_head_sha256"] == balancer.state.head_sha256

    file = Path(told["file"])
    folder = file.with_name(file.name.removesuffix(".corroboration.json"))
    sums = hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()
    assert told["bundle_sums_sha256"] == sums
    again = st_wizard("corroborate", folder, *where, "--json", home=tmp_path / "elsewhere")
    assert (again.code, json.loads(again.out)["result"]) == (2, result)


def test_corroborating_needs_one_more_permission_and_says_so(balancer: Ran) -> None:
    checklist = load_bundled(balancer.name).checklist
    where = ("--endpoint-url", balancer.account.ready.endpoint_url, "--json")
    enforce(balancer.account, needed(checklist, read_only=True))
    try:
        denied = st_wizard("corroborate", "1", *where, home=balancer.home)
        assert (denied.code, "LookupEvents" in denied.out) == (1, True)
        enforce(balancer.account, needed(checklist, read_only=True, corroborate=True))
        assert st_wizard("corroborate", "1", *where, home=balancer.home).code == 2
        assert seen(balancer.account)["denied"] == set()
    finally:
        enforce(balancer.account, None)


def test_a_bundle_is_rechecked_on_a_machine_that_knows_no_session(
    balancer: Ran, tmp_path: Path
) -> None:
    done = st_wizard("export", "1", "--to", tmp_path / "out", "--json", home=balancer.home)
    folder = Path(json.loads(done.out)["folder"])
    ended = balancer.recheck(
        "--to", tmp_path / "again", home=tmp_path / "new", evidence=str(folder)
    )
    # The database's file is on this machine; elsewhere it could not be read.
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert told["rechecks"]["head_sha256"] == balancer.state.head_sha256
    manifest = json.loads((Path(told["folder"]) / "manifest.json").read_text())
    assert manifest["previous"] == told["rechecks"]["bundle_sha256"] != ""

    journal = folder / "journal.jsonl"
    journal.write_text(journal.read_text().replace("app-acme", "app-acne", 1))
    broken = balancer.recheck(home=tmp_path / "new", evidence=str(folder))
    assert (broken.code, broken.out) == (4, "")
    assert "does not hold together" in broken.err


def test_no_change_to_a_load_balancer_is_called_a_match(balancer: Ran) -> None:
    by_hand(balancer, balancer_by_hand.BY_HAND)
    balancer_by_hand.delete_row(balancer.account.ready.database_url, "app-acme")
    ended = balancer.recheck()
    assert ended.code == 2, ended.err
    found = verdicts(ended)
    seen_by_others = {
        "lb.db.appid",
        "lb.cover.multi_instance",
        "lb.cover.multi_core",
        "lb.cover.pools",
        "lb.cover.elastic",
        "lb.cover.health",
        "lb.cover.alarms",
        "lb.cover.logs_enabled",
        "lb.cover.logs_bucket",
        "lb.cover.tags",
    }
    every_item_is_covered(
        balancer,
        balancer_by_hand.BY_HAND,
        balancer_by_hand.AFTERWARDS,
        balancer_by_hand.UNTOUCHED,
        seen_by_others=seen_by_others,
    )
    missed = {
        item: found[item]["verdict"]
        for item in {*balancer_by_hand.BY_HAND, *seen_by_others}
        if found[item]["verdict"] not in {"drift", "gone"}
    }
    assert not missed

    by_hand(balancer, balancer_by_hand.AFTERWARDS)
    after = verdicts(balancer.recheck())
    assert {after[item]["verdict"] for item in balancer_by_hand.AFTERWARDS} == {"gone"}


def test_a_region_as_it_was_left_matches_and_no_change_to_it_does(region: Ran) -> None:
    all_as_it_was(region)

    by_hand(region, region_by_hand.BY_HAND)
    ended = region.recheck()
    assert ended.code == 2, ended.err
    found = verdicts(ended)
    seen_by_others = {
        *(f"region.sns.confirm.{name}" for name in ("ec2", "elb", "lambda", "rds")),
        "region.final.soc2",
    }
    every_item_is_covered(
        region,
        region_by_hand.BY_HAND,
        region_by_hand.AFTERWARDS,
        region_by_hand.UNTOUCHED,
        seen_by_others=seen_by_others,
    )
    missed = {
        item: found[item]["verdict"]
        for item in {*region_by_hand.BY_HAND, *seen_by_others}
        if found[item]["verdict"] not in {"drift", "gone"}
    }
    assert not missed
    assert found["region.logs.retention[/by/hand]"]["verdict"] == "drift"
    drifted = [one["id"] for one in found.values() if one["id"].startswith("region.lambda.import[")]
    assert sum(found[one]["verdict"] == "drift" for one in drifted) == 1

    by_hand(region, region_by_hand.AFTERWARDS)
    assert verdicts(region.recheck())["pre.region.optin"]["verdict"] not in GOOD
