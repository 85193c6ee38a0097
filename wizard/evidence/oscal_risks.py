"""OSCAL risks: what is open, what was left out, and what departs from the runbook's letter.

https://pages.nist.gov/OSCAL/reference/latest/assessment-results/json-definitions/#/assembly/oscal-assessment-common/risk
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from wizard.effects import Facts
from wizard.evidence import words
from wizard.evidence.controls import inputs_of
from wizard.evidence.items import ItemView
from wizard.evidence.oscal_words import Ids, line, prop, prose
from wizard.evidence.views import Report
from wizard.session.state import Status
from wizard.session.verdicts import BAD, UNKNOWN


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """A risk, with the items and the answers that it comes from."""

    facts: Facts
    items: tuple[str, ...] = ()
    input: str = ""

    @property
    def uuid(self) -> str:
        return str(self.facts["uuid"])


def risks(report: Report, ids: Ids) -> tuple[Risk, ...]:
    """All of the session as it stands."""
    return (
        *_aborted(report, ids),
        *_failed(report.open_points, ids),
        *_open(report.open_points, ids),
        *_left_out(report.unverified, ids),
        *_deviations(report, ids),
        *_rechecked(report, ids),
    )


def _risk(
    ids: Ids,
    name: str,
    *,
    title: str,
    description: str,
    statement: str,
    status: str,
    items: Sequence[str] = (),
) -> Risk:
    """`status` is one of OSCAL's: `open`, or `deviation-requested` where somebody decided so and
    the review is still to approve it."""
    facts: dict[str, object] = {
        "uuid": ids("risk", name),
        "title": line(title),
        "description": prose(description),
        "statement": prose(statement),
        "status": status,
        "origins": [{"actors": [{"type": "tool", "actor-uuid": ids("tool")}]}],
    }
    if items:
        facts["related-observations"] = [
            {"observation-uuid": ids("observation", item)} for item in items
        ]
    return Risk(facts=facts, items=tuple(items))


def _aborted(report: Report, ids: Ids) -> Iterator[Risk]:
    if report.state.aborted:
        yield _risk(
            ids,
            "aborted",
            title="The session was aborted",
            description=f"It was ended before every item had: {report.state.aborted}",
            statement="What the runbook sets up may be there in part.",
            status="open",
        )


def _failed(views: Sequence[ItemView], ids: Ids) -> Iterator[Risk]:
    for view in views:
        if view.state.status not in {Status.FAILED, Status.IN_DOUBT}:
            continue
        problem = view.state.problem
        said = f"{problem.where}: {problem.what} {problem.todo}" if problem else ""
        yield _risk(
            ids,
            view.item.id,
            title=f"{view.standing.word}: {view.item.title}",
            description=said
            or "The answer of a call was lost, and nobody has said what became of it.",
            statement=f"Not in place, or not known to be: {view.item.letter}",
            status="open",
            items=[view.item.id],
        )


def _open(views: Sequence[ItemView], ids: Ids) -> Iterator[Risk]:
    left = [view for view in views if view.state.status not in {Status.FAILED, Status.IN_DOUBT}]
    if left:
        yield _risk(
            ids,
            "open",
            title=f"{len(left)} {'item is' if len(left) == 1 else 'items are'} open",
            description="Not begun, or begun and not ended: "
            + ", ".join(view.item.title for view in left),
            statement="What these items set up or check is not in place, or not known to be.",
            status="open",
            items=[view.item.id for view in left],
        )


def _left_out(views: Sequence[ItemView], ids: Ids) -> Iterator[Risk]:
    for view in views:
        match view.state.status:
            case Status.SKIPPED:
                yield _risk(
                    ids,
                    view.item.id,
                    title=f"Skipped: {view.item.title}",
                    description=f"{view.by} skipped it: {view.state.note}",
                    statement=f"Not in place through this session: {view.item.letter}",
                    status="deviation-requested",
                    items=[view.item.id],
                )
            case Status.MARKED:
                yield _risk(
                    ids,
                    view.item.id,
                    title=f"Done by hand, not verified: {view.item.title}",
                    description=f"{view.by} marked it as done: {view.state.note}",
                    statement=f"Known on a person's word alone: {view.item.letter}",
                    status="open",
                    items=[view.item.id],
                )
            case _:
                pass


def _deviations(report: Report, ids: Ids) -> Iterator[Risk]:
    using = _using(report)
    for label, one in report.deviations:
        advice = report.pinned.advice.get(one.advice)
        items = using.get(one.input, ())
        risk = _risk(
            ids,
            f"deviation {one.advice} {one.input}",
            title=f"Departs from the letter: {label}",
            description=f"The letter: {words.shown(one.letter)}\n\n"
            f"Chosen: {words.shown(one.chosen)}\n\nBecause: {one.reason}",
            statement=advice.fact if advice else "The runbook was not followed to the letter.",
            status="deviation-requested",
            items=items,
        )
        told = {**risk.facts, "props": [prop("advice", one.advice), prop("input", one.input)]}
        yield Risk(facts=told, items=risk.items, input=one.input)


def _rechecked(report: Report, ids: Ids) -> Iterator[Risk]:
    """What a recheck found otherwise, and what it could not read."""
    views = [view for section in report.sections for view in section.items]
    for view in views:
        if view.state.recheck is not None and view.state.recheck.verdict in BAD:
            fields = ", ".join(one.field for one in view.state.recheck.drifted)
            yield _risk(
                ids,
                f"recheck {view.item.id}",
                title=f"{view.standing.word}: {view.item.title}",
                description=f"{view.state.recheck.why} {fields}".strip() or view.standing.word,
                statement=f"Not as it was recorded any more: {view.item.letter}",
                status="open",
                items=[view.item.id],
            )
    unread = [
        view
        for view in views
        if view.state.recheck is not None and view.state.recheck.verdict in UNKNOWN
    ]
    if unread:
        yield _risk(
            ids,
            "recheck unread",
            title=f"{len(unread)} could not be read again",
            description=", ".join(view.item.title for view in unread),
            statement="Whether it is still as it was recorded is not known.",
            status="open",
            items=[view.item.id for view in unread],
        )


def _using(report: Report) -> Mapping[str, tuple[str, ...]]:
    """By input, the items that use it."""
    found: dict[str, list[str]] = {}
    for section in report.sections:
        for view in section.items:
            for name in inputs_of(view.item):
                found.setdefault(name, []).append(view.item.id)
    return {name: tuple(items) for name, items in found.items()}
