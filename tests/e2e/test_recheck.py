"""`recheck` and `corroborate` by the command: all as it was, and not one change by hand that is
called a match."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import balancer_by_hand
from tests.e2e.account import Account
from tests.e2e.command import st_wizard
from tests.e2e.rechecked import (
    Ran,
    all_as_it_was,
    by_hand,
    every_item_is_covered,
    missed,
    verdicts,
)
from tests.e2e.under_policy import REGIONS, enforce, seen, settings
from wizard.checklist.load import load_bundled
from wizard.cli.desk import WizardDesk
from wizard.cli.policy import needed
from wizard.console.autopilot import Autopilot
from wizard.console.person import SimulatedPerson
from wizard.engine.snapshot import Snapshot
from wizard.evidence.corroboration import changing
from wizard.simulator.process import Simulator


class Meddler:
    """Somebody who makes a user with the operator's own credentials while the run goes on."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._done = False

    def show(self, snapshot: Snapshot) -> None:
        if snapshot.state.writes > 3 and not self._done:
            self._done = True
            self._account.client("iam", "us-east-1").create_user(UserName="eve")


def _ran(name: str, home: Path) -> Iterator[Ran]:
    """The whole of a checklist with a simulated person, on an account of its own."""
    with Simulator(speed=600) as simulator:
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
    assert missed(found, {*balancer_by_hand.BY_HAND, *seen_by_others}) == {}

    by_hand(balancer, balancer_by_hand.AFTERWARDS)
    after = verdicts(balancer.recheck())
    assert {after[item]["verdict"] for item in balancer_by_hand.AFTERWARDS} == {"gone"}
