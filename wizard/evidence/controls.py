"""The view by control: what of the session is evidence for which Trust Services Criterion."""

from collections.abc import Mapping, Sequence

import msgspec

from wizard.checklist.criteria import in_order, subject, table, vanta_title
from wizard.checklist.expressions import ExpressionError
from wizard.checklist.model import Checklist, Item
from wizard.checklist.used import used_by
from wizard.evidence.items import ItemView
from wizard.evidence.words import Standing
from wizard.session.rechecks import Verdict
from wizard.session.state import ItemState, SessionState, Status
from wizard.session.verdicts import BAD

VERIFIED = Standing("✓", "Read back from AWS", "good")
ATTESTED = Standing("✎", "In part on a person's word", "note")
UNSUPPORTED = Standing("○", "In part open, skipped or not verified", "open")
FAILED = Standing("✗", "In part failed, in doubt or drifted", "bad")
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
    deviations: tuple[str, ...]
    """Departures from the letter in what these items take: the erratum and the question."""
    vanta: tuple[tuple[str, str], ...]
    """Vanta's tests that the items help to pass, with their titles."""


def controls(
    checklist: Checklist, views: Mapping[str, ItemView], state: SessionState
) -> tuple[ControlView, ...]:
    """All criteria that the checklist names, as the AICPA numbers them."""
    # A recheck changes nothing, so it is no evidence of how changes are made.
    of_the_run = () if state.rechecks is not None else checklist.controls
    bearing: dict[str, list[ItemView]] = {name: [] for name in of_the_run}
    for view in views.values():
        for name in view.item.controls:
            bearing.setdefault(name, []).append(view)
    return tuple(
        _view(name, checklist, bearing[name], state, by_the_run=name in of_the_run)
        for name in in_order(set(bearing))
    )


def not_mapped(views: Mapping[str, ItemView]) -> tuple[ItemView, ...]:
    """Items that are evidence for no criterion."""
    return tuple(view for view in views.values() if not view.item.controls)


def supports(state: ItemState) -> bool:
    """Whether the item counts for its criteria: done and read back, or attested where a person's
    word is what the runbook asks for; in a recheck, found as it was."""
    if state.recheck is not None:
        return state.recheck.verdict in {Verdict.MATCH, Verdict.ATTESTED}
    return state.status is Status.DONE


def fails(state: ItemState) -> bool:
    """Whether the item speaks against its criteria."""
    if state.recheck is not None:
        return state.recheck.verdict in BAD
    return state.status in {Status.FAILED, Status.IN_DOUBT}


def on_a_word(state: ItemState) -> bool:
    """Whether a person's word is all, or a part, of what it rests on."""
    if state.recheck is not None:
        return state.recheck.verdict is Verdict.ATTESTED
    return state.how == "attested" or state.attestation is not None


def _view(
    name: str,
    checklist: Checklist,
    found: Sequence[ItemView],
    state: SessionState,
    *,
    by_the_run: bool,
) -> ControlView:
    known = table().criteria.get(name)
    return ControlView(
        criterion=name,
        category=known.category if known else "",
        subject=subject(name),
        standing=_standing(found, state, by_the_run=by_the_run),
        by_the_run=by_the_run,
        items=tuple(found),
        deviations=_deviations(checklist, found, state),
        vanta=tuple(
            (test, vanta_title(test))
            for test in dict.fromkeys(test for view in found for test in view.item.vanta)
        ),
    )


def _standing(found: Sequence[ItemView], state: SessionState, *, by_the_run: bool) -> Standing:
    """The weakest of what bears on it. The run counts once it is over, whatever its outcome."""
    states = [view.state for view in found if view.state.status is not Status.NOT_APPLICABLE]
    if any(fails(one) for one in states):
        return FAILED
    if not all(supports(one) for one in states) or (by_the_run and not state.finished_at):
        return UNSUPPORTED
    if any(on_a_word(one) for one in states):
        return ATTESTED
    return VERIFIED if states or by_the_run else NOTHING


def inputs_of(item: Item) -> frozenset[str]:
    """The inputs whose answers the item takes."""
    try:
        return used_by(item).inputs
    except ExpressionError:
        return frozenset()  # of a checklist that a later version reads otherwise


def _deviations(
    checklist: Checklist, found: Sequence[ItemView], state: SessionState
) -> tuple[str, ...]:
    """Those of answers that these items take."""
    used = frozenset[str]().union(*(inputs_of(view.item) for view in found))
    return tuple(
        f"{one.advice} {asked.label if (asked := checklist.inputs.get(one.input)) else one.input}"
        for one in state.deviations.values()
        if one.input in used
    )
