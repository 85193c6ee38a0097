"""`export --to s3://…`: account confirmed, COMPLIANCE typed, a receipt beside the local copy."""

import json
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.e2e.account import Account
from tests.e2e.under_policy import enforce, seen
from tests.evidence.session import PIN
from tests.gateway.vanta_server import CLIENT, VantaServer
from tests.simulator.conftest import clients
from wizard.checklist.load import bundled_advice, load_bundled
from wizard.cli import REFUSED, USAGE, run
from wizard.cli.keep_in_s3 import _confirmed, _consent
from wizard.cli.keeping import CONSENT, Keeping
from wizard.clock import SystemClock
from wizard.errors import RefusedError
from wizard.evidence.receipt import KeptFile, Place, Receipt, beside, load, save
from wizard.evidence.s3_place import Retention
from wizard.gateway.world import WorldGateway
from wizard.session.base import Actor
from wizard.session.journal import Journal
from wizard.session.stores import open_store
from wizard.simulator.process import Simulator

Said = Callable[[], str]
ACTOR = Actor(caller_arn=PIN.caller_arn, host="desk", user="ada")


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(seed="empty") as running:
        s3 = clients(running.ready)("s3", "us-east-1")
        s3.create_bucket(Bucket="acme-evidence", ObjectLockEnabledForBucket=True)
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With one session that has just begun."""
    pinned = load_bundled("add-load-balancer")
    writer = Journal(open_store(tmp_path / "home", ""), SystemClock()).create(
        session="20261128-kept",
        checklist_id=pinned.checklist.id,
        checklist_text=pinned.text,
        advice_text=bundled_advice(),
        checklist_sha256=pinned.sha256,
        tool_version="0.3.0",
        pin=PIN,
        actor=ACTOR,
    )
    writer.close()
    return tmp_path / "home"


@pytest.fixture
def said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Said:
    """What was said on standard error; the command runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda: capsys.readouterr().err


def export(simulator: Simulator, home: Path, *more: str, to: str = "s3://acme-evidence/a") -> int:
    endpoint = simulator.ready.endpoint_url
    return run(["export", "1", "--to", to, "--home", str(home), "--endpoint-url", endpoint, *more])


