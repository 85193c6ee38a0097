"""Nothing that a terminal obeys, or an eye does not see, passes `safe`."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.effects import UNKNOWN
from wizard.safe import safe, safe_line


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("prod-alb", "prod-alb"),
        ("Überlast — größer", "Überlast — größer"),
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("a\x9b31mb", "a⟨U+009B⟩31mb"),
        ("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"),
        ("a\u200bb\ufeffc\u00ad", "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+00AD⟩"),
        ("\ud83d alone", "⟨U+D83D⟩ alone"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("line\u2028sep", "line⟨U+2028⟩sep"),
        ("a\tb\rc", "a␉b␍c"),
        ("two\nlines", "two\nlines"),
        (b"\xff\x1b", "\\xff␛"),
        (42, "42"),
        (UNKNOWN, "(known after apply)"),
        ("[@click=app.boom]OK[/]", "[@click=app.boom]OK[/]"),
    ],
)
def test_shows_what_would_act(raw: object, shown: str) -> None:
    assert safe(raw) == shown


def test_one_line_has_no_newline() -> None:
    assert safe_line("two\nlines\r\n") == "two␊lines␍␊"


def test_a_long_text_is_cut_and_says_so() -> None:
    assert safe("x" * 2001) == "x" * 1999 + "…"
    assert safe("x" * 2000) == "x" * 2000
    assert safe("\u202e" * 10, limit=9) == "⟨U+202E⟩…"
    assert safe("abc", limit=0) == ""


@given(st.text(st.characters(max_codepoint=sys.maxunicode)), st.integers(0, 300))
def test_nothing_active_passes_and_the_length_is_bounded(raw: str, limit: int) -> None:
    shown = safe_line(raw, limit=limit)
    assert len(shown) <= limit
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)
