"""Version, help, the list of sessions, and where the common options may stand."""

import json
from pathlib import Path

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST, st_wizard
from wizard import __version__

COMMANDS = {
    (): "--plain",
    ("demo",): "--auto",
    ("simulator",): "--state",
    ("run",): "--yes",
    ("plan",): "--answers",
    ("answers",): "--account",
    ("sessions",): "--json",
    ("resume",): "--plain",
    ("export",): "--to",
    ("secret",): "set",
    ("secret", "set"): "NAME",
    ("doctor",): "--json",
}


@pytest.mark.parametrize("option", ["--version"])
def test_the_version(option: str) -> None:
    done = st_wizard(option)
    assert (done.code, done.out, done.err) == (0, f"st-wizard {__version__}\n", "")
    # With another option beside it the slow way answers, and says the same.
    assert st_wizard("--plain", option).out == done.out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: tuple[str, ...], home: Path) -> None:
    short = st_wizard(*command, "-h", home=home)
    assert (short.code, short.err) == (0, "")
    assert COMMANDS[command] in short.out
    assert short.out.startswith("Usage: st-wizard")
    assert not home.exists()


def test_help_names_every_command() -> None:
    out = st_wizard("--help").out
    assert all(f"\n  {command[0]}" in out for command in COMMANDS if command)


def test_options_stand_before_or_after_and_after_wins(account: Account, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    where = ("--endpoint-url", account.ready.endpoint_url)
    answers = account.answers(tmp_path, app_id="app-initech")
    before = st_wizard(
        "--home",
        first,
        *where,
        "run",
        CHECKLIST,
        "--answers",
        answers,
        "--home",
        second,
        env=SECRET,
    )
    assert before.code == 3, before.err
    assert not first.exists()
    for way in (
        st_wizard("sessions", "--json", "--home", second),
        st_wizard("--json", "--home", second, "sessions"),
        st_wizard("sessions", "--json", home=second),
        st_wizard("--home", second, "sessions", "--json", home=first),
    ):
        (session,) = json.loads(way.out)
        assert session["session"] == before.line()["session"]
        assert session["standing"] == "suspended"
        assert session["waiting_for"]
    listed = st_wizard("sessions", home=second, env={"COLUMNS": "80"}).out
    assert all(len(line) <= 80 for line in listed.splitlines())
    assert "#1" in listed
    assert CHECKLIST in listed
    assert "suspended" in listed
    assert "supertokens-demo (simulated)" in listed


def test_an_empty_home_says_how_to_begin(home: Path) -> None:
    assert "st-wizard demo" in st_wizard("sessions", home=home).out
    assert st_wizard("sessions", "--json", home=home).out == "[]\n"
