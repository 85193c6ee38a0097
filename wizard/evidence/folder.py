"""The bundle as a folder: written beside its place, and put there as a whole."""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from wizard.errors import RefusedError, UsageError
from wizard.evidence.bundle import SUMS, bundle
from wizard.evidence.source import Source
from wizard.evidence.vouching import fitting
from wizard.session.state import SessionState

MANIFEST_LIMIT = 1024 * 1024
"""Bytes of a manifest that is read; one that this wizard wrote has a few thousand."""


def export(source: Source, to: Path) -> Path:
    """Write the session below `to` and return the folder.

    A folder of the same session is replaced as a whole; what vouches for it stays as long as its
    sums are the same. `RefusedError` when something else has its name, `UsageError` when it cannot
    be written there.
    """
    state = source.state
    folder = to / folder_name(state)
    files = bundle(source)
    _refuse_foreign(folder, state.session)
    try:
        files |= fitting(folder, files[SUMS])
        to.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".st-wizard-", dir=to))
        try:
            for name, content in files.items():
                _write(fresh / name, content)
            _put_in_place(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except (OSError, ValueError) as error:
        # A ValueError is a null character in the name.
        raise UsageError(
            f"It cannot be written there: {getattr(error, 'strerror', None) or error}.",
            where=str(to),
            todo="Name another folder with --to.",
        ) from error
    return folder


def folder_name(state: SessionState) -> str:
    """`st-wizard-7-add-load-balancer-20261122`; the day the session started."""
    checklist = re.sub(r"[^a-z0-9-]+", "-", state.checklist_id.lower()).strip("-") or "checklist"
    day = re.sub(r"[^0-9]", "", state.started_at[:10])
    return f"st-wizard-{state.number}-{checklist[:80]}-{day}"


def _refuse_foreign(folder: Path, session: str) -> None:
    """Only a folder that this session wrote may be replaced."""
    if not folder.is_symlink() and not folder.exists():
        return
    held = ""
    if folder.is_dir() and not folder.is_symlink():
        try:
            held = json.loads(_small(folder / "manifest.json")).get("session", "")
        except (OSError, ValueError, AttributeError, RecursionError):
            held = ""  # not ours: refused below
    if held != session:
        raise RefusedError(
            "Something else has this name already.",
            where=str(folder),
            todo="Nothing was written. Choose another folder with --to.",
        )


def _small(file: Path) -> bytes:
    """A plain file's content: a pipe would be waited for, and an endless one read for ever."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > MANIFEST_LIMIT:
        return b""
    return file.read_bytes()


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _put_in_place(fresh: Path, folder: Path) -> None:
    """The new folder under its name; the old one, if any, only goes once that has worked."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=".st-wizard-old-", dir=folder.parent))
    folder.rename(old / folder.name)
    try:
        fresh.rename(folder)
    except OSError:
        (old / folder.name).rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
