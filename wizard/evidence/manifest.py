"""The manifest: what the bundle is of, in one small file that programs read."""

from collections import Counter

import msgspec

from wizard import __version__
from wizard.effects import Facts
from wizard.evidence.source import Source
from wizard.session.rechecks import RecheckStarted
from wizard.session.state import SessionState
from wizard.session.verdicts import counted

FORMAT = "stw-evidence/1"


def manifest(source: Source) -> Facts:
    """Session, account, checklist, outcome, counts, and the journal's head."""
    state, checklist = source.state, source.pinned.checklist
    ids = [item.id for item in checklist.items]
    return {
        "format": FORMAT,
        "session": state.session,
        "number": state.number,
        "tool": {
            "name": "st-wizard",
            "version": state.tool_version,
            "exported_with": __version__,
        },
        "checklist": {
            "id": state.checklist_id,
            "title": checklist.title,
            "source": checklist.source,
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
        "journal": {"entries": len(source.entries), "head_sha256": source.head_sha256},
        "previous": source.previous,
        **({"rechecks": _rechecks(state.rechecks, state)} if state.rechecks else {}),
    }


def _rechecks(of: RecheckStarted, state: SessionState) -> Facts:
    """What was read again, and how many verdicts of each kind came of it."""
    return {
        "session": of.session,
        "number": of.number,
        "head_sha256": of.head_sha256,
        "bundle_sha256": of.bundle_sha256,
        "caller_arn": of.caller_arn,
        "verdicts": {str(verdict): count for verdict, count in counted(state.items).items()},
    }
