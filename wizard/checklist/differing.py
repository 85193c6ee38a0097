"""What differs between two copies of a checklist, item by item and question by question. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from wizard.checklist.expressions import references
from wizard.checklist.model import Advice, Checklist, Input, Item
from wizard.checklist.pinned import Pinned
from wizard.effects import Json

WORK = ("letter", "step", "with", "needs", "advice", "when", "foreach", "reference")
"""Parts of an item that say what is done and why: one that changed is looked at again."""

QUESTION = (
    "type",
    "optional",
    "choices",
    "pattern",
    "minimum",
    "maximum",
    "port",
    "after",
    "letter",
    "advice",
    "consent",
)
"""Parts of a question that say which answers it takes: one that changed is asked again."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of an item or of a question, before and after."""

    name: str
    before: Json
    after: Json


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """An item or a question that is in both copies and not the same."""

    id: str
    parts: tuple[Part, ...]
    matters: bool
    """Whether it has to be looked at, or asked, again; else only words around it changed."""


class Differing(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[Change, ...]
    kept: tuple[str, ...]
    """Items that need not be looked at again."""
    questions_added: tuple[str, ...]
    questions_removed: tuple[str, ...]
    questions: tuple[Change, ...]
    resting: Mapping[str, tuple[str, ...]]
    """Items that are kept though they take values from ones that are looked at again."""

    @property
    def reopened(self) -> tuple[str, ...]:
        """Items that are looked at again."""
        return tuple(change.id for change in self.changed if change.matters)

    @property
    def asked_again(self) -> tuple[str, ...]:
        """Questions whose answer is withdrawn."""
        return tuple(change.id for change in self.questions if change.matters)

    def __bool__(self) -> bool:
        return bool(
            self.added
            or self.removed
            or self.changed
            or self.questions_added
            or self.questions_removed
            or self.questions
        )


def differing(before: Pinned, after: Pinned) -> Differing:
    """What `after` has otherwise than `before`."""
    old = {item.id: item for item in before.checklist.items}
    new = {item.id: item for item in after.checklist.items}
    both = [name for name in new if name in old]
    changed = [
        change
        for name in both
        if (change := _change(name, _item(old[name], before), _item(new[name], after), WORK))
    ]
    reopened = {change.id for change in changed if change.matters}
    kept = tuple(name for name in both if name not in reopened)
    asked, asks = before.checklist.inputs, after.checklist.inputs
    return Differing(
        added=tuple(item for name, item in new.items() if name not in old),
        removed=tuple(item for name, item in old.items() if name not in new),
        changed=tuple(changed),
        kept=kept,
        questions_added=tuple(name for name in asks if name not in asked),
        questions_removed=tuple(name for name in asked if name not in asks),
        questions=tuple(
            change
            for name in asks
            if name in asked
            and (
                change := _change(
                    name, _input(asked[name], before), _input(asks[name], after), QUESTION
                )
            )
        ),
        resting=_resting(after.checklist, kept, reopened | (set(new) - set(old))),
    )


def _change(
    name: str, before: Mapping[str, Json], after: Mapping[str, Json], matter: tuple[str, ...]
) -> Change | None:
    parts = [
        Part(name=part, before=before.get(part), after=after.get(part))
        for part in dict.fromkeys((*before, *after))
        if before.get(part) != after.get(part)
    ]
    if not parts:
        return None
    return Change(id=name, parts=tuple(parts), matters=any(part.name in matter for part in parts))


def _item(item: Item, pinned: Pinned) -> dict[str, Json]:
    parts: dict[str, Json] = msgspec.to_builtins(item)
    parts["advice"] = [_advice(name, pinned.advice) for name in item.advice]
    return parts


def _input(asked: Input, pinned: Pinned) -> dict[str, Json]:
    parts: dict[str, Json] = msgspec.to_builtins(asked)
    parts["advice"] = _advice(asked.advice, pinned.advice) if asked.advice else None
    return parts


def _advice(name: str, table: Mapping[str, Advice]) -> Json:
    """With what it says: an erratum that was corrected is another one."""
    said: Any = msgspec.to_builtins(table[name]) if name in table else {}
    return {"id": name, **said}


def _resting(
    checklist: Checklist, kept: tuple[str, ...], again: set[str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in kept:
        item = checklist.item(name)
        used = references([dict(item.with_), f"${{{item.when}}}" if item.when else ""]).steps
        if rests_on := tuple(sorted(used & again)):
            found[name] = rests_on
    return found
