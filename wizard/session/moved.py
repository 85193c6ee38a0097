"""The fold of a move to another copy of the checklist."""

from msgspec.structs import replace

from wizard.session.base import split_member
from wizard.session.events import ChecklistMoved
from wizard.session.state import SessionState


def moved(state: SessionState, event: ChecklistMoved) -> SessionState:
    """The state with the items that are gone set aside, and consent left to what stays."""
    gone = {str(item["id"]) for item in event.removed}
    kept = frozenset(event.kept)
    approved = frozenset(one for one in state.approved if split_member(one)[0] in kept)
    return replace(
        state,
        checklist_sha256=event.checklist_sha256,
        items={name: item for name, item in state.items.items() if name not in gone},
        removed={
            **state.removed,
            **{name: item for name, item in state.items.items() if name in gone},
        },
        # Nobody consented to what is new.
        approved_all=False,
        approved=kept if state.approved_all else approved,
    )
