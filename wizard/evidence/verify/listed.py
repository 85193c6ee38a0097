"""SHA256SUMS against what is there: nothing changed, added, removed, renamed or put as a link."""

import hashlib
import re
from collections.abc import Mapping

from wizard.evidence.bundle import OUTSIDE, SUMS
from wizard.evidence.verify.finding import Finding, Held, failed, passed

_LINE = re.compile(rb"(?P<sha256>[0-9a-f]{64})  (?P<name>[A-Za-z0-9][A-Za-z0-9._/-]*)")


def sha256_of(content: bytes) -> str:
    """In hex."""
    return hashlib.sha256(content).hexdigest()


def listed(held: Held) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """SHA-256 by name as SHA256SUMS gives them, and what is wrong with the list itself."""
    text = held.files.get(SUMS)
    if text is None:
        return {}, (f"{SUMS} is missing",)
    found: dict[str, str] = {}
    problems = []
    *lines, rest = text.split(b"\n")
    if rest:
        problems.append(f"{SUMS} does not end with a line break")
        lines.append(rest)
    for number, line in enumerate(lines, 1):
        told = _LINE.fullmatch(line)
        if told is None:
            problems.append(f"{SUMS}, line {number} is not a hash, two spaces and a name")
            continue
        name = told["name"].decode()
        if name in found:
            problems.append(f"{SUMS} names {name} twice")
        found[name] = told["sha256"].decode()
    if list(found) != sorted(found):
        problems.append(f"{SUMS} is not in the order of the names")
    return found, tuple(problems)


def check_list(held: Held) -> tuple[Finding, ...]:
    """What is listed is there, as regular files, with its hash, and nothing else is."""
    names, problems = listed(held)
    return _files(held, names, problems), _sums(held, names)


def _files(held: Held, names: Mapping[str, str], problems: tuple[str, ...]) -> Finding:
    there = held.files.keys() - set(OUTSIDE)
    wrong = [
        *problems,
        *(f"{name} is {what}" for name, what in sorted(held.odd.items())),
        *(f"{name} is missing" for name in sorted(names.keys() - there - held.odd.keys())),
        *(f"{name} is not listed" for name in sorted(there - names.keys())),
    ]
    if wrong:
        return failed("files", "What is listed and what is there are not the same.", *wrong)
    return passed("files", f"All {len(names)} listed files are there, and no others.")


def _sums(held: Held, names: Mapping[str, str]) -> Finding:
    changed = [
        f"{name} was changed"
        for name, sha256 in names.items()
        if name in held.files and sha256_of(held.files[name]) != sha256
    ]
    if changed:
        return failed("sums", f"Files do not have the SHA-256 that {SUMS} gives.", *changed)
    if not names:
        return failed("sums", f"{SUMS} lists nothing.")
    return passed("sums", f"Every file has the SHA-256 that {SUMS} gives: none was changed since.")
