"""What the report of a recheck shows first: which session it reads again, and every verdict."""

import msgspec

from wizard.checklist.pinned import Pinned
from wizard.evidence import words
from wizard.evidence.words import Standing
from wizard.session.rechecks import Drifted, RecheckStarted
from wizard.session.state import ItemState, SessionState
from wizard.session.verdicts import BAD, UNKNOWN, counted

MEMBERS = 200
"""Of one item, those that are not as they were and are shown; items.csv has all."""


class DriftView(msgspec.Struct, frozen=True, kw_only=True):
    """A field that is not as it was."""

    field: str
    then: str
    now: str
    wanted: str
    reason: str


class VerdictView(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on an item, or on one of many."""

    title: str
    name: str
    anchor: str
    standing: Standing
    why: str
    recorded: str
    drifted: tuple[DriftView, ...]


class RecheckView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole recheck."""

    of: RecheckStarted
    when: str
    counts: tuple[tuple[Standing, int], ...]
    notable: tuple[VerdictView, ...]
    """What is not as it was, or could not be read."""
    others: tuple[VerdictView, ...]


def rechecked(pinned: Pinned, state: SessionState) -> RecheckView | None:
    """The recheck that the session is; None if it is none."""
    if state.rechecks is None:
        return None
    notable: list[VerdictView] = []
    others: list[VerdictView] = []
    for item in pinned.checklist.items:
        known = state.item(item.id)
        bad = [child for child in known.children.values() if _is_bad(child)]
        for one, title in [(known, item.title), *((child, child.id) for child in bad[:MEMBERS])]:
            if one.recheck is not None:
                view = _view(one, title, f"item-{item.id}")
                (notable if _is_bad(one) else others).append(view)
    return RecheckView(
        of=state.rechecks,
        when=words.when(state.rechecks.ended_at),
        counts=tuple(
            (words.verdict_standing(verdict), count)
            for verdict, count in counted(state.items).items()
        ),
        notable=tuple(notable),
        others=tuple(others),
    )


def outcome(of: RecheckStarted, state: SessionState) -> str:
    """What came of it, in one sentence."""
    found = counted(state.items)
    order = sorted(found, key=lambda one: (one not in BAD, one not in UNKNOWN))
    told = ", ".join(f"{found[one]} {one.value}" for one in order) or "none"
    return f"What session {of.number} asserted was read again from the live account: {told}."


def _is_bad(item: ItemState) -> bool:
    return item.recheck is not None and item.recheck.verdict in BAD | UNKNOWN


def _view(item: ItemState, title: str, anchor: str) -> VerdictView:
    found = item.recheck
    if found is None:
        raise TypeError(f"{item.id} has no verdict")
    return VerdictView(
        title=title,
        name=item.id,
        anchor=anchor,
        standing=words.standing(item),
        why=found.why,
        recorded=words.when(found.recorded_at),
        drifted=tuple(_drift(one) for one in found.drifted),
    )


def _drift(one: Drifted) -> DriftView:
    return DriftView(
        field=one.field,
        then=words.shown(one.then),
        now=words.shown(one.now),
        wanted=words.shown(one.wanted) if one.wrong else "",
        reason=one.reason,
    )
