"""The report tells the comparison in its columns, and deeds and accepted differences by whom."""

from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_deeds import LINK, SUBSCRIBED, Operator, act, paused
from wizard.engine.commands import AcceptDifference
from wizard.evidence.comparison import comparison
from wizard.evidence.html import html
from wizard.evidence.views import report
from wizard.session.state import ItemState, Status

COMPARED = """
sections:
- title: S
  items:
  - id: a
    title: Like there
    letter: L
    step: test.setup
    with: {name: one, settings: {size: large}}
    reference: {region: eu-west-1, with: {name: theirs}, expected: {owner: it is ours}}
"""


def page(stage: Stage) -> str:
    state = stage.state()
    return html(report(stage.pinned, stage.journal.entries("s1"), state))


def test_the_columns_marks_and_reasons_stand_in_the_report(tmp_path: Path) -> None:
    stage = Stage(tmp_path, COMPARED)
    stage.world.things = {
        "eu-west-1/theirs": {"size": "large", "owner": "eve", "kept": "<yes>"},
        "one": {"size": "small", "owner": "ada", "kept": "no"},
    }
    stage.run(approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    accept = AcceptDifference(item="a", field="kept", reason="as agreed")
    play(stage.engine(), accept, until=lambda state: bool(accepted(state.item("a"))))
    stage.run()
    told = page(stage)
    assert "Beside eu-west-1" in told
    for mark in ("= same", "≈ expected", "✎ accepted"):
        assert mark in told
    assert "it is ours" in told
    assert "as agreed" in told
    assert "Let kept differ from the reference region" in told
    assert "&lt;yes&gt;" in told
    view = comparison(stage.state().item("a"))
    assert view is not None
    assert [row.field for row in view.rows] == ["owner", "kept", "size"]


def accepted(item: ItemState) -> bool:
    return item.comparison is not None and bool(item.comparison.accepted)


def test_why_it_could_not_be_compared_is_told(tmp_path: Path) -> None:
    stage = Stage(tmp_path, COMPARED)
    stage.run()
    assert "eu-west-1 has none: the letter is followed." in page(stage)


def test_an_item_without_counterpart_has_no_comparison() -> None:
    assert comparison(ItemState(id="a")) is None


def test_deeds_are_in_the_history_without_their_secret(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SUBSCRIBED)
    Operator(stage, (paused, act("link", LINK))).run()
    told = page(stage)
    assert "Had the wizard do it: link with host sns.test." in told
    assert "What was asked, link, was done." in told
    assert "canary" not in told
