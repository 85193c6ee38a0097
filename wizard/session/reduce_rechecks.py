"""The fold of a recheck's events."""

from msgspec.structs import replace

from wizard.session.base import Actor
from wizard.session.members import with_item
from wizard.session.rechecks import Recheck, Rechecked, RecheckStarted
from wizard.session.state import SessionState, Status

RecheckEvent = RecheckStarted | Rechecked


def reduce_recheck(state: SessionState, at: str, by: Actor, event: RecheckEvent) -> SessionState:
    """The state after an event about a recheck."""
    if isinstance(event, RecheckStarted):
        return replace(state, rechecks=event)
    verdict = Recheck(
        verdict=event.verdict,
        why=event.why,
        recorded_at=event.recorded_at,
        drifted=event.drifted,
    )
    before = state.item(event.item)
    return with_item(
        state,
        replace(
            before,
            status=Status.RECHECKED,
            started_at=before.started_at or at,
            ended_at=at,
            by=by,
            recheck=verdict,
        ),
    )
