"""The command `export`: a session's evidence as a folder."""

from pathlib import Path

import click
import msgspec

from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings


def export_session(settings: Settings, *, session: str, to: Path) -> int:
    """Write the evidence and say where it is."""
    folder = WizardDesk(settings).export(session, to)
    if settings.as_json:
        click.echo(msgspec.json.encode({"folder": str(folder)}).decode())
    else:
        click.echo(f"Evidence written to {folder}")
        click.echo(f"Read {folder / 'report.html'} in a browser.")
    return 0
