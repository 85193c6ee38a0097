"""One file for each item's last look: the reads that it rests on, what was found, what differed.

An auditor tests of such information its source, its query and parameters, and that it is complete.
Nothing is stored for it: every value is in the journal, at the lines that the file names.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wizard.effects import Facts
from wizard.evidence.files import FOLDER, Files, many, pretty
from wizard.session.base import split_member
from wizard.session.calls import CallFailed, CallSettled, CallSucceeded, ReadDone
from wizard.session.canonical import canonical
from wizard.session.events import Entry, FannedOut, ItemStarted, Observed, WaitObserved


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """The last look at an item, or at a member of one."""

    line: int
    """The journal's line of the observation."""
    item: str
    at: str
    right: bool
    """Nothing differed from what was wanted."""
    facts: Facts


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """The last look at each item and member."""

    last: Mapping[str, Look]
    reads: Mapping[str, Sequence[Facts]]
    """What each rests on, by item or member."""
    listed: Mapping[str, Facts]
    """When an item was last spread over its members, and over how many."""


def looks(entries: Iterable[Entry]) -> Looks:
    """The last looks. Each rests on the reads after the look or the change before it; what several
    items needed at once was read once, and stands with the item that read it."""
    last: dict[str, Look] = {}
    listed: dict[str, Facts] = {}
    pending: dict[str, dict[bytes, Facts]] = {}
    rests_on: dict[str, list[Facts]] = {}
    for entry in entries:
        match entry.event:
            case ReadDone() as event:
                of_item = pending.setdefault(event.item, {})
                name = _kind(event)
                of_item[name] = _read(entry, event, of_item.get(name))
            case CallSucceeded() | CallFailed() | CallSettled() | ItemStarted() as event:
                pending.pop(event.item, None)
            case Observed() | WaitObserved() as event:
                last[event.item] = _look(entry, event)
                rests_on[event.item] = list(pending.pop(event.item, {}).values())
            case FannedOut() as event:
                journal = {"line": entry.seq, "sha256": entry.sha256}
                listed[event.item] = {
                    "at": entry.at,
                    "journal": journal,
                    "members": len(event.members),
                }
            case _:
                pass
    # An item that fans out is not looked at itself: it reads what all its members share.
    listings = {item: list(reads.values()) for item, reads in pending.items()}
    return Looks(last=last, reads={**listings, **rests_on}, listed=listed)


def observation_files(looked: Looks) -> tuple[Files, Mapping[str, str]]:
    """The files by name, and which of them each look is in, by item or member.

    The members of an item that fans out are together in one file."""
    files: dict[str, bytes] = {}
    together: dict[str, list[Look]] = {}
    places: dict[str, str] = {}
    for look in looked.last.values():
        item, member = split_member(look.item)
        if member:
            together.setdefault(item, []).append(look)
        else:
            places[look.item] = _name(look.line, item, "")
            reads = list(looked.reads.get(look.item, ()))
            files[places[look.item]] = pretty({**look.facts, "reads": reads})
    for item, of_members in together.items():
        name = _name(max(look.line for look in of_members), item, "-members")
        rows = [
            {**look.facts, "reads": list(looked.reads.get(look.item, ()))} for look in of_members
        ]
        head = {
            "item": item,
            "listed": looked.listed.get(item),
            "reads": list(looked.reads.get(item, ())),
        }
        files[name] = many(head, "members", rows)
        places |= {look.item: name for look in of_members}
    return files, places


def _name(line: int, item: str, suffix: str) -> str:
    return f"{FOLDER}/{line:04d}-observed-{item}{suffix}.json"


def _kind(event: ReadDone) -> bytes:
    return canonical([event.service, event.operation, event.region, event.params, event.error])


def _read(entry: Entry, event: ReadDone, before: Facts | None) -> Facts:
    """The last of the reads of one kind, with how many there were of it."""
    return {
        "at": entry.at,
        "complete": not event.error,
        "date": event.date,
        "entries": event.entries,
        "error": event.error,
        "line": entry.seq,
        "operation": event.operation,
        "pages": event.pages,
        "params": event.params,
        "region": event.region,
        "request_id": event.request_id,
        "service": event.service,
        "times": 1 + (before["times"] if before else 0),
    }


def _look(entry: Entry, event: Observed | WaitObserved) -> Look:
    return Look(
        line=entry.seq,
        item=event.item,
        at=entry.at,
        right=not event.differences,
        facts={
            "item": event.item,
            "at": entry.at,
            "by": msgspec.to_builtins(entry.actor),
            "found": event.found,
            "differences": msgspec.to_builtins(event.differences),
            "journal": {"line": entry.seq, "sha256": entry.sha256},
        },
    )
