"""What is kept: the list of sessions."""

import click

from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.engine.desk import SessionSummary
from wizard.safe import safe_line


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
