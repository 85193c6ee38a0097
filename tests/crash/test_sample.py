"""A sample of `make crash`: killed at each kind of point in turn, resumed, and nothing twice.

The whole, at each point of each change of both checklists, takes many minutes.
"""

from pathlib import Path

import pytest

from tests.crash.chain import carried_out

SAMPLE = {
    "add-load-balancer": (),
    "add-region": (
        "sns:Subscribe",
        "lambda:PublishLayerVersion",
        "rds:CreateDBCluster",
        "iam:CreatePolicyVersion",
        "s3control:CreateJob",
    ),
}
"""The operations at which a run is killed; none named: at all."""


@pytest.mark.parametrize("checklist", SAMPLE)
def test_killed_in_turn_at_each_kind_of_point(checklist: str, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("undisturbed", "killed")]
    for folder in folders:
        folder.mkdir()
    undisturbed = carried_out(checklist, folders[0])
    assert undisturbed.against(undisturbed) == []
    killed = carried_out(checklist, folders[1], "in turn", only=SAMPLE[checklist])
    assert killed.against(undisturbed) == []
    assert len(killed.points) >= 5, "it was not killed where it was to be"
    assert killed.lives == len(killed.points) + 1
