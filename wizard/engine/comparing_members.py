"""An item that fans out beside the reference region: for each member whether it is there, whether
it is right here, and where they are few, field by field."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from wizard.checklist.model import Checklist, Item
from wizard.effects import Json
from wizard.engine.comparing import Comparing
from wizard.engine.demands import Coroutine
from wizard.engine.interpreter import Interpreter
from wizard.engine.record import Record
from wizard.engine.together import Together
from wizard.engine.waiting import differing, ours
from wizard.session.base import ComparedField, Member, member_id
from wizard.session.events import Compared
from wizard.session.state import ItemState, Status
from wizard.step import Registry

MAKES = "this item makes it right"
LATER = "known after earlier items"
RIGHT = "right"
UNSEEN = "not looked at yet"
TO_COME = "will be there"

FEW = 50
"""Members of which each field is compared; of more, only whether each is there and right."""

LONGEST = 2000
"""Characters of one field that are kept: a journal keeps them each time that one changes."""


class ComparingMembers:
    """The comparison of an item by its members; they have none of their own."""

    def __init__(
        self,
        item: Item,
        *,
        checklist: Checklist,
        registry: Registry,
        record: Record,
        together: Together,
        interpreters: Callable[[str], Interpreter],
        preview: bool,
    ) -> None:
        self._item = item
        self._checklist = checklist
        self._registry = registry
        self._record = record
        self._together = together
        self._interpreters = interpreters
        self._preview = preview
        self._there: dict[str, str] = {}
        self._each: dict[str, Comparing] = {}
        self._problems: list[str] = []
        self._region = ""

    def look(self, members: Iterable[Member]) -> Coroutine[None]:
        """Looks for each in the reference region, side by side."""
        if self._item.reference is None:
            return
        yield from self._together.run(
            (member_id(self._item.id, member.key), self._find(member)) for member in members
        )
        self.renew()

    def renew(self) -> None:
        """Writes down how each stands now, if that has changed."""
        if self._item.reference is None:
            return
        item = self._record.state.item(self._item.id)
        before = item.comparison
        # What was found before a restart stands for those that are not looked for any more.
        known = {row.field: row for row in before.rows} if before else {}
        accepted = before.accepted if before else {}
        there = {**{field: row.reference for field, row in known.items()}, **self._there}
        rows = []
        for member in item.members:
            if member.key in there:
                child = item.children.get(member.key)
                rows.append(_row(member.key, there[member.key], child, accepted))
                rows += self._fields(member.key, child, known, accepted)
        problem = ""
        if self._problems:
            problem = f"{len(self._problems)} of {len(item.members)}: {self._problems[0]}"
        region = self._region or (before.region if before else "")
        now = (region, tuple(rows), problem)
        if before is None or (before.region, before.rows, before.problem) != now:
            self._record.later(
                Compared(item=self._item.id, region=region, rows=tuple(rows), problem=problem)
            )

    def _fields(
        self,
        key: str,
        child: ItemState | None,
        known: Mapping[str, ComparedField],
        accepted: Mapping[str, str],
    ) -> Iterator[ComparedField]:
        """The member field by field, each under the member's name."""
        prefix = f"{key}."
        if key not in self._each:
            yield from (row for field, row in known.items() if field.startswith(prefix))
        elif child is not None and child.observed_at:
            may = {
                field.removeprefix(prefix): reason
                for field, reason in accepted.items()
                if field.startswith(prefix)
            }
            for row in self._each[key].fields(child.found, child.differences, may):
                yield replace(
                    row,
                    field=prefix + row.field,
                    reference=_shortened(row.reference),
                    here=_shortened(row.here),
                )

    def _find(self, member: Member) -> Coroutine[None]:
        name = member_id(self._item.id, member.key)
        comparing = Comparing(
            self._item,
            name,
            checklist=self._checklist,
            registry=self._registry,
            record=self._record,
            interpreter=self._interpreters(name),
            preview=self._preview,
            each={"each": member.each},
        )
        problem = yield from comparing.look()
        self._region = comparing.region
        if comparing.looked:
            self._there[member.key] = "absent" if problem else "present"
            if len(self._record.state.item(self._item.id).members) <= FEW:
                self._each[member.key] = comparing
        elif problem:
            self._problems.append(problem)


def _shortened(value: Json) -> Json:
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value)} characters)"
    return value


def _row(
    key: str, there: Json, child: ItemState | None, accepted: Mapping[str, str]
) -> ComparedField:
    here, planned = _standing(child)
    mark, reason = "differs", ""
    if key in accepted:
        mark, reason = "accepted", accepted[key]
    if there == "present" and here == RIGHT:
        mark, reason = "same", ""
    elif there == "present" and planned:
        mark, reason = "expected", MAKES
    elif here == UNSEEN:
        mark, reason = "expected", LATER
    return ComparedField(
        field=key, reference=there, here=here, mark=mark, reason=reason, planned=planned
    )


def _standing(child: ItemState | None) -> tuple[str, bool]:
    """How a member stands here, and whether the item is to make it right."""
    if child is not None and child.status in {Status.DONE, Status.MARKED}:
        return RIGHT, False
    if child is None:
        return UNSEEN, False
    if child.status in {Status.SKIPPED, Status.NOT_APPLICABLE}:
        return child.status.value, False
    if not child.observed_at:
        return UNSEEN, False
    wrong = child.differences
    planned = bool(ours(wrong)) and all(one.fixable for one in ours(wrong))
    planned = planned and child.status is not Status.FAILED
    if child.found is None or (wrong and all(one.found is None for one in wrong)):
        return TO_COME if planned else "missing", planned
    return (differing(wrong[0]), planned) if wrong else (RIGHT, False)
