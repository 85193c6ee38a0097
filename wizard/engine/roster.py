"""For whom an item stands that fans out: the list that its `foreach` gives, as members. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from wizard.effects import Json
from wizard.errors import StepError
from wizard.session.base import Member
from wizard.session.reduce_calls import HAPPENED, is_unsettled
from wizard.session.state import ItemState
from wizard.step import Option


def members(entries: Json, item: str) -> tuple[Member, ...]:
    """The members of a list; `StepError` for what is no list of texts or of objects with `key`.

    An optional input that is left empty has none."""
    entries = [] if entries is None else entries
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise StepError(f"Its list is no list: {entries!r}.", where=item, todo=_MEND_LIST)
    found: dict[str, Member] = {}
    for entry in entries:
        key = entry.get("key") if isinstance(entry, Mapping) else entry
        if not isinstance(key, str) or not key.strip():
            raise StepError(
                f"An entry of its list is neither a text nor an object with a key: {entry!r}.",
                where=item,
                todo=_MEND_LIST,
            )
        member = Member(key=key, each=entry)
        if found.setdefault(key, member) != member:
            raise StepError(f"Two entries of its list are {key}.", where=item, todo=_MEND_LIST)
    return tuple(found.values())


def choices(options: Iterable[Option]) -> list[Json]:
    """What a dropdown offers; what cannot be chosen is left out."""
    return [option.value for option in options if not option.disabled]


def kept(listed: tuple[Member, ...], before: ItemState) -> tuple[Member, ...]:
    """The list, and after it those that it does not have any more and that were written to:
    what was changed stays in sight."""
    keys = {member.key for member in listed}
    touched = (
        member
        for member in before.members
        if member.key not in keys
        and (child := before.children.get(member.key)) is not None
        and any(is_unsettled(call) or call.outcome in HAPPENED for call in child.calls if call.op)
    )
    return (*listed, *touched)


_MEND_LIST = "Correct the inputs that it is made of, then retry; or skip the item with a reason."