def test_the_receipt_says_where_each_file_is_and_a_second_time_changes_nothing(
    simulator: Simulator, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = f"s3://acme-evidence/{home.parent.name}"
    assert export(simulator, home, "--json", "--retain-days", "30", to=to) == 0
    told = json.loads(capsys.readouterr().out)
    file = Path(told["receipt"])
    assert file == beside(Path(told["folder"]))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_bytes()
    [place] = json.loads(first)["places"]
    assert place["where"] == told["kept"]
    assert place["complete"]
    names = {
        one.relative_to(told["folder"]).as_posix()
        for one in Path(told["folder"]).rglob("*")
        if one.is_file()
    }
    assert set(place["files"]) == names
    assert {one["mode"] for one in place["files"].values()} == {"GOVERNANCE"}
    assert export(simulator, home, "--json", "--retain-days", "30", to=to) == 0
    assert file.read_bytes() == first


def test_before_the_upload_it_is_shown_what_and_where(
    simulator: Simulator, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(simulator, home, to=f"s3://acme-evidence/{home.parent.name}") == 0
    said = capsys.readouterr().err
    assert f"to s3://acme-evidence/{home.parent.name}/st-wizard-1-add-load-balancer-" in said
    assert "no retention: whoever may delete objects there can delete these" in said
    assert simulator.ready.account_id in said


@pytest.mark.parametrize(
    "case",
    [
        ("--to folder --retain-days 3", USAGE, "Give --to s3://bucket/prefix"),
        ("--to s3://", USAGE, "not a place in S3"),
        ("--to folder --vanta-submit", USAGE, "Add --vanta DOCUMENT"),
        (f"--to {__file__}", USAGE, "This is no folder"),
        ("--retain-mode COMPLIANCE", USAGE, "Add --retain-days"),
        ("--account 111111111111", REFUSED, "not 111111111111"),
        ("--bucket-owner 111111111111", REFUSED, "not of account 111111111111"),
        ("--retain-days 3 --retain-mode COMPLIANCE", REFUSED, CONSENT),
    ],
)
def test_what_is_not_right_is_refused_before_anything_is_uploaded(
    case: tuple[str, int, str], simulator: Simulator, home: Path, said: Said
) -> None:
    more, code, words = case
    assert export(simulator, home, *more.split(), to="s3://acme-evidence/refused") == code
    assert words in said()
    s3 = clients(simulator.ready)("s3", "us-east-1")
    assert "Contents" not in s3.list_objects_v2(Bucket="acme-evidence", Prefix="refused")


def test_the_permissions_in_the_readme_suffice_and_each_is_used(
    simulator: Simulator, home: Path
) -> None:
    said = (Path(__file__).parents[2] / "README.md").read_text()
    [listed] = re.findall(r"credentials need (.*?`)\.\n", said, re.DOTALL)
    actions = set(re.findall(r"`(s3:\w+)`", listed))
    account = Account(simulator.ready)
    allowed = {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
    enforce(account, [{"Version": "2012-10-17", "Statement": [allowed]}])
    try:
        to = f"s3://acme-evidence/{home.parent.name}"
        assert export(simulator, home, "--retain-days", "2", to=to) == 0
        asked = seen(account)
    finally:
        enforce(account, None)
    assert asked["denied"] <= {"iam:ListAccountAliases"}
    assert asked["used"] - {"sts:GetCallerIdentity"} == actions


def test_the_report_goes_to_vanta_after_the_bucket_and_one_receipt_has_both(
    simulator: Simulator,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in CLIENT.items():
        monkeypatch.setenv(f"ST_WIZARD_SECRET_VANTA_{name.upper()}", value)
    to = f"s3://acme-evidence/{home.parent.name}"
    server = VantaServer()
    try:
        more = ("--vanta", "access-requests", "--vanta-submit", "--vanta-url", server.url, "--json")
        assert export(simulator, home, *more, to=to) == 0
        told = json.loads(capsys.readouterr().out)
        assert export(simulator, home, *more, to=to) == 0
    finally:
        server.shutdown()
        server.server_close()
    folder = Path(told["folder"])
    assert server.contents == [(folder / "report.pdf").read_bytes()]
    assert server.submitted == 1
    places = json.loads(Path(told["receipt"]).read_bytes())["places"]
    assert [one["where"] for one in places] == told["kept"].split()
    assert [one["complete"] for one in places] == [True, True]
    assert not [one for one in CLIENT.values() if one in Path(told["receipt"]).read_text()]


class OfARealAccount:
    """A gateway whose credentials are of a real account."""

    def identity(self) -> Any:
        return PIN


@pytest.mark.parametrize("said", ["", "yes", PIN.account_id])
def test_a_real_account_is_confirmed_by_its_alias(said: str) -> None:
    gateway = cast(WorldGateway, OfARealAccount())
    with pytest.raises(RefusedError, match="not confirmed"):
        _confirmed(Keeping(), gateway, lambda _: said)
    assert _confirmed(Keeping(), gateway, lambda _: PIN.alias) == PIN
    assert _confirmed(Keeping(account=PIN.account_id), gateway, lambda _: "") == PIN


def test_compliance_takes_the_typed_words_however_it_comes_about() -> None:
    by_default = Retention(mode="COMPLIANCE", days=365)
    for typed in ("", "yes", "COMPLIANCE"):
        with pytest.raises(RefusedError, match="not consented"):
            _consent(Keeping(consent=typed), by_default, lambda _: "")
    _consent(Keeping(), by_default, lambda _: CONSENT)
    _consent(Keeping(consent=CONSENT), by_default, lambda _: "")
    _consent(Keeping(), Retention(mode="GOVERNANCE", days=1), lambda _: "")
    _consent(Keeping(), None, lambda _: "")


def test_a_receipt_keeps_each_state_of_the_session_and_each_place(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    first = Place(where="s3://a/", sums_sha256="1")
    later = Place(where="s3://a/", sums_sha256="2")
    whole = load(file, "s", 1).told(first).told(later)
    done = Place(where="s3://a/", sums_sha256="1", files={"x": KeptFile(sha256="0", size=1)})
    save(whole.told(done), file)
    found = load(file, "s", 1)
    assert found.of("s3://a/", "1") == done
    assert found.of("s3://a/", "2") == later
    assert found.of("s3://b/", "1") is None
    assert list(tmp_path.iterdir()) == [file]


def test_a_receipt_of_another_session_or_a_broken_one_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    save(Receipt(session="s", number=1), file)
    with pytest.raises(RefusedError, match="another session"):
        load(file, "t", 2)
    file.write_text("{")
    with pytest.raises(RefusedError, match="cannot be read"):
        load(file, "s", 1)
    assert file.read_text() == "{"
