"""What a bundle is made of: the session's lines as stored, and all that is read from them."""

import hashlib
from collections.abc import Sequence

import msgspec

from wizard.checklist.pinned import Pinned
from wizard.errors import RefusedError
from wizard.evidence.views import Report, report
from wizard.session.canonical import entry_line
from wizard.session.events import Entry
from wizard.session.lines import FIRST
from wizard.session.state import SessionState
from wizard.step import Related


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One session, checked: its chain is whole and the checklist is the one that ran.

    Every part of the bundle is a function of this, and of nothing else: no clock, no environment,
    no network. So two exports are the same bytes.
    """

    pinned: Pinned
    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]
    """The journal's lines as stored, without newlines."""
    state: SessionState
    report: Report
    """What the report says, however it is written down."""
    previous: str = ""
    """SHA-256 of the SHA256SUMS of the bundle that this one follows, or of the last line of the
    journal where no bundle was at hand; empty if it follows none."""

    @property
    def head_sha256(self) -> str:
        """The hash of the journal's last line."""
        return self.entries[-1].sha256 if self.entries else FIRST


def source(
    pinned: Pinned,
    entries: Sequence[Entry],
    state: SessionState,
    *,
    lines: Sequence[str] | None = None,
    previous: str = "",
    related: Sequence[Related] = (),
) -> Source:
    """The session as a source of parts.

    `lines` are the journal's lines as stored, without newlines: an older version may have written
    an event with fewer fields than this one would. None writes them anew from the entries.
    `related` is what `engine.related` tells of the session, for the report's picture.
    `RefusedError` when the checklist is another one, or when the journal's chain is broken.
    """
    if pinned.sha256 != state.checklist_sha256:
        raise RefusedError(
            f"The checklist at hand is not the one that session {state.number} ran.",
            where="export",
            todo="Nothing was written. Export with the copy that the session keeps.",
        )
    return Source(
        pinned=pinned,
        entries=tuple(entries),
        lines=_chained(entries, lines),
        state=state,
        report=report(pinned, entries, state, related),
        previous=previous or (state.rechecks.previous if state.rechecks else ""),
    )


def _chained(entries: Sequence[Entry], lines: Sequence[str] | None) -> tuple[bytes, ...]:
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
    return tuple(kept)


def _line(entry: Entry) -> bytes:
    return entry_line(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        event=entry.event,
        previous_sha256=entry.previous_sha256,
    )
