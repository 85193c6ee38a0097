"""What the report shows of the whole session, read from checklist, state and journal. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from wizard.checklist.model import Input
from wizard.checklist.pinned import Pinned
from wizard.evidence import words
from wizard.evidence.controls import ControlView, controls, not_mapped
from wizard.evidence.history import Happening, course
from wizard.evidence.items import ItemView, ReadView, items, reads, removed
from wizard.evidence.words import Standing
from wizard.session.base import Pin
from wizard.session.events import DeviationRecorded, Entry
from wizard.session.state import Answered, SessionState, Status

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


def report(pinned: Pinned, entries: Sequence[Entry], state: SessionState) -> Report:
    """The report of a session as it stands after `entries`."""
    views = items(pinned, entries, state)
    every = tuple(views.values())
    gone = removed(pinned, entries, state)
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
                shown=_answer(pinned.checklist.inputs.get(name), answer),
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
    )


def _on_somebodys_word(view: ItemView) -> bool:
    return view.state.status in {Status.MARKED, Status.SKIPPED, Status.NOT_APPLICABLE} or (
        view.state.attestation is not None
    )


def _label(pinned: Pinned, name: str) -> str:
    asked = pinned.checklist.inputs.get(name)
    return asked.label if asked else name


def _answer(asked: Input | None, answer: Answered) -> str:
    if asked is not None and asked.type == "secret":
        return f"(kept as the secret {answer.value})"
    return words.shown(answer.value)


def _result(state: SessionState, every: Sequence[ItemView]) -> str:
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
