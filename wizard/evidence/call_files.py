"""One file for each changing call: what was asked, what came back, and how it ended.

Nothing is stored for it: every value is in the journal, at the lines that the file names.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wizard.effects import Facts
from wizard.evidence.files import FOLDER, Files, file_name, many, pretty
from wizard.session.base import split_member
from wizard.session.calls import CallFailed, CallInDoubt, CallIntended, CallSettled, CallSucceeded
from wizard.session.events import Entry


class CallMade(msgspec.Struct, frozen=True, kw_only=True):
    """One changing call with all that the journal says of it."""

    line: int
    """The journal's line of the intent, written before the call left."""
    item: str
    service: str
    operation: str
    at: str
    outcome: str
    """`ok`, `failed`, `in doubt`, `sent` (no answer is written down), `settled: happened`,
    `settled: did not happen`."""
    request_id: str
    facts: Facts
    """The content of its file."""


def calls_made(entries: Iterable[Entry]) -> list[CallMade]:
    """All changing calls, in the order in which they left."""
    told: dict[str, tuple[Entry, CallIntended, list[Entry]]] = {}
    for entry in entries:
        match entry.event:
            case CallIntended() as intent:
                told[intent.op] = (entry, intent, [])
            case CallSucceeded() | CallFailed() | CallInDoubt() | CallSettled() as event:
                if event.op in told:
                    told[event.op][2].append(entry)
            case _:
                pass
    return [_made(begun, intent, after) for begun, intent, after in told.values()]


def call_files(calls: Sequence[CallMade]) -> tuple[Files, Mapping[int, str]]:
    """The files by name, and which of them each call is in, by the line of its intent.

    The calls of an item that fans out are together in one file for each operation: there may be
    thousands."""
    files: dict[str, bytes] = {}
    together: dict[tuple[str, str, str], list[CallMade]] = {}
    places: dict[int, str] = {}
    for call in calls:
        item, member = split_member(call.item)
        if member:
            together.setdefault((item, call.service, call.operation), []).append(call)
        else:
            places[call.line] = _name(call, "")
            files[places[call.line]] = pretty(call.facts)
    for (item, service, operation), of_members in together.items():
        name = _name(of_members[0], "-members")
        head = {"call": {"operation": operation, "service": service}, "item": item}
        files[name] = many(head, "calls", [call.facts for call in of_members])
        places |= {call.line: name for call in of_members}
    return files, places


def _name(call: CallMade, suffix: str) -> str:
    what = f"{file_name(call.service)}.{file_name(call.operation)}"
    return f"{FOLDER}/{call.line:04d}-{what}{suffix}.json"


def _made(begun: Entry, intent: CallIntended, after: Sequence[Entry]) -> CallMade:
    outcome, request_id = "sent", ""
    told: dict[str, Facts | None] = {"response": None, "error": None, "settled": None}
    for entry in after:
        match entry.event:
            case CallSucceeded() as event:
                outcome, request_id = "ok", event.request_id
                told["response"] = _response(entry.at, event)
            case CallFailed() as event:
                outcome, request_id = "failed", event.request_id
                told["error"] = _error(entry.at, event)
            case CallInDoubt() as event:
                outcome = "in doubt"
                told["error"] = _error(entry.at, event)
            case CallSettled() as event:
                outcome = f"settled: {'happened' if event.happened else 'did not happen'}"
                told["settled"] = _settled(entry.at, event)
            case _:
                pass
    return CallMade(
        line=begun.seq,
        item=intent.item,
        service=intent.service,
        operation=intent.operation,
        at=begun.at,
        outcome=outcome,
        request_id=request_id,
        facts={
            "item": intent.item,
            "title": intent.title,
            "outcome": outcome,
            "request": {
                "at": begun.at,
                "by": msgspec.to_builtins(begun.actor),
                "cli": intent.cli,
                "op": intent.op,
                "operation": intent.operation,
                "params": intent.params,
                "region": intent.region,
                "service": intent.service,
                "sha256": intent.request_sha256,
            },
            **told,
            "journal": [{"line": one.seq, "sha256": one.sha256} for one in (begun, *after)],
        },
    )


def _response(at: str, event: CallSucceeded) -> Facts:
    return {
        "at": at,
        "body": event.response,
        "date": event.date,
        "ms": event.ms,
        "request_id": event.request_id,
        "sha256": event.response_sha256,
    }


def _error(at: str, event: CallFailed | CallInDoubt) -> Facts:
    request_id = event.request_id if isinstance(event, CallFailed) else ""
    return {"at": at, "code": event.code, "message": event.message, "request_id": request_id}


def _settled(at: str, event: CallSettled) -> Facts:
    return {"at": at, "by": event.by, "happened": event.happened, "note": event.note}
