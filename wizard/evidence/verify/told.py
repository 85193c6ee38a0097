"""What the journal tells: that its chain is whole, and that every other file follows from it."""

import json
from collections.abc import Mapping, Sequence

from wizard import __version__
from wizard.effects import Json
from wizard.errors import WizardError
from wizard.evidence.bundle import OUTSIDE, PDF, bundle
from wizard.evidence.files import Files
from wizard.evidence.pdf.recompressed import same_but_for_compression
from wizard.evidence.verify.finding import Check, Finding, Held, failed, passed, unchecked
from wizard.evidence.verify.reread import Rereader, entries_of, journal_lines
from wizard.session.canonical import is_canonical

_CHECKLIST = "checklist.yaml and advice.yaml are the copies that ran, which the journal names."

_SAYS = {
    "manifest": "manifest.json says of session, account, outcome and counts what the journal says.",
    "items": "items.csv is what the journal gives, cell by cell.",
    "evidence": "Each call and each look is as the journal has it, and none is missing.",
    "report": "The report is what the journal gives, byte for byte, compression aside.",
    "others": "All other files are what the journal gives, byte for byte.",
}


def check_chain(held: Held) -> Sequence[Finding]:
    """Each line of the journal names the hash of the line before it."""
    try:
        lines = journal_lines(held.files, held.where)
        entries = entries_of(lines)
    except WizardError as error:
        return (failed("chain", "The journal is not whole.", error.what),)
    odd = [
        f"line {number} is not in the form of RFC 8785"
        for number, line in enumerate(lines, 1)
        if not is_canonical(line.encode())
    ]
    if odd:
        return (failed("chain", "Lines of the journal can be read in more than one way.", *odd),)
    says = (
        f"Each of the journal's {len(entries)} lines continues the one before: none was changed, "
        f"put in or taken out. Its head is {entries[-1].sha256}."
    )
    return (passed("chain", says),)


def follows(reread: Rereader) -> Check:
    """The check that all other files follow from the journal, by making them anew from it."""

    def check(held: Held) -> Sequence[Finding]:
        try:
            made = bundle(reread(held.files, held.where))
        except WizardError as error:
            return (failed("checklist", "It cannot be read as a session.", error.what),)
        except Exception as error:  # noqa: BLE001  a forged journal may tell what no engine would
            why = f"its journal tells what no session can ({type(error).__name__})"
            return (failed("checklist", "It cannot be read as a session.", why),)
        return (passed("checklist", _CHECKLIST), *_compared(held, made))

    return check


def _compared(held: Held, made: Files) -> Sequence[Finding]:
    """One finding for each kind of file."""
    by = _made_with(held)
    there = {name: content for name, content in held.files.items() if name not in OUTSIDE}
    wrong: dict[str, list[str]] = {kind: [] for kind in _SAYS}
    for name in sorted({*made, *there} - set(OUTSIDE)):
        if name not in there:
            wrong[_kind(name)].append(f"{name} is missing")
        elif name not in made:
            wrong[_kind(name)].append(f"{name} is nothing that the journal gives")
        elif there[name] != made[name] and not _only_compressed(name, there[name], made[name]):
            wrong[_kind(name)].append(f"{name} is not what the journal gives")
    if by != __version__ and "manifest.json" in there:
        wrong["manifest"] = _other_facts(there["manifest.json"], made["manifest.json"])
    return [_finding(kind, places, by) for kind, places in wrong.items()]


def _only_compressed(name: str, there: bytes, made: bytes) -> bool:
    """Whether the document was written on a machine with another zlib, and is the same."""
    return name == PDF and same_but_for_compression(there, made)


def _finding(kind: str, places: Sequence[str], by: str) -> Finding:
    if not places:
        return passed(kind, _SAYS[kind])
    if by == __version__ or kind == "manifest":
        return failed(kind, "It is not what the journal gives.", *places)
    says = f"It was made with st-wizard {by}, which may word it otherwise: verify it with that one."
    return unchecked(kind, says, *places)


def _kind(name: str) -> str:
    if name.startswith("evidence/"):
        return "evidence"
    stem = name.partition(".")[0]
    return stem if stem in {"manifest", "items", "report"} and "/" not in name else "others"


def _made_with(held: Held) -> str:
    manifest = _object(held.files.get("manifest.json", b""))
    tool = manifest.get("tool")
    return str(tool.get("exported_with", "")) if isinstance(tool, dict) else ""


def _other_facts(held: bytes, made: bytes) -> list[str]:
    """What another version's manifest and this one's both have, and have otherwise."""
    told, ours = _object(held), _object(made)
    keys = sorted((told.keys() & ours.keys()) - {"tool"})
    if not keys:
        return ["manifest.json is no manifest"]
    return [f"manifest.json has another {key}" for key in keys if told[key] != ours[key]]


def _object(content: bytes) -> Mapping[str, Json]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
