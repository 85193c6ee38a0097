"""A sample of `make crash` and `make faults`: killed, attacked, and nothing lost or twice.

The whole, at each point of each change of both checklists, takes many minutes.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash.chain import Outcome, carried_out


def test_killed_in_turn_at_each_kind_of_point(tmp_path: Path) -> None:
    killed = carried_out("add-load-balancer", tmp_path, "in turn")
    assert killed.against(undisturbed("add-load-balancer")) == []
    assert len(killed.points) >= 5, "it was not killed where it was to be"
    assert killed.lives == len(killed.points) + 1


@cache
def undisturbed(checklist: str) -> Outcome:
    """A run to its end; one for all tests of a worker."""
    with TemporaryDirectory() as folder:
        return carried_out(checklist, Path(folder))
