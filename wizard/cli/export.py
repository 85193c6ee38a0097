"""The command `export`: a session's evidence as a folder, and kept elsewhere."""

from pathlib import Path

import click

from wizard.cli.desk import WizardDesk
from wizard.cli.keeping import Keeping
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.cli.vouched import export_vouched
from wizard.cli.vouching import Vouching
from wizard.effects import Json
from wizard.errors import UsageError
from wizard.evidence.local_copy import local_copy
from wizard.evidence.receipt import Kept, Place, beside, load, save
from wizard.evidence.s3_address import SCHEME, Address, address
from wizard.safe import safe_line
from wizard.session.state import SessionState

KEPT = "evidence"
"""The folder in home for the local copies of what is kept elsewhere."""


def export_session(
    settings: Settings, *, session: str, to: str, keep: Keeping, vouch: Vouching
) -> int:
    """Write the evidence, keep it where else it is wanted, and say where it is."""
    there = address(to) if to.startswith(SCHEME) else None
    if there is None and keep.of_bucket:
        raise UsageError(
            "What is said of a bucket needs one.",
            where="--to",
            todo="Give --to s3://bucket/prefix.",
        )
    if not keep.vanta and (keep.vanta_submit or keep.vanta_url):
        raise UsageError("Vanta needs a document.", where="export", todo="Add --vanta DOCUMENT.")
    desk = WizardDesk(settings)
    exported = export_vouched(desk, session, _local(settings, to, there), vouch)
    folder = exported.folder
    told: dict[str, Json] = {"folder": str(folder), **exported.told()}
    lines = [
        f"Evidence written to {folder}",
        *exported.lines(),
        f"Read {folder / 'report.html'} in a browser.",
    ]
    if there is not None or keep.vanta:
        places, file = _keep(settings, keep, there, folder, desk.look(session)[1])
        told |= {"kept": " ".join(one.where for one in places), "receipt": str(file)}
        lines += [*(f"Kept at {one.where}" for one in places), f"Receipt: {file}"]
    if settings.as_json:
        print_json(told)
    else:
        for line in lines:
            click.echo(safe_line(line, limit=5000))
    return 0


def _local(settings: Settings, to: str, there: Address | None) -> Path:
    """The folder that the local copy is written below."""
    if there is not None:
        kept = settings.home / KEPT
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        return kept
    folder = Path(to).expanduser()
    if folder.exists() and not folder.is_dir():
        raise UsageError("This is no folder.", where=f"--to {to}", todo="Name a folder.")
    return folder


def _keep(
    settings: Settings, keep: Keeping, there: Address | None, folder: Path, state: SessionState
) -> tuple[list[Place], Path]:
    """In S3 first, where it cannot be changed any more, then in Vanta."""
    file, copy = beside(folder), local_copy(folder)
    known = [load(file, state.session, state.number)]

    def told(place: Place) -> None:
        known[0] = known[0].told(place)
        save(known[0], file)

    kept = Kept(before=lambda where: known[0].of(where, copy.sums_sha256), told=told)
    places = []
    if there is not None:
        from wizard.cli.keep_in_s3 import keep_in_s3  # noqa: PLC0415  not each export needs AWS

        places.append(keep_in_s3(settings, keep, there, copy, kept=kept))
    if keep.vanta:
        from wizard.cli.keep_in_vanta import keep_in_vanta  # noqa: PLC0415

        places.append(keep_in_vanta(keep, copy, state, kept=kept))
    return places, file
