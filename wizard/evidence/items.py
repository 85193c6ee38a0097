"""What the report shows of each item: one frozen view, read from state and journal."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from wizard.checklist.model import Advice, Item
from wizard.checklist.pinned import Pinned
from wizard.effects import Facts, Json
from wizard.evidence import conditions, words
from wizard.evidence.comparison import ComparisonView, comparison
from wizard.evidence.history import Happening, history
from wizard.evidence.members import MemberView, members, tally
from wizard.evidence.words import Standing
from wizard.session.base import split_member
from wizard.session.calls import ReadDone
from wizard.session.events import ChecklistMoved, Entry
from wizard.session.state import Call, ItemState, SessionState
from wizard.step import Difference


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """One field before and after, with what was wanted where it was not so."""

    name: str
    before: str
    wanted: str
    after: str
    changed: bool
    reason: str


class ReadView(msgspec.Struct, frozen=True, kw_only=True):
    """The reads of one operation with the same parameters: how often, how much, the last one."""

    operation: str
    region: str
    params: str
    times: int
    pages: int
    entries: int
    request_id: str
    date: str
    error: str


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """All that the report says of one item."""

    item: Item
    number: str = ""
    """Its section's and its own, `3.2`, as the report numbers them."""
    anchor: str
    state: ItemState
    standing: Standing
    how: str
    note: str
    """As it is read: of an item that does not apply, what decided that."""
    by: str
    started: str
    ended: str
    lasted: str
    advice: tuple[tuple[str, Advice], ...]
    fields: tuple[FieldView, ...]
    left: tuple[Difference, ...]
    """What is still not as it should be."""
    comparison: ComparisonView | None
    """Beside the reference region."""
    calls: tuple[Call, ...]
    reads: tuple[ReadView, ...]
    history: tuple[Happening, ...]
    members: tuple[MemberView, ...]
    """Of an item that fans out."""
    tally: str
    """How many of them stand where."""

    @property
    def read_count(self) -> int:
        """How many reads were made for it and for its members."""
        return sum(one.times for one in self.reads)

    @property
    def as_it_was(self) -> bool:
        """Whether nothing was to be changed, and nothing has."""
        return all(one.before == one.after and not one.wanted for one in self.fields)

    @property
    def is_open(self) -> str:
        """What is still to be done, of an item that has not ended."""
        state = self.state
        if state.problem:
            return f"{state.problem.what} {state.problem.todo}".strip()
        if state.wait:
            return state.wait.waiting_for
        if state.pause:
            return state.pause.instructions
        return state.note or "not begun, or begun and not ended"


def items(pinned: Pinned, entries: Sequence[Entry], state: SessionState) -> dict[str, ItemView]:
    """The views of all items of the checklist, by id, in its order."""
    told = history(entries)
    read = reads(entries)
    checklist = pinned.checklist
    notes = {
        item.id: conditions.note(item, state.item(item.id), checklist, state)
        for item in checklist.items
    }
    return {
        item.id: _view(
            item,
            state.item(item.id),
            pinned.advice,
            tuple(read.get(item.id, ())),
            _told(told.get(item.id, ()), state.item(item.id).note, notes[item.id]),
            note=notes[item.id],
        )
        for item in pinned.checklist.items
    }


def removed(pinned: Pinned, entries: Sequence[Entry], state: SessionState) -> list[ItemView]:
    """The views of items that an earlier copy of the checklist had, as they stood then."""
    told, read = history(entries), reads(entries)
    views = {}
    for entry in entries:
        if isinstance(entry.event, ChecklistMoved):
            for gone in entry.event.removed:
                item = msgspec.convert(gone, Item)
                name = item.id
                known = state.removed.get(name, ItemState(id=name))
                note = conditions.note(item, known, pinned.checklist, state)
                view = _view(
                    item,
                    known,
                    pinned.advice,
                    tuple(read.get(name, ())),
                    _told(told.get(name, ()), known.note, note),
                    note=note,
                )
                views[name] = replace(view, anchor=f"removed-{name}")
    return list(views.values())


def reads(entries: Iterable[Entry]) -> dict[str, list[ReadView]]:
    """All reads of the session, by item or dropdown, those of one kind in one line.

    Those of an item's members are the item's, and of one kind whatever their parameters."""
    groups: dict[str, dict[tuple[str, str, str, str], ReadView]] = {}
    for entry in entries:
        event = entry.event
        if not isinstance(event, ReadDone):
            continue
        item, member = split_member(event.item)
        of_item = groups.setdefault(item, {})
        operation = f"{event.service}:{event.operation}"
        params = "(for its members)" if member else words.params(event.params)
        key = (operation, event.region, params, event.error)
        before = of_item.get(key)
        of_item[key] = ReadView(
            operation=operation,
            region=event.region,
            params=params,
            times=1 + (before.times if before else 0),
            pages=event.pages,
            entries=event.entries,
            request_id=event.request_id,
            date=event.date,
            error=event.error,
        )
    return {item: list(found.values()) for item, found in groups.items()}


def _view(
    item: Item,
    state: ItemState,
    advice: Mapping[str, Advice],
    read: tuple[ReadView, ...],
    told: tuple[Happening, ...],
    *,
    note: str,
) -> ItemView:
    return ItemView(
        item=item,
        anchor=f"item-{item.id}",
        state=state,
        standing=words.standing(state),
        how=words.how(state),
        note=note,
        by=words.who(state.by),
        started=words.when(state.started_at),
        ended=words.when(state.ended_at),
        lasted=words.lasted(state.started_at, state.ended_at),
        advice=tuple((name, advice[name]) for name in item.advice if name in advice),
        fields=_fields(state),
        left=state.differences,
        comparison=comparison(state),
        calls=tuple(call for call in state.calls if call.mutating),
        reads=read,
        history=told,
        members=members(state),
        tally=tally(state),
    )


def _told(found: Iterable[Happening], raw: str, note: str) -> tuple[Happening, ...]:
    """The history with the note as it is read."""
    if raw == note:
        return tuple(found)
    return tuple(replace(one, what=one.what.replace(raw, note)) for one in found)


def _fields(state: ItemState) -> tuple[FieldView, ...]:
    """Every field that was found or wanted, the changed ones first."""
    if not state.observed_at:
        return ()
    before: Facts = state.first_found or {}
    after: Facts = state.found or {}
    wanted = {one.field: one for one in state.first_differences}
    names = dict.fromkeys((*wanted, *before, *after))
    views = [_field(name, before, after, wanted.get(name)) for name in names]
    return tuple(sorted(views, key=lambda view: not view.changed))


def _field(name: str, before: Facts, after: Facts, wanted: Difference | None) -> FieldView:
    old: Json = before.get(name, wanted.found if wanted else None)
    return FieldView(
        name=name,
        before=words.shown(old),
        wanted=words.shown(wanted.wanted) if wanted else "",
        after=words.shown(after.get(name)) if name in after else "",
        changed=name in after and after[name] != old,
        reason=wanted.reason if wanted else "",
    )
