"""`make protections`: switch each protection off, and see its tests fail."""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from tests.protections.everything import everything
from tests.protections.protection import Protection
from tests.protections.switched_off import Case, Copy


@click.command()
@click.argument("names", nargs=-1)
@click.option("--workers", default=2, show_default=True, help="For the run with all of them on.")
def main(names: tuple[str, ...], workers: int) -> None:
    """Print the table of promises; the exit code tells whether each protection was missed."""
    chosen = [one for one in everything() if not names or one.name in names]
    if wrong := [problem for one in chosen for problem in one.problems()]:
        raise click.ClickException("\n".join(wrong))
    failed = []
    with tempfile.TemporaryDirectory(prefix="st-wizard-off-") as folder:
        copy = Copy(Path(folder))
        tests = sorted({test for one in chosen for test in one.tests})
        on = copy.run(tests, workers=workers, longest=3600)
        failed += [
            f"with all protections on, {case.test} failed: {case.failed}" for case in bad(on)
        ]
        click.echo("| promise | test | figures | with the protection off |\n|---|---|---|---|")
        for one in chosen:
            off = copy.with_off(one)
            click.echo(row(one, on, off))
            failed += unnoticed(one, off)
    for problem in failed:
        click.echo(problem, err=True)
    click.echo(f"{len(chosen)} protections, {len(failed)} problems", err=True)
    sys.exit(1 if failed else 0)


def bad(cases: list[Case]) -> list[Case]:
    """Those that failed."""
    return [case for case in cases if case.failed]


def unnoticed(protection: Protection, off: list[Case]) -> Iterator[str]:
    """Tests that pass, or never end, without what they are to see to."""
    for test in protection.tests:
        ran = [case for case in off if case.test == test]
        if not bad(ran):
            yield f"{protection.name}: with it off {test} {'passed' if ran else 'told nothing'}"


def row(protection: Protection, on: list[Case], off: list[Case]) -> str:
    """A line of the table."""
    cases = Counter(case.test for case in on)
    tried = sum(cases[test] for test in protection.tests)
    figures = "; ".join([*([protection.figures] if protection.figures else []), f"cases: {tried}"])
    said = next((case.failed for case in bad(off)), "nothing failed")
    tests = ", ".join(f"`{test.rpartition('::')[2]}`" for test in protection.tests)
    told = f"{len(bad(off))} failed: {said}"
    return f"| {protection.promise} | {tests} | {figures} | {escaped(told)} |"


def escaped(text: str) -> str:
    """As a cell of a table."""
    return text.replace("|", "\\|").replace("`", "'")


if __name__ == "__main__":
    main()
