"""Those that an item fans out over: a row each in the table, what failed first in the report."""

import csv
import io
from pathlib import Path

from tests.engine.stage import Stage, item_is
from tests.engine.test_fan_out import MANY, NAMES, VALUE, failing
from wizard.engine.commands import Skip
from wizard.evidence.html import html
from wizard.evidence.table import items_csv
from wizard.evidence.views import Report, report
from wizard.session.state import Status


def reported(tmp_path: Path) -> Report:
    stage = Stage(tmp_path, MANY)
    failing(stage, "two", "three")
    stage.run(NAMES, VALUE, until=item_is("many", Status.FAILED))
    state = stage.run(
        Skip(item="many[three]", reason="=not wanted"),
        until=lambda state: (
            (problem := state.item("many").problem) is not None and "1 of 3" in problem.what
        ),
    )
    return report(stage.pinned, stage.journal.entries("s1"), state)


def test_a_row_for_each_after_the_item(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(items_csv(reported(tmp_path)))))
    assert [(row["item"], row["state"]) for row in rows] == [
        ("many", "failed"),
        ("many[two]", "failed"),
        ("many[one]", "done"),
        ("many[three]", "skipped"),
        ("after", "waiting"),
    ]
    by_item = {row["item"]: row for row in rows}
    assert by_item["many[one]"]["how"] == "changed"
    assert by_item["many[one]"]["mutating_calls"] == "1"
    assert by_item["many[two]"]["not_as_it_should_be"] == "value"
    assert "refused" in by_item["many[two]"]["problem"]
    assert by_item["many[three]"]["note"] == "'=not wanted"


def test_a_table_in_the_report_and_one_line_for_their_reads(tmp_path: Path) -> None:
    whole = reported(tmp_path)
    view = whole.sections[0].items[0]
    assert [one.key for one in view.members] == ["two", "one", "three"]
    assert view.members[1].fields == ("value: – → right",)
    assert len(view.reads) == 1
    assert not [name for name, _ in whole.other_reads if name.startswith("many")]
    page = html(whole)
    assert "Each of 3: 1 failed" in page
    assert page.index(">two<") < page.index(">one<")
