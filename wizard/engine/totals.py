"""How an item that fans out ends, by how its members did, and how it is tried again. Pure."""

from collections.abc import Sequence

from wizard.session.events import Deferred, ItemDone, ItemFailed, ItemReset, Planned
from wizard.session.state import ItemState, Status

OUTPUTS = 1000
"""Members whose outputs the item gives; of more it gives the keys alone."""

NAMED = 5
"""Failed members that the reason names."""


def ended(item: ItemState, *, is_action: bool) -> ItemDone | ItemFailed:
    """All have ended: done, or failed with those that did."""
    if failed := [key for key, child in _children(item) if child.status is Status.FAILED]:
        return _failed(item, failed)
    hows = {child.how for child in item.children.values()}
    how = "changed" if "changed" in hows else "already" if is_action else "observed"
    done = {key: child.outputs for key, child in _children(item) if child.status is Status.DONE}
    outputs: dict[str, object] = {"keys": [member.key for member in item.members]}
    if len(item.members) <= OUTPUTS:
        outputs["members"] = done
    return ItemDone(item=item.id, how=how, outputs=outputs)


def foreseen(item: ItemState, *, is_action: bool) -> ItemDone | ItemFailed | Planned | Deferred:
    """In a preview: what all of them would do."""
    children = _children(item)
    if calls := tuple(call for _, child in children for call in child.planned):
        return Planned(item=item.id, calls=calls, needs_approval=False, preview=True)
    if failed := [key for key, child in children if child.status is Status.FAILED]:
        return _failed(item, failed)
    reasons = [child.note for _, child in children if child.status is Status.DEFERRED]
    if reasons:
        rest = f"{len(reasons)} of {len(item.members)}: " if len(item.members) > 1 else ""
        return Deferred(item=item.id, because=f"{rest}{reasons[0]}")
    return ended(item, is_action=is_action)


def retried(item: ItemState, why: str) -> list[ItemReset]:
    """Failed: those that failed are tried again. Done: all are looked at anew, and those that
    there are by now as well."""
    if item.status is not Status.FAILED:
        return [ItemReset(item=item.id, why=why)]
    again = [child.id for _, child in _children(item) if child.status is Status.FAILED]
    return [
        *(ItemReset(item=child, why=why) for child in again),
        ItemReset(item=item.id, why=why, alone=True),
    ]


def _children(item: ItemState) -> list[tuple[str, ItemState]]:
    """In the order in which they are worked through, which the fold does not keep."""
    return [
        (member.key, child)
        for member in item.members
        if (child := item.children.get(member.key)) is not None
    ]


def _failed(item: ItemState, failed: Sequence[str]) -> ItemFailed:
    named = ", ".join(failed[:NAMED])
    more = f" and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
    return ItemFailed(
        item=item.id,
        where=item.id,
        what=f"{len(failed)} of {len(item.members)} failed: {named}{more}.",
        todo="Each says why. Retry tries all of them again, or one alone; or skip them, or mark "
        "them done by hand, one by one with a reason.",
    )
