"""`make crash`: every point of every change of both checklists, and moments by chance."""

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from tests.crash.chain import REGIONS, Outcome, carried_out
from tests.crash.order import KINDS, Kind

Job = tuple[str, Kind, int]
"""Checklist, where it is killed, seed."""


@click.command()
@click.option("--checklist", "checklists", multiple=True, default=tuple(REGIONS))
@click.option("--kind", "kinds", multiple=True, default=(*KINDS, "random"))
@click.option("--seeds", default=3, show_default=True, help="Chains with kills by chance.")
@click.option("--together", default=2, show_default=True, help="Chains at a time.")
def main(checklists: tuple[str, ...], kinds: tuple[Kind, ...], seeds: int, together: int) -> None:
    """Kill and resume, at every point; the exit code tells whether all was well."""
    failed = 0
    click.echo(f"{'checklist':<20}{'killed':<20}{'points':>7}{'lives':>7}{'failures':>10}{'s':>7}")
    with ThreadPoolExecutor(together) as pool:
        undisturbed = dict(zip(checklists, pool.map(_undisturbed, checklists), strict=True))
        for job, outcome, seconds in pool.map(_timed, _jobs(checklists, kinds, seeds)):
            checklist, kind, seed = job
            problems = outcome.against(undisturbed[checklist])
            failed += len(problems)
            name = f"{kind} {seed}" if kind == "random" else kind
            click.echo(
                f"{checklist:<20}{name:<20}{len(outcome.points):>7}{outcome.lives:>7}"
                f"{len(problems):>10}{seconds:>7.0f}"
            )
            for problem in problems:
                click.echo(f"  {problem}")
    sys.exit(1 if failed else 0)


def _jobs(checklists: tuple[str, ...], kinds: tuple[Kind, ...], seeds: int) -> Iterator[Job]:
    for checklist in checklists:
        for kind in kinds:
            for seed in range(seeds if kind == "random" else 1):
                yield checklist, kind, seed


def _timed(job: Job) -> tuple[Job, Outcome, float]:
    began = time.monotonic()
    checklist, kind, seed = job
    with tempfile.TemporaryDirectory(prefix="st-wizard-crash-") as folder:
        return job, carried_out(checklist, Path(folder), kind, seed=seed), time.monotonic() - began


def _undisturbed(checklist: str) -> Outcome:
    return _timed((checklist, "", 0))[1]


if __name__ == "__main__":
    main()
