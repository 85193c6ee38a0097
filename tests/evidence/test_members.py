"""Those that an item fans out over: a row each in the table, what failed first in the report."""

import csv
import io
from pathlib import Path

from tests.engine.stage import Stage, item_is
from tests.engine.test_fan_out import MANY, NAMES, VALUE, failing
from tests.evidence.session import Story, pinned
from wizard.engine.commands import Skip
from wizard.evidence.html import html
from wizard.evidence.table import items_csv
from wizard.evidence.views import Report, report
from wizard.session import events
from wizard.session.base import Member, member_id
from wizard.session.state import Status
from wizard.step import Difference


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
    assert view.read_count == view.reads[0].times > 1
    assert not [name for name, _ in whole.other_reads if name.startswith("many")]
    page = html(whole)
    assert "Each of 3: 1 failed" in page
    assert page.index(">two<") < page.index(">one<")


def many(count: int) -> Report:
    told = Story()
    item = "lb.dns.alias"
    members = tuple(Member(key=f"group-{number:04}", each="") for number in range(count))
    told.tell(events.ItemStarted(item=item), events.FannedOut(item=item, members=members))
    for member in members:
        name = member_id(item, member.key)
        told.tell(
            events.Observed(item=name, found={"days": 1}, differences=()),
            events.ItemDone(item=name, how="already", outputs={}),
        )
    failed = member_id(item, members[-1].key)
    told.tell(events.ItemFailed(item=failed, where="", what="No.", todo="Ask."))
    return report(pinned(), told.entries, told.state)


def test_of_thousands_the_page_shows_some_and_says_where_all_are() -> None:
    whole = many(700)
    page = html(whole)
    assert "The first 500 stand here" in page
    assert "items.csv has all 700." in page
    assert "group-0699" in page, "what failed comes first"
    assert "group-0600" not in page
    assert "group-0600" in items_csv(whole)


def test_before_and_after_of_what_is_no_fact_says_what_was_wanted() -> None:
    told = Story()
    name = member_id("lb.dns.alias", "one")
    told.tell(
        events.ItemStarted(item="lb.dns.alias"),
        events.FannedOut(item="lb.dns.alias", members=(Member(key="one", each="one"),)),
        events.Observed(item=name, found=None, differences=(Difference("layer", None, "it"),)),
        events.Observed(item=name, found={"arn": "arn"}, differences=(), after_writes=True),
    )
    whole = report(pinned(), told.entries, told.state)
    view = next(one for one in whole.sections[1].items if one.members)
    assert view.members[0].fields == ("layer: –, wanted it",)
