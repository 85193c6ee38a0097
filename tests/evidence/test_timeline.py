"""The times of a run: people apart from machine, to scale, and long waits visibly left out."""

import msgspec
import pytest

from tests.evidence.session import PIN, Story, story
from wizard.evidence.figures.chart import LABELS, charts
from wizard.evidence.figures.shapes import WIDTH, Box, Text
from wizard.evidence.timeline import (
    APPROVAL,
    AWS,
    CALLS,
    PERSON,
    STOPPED,
    Lane,
    Timeline,
    timeline,
)
from wizard.session import events, pauses
from wizard.session.base import PlannedCall
from wizard.session.events import AnyEvent, Entry
from wizard.session.lines import FIRST


def entries(*told: tuple[float, AnyEvent]) -> list[Entry]:
    """Events at these seconds of one day and the next."""
    first = Story().entries[0]
    made = [first]
    for at, event in told:
        day, seconds = divmod(at, 86400)
        clock = f"{int(seconds // 3600):02}:{int(seconds // 60 % 60):02}:{seconds % 60:09.6f}"
        made.append(
            msgspec.structs.replace(
                first,
                seq=len(made) + 1,
                at=f"2026-11-{int(1 + day):02}T{clock}Z",
                event=event,
                previous_sha256=FIRST,
            )
        )
    made[0] = msgspec.structs.replace(first, at="2026-11-01T00:00:00.000000Z")
    return made


def spans(lane: Lane) -> list[tuple[str, float, float]]:
    return [(span.kind, span.since, span.until) for span in lane.spans]


CALL = PlannedCall(title="Make it", service="sns", operation="CreateTopic", params={})


def run() -> Timeline:
    return timeline(
        entries(
            (1, events.ItemStarted(item="a")),
            (2, events.Planned(item="a", calls=(CALL,), needs_approval=True)),
            (6, events.Planned(item="a", calls=(CALL,), needs_approval=False)),
            (7, events.WaitStarted(item="a", waiting_for="it", every=5, limit=60)),
            (8, events.ItemStarted(item="b")),
            (
                9,
                pauses.PersonNeeded(
                    item="b", instructions="Look.", notices_itself=False, must_attest=True
                ),
            ),
            (15, events.ItemDone(item="a", how="changed", outputs={})),
            (20, pauses.Attested(item="b", note="Seen")),
            (21, events.ItemDone(item="b", how="attested", outputs={})),
            (21, events.SessionFinished()),
        )
    )


def test_each_item_has_its_times_by_what_they_were() -> None:
    a, b = run().lanes
    assert spans(a) == [(CALLS, 1, 2), (APPROVAL, 2, 6), (CALLS, 6, 7), (AWS, 7, 15)]
    assert spans(b) == [(CALLS, 8, 9), (PERSON, 9, 20), (CALLS, 20, 21)]
    assert b.of(PERSON) == 11


def test_the_whole_run_waits_for_a_person_only_when_nothing_else_goes_on() -> None:
    whole = run().whole
    assert [kind for kind, _, _ in spans(whole)] == [
        "idle",
        CALLS,
        APPROVAL,
        CALLS,
        AWS,
        CALLS,
        AWS,
        PERSON,
        CALLS,
    ]
    assert whole.of(PERSON) == 5
    assert sum(span.seconds for span in whole.spans) == run().seconds == 21
    assert run().breaks == ()


@pytest.mark.parametrize("killed", [False, True])
def test_a_night_off_is_no_work_and_is_left_out(killed: bool) -> None:
    stop = [] if killed else [(30, events.SessionSuspended(reason="closed"))]
    found = timeline(
        entries(
            (1, events.ItemStarted(item="a")),
            (30, events.WaitStarted(item="a", waiting_for="it", every=5, limit=60)),
            *stop,
            (50_030, events.SessionResumed(tool_version="0.3.0", pin=PIN)),
            (50_060, events.ItemDone(item="a", how="changed", outputs={})),
        )
    )
    [lane] = found.lanes
    assert spans(lane) == [(CALLS, 1, 30), (AWS, 50_030, 50_060)]
    assert found.whole.of(STOPPED) == 50_000
    assert [(one.kind, one.seconds) for one in found.breaks] == [(STOPPED, 50_000)]
    [figure] = charts(found, {})
    words = [shape.text for shape in figure.shapes if isinstance(shape, Text)]
    assert "13 h 53 min" in words
    assert "stopped" in words


def test_bars_are_drawn_to_scale() -> None:
    [figure] = charts(run(), {"a": "Item a"})
    bars = [
        shape
        for shape in figure.shapes
        if isinstance(shape, Box) and shape.x > LABELS and shape.height == 10
    ]
    a_second = (WIDTH - LABELS - 12) / 21
    assert bars[0].x == pytest.approx(LABELS + a_second)
    approval = next(
        one for one in figure.shapes if isinstance(one, Box) and one.height == 5 and one.x > LABELS
    )
    assert approval.width == pytest.approx(4 * a_second)
    assert all(bar.x + bar.width <= WIDTH for bar in bars)


def test_a_long_wait_for_a_person_with_looks_in_between_is_left_out_too() -> None:
    found = timeline(
        entries(
            (1, events.ItemStarted(item="a")),
            (
                10,
                pauses.PersonNeeded(
                    item="a", instructions="Click.", notices_itself=True, must_attest=False
                ),
            ),
            (80_000, events.ItemDone(item="a", how="observed", outputs={})),
            (80_000, events.ItemStarted(item="b")),
            (80_020, events.ItemDone(item="b", how="already", outputs={})),
        )
    )
    assert [(one.kind, one.since, one.until) for one in found.breaks] == [(PERSON, 10, 80_000)]


def test_a_clock_that_was_set_back_draws_nothing_backwards() -> None:
    found = timeline(
        entries(
            (10, events.ItemStarted(item="a")),
            (5, events.ItemDone(item="a", how="already", outputs={})),
            (20, events.SessionFinished()),
        )
    )
    assert all(span.until >= span.since for lane in found.lanes for span in lane.spans)


def test_what_is_still_open_lasts_to_the_end() -> None:
    found = timeline(story().entries)
    failed = next(lane for lane in found.lanes if lane.item == "lb.listener.create")
    assert failed.spans[-1].kind == PERSON
    assert failed.spans[-1].until == found.seconds


def test_a_session_without_events_has_no_figure() -> None:
    assert charts(timeline([]), {}) == ()
    assert charts(timeline(Story().entries), {}) == ()


def test_many_items_are_parted_over_several_figures() -> None:
    told: list[tuple[float, AnyEvent]] = []
    for number in range(120):
        told.append((number, events.ItemStarted(item=f"i{number}")))
        told.append((number + 0.5, events.ItemDone(item=f"i{number}", how="already", outputs={})))
    figures = charts(timeline(entries(*told)), {})
    assert len(figures) == 3
    assert all(figure.height < 1.35 * WIDTH for figure in figures)


def test_items_that_never_began_and_dropdowns_have_no_times() -> None:
    lanes = {lane.item for lane in timeline(story().entries).lanes}
    assert "lb.cover.rps" in lanes
    assert not lanes & {"lb.cover.million", "lb.cover.slack", "lb.dns.alias", "dropdown name"}


def test_what_took_no_time_is_shown_all_the_same() -> None:
    found = timeline(
        entries(
            (1, events.ItemStarted(item="a")),
            (1, events.ItemDone(item="a", how="already", outputs={})),
            (5, events.SessionFinished()),
        )
    )
    [lane] = found.lanes
    assert spans(lane) == [(CALLS, 1, 1)]
    assert charts(found, {})
