"""Patterns of checklists match in time, whatever is typed; others are refused with their line."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checklist.sample import ADVICE, CHECKLIST
from wizard.checklist.load import bundled, load_bundled, load_text
from wizard.checklist.patterns import LONGEST, complaint
from wizard.errors import ChecklistError

CATASTROPHIC = (
    "(a|a)*b",
    "(a+)+b",
    "(a*)*b",
    "(a|aa)+$",
    "(a?){50}a{50}",
    "(x+x+)+y",
    "(.*a){20}",
    "(a|b|ab)*c",
    "(|a)*b",
    "(a{2,3})*b",
    "(a*b*)*c",
    "(?:a+b?)+c",
    "(.+,)*x",
    "((a{1,100}){1,100}){1,100}",
    r"(\w+\s?)*$",
    r"([0-9]+,?)*x",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    "(?=(a+)+b)a*",
    r"\w+(?=(\w)+-)x",
    r"(a)\1*",
    ".*.*.*.*=",
    "a*a*a*a*b",
    "a*b*a*b*a*b*a*",
    "[a-z]*-?[a-z]*-?[a-z]*-?[a-z]*!",
)
HARMLESS = (
    "(-[a-z]+)+",
    r"([0-9]{1,3}\.){3}[0-9]{1,3}",
    r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
    "[a-z]+-[a-z]+-[a-z]+",
    "(ab|cd)?[0-9]{1,64}",
    "(?i:a|A)*b",
)


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_what_could_match_for_ever_is_refused(pattern: str) -> None:
    assert "for ever" in complaint(pattern)


@pytest.mark.parametrize("pattern", ["(", "[", "a{99999999999}", "(" * 2000, "x" * 1001])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    assert complaint(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *HARMLESS,
        *(
            asked.pattern
            for name in bundled()
            for asked in load_bundled(name).checklist.inputs.values()
            if asked.pattern
        ),
    ],
)
def test_what_a_checklist_needs_is_taken_and_ends_in_time(pattern: str) -> None:
    assert complaint(pattern) == ""
    began = time.process_time()
    for text in ("a" * (LONGEST - 1), "a-" * 1999, "a.b@" * 999, "10." * 1333, "/a" * 1999):
        re.fullmatch(pattern, f"{text}!")
    assert time.process_time() - began < 5


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*"ab.-()|*+?", "[ab]", "{1,3}", "{0,50}", r"\w", "(?=", "(?!"]),
        max_size=14,
    )
)
def test_whatever_is_taken_ends_in_time(parts: list[str]) -> None:
    pattern = "".join(parts)
    if not complaint(pattern):
        began = time.process_time()
        for text in ("a" * 300, "ab" * 150, ".-" * 150):
            re.fullmatch(pattern, f"{text}!")
        assert time.process_time() - began < 5


@pytest.mark.parametrize(("pattern", "words"), [("(a+)+b", "for ever"), ("(", "no regular")])
def test_the_file_is_refused_with_the_patterns_line(pattern: str, words: str) -> None:
    text = CHECKLIST.replace("    label: Name\n", f"    label: Name\n    pattern: '{pattern}'\n")
    with pytest.raises(ChecklistError, match=words) as caught:
        load_text(text, "f.yaml", advice=ADVICE)
    assert caught.value.where == "f.yaml:8"
