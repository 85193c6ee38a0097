"""The command `export`: a session's evidence as a folder, and kept elsewhere."""

from pathlib import Path

import click

from wizard.cli.desk import WizardDesk
from wizard.cli.keeping import Keeping
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.errors import UsageError
from wizard.evidence.local_copy import local_copy
from wizard.evidence.receipt import Place, beside, load, save
from wizard.evidence.s3_address import SCHEME, Address, address
from wizard.safe import safe_line
from wizard.session.state import SessionState

KEPT = "evidence"
"""The folder in home for the local copies of what is kept elsewhere."""


def export_session(settings: Settings, *, session: str, to: str, keep: Keeping) -> int:
    """Write the evidence and say where it is."""
    there = address(to) if to.startswith(SCHEME) else None
    if there is None and keep != Keeping():
        raise UsageError(
            "What is said of a bucket needs one.",
            where="--to",
            todo="Give --to s3://bucket/prefix.",
        )
    desk = WizardDesk(settings)
    local = Path(to).expanduser() if there is None else settings.home / KEPT
    if there is not None:
        local.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = desk.export(session, local)
    told: dict[str, str] = {"folder": str(folder)}
    lines = [f"Evidence written to {folder}", f"Read {folder / 'report.html'} in a browser."]
    if there is not None:
        place, file = _keep(settings, keep, there, folder, desk.look(session)[1])
        told |= {"kept": place.where, "receipt": str(file)}
        lines += [f"Kept at {place.where}", f"Receipt: {file}"]
    if settings.as_json:
        print_json(told)
    else:
        for line in lines:
            click.echo(safe_line(line, limit=5000))
    return 0


def _keep(
    settings: Settings, keep: Keeping, there: Address, folder: Path, state: SessionState
) -> tuple[Place, Path]:
    from wizard.cli.keep_in_s3 import Kept, keep_in_s3  # noqa: PLC0415  not each export needs AWS

    file, copy = beside(folder), local_copy(folder)
    known = [load(file, state.session, state.number)]

    def told(place: Place) -> None:
        known[0] = known[0].told(place)
        save(known[0], file)

    kept = Kept(before=lambda where: known[0].of(where, copy.sums_sha256), told=told)
    return keep_in_s3(settings, keep, there, copy, kept=kept), file
