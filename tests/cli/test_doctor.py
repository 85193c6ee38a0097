"""The doctor: what is found, what to do about it, and whether the wizard can be used."""

import io
import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.engine.stage import Stage
from wizard.cli import doctor_machine as machine
from wizard.cli.checkup import Finding, Standing
from wizard.cli.doctor import doctor, examine
from wizard.cli.doctor_account import account, clock
from wizard.cli.settings import Settings
from wizard.simulator.process import Simulator

ONE = """
sections:
- title: S
  items:
  - {id: a, title: A, letter: L, step: test.thing, with: {name: one}}
"""
OK, NOTE, WRONG = Standing.OK, Standing.NOTE, Standing.WRONG


@pytest.fixture(autouse=True)
def no_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials but those a test gives, and no look at an instance's metadata."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine that nobody listens on, held so that nobody else takes it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def with_profile(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile work]\nregion = eu-west-1\n")
    (tmp_path / "credentials").write_text(
        "[work]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = very-secret-key\n"
    )


def test_a_machine_without_credentials_is_good_for_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    assert doctor(Settings(home=home)) == 0
    shown = capsys.readouterr().out
    assert "! note   AWS profiles" in shown
    assert "→ Run `aws configure sso`" in shown
    assert "✓ ok     Demo account" in shown
    assert not home.exists()


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doctor(Settings(home=tmp_path / "home", as_json=True))
    report = json.loads(capsys.readouterr().out)
    assert report["usable"] is True
    assert {"Python", "Packages", "Home", "Journal", "SQLite", "Keyring", "Terminal"} <= {
        check["name"] for check in report["checks"]
    }
    assert all(set(check) == {"name", "standing", "found", "todo"} for check in report["checks"])


def test_the_simulated_account_is_reached(tmp_path: Path) -> None:
    with Simulator(seed="empty") as simulator:
        report = examine(
            Settings(home=tmp_path / "home", endpoint_url=simulator.ready.endpoint_url)
        )
    found = by_name(list(report.checks))
    assert found["Credentials"].standing is OK
    assert simulator_account(found["Credentials"].found)
    assert "Clock" not in found
    assert report.usable


def simulator_account(text: str) -> bool:
    return text.startswith("account ") and text.endswith("(simulated)")


def test_an_account_that_cannot_be_reached_makes_it_unusable(
    tmp_path: Path, closed_port: int
) -> None:
    with_profile(tmp_path)
    settings = Settings(
        home=tmp_path / "home", profile="work", endpoint_url=f"http://127.0.0.1:{closed_port}"
    )
    report = examine(settings)
    found = by_name(list(report.checks))
    assert found["Credentials"].standing is WRONG
    assert found["Credentials"].todo
    assert found["AWS profiles"].found == "work (keys); used: work"
    assert found["Region"].found == "eu-west-1"
    assert not report.usable
    assert "very-secret-key" not in str(report)


def test_a_profile_that_is_not_there_is_told(tmp_path: Path) -> None:
    with_profile(tmp_path)
    found = by_name(account(Settings(home=tmp_path, profile="wrok", region="nowhere-1")))
    assert "none is called wrok" in found["AWS profiles"].found
    assert found["Region"].standing is NOTE
    assert "Credentials" not in found


@pytest.mark.parametrize(
    ("off", "standing"),
    [(0, OK), (-20, OK), (120, NOTE), (-120, NOTE), (400, WRONG), (-400, WRONG)],
)
def test_the_clock_against_an_answers_date(off: int, standing: Standing) -> None:
    sent = datetime(2026, 1, 1, 12, tzinfo=UTC)
    date = format_datetime(sent + timedelta(seconds=off), usegmt=True)
    assert clock(date, sent, sent + timedelta(seconds=1)).standing is standing


def test_an_answer_without_a_date_is_no_fault_of_the_clock() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert clock("", now, now).standing is NOTE


def test_a_home_that_is_open_to_others_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert machine.home(tmp_path) == Finding(
        "Home", NOTE, f"{tmp_path} is open to others (0755)", f"chmod 700 '{tmp_path}'"
    )
    tmp_path.chmod(0o700)
    assert machine.home(tmp_path).standing is OK


def test_a_file_is_no_home(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    assert machine.home(path).standing is WRONG


def test_a_journal_is_read_to_its_end(tmp_path: Path) -> None:
    assert machine.journal(tmp_path).found == "none yet"
    Stage(tmp_path, ONE).run()
    found = machine.journal(tmp_path)
    assert found.standing is OK
    assert "1 session," in found.found


def test_a_changed_journal_is_wrong(tmp_path: Path) -> None:
    Stage(tmp_path, ONE).run()
    with closing(sqlite3.connect(tmp_path / "journal.db")) as database:
        database.execute("UPDATE events SET line = replace(line, 'ada', 'eve') WHERE seq = 2")
        database.commit()
    assert machine.journal(tmp_path).standing is WRONG


def test_a_journal_of_a_newer_wizard_is_wrong(tmp_path: Path) -> None:
    Stage(tmp_path, ONE)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as database:
        database.execute("UPDATE meta SET schema = 99")
        database.commit()
    found = machine.journal(tmp_path)
    assert (found.standing, found.todo) == (WRONG, "Update st-wizard.")


def test_what_is_no_journal_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"not a database at all, but long enough" * 50)
    assert machine.journal(tmp_path).standing is WRONG


def test_packages_are_compared_with_what_was_tested() -> None:
    from importlib.metadata import version

    rich = f"rich=={version('rich')}"
    assert machine.packages([rich, 'moto[server]==1; extra == "demo"']).standing is OK
    assert machine.packages([rich, "click==0.0.1"]).standing is NOTE
    assert "no-such-package" in machine.packages([rich, "no-such-package==1"]).found
    assert machine.packages(["no-such-package==1"]).standing is WRONG


def test_keyring_and_ssh_keygen_say_what_to_do_without_them() -> None:
    assert machine.keyring(lambda: "KWallet") == Finding("Keyring", OK, "KWallet")
    assert "ST_WIZARD_SECRET_" in machine.keyring(lambda: "").todo
    assert machine.ssh_keygen(lambda _: "/usr/bin/ssh-keygen").standing is OK
    assert "OpenSSH" in machine.ssh_keygen(lambda _: None).todo


class Screen(io.TextIOWrapper):
    """A terminal of some encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("encoding", "term", "size", "standing", "word"),
    [
        ("utf-8", "xterm-256color", (80, 24), OK, "256 colours"),
        ("utf-8", "xterm", (79, 24), NOTE, "80×24"),
        ("latin-1", "xterm", (80, 24), NOTE, "UTF-8"),
        ("utf-8", "dumb", (80, 24), NOTE, "--plain"),
    ],
)
def test_the_terminal(
    encoding: str, term: str, size: tuple[int, int], standing: Standing, word: str
) -> None:
    found = machine.terminal(Screen(encoding), {"TERM": term}, os.terminal_size(size))
    assert found.standing is standing
    assert word in found.found + found.todo


def test_what_the_terminal_cannot_show_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen("ascii")
    monkeypatch.setattr("sys.stdout", screen)
    doctor(Settings(home=tmp_path / "home"))
    screen.flush()
    raw = screen.buffer
    assert isinstance(raw, io.BytesIO)
    assert b"? ok     Python" in raw.getvalue()
