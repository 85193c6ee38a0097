"""What the report shows of the whole session, read from checklist, state and journal. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from wizard.checklist.model import Input
from wizard.checklist.pinned import Pinned
from wizard.evidence import words
from wizard.evidence.conditions import answer_shown
from wizard.evidence.controls import ControlView, controls, not_mapped
from wizard.evidence.history import Happening, course
from wizard.evidence.items import ItemView, ReadView, items, reads, removed
from wizard.evidence.rechecked import RecheckView, outcome, rechecked
from wizard.evidence.timeline import (
    APPROVAL,
    AWS,
    CALLS,
    IDLE,
    PERSON,
    STOPPED,
    WORDS,
    Lane,
    Timeline,
)
from wizard.evidence.timeline import timeline as times
from wizard.evidence.topology import Topology, topology
from wizard.evidence.words import Standing
from wizard.session.base import Pin
from wizard.session.events import Approved, DeviationRecorded, Entry
from wizard.session.state import Answered, SessionState, Status
from wizard.step import Related

REMOVED = "Removed from the checklist during the session"


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """An answered input."""

    name: str
    asked: Input | None
    answer: Answered
    shown: str
    deviates: bool


class SectionView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    items: tuple[ItemView, ...]


class LaneView(msgspec.Struct, frozen=True, kw_only=True):
    """An item's times, as the table beside the figure has them."""

    number: str
    title: str
    began: float
    """Seconds after the session's start."""
    seconds: tuple[float, ...]
    """With calls, AWS, approvals, people."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that the report says."""

    pinned: Pinned
    state: SessionState
    pin: Pin | None
    standing: Standing
    result: str
    actors: tuple[str, ...]
    lasted: str
    counts: tuple[tuple[Standing, int], ...]
    deviations: tuple[tuple[str, DeviationRecorded], ...]
    """With the input's label."""
    open_points: tuple[ItemView, ...]
    unverified: tuple[ItemView, ...]
    """Ended, but on somebody's word: marked, skipped, attested, not applicable."""
    course: tuple[Happening, ...]
    answers: tuple[AnswerView, ...]
    sections: tuple[SectionView, ...]
    controls: tuple[ControlView, ...]
    """By Trust Services Criterion; empty where the checklist names none."""
    not_mapped: tuple[ItemView, ...]
    """Items that are evidence for no criterion."""
    other_reads: tuple[tuple[str, tuple[ReadView, ...]], ...]
    """Reads that belong to no item, such as those of dropdowns."""
    entries: int
    approvals: tuple[Happening, ...]
    timeline: Timeline
    lanes: tuple[LaneView, ...]
    times: tuple[tuple[str, float], ...]
    """What the whole run did or waited for, in words, and for how many seconds."""
    topology: Topology
    recheck: RecheckView | None = None
    """Of a recheck: what came of it."""

    @property
    def simulated(self) -> bool:
        """Whether it was no real AWS account."""
        return bool(self.pin and self.pin.endpoint_url)


def report(
    pinned: Pinned,
    entries: Sequence[Entry],
    state: SessionState,
    related: Sequence[Related] = (),
) -> Report:
    """The report of a session as it stands after `entries`; `related` is what its picture shows."""
    numbers = {
        item.id: f"{index}.{place}"
        for index, section in enumerate(pinned.checklist.sections, 1)
        for place, item in enumerate(section.items, 1)
    }
    views = {
        name: replace(view, number=numbers[name])
        for name, view in items(pinned, entries, state).items()
    }
    every = tuple(views.values())
    last = len(pinned.checklist.sections) + 1
    gone = [
        replace(view, number=f"{last}.{place}")
        for place, view in enumerate(removed(pinned, entries, state), 1)
    ]
    left = {view.item.id: view for view in gone}
    told = times(entries)
    of_items = {*views, *(view.item.id for view in gone)}
    return Report(
        pinned=pinned,
        state=state,
        pin=state.pin,
        standing=words.session_standing(state),
        result=_result(state, every),
        actors=tuple(dict.fromkeys(words.who(entry.actor) for entry in entries)),
        lasted=words.lasted(state.started_at, state.finished_at or state.updated_at),
        counts=tuple(Counter(view.standing for view in every).items()),
        deviations=tuple(
            (_label(pinned, deviation.input), deviation) for deviation in state.deviations.values()
        ),
        open_points=tuple(view for view in every if not view.state.status.ended),
        unverified=tuple(view for view in every if _on_somebodys_word(view)),
        course=tuple(course(entries)),
        answers=tuple(
            AnswerView(
                name=name,
                asked=pinned.checklist.inputs.get(name),
                answer=answer,
                shown=answer_shown(pinned.checklist.inputs.get(name), answer),
                deviates=any(one.input == name for one in state.deviations.values()),
            )
            for name, answer in state.answers.items()
        ),
        sections=(
            *(
                SectionView(
                    title=section.title, items=tuple(views[item.id] for item in section.items)
                )
                for section in pinned.checklist.sections
            ),
            *([SectionView(title=REMOVED, items=tuple(gone))] if gone else ()),
        ),
        controls=controls(pinned.checklist, views, state),
        not_mapped=not_mapped(views),
        other_reads=tuple(
            (name, tuple(found)) for name, found in reads(entries).items() if name not in of_items
        ),
        entries=len(entries),
        approvals=tuple(course(one for one in entries if isinstance(one.event, Approved))),
        timeline=told,
        lanes=tuple(
            _lane(lane, views.get(lane.item) or left.get(lane.item)) for lane in told.lanes
        ),
        times=tuple(
            (WORDS[kind], told.whole.of(kind))
            for kind in (STOPPED, CALLS, AWS, APPROVAL, PERSON, IDLE)
            if told.whole.of(kind) > 0
        ),
        topology=topology(related, state),
        recheck=rechecked(pinned, state),
    )


def _lane(lane: Lane, view: ItemView | None) -> LaneView:
    return LaneView(
        number=view.number if view else "",
        title=view.item.title if view else lane.item,
        began=lane.spans[0].since if lane.spans else 0,
        seconds=tuple(lane.of(kind) for kind in (CALLS, AWS, APPROVAL, PERSON)),
    )


def _on_somebodys_word(view: ItemView) -> bool:
    return view.state.status in {Status.MARKED, Status.SKIPPED, Status.NOT_APPLICABLE} or (
        view.state.attestation is not None
    )


def _label(pinned: Pinned, name: str) -> str:
    asked = pinned.checklist.inputs.get(name)
    return asked.label if asked else name


def _result(state: SessionState, every: Sequence[ItemView]) -> str:
    if state.rechecks is not None and state.finished_at and not state.aborted:
        return outcome(state.rechecks, state)
    ended = sum(view.state.status.ended for view in every)
    seen = sum(view.state.status is Status.DONE and view.state.how != "attested" for view in every)
    counted = (
        f"{ended} of {len(every)} items have ended: {seen} done and verified, "
        f"{ended - seen} on a person's word or left out"
    )
    if state.aborted:
        return f"The session was aborted: {state.aborted} {counted.capitalize()}."
    if not state.finished_at:
        return f"The session is not finished. {counted}; the rest is listed under Open points."
    return f"{counted}."
