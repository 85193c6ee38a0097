"""A bundle read back: its sums and its chain checked first, a broken one refused."""

import hashlib
import re
import stat
from pathlib import Path

import msgspec

from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.errors import RefusedError, UsageError
from wizard.evidence.bundle import SUMS
from wizard.session.events import Entry
from wizard.session.lines import checked
from wizard.session.reduce import fold
from wizard.session.state import SessionState

LARGEST = 512 * 1024 * 1024
"""Bytes of one file of a bundle; a journal of 5,000 log groups has a hundredth of it."""

_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<name>[^/\\\x00]+(?:/[^/\\\x00]+)*)")
_NEEDED = ("journal.jsonl", "checklist.yaml")


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its bundle tells it."""

    pinned: Pinned
    entries: tuple[Entry, ...]
    state: SessionState
    sums_sha256: str
    """Of the file SHA256SUMS: the bundle's name by which another one refers to it."""


def opened(folder: Path) -> Opened:
    """The session of the bundle in `folder`.

    `RefusedError` when a file is not the one that was listed, when the chain of the journal is
    broken, or when the checklist is not the one that ran; `UsageError` when it is no bundle.
    """
    sums = _read(folder, SUMS)
    listed = _listed(sums, folder)
    files = {name: _read(folder, name) for name in listed}
    for name, sha256 in listed.items():
        if hashlib.sha256(files[name]).hexdigest() != sha256:
            raise _broken(folder, f"{name} is not the file that its SHA256SUMS lists")
    if missing := [name for name in _NEEDED if name not in files]:
        raise UsageError(
            f"It has no {' and no '.join(missing)}.",
            where=str(folder),
            todo="Name the folder that `st-wizard export` wrote.",
        )
    entries = _entries(files["journal.jsonl"], folder)
    state = fold(entries)
    text = files["checklist.yaml"].decode(errors="replace")
    advice = files["advice.yaml"].decode(errors="replace") if "advice.yaml" in files else None
    pinned = load_text(text, str(folder / "checklist.yaml"), advice=advice)
    if pinned.sha256 != state.checklist_sha256:
        raise _broken(folder, "its checklist is not the one that the journal says ran")
    return Opened(
        pinned=pinned,
        entries=tuple(entries),
        state=state,
        sums_sha256=hashlib.sha256(sums).hexdigest(),
    )


def _listed(sums: bytes, folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in sums.decode(errors="replace").splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match["name"] in found or ".." in match["name"].split("/"):
            raise _broken(folder, f"{SUMS} has a line that is none: {line[:120]!r}")
        found[match["name"]] = match["sha256"]
    return found


def _entries(journal: bytes, folder: Path) -> list[Entry]:
    lines = journal.decode(errors="replace").splitlines()
    hashed = [(line, hashlib.sha256(line.encode()).hexdigest()) for line in lines]
    entries = checked(hashed, str(folder), "of the bundle")
    if not entries:
        raise _broken(folder, "its journal is empty")
    return entries


def _read(folder: Path, name: str) -> bytes:
    file = folder / name
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise _broken(folder, f"{name} is no plain file, or too large a one")
        return file.read_bytes()
    except FileNotFoundError as error:
        if name == SUMS:
            raise UsageError(
                f"It has no {SUMS}: this is no bundle.",
                where=str(folder),
                todo="Name the folder that `st-wizard export` wrote, or a session's number.",
            ) from error
        raise _broken(folder, f"{name} is missing") from error
    except OSError as error:
        raise UsageError(
            f"{name} cannot be read: {error.strerror}.",
            where=str(folder),
            todo="Name a folder that you may read.",
        ) from error


def _broken(folder: Path, why: str) -> RefusedError:
    return RefusedError(
        f"This bundle does not hold together: {why}.",
        where=str(folder),
        todo="Nothing was called. `st-wizard verify` says what else is wrong with it; ask for the "
        "bundle again.",
    )
