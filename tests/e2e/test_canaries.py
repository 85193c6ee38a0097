"""Values that nobody may read, through whole runs of both checklists: none is found in any byte
that is kept, printed, exported or drawn, in whatever form."""

import base64
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.account import Account
from tests.e2e.command import st_wizard
from tests.e2e.under_policy import REGIONS, Outcome, run, settings
from wizard.cli.desk import WizardDesk
from wizard.gateway.secrets import forms
from wizard.simulator.process import Simulator
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD

TYPED = "canary-<master>&'pass'\\"
IN_ENVIRONMENT = {
    "JWT_SECRET": "canary-of-a-secret-name-1",
    "MODE": "canary-of-an-innocent-name-2",
    "DATABASE_URL": "postgres://ada:canary-in-an-address-3@db/x",
}
KEY = "canary-of-the-operators-key-4"
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "add-load-balancer": {},
    "add-region": {"db_password": "typed", "db_master_password": "db-master-password"},
}


def shapes(value: str) -> Iterator[bytes]:
    """The value as a file may hold it: plain and escaped, in base64 at each of its three places,
    in hexadecimal, in UTF-16."""
    for form in forms(value):
        yield form.encode("utf-8", "surrogatepass")
    data = value.encode()
    for before in range(3):
        whole = base64.b64encode(b"x" * before + data)
        yield whole[4 if before else 0 : len(whole) // 4 * 4 - 4]
    yield data.hex().encode()
    yield value.encode("utf-16-le")


def found_in(folder: Path, canaries: Mapping[str, str]) -> set[str]:
    """Which canaries are in a file below the folder, or in the name of one."""
    searched, held = 0, set()
    for file in folder.rglob("*"):
        content = str(file).encode() + (file.read_bytes() if file.is_file() else b"")
        searched += len(content)
        held |= {
            f"{name} in {file.relative_to(folder)}"
            for name, value in canaries.items()
            if any(shape in content for shape in shapes(value))
        }
    assert searched > 20_000
    return held


def fill(account: Account) -> None:
    """Gives every function of the reference region an environment of canaries."""
    functions = account.client("lambda", "eu-west-1")
    for one in functions.list_functions()["Functions"]:
        variables = one.get("Environment", {}).get("Variables", {})
        functions.update_function_configuration(
            FunctionName=one["FunctionName"],
            Environment={"Variables": {**variables, **IN_ENVIRONMENT}},
        )


def told_in_mails(account: Account) -> dict[str, str]:
    """The tokens and the words that came in mails."""
    mails = httpx.get(f"{account.ready.inbox_url}/mails.json").json()
    tokens = {
        f"token {n}": token[1]
        for n, mail in enumerate(mails)
        if (token := re.search(r"Token=([0-9a-f]{16,})", str(mail.get("link"))))
    }
    words = {
        f"word {n}": word[1]
        for n, mail in enumerate(mails)
        if (word := re.search(r"word to type into the wizard is ([0-9a-f]+)", mail["body"]))
    }
    return {**tokens, **words}


@pytest.mark.parametrize("name", sorted(REGIONS))
def test_no_canary_of_a_whole_run_is_found_anywhere(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG, logger="wizard")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("ST_WIZARD_SECRET_DB_MASTER_PASSWORD", TYPED)
    with Simulator(speed=600) as running:
        account = Account(running.ready)
        fill(account)
        home, out = tmp_path / "home", tmp_path / "out"
        outcome: Outcome = run(account, home, name, None, ANSWERS[name])
        assert outcome.code == 0, outcome.told
        WizardDesk(settings(account, home, REGIONS[name])).export("1", out)
        canaries = {
            "the scale API's password": DEMO_SCALE_PASSWORD,
            "the operator's key": KEY,
            **told_in_mails(account),
            **({} if name == "add-load-balancer" else {"typed": TYPED, **IN_ENVIRONMENT}),
        }
        if name == "add-region":
            assert len(canaries) > 10
            assert _reached(account)
            assert "db-master-password" in outcome.told
        shown = st_wizard("sessions", "--json", home=home)
        arguments = _arguments()
    assert found_in(home, canaries) == set()
    assert found_in(out, canaries) == set()
    printed = capfd.readouterr()
    for text in (outcome.told, caplog.text, shown.out, printed.out, printed.err, arguments):
        data = text.encode("utf-8", "surrogatepass")
        held = {n for n, value in canaries.items() if any(one in data for one in shapes(value))}
        assert held == set()


def _reached(account: Account) -> bool:
    """The canaries came to where they belong, so that they did pass through the wizard."""
    functions = account.client("lambda", REGIONS["add-region"])
    imported = [
        one.get("Environment", {}).get("Variables", {})
        for one in functions.list_functions()["Functions"]
    ]
    return any(one.get("MODE") == IN_ENVIRONMENT["MODE"] for one in imported)


def _arguments() -> str:
    """The command lines of all processes of this user, the simulated account's among them."""
    told = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told.append(process.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue  # it has ended
    assert any(str(os.getpid()) in str(one) for one in Path("/proc").glob("[0-9]*"))
    return json.dumps(told)
