"""Each protection can still be switched off, and the tests that see to it are there.

`make protections` switches each off and sees the tests fail, which takes minutes.
"""

from collections import Counter

import msgspec
import pytest

from tests.protections.__main__ import unproved
from tests.protections.document import DOCUMENT, HEAD, rewritten, seen_to_by, start
from tests.protections.everything import everything
from tests.protections.protection import Protection
from tests.protections.switched_off import Case


@pytest.mark.parametrize("protection", everything(), ids=lambda one: one.name)
def test_it_can_be_switched_off_and_seen_to(protection: Protection) -> None:
    assert list(protection.problems()) == []


def test_each_has_a_name_of_its_own() -> None:
    assert max(Counter(one.name for one in everything()).values()) == 1


def test_what_the_code_no_longer_has_is_told() -> None:
    first = everything()[0]
    gone = msgspec.structs.replace(first, code="no code of this project", tests=("tests/x.py::y",))
    assert list(gone.problems()) == [
        f"{first.name}: its code occurs 0 times in {first.file}",
        f"{first.name}: there is no test tests/x.py::y",
    ]


def test_a_test_that_passes_without_it_is_told() -> None:
    first = msgspec.structs.replace(everything()[0], tests=("tests/x.py::y",))
    passed, failed = Case("tests/x.py::y", ""), Case("tests/x.py::y", "assert 1 == 2")
    name = first.name
    assert list(unproved(first, [passed], [failed])) == []
    assert list(unproved(first, [passed], [passed])) == [
        f"{name}: with it off tests/x.py::y passed"
    ]
    assert list(unproved(first, [passed], [])) == [
        f"{name}: with it off tests/x.py::y told nothing"
    ]
    assert list(unproved(first, [failed], [failed])) == [
        f"{name}: with it on tests/x.py::y failed: assert 1 == 2"
    ]
    assert list(unproved(first, [], [failed])) == [f"{name}: with it on tests/x.py::y told nothing"]


@pytest.mark.parametrize("protection", everything(), ids=lambda one: one.name)
def test_the_document_has_its_row(protection: Protection) -> None:
    rows = DOCUMENT.read_text(encoding="utf-8").splitlines()
    begins = f"{start(protection)} {seen_to_by(protection)} |"
    assert [line for line in rows if line.startswith(begins)], (
        f"run: .venv/bin/python -m tests.protections --write {protection.name}"
    )


def test_a_row_is_put_in_its_place_and_old_ones_go() -> None:
    first, second, *_ = everything()
    rows = [f"{start(one)} as it was |" for one in (second,)]
    text = f"# Promises\n\n{HEAD}\n| No more promised. | x |\n{rows[0]}\n"
    new = f"{start(first)} as it is |"
    assert rewritten(text, new) == f"# Promises\n\n{HEAD}\n{new}\n{rows[0]}\n"
    assert rewritten(rewritten(text, new), new) == rewritten(text, new)
