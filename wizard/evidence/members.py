"""What the report shows of those that an item fans out over: a line each, what failed first."""

import msgspec

from wizard.effects import Facts
from wizard.evidence import words
from wizard.evidence.words import Standing
from wizard.session.base import member_id
from wizard.session.rechecks import Recheck
from wizard.session.state import Call, ItemState, Status
from wizard.session.verdicts import BAD, UNKNOWN
from wizard.step import Difference


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """One member of an item."""

    key: str
    state: ItemState
    standing: Standing
    how: str
    by: str
    ended: str
    fields: tuple[str, ...]
    """`retentionInDays: – → 30`, for what was not as it should be when it was first seen."""
    said: str
    """Why it failed, or what was noted."""
    left: str
    """What is still not as it should be."""
    calls: tuple[Call, ...]


def members(item: ItemState) -> tuple[MemberView, ...]:
    """Those that failed first, then those that are open; else in the order they were done in."""
    views = [
        _view(member.key, item.children.get(member.key) or _waiting(item, member.key))
        for member in item.members
    ]
    return tuple(sorted(views, key=_urgency))


def tally(item: ItemState) -> str:
    """How many stand where: `3 failed, 297 done`."""
    counts = sorted(item.tally.items(), key=lambda one: one[0] is not Status.FAILED)
    return ", ".join(f"{count} {status.value}" for status, count in counts)


def _view(key: str, state: ItemState) -> MemberView:
    after = state.found or {}
    return MemberView(
        key=key,
        state=state,
        standing=words.standing(state),
        how=words.how(state),
        by=words.who(state.by),
        ended=words.when(state.ended_at),
        fields=_drifted(state.recheck)
        or tuple(_field(one, after) for one in state.first_differences),
        said=_said(state),
        left=", ".join(one.field for one in state.differences),
        calls=tuple(call for call in state.calls if call.mutating),
    )


def _field(one: Difference, after: Facts) -> str:
    """Before and after; what was wanted of a thing, where that is not one of its facts."""
    before = f"{one.field}: {words.shown(one.found)}"
    if one.field in after:
        return f"{before} → {words.shown(after[one.field])}"
    return f"{before}, wanted {words.shown(one.wanted)}"


def _drifted(recheck: Recheck | None) -> tuple[str, ...]:
    """Of a recheck: what was recorded, and what is there now."""
    drifted = recheck.drifted if recheck is not None else ()
    return tuple(
        f"{one.field}: {words.shown(one.then)} → {words.shown(one.now)}" for one in drifted
    )


def _said(state: ItemState) -> str:
    if state.recheck is not None:
        return state.recheck.why
    problem = state.problem
    return f"{problem.what} {problem.todo}".strip() if problem else state.note


def _waiting(item: ItemState, key: str) -> ItemState:
    return ItemState(id=member_id(item.id, key))


def _urgency(view: MemberView) -> int:
    status = view.state.status
    if view.state.recheck is not None:
        return 0 if view.state.recheck.verdict in BAD | UNKNOWN else 1
    return 0 if status is Status.FAILED else 2 if status.ended else 1
