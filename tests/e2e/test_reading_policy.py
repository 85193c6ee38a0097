"""The policy of `--read-only`: enough to plan and to compare, and nothing changes under it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import Ended, st_wizard
from tests.e2e.under_policy import REGIONS, Policy, checklist, enforce, run, seen
from wizard.cli.policy import needed
from wizard.simulator.process import Simulator


def command(account: Account, home: Path, *words: str | Path) -> Ended:
    return st_wizard(*words, "--endpoint-url", account.ready.endpoint_url, home=home, env=SECRET)


@pytest.mark.parametrize("name", sorted(REGIONS))
def test_a_plan_needs_no_more_and_a_run_gets_nowhere(name: str, tmp_path: Path) -> None:
    reading: list[Policy] = needed(checklist(name), read_only=True)
    with Simulator(speed=600) as running:
        account = Account(running.ready)
        asked = checklist(name).inputs
        answers = ("--answers", account.answers(tmp_path)) if "scale_api_url" in asked else ()
        given = (*answers, "--region", REGIONS[name], "--json")
        enforce(account, None)
        free = command(account, tmp_path / "free", "plan", name, *given)
        enforce(account, reading)
        under = command(account, tmp_path / "under", "plan", name, *given)
        assert (under.code, seen(account)["denied"]) == (free.code, set()), under.err
        assert _states(under) == _states(free)
        if name == "add-region":
            compared = command(account, tmp_path, "compare", REGIONS[name], "us-east-1")
            assert (compared.code, seen(account)["denied"]) == (2, set()), compared.err
        assert account.writes() == Counter()

        stopped = run(account, tmp_path / "run", name, reading)
        assert stopped.code != 0
        assert stopped.denied
        assert stopped.writes == Counter()
        assert any(action in stopped.told for action in stopped.denied)


def _states(plan: Ended) -> dict[str, str]:
    return {item["id"]: item["state"] for item in json.loads(plan.out)["items"]}
