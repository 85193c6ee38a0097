"""Thousands of members: work that grows with their number, one listing for all, few commits."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.engine.stage import Stage, item_is, play
from wizard.effects import Read
from wizard.engine.commands import Approve
from wizard.engine.together import SPELL, WINDOW
from wizard.session.lines import Line
from wizard.session.state import Status
from wizard.session.writer import SessionJournal

LISTED = """
sections:
- title: S
  items:
  - id: many
    title: Many
    letter: Many
    step: test.listed
    foreach: {source: test.some}
    with: {name: "${each}"}
"""
MANY = 1200


def test_thousands_are_done_in_work_that_grows_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(tmp_path, LISTED)
    names = [f"n{number:04}" for number in range(MANY)]
    stage.world.things |= {"some": names, "all": dict.fromkeys(names[: MANY // 2], "right")}
    commits: list[int] = []
    commit = SessionJournal._commit

    def counted(self: SessionJournal, lines: Sequence[Line]) -> None:
        commits.append(len(lines))
        commit(self, lines)

    monkeypatch.setattr(SessionJournal, "_commit", counted)
    engine = stage.engine()
    turns: list[int] = []
    most: list[int] = [0]

    def watch(_snapshot: object) -> None:
        turns.append(1)
        most[0] = max(most[0], len(engine._scheduler.tasks), len(engine._scheduler.queued))

    engine.subscribe(watch)
    play(engine, Approve(), until=item_is("many", Status.DONE), seconds=120)
    state = stage.state()
    assert state.item("many").tally == {Status.DONE: MANY}
    assert len(stage.world.written()) == MANY // 2
    listings = [
        one for one in stage.world.calls if isinstance(one, Read) and one.params["Name"] == "all"
    ]
    # One for the survey, and one or two for each round of 500 writes: never one for each member.
    assert len(listings) <= 8
    assert most[0] <= WINDOW + 2
    # One for each intent and each result at most, and some for all the rest.
    assert len(commits) <= MANY + 100
    assert max(commits) <= 3 * SPELL
    assert len(turns) <= MANY + 100
