"""The view by control: what of the session is evidence for which Trust Services Criterion."""

from collections.abc import Mapping, Sequence

import msgspec

from wizard.checklist.criteria import in_order, subject, table, vanta_title
from wizard.checklist.expressions import ExpressionError
from wizard.checklist.model import Checklist, Item
from wizard.checklist.used import used_by
from wizard.evidence.items import ItemView
from wizard.evidence.words import Standing
from wizard.session.events import DeviationRecorded
from wizard.session.state import ItemState, SessionState, Status

VERIFIED = Standing("✓", "Read back from AWS", "good")
ATTESTED = Standing("✎", "In part on a person's word", "note")
UNSUPPORTED = Standing("○", "In part open, skipped or not verified", "open")
FAILED = Standing("✗", "In part failed or in doubt", "bad")
NOTHING = Standing("–", "Nothing applied", "note")


class ControlView(msgspec.Struct, frozen=True, kw_only=True):
    """One criterion and what bears on it."""

    criterion: str
    category: str
    subject: str
    standing: Standing
    by_the_run: bool
    """The run itself is evidence: changes shown, approved, made and read back."""
    items: tuple[ItemView, ...]
    deviations: tuple[DeviationRecorded, ...]
    """Departures from the letter in what these items take."""
    vanta: tuple[tuple[str, str], ...]
    """Vanta's tests that the items help to pass, with their titles."""


def controls(
    checklist: Checklist, views: Mapping[str, ItemView], state: SessionState
) -> tuple[ControlView, ...]:
    """All criteria that the checklist names, as the AICPA numbers them."""
    bearing: dict[str, list[ItemView]] = {name: [] for name in checklist.controls}
    for view in views.values():
        for name in view.item.controls:
            bearing.setdefault(name, []).append(view)
    return tuple(
        _view(name, bearing[name], state, by_the_run=name in checklist.controls)
        for name in in_order(set(bearing))
    )


def not_mapped(views: Mapping[str, ItemView]) -> tuple[ItemView, ...]:
    """Items that are evidence for no criterion."""
    return tuple(view for view in views.values() if not view.item.controls)


def supports(state: ItemState) -> bool:
    """Whether the item counts for its criteria: done and read back, or attested where a person's
    word is what the runbook asks for."""
    return state.status is Status.DONE


def _view(
    name: str, found: Sequence[ItemView], state: SessionState, *, by_the_run: bool
) -> ControlView:
    known = table().criteria.get(name)
    return ControlView(
        criterion=name,
        category=known.category if known else "",
        subject=subject(name),
        standing=_standing(found, state, by_the_run=by_the_run),
        by_the_run=by_the_run,
        items=tuple(found),
        deviations=_deviations(found, state),
        vanta=tuple(
            (test, vanta_title(test))
            for test in dict.fromkeys(test for view in found for test in view.item.vanta)
        ),
    )


def _standing(found: Sequence[ItemView], state: SessionState, *, by_the_run: bool) -> Standing:
    """The weakest of what bears on it. The run counts once it is over, whatever its outcome."""
    states = [view.state for view in found if view.state.status is not Status.NOT_APPLICABLE]
    if any(one.status in {Status.FAILED, Status.IN_DOUBT} for one in states):
        return FAILED
    if not all(supports(one) for one in states) or (by_the_run and not state.finished_at):
        return UNSUPPORTED
    if any(one.how == "attested" or one.attestation is not None for one in states):
        return ATTESTED
    return VERIFIED if states or by_the_run else NOTHING


def inputs_of(item: Item) -> frozenset[str]:
    """The inputs whose answers the item takes."""
    try:
        return used_by(item).inputs
    except ExpressionError:
        return frozenset()  # of a checklist that a later version reads otherwise


def _deviations(found: Sequence[ItemView], state: SessionState) -> tuple[DeviationRecorded, ...]:
    """Those of answers that these items take."""
    used = frozenset[str]().union(*(inputs_of(view.item) for view in found))
    return tuple(one for one in state.deviations.values() if one.input in used)
