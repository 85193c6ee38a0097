"""The lines of a journal: how events become a chain of them, and how it is read and checked."""

import hashlib
from collections.abc import Sequence
from typing import get_args

import msgspec

from wizard.errors import RefusedError
from wizard.session.base import Actor
from wizard.session.canonical import entry_line
from wizard.session.events import AnyEvent, Entry

FIRST = "0" * 64
"""What the first line names as the hash before it."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with the exact text it is kept as."""

    entry: Entry
    text: str


class _Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    seq: int
    at: str
    actor: Actor
    event: AnyEvent
    previous_sha256: str


class _Tagged(msgspec.Struct, frozen=True):
    event: str


class _Told(msgspec.Struct, frozen=True):
    event: _Tagged


_KNOWN = {event.__struct_config__.tag for event in get_args(AnyEvent)}

_decoder = msgspec.json.Decoder(_Kept)


def chain(
    events: Sequence[AnyEvent], *, seq: int, previous: str, at: str, actor: Actor
) -> list[Line]:
    """Lines for `events` after line `seq`, whose hash is `previous`.

    Each entry is read back from its text, so that the state that follows is the state that any
    later reader of the journal sees.
    """
    lines = []
    for place, event in enumerate(events, seq + 1):
        line = entry_line(seq=place, at=at, actor=actor, event=event, previous_sha256=previous)
        previous = hashlib.sha256(line).hexdigest()
        lines.append(Line(entry=_entry(line, previous), text=line.decode()))
    return lines


def checked(rows: Sequence[tuple[str, str]], where: str, session: str) -> list[Entry]:
    """Entries of lines with their stored hashes; `RefusedError` names the first broken line."""
    entries: list[Entry] = []
    previous = FIRST
    for place, (text, stored) in enumerate(rows, 1):
        line = text.encode()
        sha256 = hashlib.sha256(line).hexdigest()
        try:
            entry = _entry(line, sha256)
        except msgspec.DecodeError as error:
            if sha256 == stored and _is_newer(line):
                raise _newer(where, session, place) from error
            raise _broken(where, session, place, str(error)) from error
        if sha256 != stored or entry.previous_sha256 != previous or entry.seq != place:
            raise _broken(where, session, place, "its hash does not continue the chain")
        entries.append(entry)
        previous = sha256
    return entries


def _entry(line: bytes, sha256: str) -> Entry:
    read = _decoder.decode(line)
    return Entry(
        seq=read.seq,
        at=read.at,
        actor=read.actor,
        event=read.event,
        previous_sha256=read.previous_sha256,
        sha256=sha256,
    )


def _is_newer(line: bytes) -> bool:
    """Whether an unbroken line tells of something that this version has no word for."""
    try:
        told = msgspec.json.decode(line, type=_Told)
    except msgspec.DecodeError:
        return False
    return told.event.event not in _KNOWN


def _newer(where: str, session: str, place: int) -> RefusedError:
    return RefusedError(
        f"Line {place} of session {session} was written by a newer st-wizard.",
        where=where,
        todo="Update st-wizard to go on with it. The journal was not touched; other sessions stay "
        "usable.",
    )


def _broken(where: str, session: str, place: int, why: str) -> RefusedError:
    return RefusedError(
        f"Line {place} of session {session} is damaged: {why}.",
        where=where,
        todo="Nothing was changed. Restore the file from a backup; other sessions stay usable.",
    )
