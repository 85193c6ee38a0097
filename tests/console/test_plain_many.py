"""Plain mode and unattended runs with an item for each of many: counts, and the failing ones."""

import io
from pathlib import Path

from rich.console import Console

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_fan_out import MANY, NAMES, VALUE, failing
from wizard.console.plain.attend import wants
from wizard.console.plain.many import choices, failed, show_failed, tally
from wizard.console.plain.paper import Paper
from wizard.console.plain.planning import MOST, show_calls
from wizard.console.plan import as_json, print_plan
from wizard.console.progress import Progress
from wizard.engine.commands import Answer, Approve
from wizard.session.state import SessionState, Status


def failed_run(tmp_path: Path) -> tuple[Stage, SessionState]:
    stage = Stage(tmp_path, MANY)
    failing(stage, "two")
    return stage, stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))


def test_the_failing_ones_are_named_and_can_be_seen_to_alone(tmp_path: Path) -> None:
    _, state = failed_run(tmp_path)
    item = state.item("many")
    assert wants(state, item)
    assert tally(item) == "2 done, 1 failed"
    assert [one.id for one in failed(item)] == ["many[two]"]
    assert [one.value for one in choices(item)] == ["many[two]"]
    out = io.StringIO()
    show_failed(item, Paper(Console(file=out, width=100)))
    assert "Of 3: 2 done, 1 failed" in out.getvalue()
    assert "refused" in out.getvalue()


def test_many_calls_are_counted_and_the_first_printed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    names = Answer(input="names", value=[f"n{number}" for number in range(50)])
    state = stage.run(names, VALUE, approve=False, until=item_is("many", Status.NEEDS_APPROVAL))
    out = io.StringIO()
    show_calls(state.item("many").planned, Paper(Console(file=out, width=100)))
    assert "50 calls: 50 things:PutThing" in out.getvalue()
    assert "Put n19" in out.getvalue()
    assert f"Put n{MOST}" not in out.getvalue()


def test_an_unattended_run_prints_counts_and_what_failed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    failing(stage, "two")
    out = io.StringIO()
    engine = stage.engine()
    progress = Progress(stage.pinned.checklist, out)
    engine.subscribe(progress.show)
    play(engine, Approve(), NAMES, VALUE, until=item_is("many", Status.FAILED))
    assert "1 of 3 failed: two" in out.getvalue()
    assert "many[two]: refused" in out.getvalue()
    assert "many[one]" not in out.getvalue()


def test_a_plan_on_paper_says_how_many_and_json_has_each(tmp_path: Path) -> None:
    stage = Stage(tmp_path, MANY)
    stage.world.things["two"] = "right"
    engine = stage.preview()
    play(engine, NAMES, VALUE)
    out = io.StringIO()
    print_plan(stage.pinned, engine.snapshot.state, out)
    assert "of 3: " in out.getvalue()
    assert "2 planned" in out.getvalue()
    told = as_json(stage.pinned, engine.snapshot.state)
    assert told["items"][0]["members"] == {"one": "planned", "two": "done", "three": "planned"}
