"""An export with what vouches for it: signed by the operator, given a time by an authority."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wizard.cli.desk import WizardDesk
from wizard.cli.exported import Exported, exported
from wizard.cli.signing import chosen_key, has_terminal, sign_folder
from wizard.cli.vouching import Vouching
from wizard.errors import WizardError
from wizard.evidence.vouching import OPERATOR, TIMESTAMP, put, standing, sums_of
from wizard.gateway.ssh_programs import Programs
from wizard.gateway.timestamps import fetched, problem_of


def export_vouched(desk: WizardDesk, session: str, to: Path, vouch: Vouching) -> Exported:
    """Write the evidence below `to`, and have it signed and given a time.

    A signature or timestamp that is there stays if the evidence has not changed since, and goes
    if it has: an earlier time says more than a later one. What cannot be signed is written
    nevertheless, and said to be unsigned.
    """
    programs = Programs()
    key = chosen_key(vouch.sign, programs) if vouch.sign else None
    written = exported(desk.source(session), to)
    folder = written.folder
    if key is not None:
        with _unfinished(folder, "not signed"):
            sign_folder(folder, OPERATOR, key, programs, terminal=has_terminal())
    if vouch.timestamp and problem_of(standing(folder).get(TIMESTAMP, b""), sums_of(folder)):
        with _unfinished(folder, "without a timestamp"):
            put(folder / TIMESTAMP, fetched(sums_of(folder), vouch.timestamp))
    return msgspec.structs.replace(written, beside=standing(folder))


@contextmanager
def _unfinished(folder: Path, how: str) -> Iterator[None]:
    """Says with what went wrong that the evidence itself is there."""
    try:
        yield
    except WizardError as error:
        error.todo = f"{error.todo} The evidence is in {folder}, {how}."
        raise
