"""A session in a list: how far it is, who holds it, what it waits for."""

from wizard.checklist.pinned import Pinned
from wizard.engine.account import is_simulated
from wizard.engine.desk import SessionSummary
from wizard.errors import RefusedError
from wizard.session.base import Pin
from wizard.session.lease import Holder
from wizard.session.state import SessionState


def summary(pinned: Pinned, state: SessionState, holder: Holder | None) -> SessionSummary:
    """The session as `state` has it, with who writes to it now."""
    pin = pin_of(state)
    titles = {item.id: item.title for item in pinned.checklist.items}
    waiting = [item for item in state.items.values() if item.status.wants_operator]
    first = waiting[0] if waiting else None
    of, title = state.rechecks, pinned.checklist.title
    return SessionSummary(
        session=state.session,
        number=state.number,
        checklist_id=state.checklist_id,
        title=f"Recheck of session {of.number}: {title}" if of else title,
        account_id=pin.account_id,
        alias=pin.alias,
        region=pin.region,
        started_at=state.started_at,
        updated_at=state.updated_at,
        standing=_standing(state, holder),
        done=sum(item.status.ended for item in state.items.values()),
        total=len(titles),
        waiting_for=f"{titles.get(first.id, first.id)}: {first.status.value}" if first else "",
        holder=str(holder) if holder is not None else "",
        simulated=is_simulated(pin),
        rechecks=of.number if of else 0,
    )


def _standing(state: SessionState, holder: Holder | None) -> str:
    if state.aborted:
        return "aborted"
    if state.finished_at:
        return "finished"
    if state.rechecks is not None and holder is None:
        return "aborted"  # its process was killed, and nobody goes on with a recheck
    return "running" if holder is not None else "suspended"


def pin_of(state: SessionState) -> Pin:
    """The account of a session: its first event names it."""
    if state.pin is None:
        raise RefusedError(
            "This session names no account.",
            where=state.session or "journal",
            todo="Its first line is missing; nothing was changed.",
        )
    return state.pin


def refuse_ended(state: SessionState) -> None:
    """A session that has ended is not resumed, and a recheck is begun anew: it makes nothing."""
    if state.rechecks is not None:
        raise RefusedError(
            f"Session {state.number} is a recheck of session {state.rechecks.number}.",
            where=state.session,
            todo=f"Begin another: `st-wizard recheck {state.rechecks.number}`.",
        )
    if state.finished_at:
        how = "aborted" if state.aborted else "finished"
        raise RefusedError(
            f"Session {state.number} is {how}.",
            where=state.session,
            todo=f"Export it with `st-wizard export {state.number} --to DIR`.",
        )
