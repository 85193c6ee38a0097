"""The table in `docs/promises.md`: a row for each protection, as it was last seen to be missed."""

from collections.abc import Iterator

from tests.protections.everything import everything
from tests.protections.protection import ROOT, Protection
from tests.protections.switched_off import Case, bad

DOCUMENT = ROOT / "docs" / "promises.md"
HEAD = "| Promise | Test | Tried | With the protection off |\n|---|---|---|---|"


def row(protection: Protection, on: list[Case], off: list[Case]) -> str:
    """A line of the table."""
    tried = f"{len(on)} case{'s' if len(on) != 1 else ''}"
    figures = "; ".join(filter(None, [tried, protection.figures]))
    said = next((case.failed for case in bad(off)), "nothing failed")
    told = f"{len(bad(off))} of {len(off)} failed: `{_cell(said)}`"
    return f"{start(protection)} {seen_to_by(protection)} | {figures} | {told} |"


def start(protection: Protection) -> str:
    """How its row begins."""
    return f"| {protection.promise} |"


def seen_to_by(protection: Protection) -> str:
    """Its tests, with where they are."""
    files: dict[str, list[str]] = {}
    for test in protection.tests:
        file, _, name = test.partition("::")
        files.setdefault(file, []).append(name)
    return "; ".join(f"[{', '.join(names)}](../{file})" for file, names in files.items())


def rewritten(text: str, new: str) -> str:
    """The document with this row in its place; rows of promises that are no more go."""
    before, _, rest = text.partition(HEAD + "\n")
    lines = rest.splitlines()
    table = [line for line in lines if line.startswith("| ")]
    after = "\n".join(lines[len(table) :])
    rows = [*table, new]
    ordered = list(_in_order(rows))
    return f"{before}{HEAD}\n" + "\n".join(ordered) + f"\n{after}".rstrip() + "\n"


def _in_order(rows: list[str]) -> Iterator[str]:
    for protection in everything():
        found = [line for line in rows if line.startswith(start(protection))]
        if found:
            yield found[-1]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")
