"""A sample of `make crash` and `make faults`: killed, attacked, and nothing lost or twice.

The whole, at each point of each change of both checklists, takes many minutes.
"""

from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.crash.chain import Outcome, carried_out
from tests.crash.faults import FAULTS, faulted, operations, problems

SAMPLE = {
    "add-load-balancer": (),
    "add-region": (
        "lambda:PublishLayerVersion",
        "rds:CreateDBCluster",
        "events:PutTargets",
        "s3control:CreateJob",
    ),
}
"""The operations at which a run is killed; none named: at all."""


@pytest.mark.parametrize("checklist", SAMPLE)
def test_killed_in_turn_at_each_kind_of_point(checklist: str, tmp_path: Path) -> None:
    killed = carried_out(checklist, tmp_path, "in turn", only=SAMPLE[checklist])
    assert killed.against(undisturbed(checklist)) == []
    assert len(killed.points) >= 5, "it was not killed where it was to be"
    assert killed.lives == len(killed.points) + 1


def test_every_operation_of_a_new_region_meets_a_fault(tmp_path: Path) -> None:
    once = undisturbed("add-region")
    met = cycle(sorted(set(FAULTS) - {"delay"}))
    kinds = dict(zip(operations(once), met, strict=False))
    assert len(kinds) > 40
    # Throttled it keeps its place; `make faults` looks at what becomes of the writer else.
    kinds["rds:CreateDBInstance"] = "throttle"
    assert problems(faulted("add-region", tmp_path, kinds), once, kinds) == []


@cache
def undisturbed(checklist: str) -> Outcome:
    """A run to its end; one for all tests of a worker."""
    with TemporaryDirectory() as folder:
        return carried_out(checklist, Path(folder))
