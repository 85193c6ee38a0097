"""The table of criteria is the AICPA's, whole, and what the checklists name is in it."""

from collections import Counter

import pytest

from wizard.checklist.criteria import in_order, subject, table, vanta_title
from wizard.checklist.load import bundled, load_bundled, load_text
from wizard.errors import ChecklistError

SERIES = {
    **{f"CC{part}": count for part, count in enumerate((5, 3, 4, 2, 3, 8, 5, 1, 2), start=1)},
    "A1": 3,
    "C1": 2,
    "PI1": 5,
    **{f"P{part}": count for part, count in enumerate((1, 1, 2, 3, 2, 7, 1, 1), start=1)},
}
"""How many criteria each series of TSP Section 100 has."""

NEITHER = {
    "add-load-balancer": {"pre.region.optin", "pre.vpc", "lb.db.appid"},
    "add-region": {
        "pre.region.optin",
        "pre.vpc.default",
        "pre.vpc",
        "region.r53.zone",
        "region.ssm.docs",
        "region.lambda.layers",
        "region.lambda.import",
        "region.lambda.triggers",
        "region.final.devinstance",
    },
}
"""Items that are evidence for no criterion: they make what others then secure, watch or count."""


def test_the_table_has_every_criterion_of_the_five_categories() -> None:
    assert Counter(name.partition(".")[0] for name in table().criteria) == SERIES
    assert sum(SERIES.values()) == len(table().criteria) == 61


def test_criteria_are_sorted_as_they_are_numbered_and_unknown_ones_come_last() -> None:
    assert in_order({"A1.2", "CC8.1", "CC6.7", "CC9.9"}) == ["CC6.7", "CC8.1", "A1.2", "CC9.9"]
    assert subject("CC8.1").startswith("Changes authorized")
    assert subject("CC9.9") == ""
    assert vanta_title("load-balancer-config") == "Load balancer used (AWS)"
    assert vanta_title("one-of-tomorrow") == "one-of-tomorrow"


@pytest.mark.parametrize("name", bundled())
def test_each_item_bears_on_a_criterion_or_is_named_as_one_that_does_not(name: str) -> None:
    checklist = load_bundled(name).checklist
    assert {item.id for item in checklist.items if not item.controls} == NEITHER[name]
    assert checklist.controls == ("CC8.1",)


@pytest.mark.parametrize("name", bundled())
def test_every_alarm_is_monitoring_and_names_its_vanta_test(name: str) -> None:
    alarms = [i for i in load_bundled(name).checklist.items if i.step == "cloudwatch.alarm"]
    assert alarms
    for item in alarms:
        assert "CC7.2" in item.controls
        assert item.vanta


def test_no_known_vanta_test_is_left_unused() -> None:
    named = {
        test
        for name in bundled()
        for item in load_bundled(name).checklist.items
        for test in item.vanta
    }
    assert named == set(table().vanta)


def test_what_is_no_criterion_is_refused_with_its_line() -> None:
    text = load_bundled("add-load-balancer").text.replace("controls: [CC6.7]", "controls: [C6]", 1)
    with pytest.raises(ChecklistError, match=r"a\.yaml:\d+: Expected `str` matching"):
        load_text(text, "a.yaml")
