"""Each checklist holds every row and every line of its runbook, in the runbook's own words."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import steps
from wizard.checklist.lint import lint
from wizard.checklist.load import load_bundled
from wizard.checklist.model import Item
from wizard.checklist.pinned import Pinned
from wizard.step import Registry

DATA = Path(__file__).parents[1] / "data"
REGISTRY = Registry.of(steps)
PINNED = {
    "add_load_balancer": load_bundled("add-load-balancer"),
    "add_region": load_bundled("add-region"),
}
TITLES = {"add_load_balancer": 6, "add_region": 3}
"""The line of each runbook that is its title."""
ADDED: dict[str, set[str]] = {
    "add_load_balancer": set(),
    "add_region": {
        "pre.vpc.default",
        "region.lambda.layers",
        "region.lambda.roles",
        "region.lambda.triggers",
        "region.logs.groups",
        "region.sns.proof",
    },
}
"""Items that no row asks for."""
ERRATA = {
    "add_load_balancer": (1, 2, 3, 4, 5, 8, *range(11, 15), 25, *range(27, 34), *range(39, 43)),
    "add_region": (3, *range(5, 11), 12, *range(15, 28), 31, 32, *range(34, 39)),
}
"""What each must show, with the errata that only add to it."""

both = pytest.mark.parametrize("name", PINNED)
every_item = pytest.mark.parametrize(
    ("name", "item"),
    [(name, item) for name, pinned in PINNED.items() for item in pinned.checklist.items],
    ids=lambda value: value.id if isinstance(value, Item) else value,
)


def table(name: str, part: str) -> list[dict[str, str]]:
    """A table of `tests/data`: `lines` of a runbook, or the `rows` that they come to."""
    with (DATA / f"{name}_{part}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


LINES = {name: {int(row["line"]): row for row in table(name, "lines")} for name in PINNED}


def numbers(lines: str) -> Iterator[int]:
    """The lines that an item's `lines` names."""
    for part in lines.removeprefix("L").split(",") if lines else ():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def words(text: str) -> str:
    """A line without what makes it an entry of a list; a web page's fixed space is a space."""
    bare = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    return re.sub(r"^(•|- )\s*", "", bare).removesuffix("#").strip()


@both
def test_it_is_free_of_lint(name: str) -> None:
    assert lint(PINNED[name], REGISTRY) == []


@both
def test_every_row_is_an_item_and_every_item_a_row(name: str) -> None:
    items = Counter(item.id for item in PINNED[name].checklist.items)
    assert items == Counter([*(row["row"] for row in table(name, "rows")), *ADDED[name]])


@every_item
def test_the_letter_has_the_words_of_its_lines(name: str, item: Item) -> None:
    for number in numbers(item.lines):
        if number not in LINES[name]:
            continue  # it is blank
        line = words(LINES[name][number]["text"])
        # One line of the runbook holds two of its rows: each item has its part.
        assert line in item.letter or item.letter.splitlines()[-1] in line


@every_item
def test_the_letter_of_an_added_item_is_its_rows_text(name: str, item: Item) -> None:
    if item.lines or item.id in ADDED[name]:
        return
    text = next(row["text"] for row in table(name, "rows") if row["row"] == item.id)
    assert re.sub(r"^\([^)]*\) *", "", text) == item.letter


@both
def test_every_line_stands_in_the_item_it_belongs_to(name: str) -> None:
    checklist = PINNED[name].checklist
    where: dict[int, set[str]] = {}
    for item in checklist.items:
        for number in numbers(item.lines):
            where.setdefault(number, set()).add(item.id)
    for number, row in LINES[name].items():
        text = f"line {number}: {row['text']}"
        if row["row"] == "not-an-item":
            assert number not in where, text
            continue
        named = {
            one.strip().removeprefix("param:").partition(" ")[0] for one in row["row"].split(",")
        }
        wanted = {item.id for item in checklist.items if any(_is(one, item) for one in named)}
        if wanted:
            assert where.get(number) == wanted, text
            continue
        # It is the heading of a part: a section's, or told with what stands below it.
        below = {item.id for item in checklist.items if any(_is(f"{one}.*", item) for one in named)}
        assert below, f"{text} belongs to no item"
        titles = {section.title for section in checklist.sections}
        assert words(row["text"]) in titles or where.get(number, set()) & below, text


def _is(named: str, item: Item) -> bool:
    if named.endswith("*"):
        return item.id.startswith(named[:-1])
    return item.id == named


@both
def test_its_title_is_the_runbooks(name: str) -> None:
    assert words(LINES[name][TITLES[name]]["text"]) == PINNED[name].checklist.title


@both
def test_every_erratum_is_on_an_item(name: str) -> None:
    shown = {erratum for item in PINNED[name].checklist.items for erratum in item.advice}
    assert shown >= {f"E{number}" for number in ERRATA[name]}
    assert shown <= set(PINNED[name].advice)


@both
def test_an_erratum_of_a_question_is_on_each_item_that_uses_the_answer_to_write(name: str) -> None:
    checklist = PINNED[name].checklist
    for asked, question in checklist.inputs.items():
        if question.advice is None:
            continue
        users = [item for item in checklist.items if _uses(PINNED[name], item, asked)]
        assert users, asked
        assert any(question.advice in item.advice for item in users), asked


def _uses(pinned: Pinned, item: Item, asked: str) -> bool:
    return bool(re.search(rf"inputs\.{asked}\b", f"{item.with_} {item.foreach} {item.when}"))
