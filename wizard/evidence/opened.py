"""A bundle read back to work with what it tells; one that does not hold together is refused."""

from pathlib import Path

import msgspec

from wizard.checklist.pinned import Pinned
from wizard.errors import RefusedError
from wizard.evidence.bundle import SUMS
from wizard.evidence.verify.finding import Outcome
from wizard.evidence.verify.listed import check_list, sha256_of
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.reread import reread
from wizard.session.events import Entry
from wizard.session.state import SessionState


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its bundle tells it."""

    pinned: Pinned
    entries: tuple[Entry, ...]
    state: SessionState
    sums_sha256: str
    """Of the file SHA256SUMS: the bundle's name by which another one refers to it."""


def opened(where: Path) -> Opened:
    """The session of the bundle in a folder, or in a zip of one.

    `RefusedError` when its files are not those that were listed, when the chain of its journal is
    broken, or when its checklist is not the one that ran; `UsageError` when it is no bundle.
    """
    held = read(where)
    for finding in check_list(held):
        if finding.outcome is Outcome.FAILED:
            places = "; ".join(finding.problems[:3])
            raise _broken(where, f"{finding.says} {places}".strip())
    try:
        source = reread(held.files, str(where), relate=lambda _pinned, _state: ())
    except RefusedError as error:
        raise _broken(where, error.what) from error
    return Opened(
        pinned=source.pinned,
        entries=source.entries,
        state=source.state,
        sums_sha256=sha256_of(held.files[SUMS]),
    )


def _broken(where: Path, why: str) -> RefusedError:
    return RefusedError(
        f"This bundle does not hold together: {why}",
        where=str(where),
        todo="Nothing was called. `st-wizard verify` says what else is wrong with it; ask for the "
        "bundle again.",
    )
