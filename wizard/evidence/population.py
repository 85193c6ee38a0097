"""The population: every session of a store, with how it ended. Auditors draw their samples from it.

Pure, and the same bytes for the same journals: nothing of this moment is in it, such as who holds
a session now.
"""

import csv
import io
from collections.abc import Sequence

import msgspec

from wizard.checklist.pinned import Pinned
from wizard.evidence.files import pretty
from wizard.evidence.table import cell
from wizard.session.events import Entry
from wizard.session.reduce import fold
from wizard.session.state import SessionState, Status

FORMAT = "stw-population/1"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One session in the list."""

    number: int
    session: str
    kind: str
    """`run`, or `recheck` of an earlier one."""
    checklist: str
    account_id: str = ""
    alias: str = ""
    region: str = ""
    simulated: bool = False
    begun_by: str = ""
    """`user@host`."""
    caller_arn: str = ""
    started_utc: str = ""
    ended_utc: str = ""
    how: str = ""
    """`finished`, `aborted`, `open`; `unreadable` when its lines are damaged."""
    why: str = ""
    """Why it was aborted, or cannot be read."""
    items_ended: int = 0
    items_failed: int = 0
    items_open: int = 0
    mutating_calls: int = 0
    deviations: int = 0
    lines: int = 0
    head_sha256: str = ""


def listed(pinned: Pinned, entries: Sequence[Entry]) -> Listed:
    """A session as the list has it."""
    state = fold(entries)
    pin, begun = state.pin, entries[0].actor
    statuses = [state.item(item.id).status for item in pinned.checklist.items]
    ended, failed = sum(one.ended for one in statuses), statuses.count(Status.FAILED)
    return Listed(
        number=state.number,
        session=state.session,
        kind="recheck" if state.rechecks else "run",
        checklist=state.checklist_id,
        account_id=pin.account_id if pin else "",
        alias=pin.alias if pin else "",
        region=pin.region if pin else "",
        simulated=bool(pin and pin.endpoint_url),
        begun_by=f"{begun.user}@{begun.host}",
        caller_arn=begun.caller_arn,
        started_utc=state.started_at,
        ended_utc=state.finished_at,
        how=_how(state),
        why=state.aborted,
        items_ended=ended,
        items_failed=failed,
        items_open=len(statuses) - ended - failed,
        mutating_calls=state.writes,
        deviations=len(state.deviations),
        lines=len(entries),
        head_sha256=entries[-1].sha256,
    )


def population_csv(sessions: Sequence[Listed]) -> bytes:
    """A line for each, the oldest first; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(Listed.__struct_fields__)
    for one in sessions:
        writer.writerow([cell(value) for value in msgspec.structs.astuple(one)])
    return out.getvalue().encode()


def population_json(sessions: Sequence[Listed]) -> bytes:
    """The same, with how many there are and whether a number is missing."""
    return pretty(
        {
            "format": FORMAT,
            "count": len(sessions),
            "gap_free": [one.number for one in sessions] == list(range(1, len(sessions) + 1)),
            "sessions": msgspec.to_builtins(sessions),
        }
    )


def _how(state: SessionState) -> str:
    if state.aborted:
        return "aborted"
    return "finished" if state.finished_at else "open"
