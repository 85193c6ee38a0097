"""Writes a session's evidence as a folder. Two exports of one session are the same bytes."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from wizard.checklist.pinned import Pinned
from wizard.effects import Json
from wizard.errors import RefusedError
from wizard.evidence.html import html
from wizard.evidence.table import items_csv
from wizard.evidence.views import report
from wizard.session.canonical import entry_line
from wizard.session.events import Entry
from wizard.session.lines import FIRST
from wizard.session.state import SessionState

FORMAT = "stw-evidence/1"


def export(
    pinned: Pinned,
    entries: Sequence[Entry],
    state: SessionState,
    to: Path,
    *,
    lines: Sequence[str] | None = None,
) -> Path:
    """Write the session below `to` and return the folder.

    `lines` are the journal's lines as stored, without newlines: an older version may have written
    an event with fewer fields than this one would. None writes them anew from the entries.
    A folder of the same session is replaced as a whole. `RefusedError` when something else has
    its name, or when the journal's chain is broken.
    """
    folder = to / folder_name(state)
    if pinned.sha256 != state.checklist_sha256:
        raise RefusedError(
            f"The checklist at hand is not the one that session {state.number} ran.",
            where="export",
            todo="Nothing was written. Export with the copy that the session keeps.",
        )
    files = bundle(pinned, entries, state, lines=lines)
    _refuse_foreign(folder, state.session)
    to.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".st-wizard-", dir=to))
    try:
        for name, content in files.items():
            _write(fresh / name, content)
        _put_in_place(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def folder_name(state: SessionState) -> str:
    """`st-wizard-7-add-load-balancer-20261122`; the day the session started."""
    checklist = re.sub(r"[^a-z0-9-]+", "-", state.checklist_id.lower()).strip("-") or "checklist"
    day = re.sub(r"[^0-9]", "", state.started_at[:10])
    return f"st-wizard-{state.number}-{checklist[:80]}-{day}"


def bundle(
    pinned: Pinned,
    entries: Sequence[Entry],
    state: SessionState,
    *,
    lines: Sequence[str] | None = None,
) -> dict[str, bytes]:
    """The files of the folder by name."""
    whole = report(pinned, entries, state)
    files = {
        "report.html": html(whole).encode(),
        "items.csv": items_csv(whole).encode(),
        "journal.jsonl": journal(entries, lines),
        "checklist.yaml": pinned.text.encode(),
        "manifest.json": _pretty(_manifest(pinned, entries, state)),
    }
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(files.items())
    )
    return {**files, "SHA256SUMS": sums.encode()}


def journal(entries: Sequence[Entry], lines: Sequence[str] | None = None) -> bytes:
    """The journal's lines, each checked against the chain."""
    kept = [_line(entry) for entry in entries] if lines is None else [one.encode() for one in lines]
    previous = FIRST
    for entry, line in zip(entries, kept, strict=True):
        if entry.previous_sha256 != previous or hashlib.sha256(line).hexdigest() != entry.sha256:
            raise RefusedError(
                f"Line {entry.seq} of the journal does not continue its chain of hashes.",
                where="export",
                todo="Nothing was written. Restore the journal from a backup.",
            )
        previous = entry.sha256
    return b"".join(line + b"\n" for line in kept)


def _line(entry: Entry) -> bytes:
    return entry_line(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        event=entry.event,
        previous_sha256=entry.previous_sha256,
    )


def _manifest(pinned: Pinned, entries: Sequence[Entry], state: SessionState) -> Mapping[str, Json]:
    ids = [item.id for item in pinned.checklist.items]
    return {
        "format": FORMAT,
        "session": state.session,
        "number": state.number,
        "tool": {"name": "st-wizard", "version": state.tool_version},
        "checklist": {
            "id": state.checklist_id,
            "title": pinned.checklist.title,
            "source": pinned.checklist.source,
            "sha256": state.checklist_sha256,
        },
        "account": msgspec.to_builtins(state.pin) if state.pin else None,
        "started_at": state.started_at,
        "updated_at": state.updated_at,
        "finished_at": state.finished_at,
        "complete": bool(state.finished_at and not state.aborted),
        "aborted": state.aborted,
        "items": dict(Counter(state.item(item).status.value for item in ids)),
        "calls": {"mutating": state.writes, "reading": state.reads},
        "deviations": len(state.deviations),
        "journal": {
            "entries": len(entries),
            "head_sha256": entries[-1].sha256 if entries else FIRST,
        },
    }


def _pretty(value: Json) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _refuse_foreign(folder: Path, session: str) -> None:
    """Only a folder that this session wrote may be replaced."""
    if not folder.is_symlink() and not folder.exists():
        return
    held = ""
    if folder.is_dir() and not folder.is_symlink():
        try:
            held = json.loads((folder / "manifest.json").read_bytes()).get("session", "")
        except (OSError, ValueError, AttributeError):
            held = ""  # not ours: refused below
    if held != session:
        raise RefusedError(
            "Something else has this name already.",
            where=str(folder),
            todo="Nothing was written. Choose another folder with --to.",
        )


def _write(file: Path, content: bytes) -> None:
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
