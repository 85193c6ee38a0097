"""Commands for who was handed evidence: no session, no account. Each imports what it needs when
it is called."""

from pathlib import Path
from typing import Any

import click

from wizard.cli.options import common
from wizard.cli.settings import Settings


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@common
def verify(settings: Settings, **given: Any) -> int:
    """Check BUNDLE, a folder of evidence or a zip of it. Needs no session and no account.

    Exits with 0 when it is whole, 1 when it is not, 3 when something could not be checked.
    """
    from wizard.cli.verify import verify_bundle  # noqa: PLC0415

    return verify_bundle(settings, **given)
