"""What is kept: the list of sessions, and their export."""

import sys
from pathlib import Path

import click
import msgspec

from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings


def list_sessions(settings: Settings) -> int:
    """Every session, the newest first."""
    sessions = WizardDesk(settings).sessions()
    if settings.as_json:
        click.echo(msgspec.json.encode(sessions).decode())
        return 0
    if not sessions:
        click.echo("No session yet. `st-wizard` starts one, `st-wizard demo` tries it out.")
        return 0
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from wizard.safe import safe_line  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("No", "Checklist", "Account", "Region", "Started", "Done", "Standing"):
        table.add_column(heading, no_wrap=heading != "Standing")
    for one in sessions:
        account = f"{one.alias or one.account_id}{' (simulated)' if one.simulated else ''}"
        standing = one.standing
        if one.holder:
            standing += f", held by {one.holder}"
        elif one.waiting_for:
            standing += f", waiting: {one.waiting_for}"
        row = (
            str(one.number),
            one.checklist_id,
            account,
            one.region,
            one.started_at[:16].replace("T", " "),
            f"{one.done}/{one.total}",
            standing,
        )
        table.add_row(*(Text(safe_line(cell)) for cell in row))
    Console(file=sys.stdout).print(table)
    return 0


def export_session(settings: Settings, session: str, to: Path) -> int:
    """Write the evidence and say where it is."""
    folder = WizardDesk(settings).export(session, to)
    if settings.as_json:
        click.echo(msgspec.json.encode({"folder": str(folder)}).decode())
    else:
        click.echo(f"Evidence written to {folder}")
        click.echo(f"Read {folder / 'report.html'} in a browser.")
    return 0
