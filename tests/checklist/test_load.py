"""A checklist file is data in strict YAML, and what is wrong with it is said with its line."""

import hashlib
from pathlib import Path

import pytest

from tests.checklist.sample import ADVICE, CHECKLIST
from wizard.checklist import load, yaml_text
from wizard.checklist.pinned import Pinned
from wizard.errors import ChecklistError, UsageError


def pinned(text: str = CHECKLIST, advice: str = ADVICE) -> Pinned:
    return load.load_text(text, "sample.yaml", advice=advice)


def refused(text: str, advice: str = ADVICE) -> str:
    with pytest.raises(ChecklistError) as caught:
        pinned(text, advice)
    return str(caught.value)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_checklist_is_pinned_to_its_exact_text() -> None:
    crlf = CHECKLIST.replace("\n", "\r\n") + "# ä\r\n"
    found = pinned(crlf)
    assert found.text == crlf
    assert found.sha256 == hashlib.sha256(crlf.encode()).hexdigest()
    assert [item.id for item in found.checklist.items] == ["first", "second"]
    assert found.checklist.item("second").needs == ("first",)
    assert found.advice["E11"].severity == "WARN"


def test_a_file_is_read_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "sample.yaml"
    file.write_bytes(CHECKLIST.replace("\n", "\r\n").encode())
    assert load.load(file, advice=ADVICE).text.encode() == file.read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "Cannot be read: No such file"), (b"\xff\xfe\x00", "not UTF-8")],
)
def test_an_unreadable_file_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "sample.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ChecklistError, match=words) as caught:
        load.load(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("title: First", "titel: First", "titel: First", "unknown field `titel`"),
        ("        lines: L1\n        step: fake.thing\n", "", "id: first", "field `step`"),
        ("id: second", "id: Second", "id: Second", "matching regex"),
        ("type: choice", "type: choose", "type: choose", "Invalid enum value"),
        ("label: Zone", "label: 12", "label: 12", "Expected `str`, got `int`"),
        ("  zone:", "  Zone-1:", "  Zone-1:", "matching regex"),
        ("schema: st-wizard/1", "schema: st-wizard/2", "schema:", "Invalid enum value"),
    ],
)
def test_what_the_model_refuses_is_said_with_its_line(
    old: str, new: str, at: str, words: str
) -> None:
    text = CHECKLIST.replace(old, new, 1)
    assert text != CHECKLIST
    said = refused(text)
    assert said.startswith(f"sample.yaml:{line_of(text, at)}: ")
    assert words in said


def test_a_wrong_line_of_the_advice_table_is_named_too() -> None:
    said = refused(CHECKLIST, ADVICE.replace("severity: WARN", "severity: LOUD"))
    assert said.startswith("advice.yaml:2: ")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "`a` stands here again, first in line 1"),
        ("a: &x 1\n", 1, "anchors and aliases"),
        ("a: 1\nb: *x\n", 2, "anchors and aliases"),
        ("&x a: 1\n", 1, "anchors and aliases"),
        ("a: !!str 1\n", 1, "the tag"),
        ("- !ruby/object x\n", 1, "the tag"),
        ("? [a, b]\n: 1\n", 1, "a key must be text"),
        ("a: 1\n---\nb: 2\n", 2, "a second document"),
        ("%YAML 1.1\n---\na: 1\n", 2, "directives"),
        ("a: [1\nb: 2\n", 2, "expected"),
        ("a: 'x\n", 2, "quoted scalar"),
        ("a: 1\n\tb: 2\n", 2, ""),
        ("a: 1\nb: \x07\n", 2, "not YAML"),
        ("[" * 40 + "]" * 40, 1, "nested deeper than 24"),
    ],
)
def test_yaml_that_is_more_than_data_is_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(ChecklistError) as caught:
        yaml_text.read(text, "f.yaml")
    assert caught.value.where == f"f.yaml:{line}"
    assert words in caught.value.what


def test_a_large_file_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(ChecklistError, match="larger than 512 KiB"):
        yaml_text.read("#" * (yaml_text.MAX_BYTES + 1), "f.yaml")


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("000011112222", "000011112222"),
        ("111122223333", "111122223333"),
        ("007", "007"),
        ("0", 0),
        ("-12", -12),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2016-08-01", "2016-08-01"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("'12'", "12"),
        ('"true"', "true"),
        (".inf", ".inf"),
        (".nan", ".nan"),
    ],
)
def test_plain_scalars_read_as_json_does(scalar: str, value: object) -> None:
    found = yaml_text.read(f"a: {scalar}\n", "f.yaml").content["a"]
    assert found == value
    assert type(found) is type(value)


def test_an_empty_file_is_refused_as_a_checklist() -> None:
    assert refused("") == "sample.yaml:1: Expected `object`, got `null`."


def test_what_comes_with_the_package_can_be_listed_and_an_unknown_id_names_it() -> None:
    assert "add-load-balancer" in load.bundled()
    assert "advice" not in load.bundled()
    with pytest.raises(UsageError, match=r"There are: .*add-load-balancer"):
        load.load_bundled("add-load-balancers")


def test_a_character_in_two_halves_as_json_writes_it_is_one() -> None:
    assert yaml_text.read('a: "\\ud83d\\ude00"\n', "f.yaml").content == {"a": "\U0001f600"}
