"""Moving a session to another copy of its checklist: only what changed is opened again."""

import hashlib

import msgspec

from wizard.checklist.differing import Differing
from wizard.checklist.pinned import Pinned
from wizard.errors import RefusedError
from wizard.session.events import AnyEvent, ChecklistMoved, InputWithdrawn, ItemReset
from wizard.session.members import calls_of
from wizard.session.reduce_calls import is_unsettled
from wizard.session.state import SessionState, Status

BECAUSE = "the checklist has changed"


def refuse_unfit(state: SessionState, after: Pinned, differing: Differing) -> None:
    """`RefusedError` when the session cannot go on by that copy."""
    if after.checklist.id != state.checklist_id:
        raise RefusedError(
            f"This is the checklist {after.checklist.id}, not {state.checklist_id}.",
            where=state.session,
            todo="Name another copy of the same checklist. Nothing was changed.",
        )
    touched = {*differing.reopened, *(item.id for item in differing.removed)}
    doubtful = [
        name for name in sorted(touched) if any(map(is_unsettled, calls_of(state.item(name))))
    ]
    if doubtful:
        raise RefusedError(
            f"Calls of {', '.join(doubtful)} are in doubt: only the copy that made them can tell "
            "whether they happened.",
            where=state.session,
            todo="Resume without --checklist until they are settled, then change it.",
        )


def moving(
    state: SessionState, after: Pinned, advice_text: str, differing: Differing
) -> list[AnyEvent]:
    """The lines that a move writes."""
    started = [state.item(name) for name in differing.reopened]
    return [
        ChecklistMoved(
            checklist_text=after.text,
            checklist_sha256=after.sha256,
            advice_text=advice_text,
            advice_sha256=hashlib.sha256(advice_text.encode()).hexdigest(),
            added=tuple(item.id for item in differing.added),
            removed=tuple(msgspec.to_builtins(item) for item in differing.removed),
            kept=differing.kept,
        ),
        *(
            InputWithdrawn(input=name, because=BECAUSE)
            for name in differing.asked_again
            if name in state.answers
        ),
        *(
            ItemReset(item=item.id, why=BECAUSE)
            for item in started
            if item.status is not Status.WAITING
        ),
    ]
