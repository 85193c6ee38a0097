"""Each protection can still be switched off, and the tests that see to it are there.

`make protections` switches each off and sees the tests fail, which takes minutes.
"""

from collections import Counter

import msgspec
import pytest

from tests.protections.__main__ import unnoticed
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
    first = everything()[0]
    passed, failed = Case(first.tests[0], ""), Case(first.tests[0], "assert 1 == 2")
    assert list(unnoticed(first, [passed])) == [
        f"{first.name}: with it off {test} {'passed' if test == passed.test else 'told nothing'}"
        for test in first.tests
    ]
    assert not list(unnoticed(first, [passed, failed]))[len(first.tests) - 1 :]
