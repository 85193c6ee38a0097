"""Consent to the calls of many members at once: shown together, approved once."""

from collections.abc import Iterable

from wizard.engine.record import Record
from wizard.session.base import PlannedCall
from wizard.session.canonical import canonical
from wizard.session.events import Planned


class Consent:
    """Of one item that fans out. Other calls than were shown are not consented to."""

    def __init__(self, item: str, record: Record) -> None:
        self._item = item
        self._record = record
        self._given: set[bytes] = set()
        self._to_all = False

    def ask(self, calls: tuple[PlannedCall, ...]) -> bool:
        """Show the calls; whether they may be made already."""
        may = self.given(calls)
        self._to_all = self._record.state.approved_all
        self._record.append(Planned(item=self._item, calls=calls, needs_approval=not may))
        if may:
            self._given |= _named(calls)
        return may

    def given(self, calls: tuple[PlannedCall, ...]) -> bool:
        """Whether the operator let these calls happen."""
        state = self._record.state
        if state.approved_all or not state.is_approved(self._item):
            return state.approved_all
        item = state.item(self._item)
        shown = _named(item.planned)
        for child in item.children.values():
            shown |= _named(child.planned)
        return not shown or _named(calls) <= shown

    def covers(self, calls: tuple[PlannedCall, ...]) -> bool:
        """Whether calls, as foreseen again right before they are made, were among those."""
        return self._to_all or _named(calls) <= self._given


def _named(calls: Iterable[PlannedCall]) -> set[bytes]:
    return {canonical(call) for call in calls}
