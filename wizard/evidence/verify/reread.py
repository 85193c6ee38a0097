"""A bundle read back: its lines, its checklist, and all that is read from them.

A bundle is enough for that: no journal of this machine is asked.
"""

import hashlib
import json
from collections.abc import Callable, Sequence

from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.errors import RefusedError
from wizard.evidence.files import Files
from wizard.evidence.source import Source, source
from wizard.session.events import ChecklistMoved, Entry, SessionStarted
from wizard.session.lines import checked
from wizard.session.reduce import fold
from wizard.session.state import SessionState
from wizard.step import Related

Relate = Callable[[Pinned, SessionState], Sequence[Related]]
"""How what a session is about hangs together: `engine.related`, which evidence cannot see."""

Rereader = Callable[[Files, str], Source]

_ASK_AGAIN = "Ask for the bundle as it was exported."


def reread(files: Files, where: str, *, relate: Relate) -> Source:
    """The session that the bundle is of. `WizardError` names what is missing, broken, or not the
    checklist that ran; nothing here compares sums."""
    lines = journal_lines(files, where)
    entries = entries_of(lines)
    pinned = load_text(
        _text(files, "checklist.yaml", where),
        "checklist.yaml",
        advice=_text(files, "advice.yaml", where),
    )
    state = fold(entries)
    if _advice_of(entries) not in ("", hashlib.sha256(pinned.advice_text.encode()).hexdigest()):
        raise RefusedError(
            "advice.yaml is not the one that the session went by.", where=where, todo=_ASK_AGAIN
        )
    return source(
        pinned,
        entries,
        state,
        lines=lines,
        previous=_previous(files),
        related=relate(pinned, state),
    )


def journal_lines(files: Files, where: str) -> list[str]:
    """The journal's lines, each ended by a line feed and by nothing else."""
    text = _text(files, "journal.jsonl", where)
    if not text.endswith("\n"):
        raise RefusedError("journal.jsonl does not end with a line.", where=where, todo=_ASK_AGAIN)
    return text[:-1].split("\n")


def entries_of(lines: Sequence[str]) -> list[Entry]:
    """The lines as entries, their chain checked; `RefusedError` names the first broken line."""
    rows = [(line, hashlib.sha256(line.encode()).hexdigest()) for line in lines]
    return checked(rows, "journal.jsonl", "in this bundle")


def _text(files: Files, name: str, where: str) -> str:
    if name not in files:
        raise RefusedError(f"{name} is missing.", where=where, todo=_ASK_AGAIN)
    try:
        return files[name].decode()
    except UnicodeDecodeError as error:
        raise RefusedError(f"{name} is not UTF-8 text.", where=where, todo=_ASK_AGAIN) from error


def _advice_of(entries: Sequence[Entry]) -> str:
    """The SHA-256 of the advice that it went by last; empty in sessions of format 1."""
    for entry in reversed(entries):
        if isinstance(entry.event, SessionStarted | ChecklistMoved):
            return entry.event.advice_sha256
    return ""


def _previous(files: Files) -> str:
    """Which bundle it says it follows: nothing in its own journal could tell."""
    try:
        found = json.loads(files.get("manifest.json", b"{}")).get("previous", "")
    except (ValueError, AttributeError):
        return ""  # the manifest will be found to be another one
    return found if isinstance(found, str) else ""
