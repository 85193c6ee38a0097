"""What is kept: the list of sessions."""

from collections import Counter
from pathlib import Path

import click

from wizard.cli.desk import WizardDesk
from wizard.cli.kept import population
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.clock import SystemClock
from wizard.engine.desk import SessionSummary
from wizard.errors import RefusedError, UsageError, WizardError
from wizard.evidence.population import population_csv, population_json
from wizard.safe import safe_line
from wizard.session.journal import Journal
from wizard.session.stores import open_store


def list_sessions(settings: Settings) -> int:
    """Every session, the newest first."""
    sessions = WizardDesk(settings).sessions()
    if settings.as_json:
        print_json(sessions)
        return 0
    if not sessions:
        click.echo("No session yet. `st-wizard` starts one, `st-wizard demo` tries it out.")
        return 0
    for one in sessions:
        for line in _lines(one):
            click.echo(safe_line(line))
    return 0


def export_sessions(settings: Settings, to: Path) -> int:
    """The population as a file, which is never written over another one."""
    write = {".csv": population_csv, ".json": population_json}.get(to.suffix)
    if write is None:
        raise UsageError(
            "The list is written as .csv or .json.",
            where=str(to),
            todo="Give the file one of these endings.",
        )
    found = population(Journal(open_store(settings.home, settings.store), SystemClock()))
    try:
        with to.open("xb") as file:
            file.write(write(found))
    except FileExistsError as error:
        raise RefusedError(
            "There is a file already.",
            where=str(to),
            todo="Nothing was written. Give another name, or take that one away.",
        ) from error
    except OSError as error:
        raise WizardError(
            f"It cannot be written: {error.strerror}.",
            where=str(to),
            todo="Give a file in a folder of your own.",
        ) from error
    ended = Counter(one.how for one in found)
    if settings.as_json:
        print_json({"file": str(to), "sessions": len(found), "how": ended})
    else:
        told = ", ".join(f"{count} {how}" for how, count in sorted(ended.items())) or "none yet"
        click.echo(safe_line(f"{len(found)} sessions, numbered without a gap, in {to}: {told}."))
    return 0


def _lines(one: SessionSummary) -> list[str]:
    """A session in two or three lines that fit a narrow terminal and a log."""
    account = f"{one.alias or one.account_id}{' (simulated)' if one.simulated else ''}"
    standing = f"{one.standing}, {one.done} of {one.total} done"
    lines = [
        f"#{one.number:<4} {one.checklist_id}  {account}  {one.region}",
        f"      {one.started_at[:16].replace('T', ' ')} UTC  {standing}",
    ]
    if one.holder:
        lines.append(f"      held by {one.holder}")
    elif one.waiting_for:
        lines.append(f"      waiting for you: {one.waiting_for}")
    return lines
