"""What a check is of, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import msgspec

from wizard.evidence.files import Files


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as it was read: everything below its folder."""

    where: str
    files: Files
    """Regular files by name."""
    odd: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What is neither a regular file nor a folder with something in it, and what it is."""


class Outcome(StrEnum):
    """How a check came out."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    """It could not be made: somebody has to look."""
    ABSENT = "absent"
    """There is nothing to check, and there need not be."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one check says."""

    check: str
    """Its name, one word."""
    outcome: Outcome
    says: str
    """In one sentence: what was found, and what it means."""
    problems: tuple[str, ...] = ()
    """Where it failed, one place each."""


Check = Callable[[Held], Sequence[Finding]]


def passed(check: str, says: str) -> Finding:
    return Finding(check=check, outcome=Outcome.PASSED, says=says)


def failed(check: str, says: str, *problems: str) -> Finding:
    return Finding(check=check, outcome=Outcome.FAILED, says=says, problems=problems)


def unchecked(check: str, says: str, *problems: str) -> Finding:
    return Finding(check=check, outcome=Outcome.UNCHECKED, says=says, problems=problems)


def absent(check: str, says: str) -> Finding:
    return Finding(check=check, outcome=Outcome.ABSENT, says=says)
