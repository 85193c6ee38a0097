"""The fold of an item that stands for many: its members, and how many of them stand where."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from wizard.session.base import Member, member_id, split_member
from wizard.session.spread import Spread
from wizard.session.state import Call, ItemState, SessionState, Status


def with_item(state: SessionState, item: ItemState) -> SessionState:
    """The state with this item, or this member of an item, as it is now."""
    parent, key = split_member(item.id)
    if key:
        item = _with_member(state.item(parent), key, item)
    return replace(state, items={**state.items, item.id: item})


def fanned_out(item: ItemState, members: Iterable[Member]) -> ItemState:
    """The item standing for these; what is known of those that it stood for before is kept."""
    members = tuple(members)
    keys = {member.key for member in members}
    children = Spread((key, child) for key, child in item.children.items() if key in keys)
    standing = Counter(child.status for child in children.values())
    standing[Status.WAITING] += len(keys) - len(children)
    return replace(item, members=members, children=children, tally=_counted(standing))


def reset_members(item: ItemState) -> ItemState:
    """Tried again: what failed, and what was done before, is looked at anew."""
    if not item.children:
        return item
    again = {Status.FAILED, Status.DONE}
    children = {
        key: replace(child, status=Status.WAITING, problem=None, ended_at="", wait=None)
        if child.status in again
        else child
        for key, child in item.children.items()
    }
    return fanned_out(replace(item, children=children), item.members)


def calls_of(item: ItemState) -> Iterator[Call]:
    """The calls of the item and of its members."""
    yield from item.calls
    for child in item.children.values():
        yield from child.calls


def whole(state: SessionState) -> Iterator[ItemState]:
    """All items, and all members of those that fan out."""
    for item in state.items.values():
        yield item
        yield from item.children.values()


def accepted(item: ItemState, field: str, reason: str) -> ItemState:
    """The item with one field allowed to differ from the reference region."""
    if item.comparison is None:
        return item
    rows = tuple(
        replace(row, mark="accepted", reason=reason) if row.field == field else row
        for row in item.comparison.rows
    )
    may = {**item.comparison.accepted, field: reason}
    return replace(item, comparison=replace(item.comparison, rows=rows, accepted=may))


def _with_member(parent: ItemState, key: str, child: ItemState) -> ItemState:
    before = parent.children.get(key)
    standing = Counter(dict(parent.tally))
    standing[before.status if before else Status.WAITING] -= 1
    standing[child.status] += 1
    known = parent.children
    spread = known if isinstance(known, Spread) else Spread(known.items())
    children = spread.having(key, replace(child, id=member_id(parent.id, key)))
    return replace(parent, children=children, tally=_counted(standing))


def _counted(standing: Counter[Status]) -> dict[Status, int]:
    return {status: count for status, count in standing.items() if count > 0}
