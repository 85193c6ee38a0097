"""The view by control: each criterion with what bears on it, and never more than was seen."""

import csv
import io
from collections.abc import Mapping

import pytest

from tests.evidence.session import ADVICE, CHECKLIST, OPERATOR, Story, story
from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.evidence.controls import ControlView
from wizard.evidence.html import html
from wizard.evidence.table import items_csv
from wizard.evidence.views import Report, report
from wizard.session import events
from wizard.session.rechecks import Rechecked, RecheckStarted, Verdict

NAMED = {
    "pre.identity": "controls: [CC8.1]",
    "lb.alb.create": "controls: [A1.2], vanta: [load-balancer-config]",
    "lb.listener.create": "controls: [CC6.7]",
    "lb.dns.alias": "controls: [CC6.6]",
    "lb.cover.rps": "controls: [A1.1]",
    "lb.cover.million": "controls: [CC7.2]",
    "lb.cover.slack": "controls: [CC7.3]",
}


def pinned_with(named: Mapping[str, str] = NAMED) -> Pinned:
    text = CHECKLIST.replace("inputs:\n", "controls: [CC8.1]\ninputs:\n", 1)
    for item, parts in named.items():
        if f"{{id: {item}," in text:
            text = text.replace(f"{{id: {item},", f"{{id: {item}, {parts},", 1)
        else:
            lines = "\n".join(f"        {part}" for part in parts.split(", vanta"))
            lines = lines.replace("        : [", "        vanta: [")
            text = text.replace(f"- id: {item}\n", f"- id: {item}\n{lines}\n", 1)
    text = text.replace(
        "step: elbv2.listener", "step: elbv2.listener\n        with: {a: '${inputs.tls_policy}'}"
    )
    return load_text(text, "a.yaml", advice=ADVICE)


def whole(told: Story) -> Report:
    return report(pinned_with(), told.entries, told.state)


def by_criterion(told: Story) -> dict[str, ControlView]:
    return {view.criterion: view for view in whole(told).controls}


def test_criteria_stand_in_the_order_of_their_numbers_with_their_items() -> None:
    found = whole(story()).controls
    assert [one.criterion for one in found] == [
        "CC6.6", "CC6.7", "CC7.2", "CC7.3", "CC8.1", "A1.1", "A1.2"
    ]  # fmt: skip
    [balancer] = found[-1].items
    assert balancer.item.id == "lb.alb.create"
    assert found[-1].vanta == (("load-balancer-config", "Load balancer used (AWS)"),)
    assert found[-1].subject.startswith("Environmental protection")


@pytest.mark.parametrize(
    ("criterion", "word"),
    [
        ("A1.2", "Read back from AWS"),
        ("A1.1", "In part on a person's word"),
        ("CC6.6", "In part open, skipped or not verified"),  # not begun
        ("CC6.7", "In part failed, in doubt or drifted"),
        ("CC7.2", "In part open, skipped or not verified"),  # skipped
        ("CC7.3", "In part open, skipped or not verified"),  # marked done by hand
    ],
)
def test_a_criterion_stands_as_its_weakest_item(criterion: str, word: str) -> None:
    assert by_criterion(story())[criterion].standing.word == word


def test_an_item_that_does_not_apply_counts_neither_way() -> None:
    told = story().tell(events.ItemNotApplicable(item="lb.dns.alias", why="no DNS here"))
    assert by_criterion(told)["CC6.6"].standing.word == "Nothing applied"


def test_the_run_itself_counts_once_it_is_over() -> None:
    told = story()
    assert by_criterion(told)["CC8.1"].standing.word.startswith("In part open")
    told.tell(events.SessionAborted(reason="another day"))
    assert by_criterion(told)["CC8.1"].standing.word == "Read back from AWS"
    assert by_criterion(told)["CC8.1"].by_the_run


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        (Verdict.MATCH, "Read back from AWS"),
        (Verdict.ATTESTED, "In part on a person's word"),
        (Verdict.DRIFT, "In part failed, in doubt or drifted"),
        (Verdict.GONE, "In part failed, in doubt or drifted"),
        (Verdict.DENIED, "In part open, skipped or not verified"),
        (Verdict.UNREADABLE, "In part open, skipped or not verified"),
        (Verdict.NOT_COMPARABLE, "In part open, skipped or not verified"),
    ],
)
def test_in_a_recheck_the_verdict_counts(verdict: Verdict, word: str) -> None:
    told = rechecking(Rechecked(item="lb.alb.create", verdict=verdict))
    assert by_criterion(told)["A1.2"].standing.word == word


def test_a_recheck_is_no_evidence_of_how_changes_are_made() -> None:
    told = rechecking(Rechecked(item="pre.identity", verdict=Verdict.MATCH))
    view = by_criterion(told.tell(events.SessionFinished()))["CC8.1"]
    assert not view.by_the_run
    assert [one.item.id for one in view.items] == ["pre.identity"]


def rechecking(*verdicts: Rechecked) -> Story:
    """A recheck of session 7 that has come so far."""
    begun = RecheckStarted(
        session="session-7",
        number=7,
        head_sha256="ab" * 32,
        bundle_sha256="cd" * 32,
        caller_arn=OPERATOR.caller_arn,
        tool_version="0.3.0",
    )
    return Story(8).tell(begun, *verdicts)


def test_departures_from_the_letter_stand_where_their_answer_is_used() -> None:
    found = by_criterion(story())
    assert found["CC6.7"].deviations == ("E11 Security Policy",)
    assert found["A1.2"].deviations == ()


def test_the_page_has_the_view_and_its_links_lead_somewhere() -> None:
    page = html(whole(story()))
    for criterion in ("CC6.7", "CC8.1", "A1.2"):
        assert page.count(f'id="control-{criterion}"') == 1
        assert f'href="#control-{criterion}"' in page
    assert "Vanta: Load balancer used (AWS)" in page
    assert "! Departs from the letter: E11 Security Policy" in page


def test_a_checklist_that_names_no_criteria_has_no_such_view() -> None:
    told = story()
    without = report(load_text(CHECKLIST, "a.yaml", advice=ADVICE), told.entries, told.state)
    assert without.controls == ()
    assert 'id="controls"' not in html(without)


def test_the_table_has_the_columns() -> None:
    rows = {row["item"]: row for row in csv.DictReader(io.StringIO(items_csv(whole(story()))))}
    assert rows["lb.alb.create"]["criteria"] == "A1.2"
    assert rows["lb.alb.create"]["vanta_tests"] == "load-balancer-config"
    assert rows["lb.cover.slack"]["vanta_tests"] == ""
