"""A free list of texts: read, checked entry by entry, consented to, compared with the letter."""

from pathlib import Path

import pytest

from wizard.checklist.answers import read_answers
from wizard.checklist.inputs import check_answer, consents, dangerous, deviation, parse_answer
from wizard.checklist.load import load_text
from wizard.checklist.model import Consent, FixedChoice, Input
from wizard.effects import Json
from wizard.step import Option

CIDR = r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}"
ADDRESSES = Input(
    label="Addresses",
    type="texts",
    pattern=CIDR,
    pattern_help="It is not a range such as 10.0.0.0/16.",
    minimum=1,
    maximum=3,
    consent=Consent(value="0.0.0.0/0", phrase="open to the world"),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.0.0.0/16", ["10.0.0.0/16"]),
        ("a, b,c", ["a", "b", "c"]),
        ("a\nb\r\n  c;d", ["a", "b", "c", "d"]),
        (" a , , a ", ["a"]),
        ("", []),
        (" , ", []),
    ],
)
def test_entries_are_separated_by_commas_spaces_or_lines(text: str, value: Json) -> None:
    assert parse_answer(ADDRESSES, text) == value


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        (["10.0.0.0/16", "10.1.0.0/16"], ""),
        ([], "Addresses is needed."),
        (["ten"], "ten: It is not a range such as 10.0.0.0/16."),
        (["10.0.0.0/16", "10.0.0.0/16"], "10.0.0.0/16 is chosen twice."),
        (["1.1.1.1/1", "2.2.2.2/2", "3.3.3.3/3", "4.4.4.4/4"], "at most 3"),
        ("10.0.0.0/16", "A list is needed."),
        ([16], "16: 16 is not text."),
        ([""], "separate them"),
        (["10.0.0.0/16 10.1.0.0/16"], "separate them"),
    ],
)
def test_each_entry_is_checked(value: Json, wrong: str) -> None:
    told = check_answer(ADDRESSES, value)
    assert wrong in told if wrong else not told


def test_suggestions_may_be_chosen_and_need_not() -> None:
    options = [Option(value="10.0.0.0/16", label="VPC"), Option("10.9.0.0/16", "old", disabled="x")]
    assert not check_answer(ADDRESSES, ["10.0.0.0/16", "10.1.0.0/16"], options)
    assert "cannot be chosen" in check_answer(ADDRESSES, ["10.9.0.0/16"], options)


def test_an_optional_list_may_be_empty() -> None:
    asked = Input(label="More", type="texts", optional=True)
    assert parse_answer(asked, "") is None
    assert not check_answer(asked, None)
    assert not check_answer(asked, [])


@pytest.mark.parametrize(
    ("value", "needed"),
    [
        (["10.0.0.0/16"], False),
        (["10.0.0.0/16", "0.0.0.0/0"], True),
        ("0.0.0.0/0", True),
        ([], False),
        (None, False),
    ],
)
def test_one_dangerous_entry_needs_the_phrase(value: Json, needed: bool) -> None:
    assert consents(ADDRESSES, value) is needed


def test_consent_without_a_value_counts_for_whatever_is_chosen_anew() -> None:
    groups = Input(label="Groups", type="choices", consent=Consent(phrase="delete older events"))
    assert not consents(groups, [])
    assert not consents(groups, "")
    assert consents(groups, ["a"])
    assert dangerous(groups, ["a", "b"], ["a"]) == ["b"]
    assert dangerous(groups, ["a"], ["a", "b"]) == []


def test_consent_counts_in_choices_too_and_not_where_none_is_asked() -> None:
    asked = Input(
        label="Which",
        type="choices",
        choices=(FixedChoice(value=1, label="One"), FixedChoice(value=2, label="Two")),
        consent=Consent(value=1, phrase="one"),
    )
    assert consents(asked, [2, 1])
    assert not consents(asked, [True])
    assert not consents(Input(label="Free", type="texts"), ["0.0.0.0/0"])


@pytest.mark.parametrize(
    ("letter", "value", "departs"),
    [
        ("0.0.0.0/0", ["0.0.0.0/0"], False),
        ("0.0.0.0/0", ["10.0.0.0/16"], True),
        ("0.0.0.0/0", ["0.0.0.0/0", "10.0.0.0/16"], True),
        ("0.0.0.0/0", [], True),
        (["a", "b"], ["b", "a"], False),
        (["a", "b"], ["a"], True),
    ],
)
def test_a_list_departs_from_the_letter_when_it_is_another(
    letter: Json, value: Json, departs: bool
) -> None:
    asked = Input(label="Addresses", type="texts", letter=letter, advice="E23")
    assert deviation(asked, value) is departs


def test_an_answers_file_has_a_list_or_a_text(tmp_path: Path) -> None:
    pinned = load_text(
        "{schema: st-wizard/1, id: t, title: T, source: t, inputs: {a: {label: A, type: texts}},"
        " sections: [{title: S, items: [{id: a, title: A, letter: A, step: t.t}]}]}",
        "t.yaml",
        advice="{}",
    )
    file = tmp_path / "answers.yaml"
    file.write_text("a: [one, two]\n", encoding="utf-8")
    assert read_answers(file, pinned) == {"a": ["one", "two"]}
    file.write_text("a: |\n  one\n  two\n", encoding="utf-8")
    text = read_answers(file, pinned)["a"]
    assert parse_answer(pinned.checklist.inputs["a"], str(text)) == ["one", "two"]
