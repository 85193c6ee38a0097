"""The policy that is printed for a checklist: enough for all of it, and for nothing more."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.account import Account
from tests.e2e.actions_not_shown import DEPENDENT, MET, RARE
from tests.e2e.spoiled import spoil
from tests.e2e.under_policy import REGIONS, Outcome, checklist, run
from tests.steps.cases_of_steps import all_cases
from wizard.cli.policy import needed
from wizard.gateway.least_privilege import allowed_actions
from wizard.gateway.permissions import everything
from wizard.simulator.process import Simulator

EVERY = bool(os.environ.get("ST_WIZARD_EVERY_ACTION"))
SAMPLE = {
    "add-load-balancer": (
        "ec2:DescribeSubnets",
        "elasticloadbalancing:CreateTargetGroup",
        "s3:PutBucketOwnershipControls",
    ),
    "add-region": ("iam:PassRole",),
}
QUIET = {
    "iam:ListAccountAliases": "the account then goes by its number",
}
"""Actions without which everything is done all the same."""


@pytest.fixture
def fresh() -> Iterator[Account]:
    """An account of this test's own, in which nothing was done yet."""
    with Simulator(speed=600) as running:
        yield Account(running.ready)


def without(policies: Sequence[Mapping[str, Any]], action: str) -> list[dict[str, Any]]:
    return [
        {
            **policy,
            "Statement": [
                {**one, "Action": [name for name in one["Action"] if name != action]}
                for one in policy["Statement"]
            ],
        }
        for policy in policies
    ]


@pytest.mark.parametrize("name", sorted(REGIONS))
def test_the_policy_is_enough_for_the_whole_run_and_for_another(
    name: str, fresh: Account, tmp_path: Path
) -> None:
    policies = needed(checklist(name), region=REGIONS[name])
    under = run(fresh, tmp_path / "first", name, policies)
    assert (under.code, under.denied) == (0, set()), under.told
    assert set(under.items.values()) <= {"done", "not applicable"}
    spoil(fresh, name)
    again = run(fresh, tmp_path / "again", name, policies)
    assert (again.code, again.denied) == (0, set()), again.told
    assert again.items == under.items
    padding = allowed_actions(policies) - under.used - again.used
    assert padding <= {*DEPENDENT, *RARE, *MET}, padding - {*DEPENDENT, *RARE, *MET}
    # Each is allowed by its own name alone: without it, a call of these runs would be denied.
    for action in allowed_actions(policies):
        assert "*" not in action
        assert action not in allowed_actions(without(policies, action))
    with Simulator(speed=600) as other:
        free = run(Account(other.ready), tmp_path / "free", name, None)
    assert (free.code, free.items) == (under.code, under.items)
    assert free.writes == under.writes


@pytest.mark.parametrize("action", sorted(MET))
def test_what_no_run_meets_is_shown_by_a_case_of_a_step(action: str) -> None:
    shown = {
        action
        for case in all_cases()
        for effect in (*(case.reads or ()), *(case.writes or ()))
        for action in everything(*str(effect["call"]).partition(".")[::2])
    }
    assert action in shown


@pytest.mark.parametrize("action", sorted({*DEPENDENT, *RARE, *MET}))
def test_a_reason_is_given_only_for_what_a_policy_has(action: str) -> None:
    assert any(action in allowed_actions(needed(checklist(name))) for name in REGIONS)


def _removed() -> Iterator[tuple[str, str]]:
    for name in sorted(REGIONS):
        every = sorted(allowed_actions(needed(checklist(name))))
        yield from ((name, action) for action in (every if EVERY else SAMPLE[name]))


@pytest.mark.parametrize(("name", "action"), list(_removed()))
def test_without_one_action_the_operator_is_told_which(
    name: str, action: str, fresh: Account, tmp_path: Path
) -> None:
    policies = without(needed(checklist(name)), action)
    under: Outcome = run(fresh, tmp_path / "home", name, policies)
    if not under.denied and EVERY:
        pytest.skip("this account does not ask for it; see actions_not_shown.py")
    assert under.denied == {action}
    if action in QUIET:
        assert under.code == 0
    else:
        assert under.code != 0
        assert action in under.told
