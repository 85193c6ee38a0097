"""`recheck`: what a session asserted, read again from the live account. Reads only."""

import sys
from pathlib import Path

import click

from wizard.cli.demo import as_demo
from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.rechecking import Before, is_bundle, of_bundle
from wizard.cli.settings import Settings
from wizard.cli.summaries import pin_of
from wizard.console.rechecked import as_json, exit_code, print_verdicts, read_again
from wizard.safe import safe_line


def recheck_evidence(settings: Settings, *, evidence: str, to: Path | None) -> int:
    """Recheck a session, by number or id, or a bundle, by its folder; `to`: export the result."""
    before = _before(WizardDesk(settings), evidence)
    with as_demo(settings, pin_of(before.state), evidence) as fitted:
        desk = WizardDesk(fitted)
        running = desk.recheck_of(before)
        state = read_again(running)
    folder = desk.export(state.session, to).folder if to is not None else None
    if settings.as_json:
        told = {**as_json(running.pinned, state), "folder": str(folder) if folder else None}
        print_json(told)
        return exit_code(state)
    print_verdicts(running.pinned, state, sys.stdout)
    if state.aborted:
        sys.stderr.write(safe_line(f"It did not come to its end: {state.aborted}") + "\n")
    if folder is not None:
        click.echo(safe_line(f"Evidence of the recheck written to {folder}", limit=4096))
    else:
        click.echo(
            f"It is kept as session {state.number}: "
            f"`st-wizard export {state.number} --to DIR` writes its evidence."
        )
    return exit_code(state)


def _before(desk: WizardDesk, evidence: str) -> Before:
    """What is there as a folder or a zip is a bundle; all else names a session."""
    bundle = Path(evidence)
    return of_bundle(bundle) if is_bundle(bundle) else desk.before(evidence)
