"""`make protections`: switch each protection off, and see its tests fail."""

import queue
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from tests.protections.document import DOCUMENT, HEAD, rewritten, row
from tests.protections.everything import everything
from tests.protections.protection import Protection
from tests.protections.switched_off import Case, Copy, bad


@click.command()
@click.argument("names", nargs=-1)
@click.option("--together", default=2, show_default=True, help="Copies at work at a time.")
@click.option("--write", is_flag=True, help=f"Write the rows into {DOCUMENT.name}, too.")
def main(names: tuple[str, ...], *, together: int, write: bool) -> None:
    """Print the table of promises; the exit code tells whether each protection was missed."""
    chosen = [one for one in everything() if not names or one.name in names]
    if wrong := [problem for one in chosen for problem in one.problems()]:
        raise click.ClickException("\n".join(wrong))
    failed: list[str] = []
    click.echo(HEAD)
    with tempfile.TemporaryDirectory(prefix="st-wizard-off-") as folder:
        copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for number in range(together):
            copies.put(Copy(Path(folder) / str(number)))

        def tried(one: Protection) -> tuple[Protection, list[Case], list[Case]]:
            copy = copies.get()
            try:
                return one, copy.with_on(one), copy.with_off(one)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(together) as pool:
            for one, on, off in pool.map(tried, chosen):
                problems = list(unproved(one, on, off))
                failed += problems
                click.echo(row(one, on, off))
                for problem in problems:
                    click.echo(problem, err=True)
                if write and not problems:
                    text = DOCUMENT.read_text(encoding="utf-8")
                    DOCUMENT.write_text(rewritten(text, row(one, on, off)), encoding="utf-8")
    click.echo(f"{len(chosen)} protections, {len(failed)} problems", err=True)
    sys.exit(1 if failed else 0)


def unproved(protection: Protection, on: list[Case], off: list[Case]) -> Iterator[str]:
    """What fails with it on; what passes, or never ends, without what it is to see to."""
    for case in bad(on):
        yield f"{protection.name}: with it on {case.test} failed: {case.failed}"
    for test in protection.tests:
        if not [case for case in on if case.test == test]:
            yield f"{protection.name}: with it on {test} told nothing"
        ran = [case for case in off if case.test == test]
        if not bad(ran):
            yield f"{protection.name}: with it off {test} {'passed' if ran else 'told nothing'}"


if __name__ == "__main__":
    main()
