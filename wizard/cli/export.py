"""The command `export`: a session's evidence as a folder."""

from pathlib import Path

import click

from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.safe import safe_line


def export_session(settings: Settings, *, session: str, to: Path) -> int:
    """Write the evidence and say where it is."""
    folder = WizardDesk(settings).export(session, to)
    if settings.as_json:
        print_json({"folder": str(folder)})
    else:
        click.echo(safe_line(f"Evidence written to {folder}", limit=5000))
        click.echo(safe_line(f"Read {folder / 'report.html'} in a browser.", limit=5000))
    return 0
