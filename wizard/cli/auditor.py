"""Commands that an audit asks for and that call nothing. Each imports what it needs when it is
called."""

from pathlib import Path
from typing import Any

import click

from wizard.cli.options import common
from wizard.cli.settings import Settings
from wizard.cli.trusting import trusting


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@trusting
@common
def verify(settings: Settings, **given: Any) -> int:
    """Check BUNDLE: a folder of evidence, a zip of it, or its report.pdf. Needs no session.

    Exits with 0 when it is whole, 1 when it is not, 3 when something could not be checked.
    """
    from wizard.cli.verify import verify_bundle  # noqa: PLC0415

    return verify_bundle(settings, **given)


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--sign", metavar="KEY", default="", help="Your SSH key: a file, a fingerprint, or `agent`."
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the signature [default: in the bundle].",
)
@trusting
@common
def review(settings: Settings, **given: Any) -> int:
    """Review BUNDLE as a second person: verifies it, shows what is to be judged, and signs.

    With --sign you are asked to confirm; the operator's own key is refused.
    """
    from wizard.cli.review import review_bundle  # noqa: PLC0415

    return review_bundle(settings, **given)


@click.command()
@click.option(
    "--export",
    "to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all of them to FILE.csv or FILE.json, how each ended with it.",
)
@common
def sessions(settings: Settings, *, to: Path | None) -> int:
    """List every session, with its number and how far it is."""
    from wizard.cli.records import export_sessions, list_sessions  # noqa: PLC0415

    return list_sessions(settings) if to is None else export_sessions(settings, to.expanduser())
