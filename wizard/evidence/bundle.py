"""The files of a session's evidence. Two exports of one session are the same bytes."""

import hashlib
from collections.abc import Callable, Sequence

from wizard.evidence.evidence_files import evidence_files
from wizard.evidence.files import Files, pretty
from wizard.evidence.html import html
from wizard.evidence.manifest import manifest
from wizard.evidence.oscal import NAME as OSCAL
from wizard.evidence.oscal import assessment_results
from wizard.evidence.readme import NAME as README
from wizard.evidence.readme import readme
from wizard.evidence.source import Source
from wizard.evidence.table import items_csv
from wizard.evidence.zipped import zipped

SUMS = "SHA256SUMS"
PDF = "report.pdf"
"""States the fingerprint and holds the other files, so it is not among what is fingerprinted."""

OUTSIDE = (SUMS, f"{SUMS}.operator.sig", f"{SUMS}.reviewer.sig", f"{SUMS}.tsr")
"""What may stand beside the listed files: it vouches for the list, so the list cannot name it."""

Part = Callable[[Source, Files], Files]
"""Gives files by name, from the source and from the files of the parts before it."""


def _journal(source: Source, _: Files) -> Files:
    return {"journal.jsonl": b"".join(line + b"\n" for line in source.lines)}


def _checklist(source: Source, _: Files) -> Files:
    pinned = source.pinned
    return {"checklist.yaml": pinned.text.encode(), "advice.yaml": pinned.advice_text.encode()}


def _manifest(source: Source, _: Files) -> Files:
    return {"manifest.json": pretty(manifest(source))}


def _items(source: Source, _: Files) -> Files:
    return {"items.csv": items_csv(source.report).encode()}


def _evidence(source: Source, _: Files) -> Files:
    return evidence_files(source.entries)


def _page(source: Source, _: Files) -> Files:
    return {"report.html": html(source.report).encode()}


def _oscal(source: Source, files: Files) -> Files:
    return {OSCAL: pretty(assessment_results(source, files))}


def _paper(source: Source, files: Files) -> Files:
    """In what is attached, SHA256SUMS itself has the fingerprint as its hash."""
    from wizard.evidence.pdf.document import pdf  # noqa: PLC0415  fpdf2 takes 0.4 s to import

    attached = zipped({**files, SUMS: sums(files)})
    return {PDF: pdf(source.report, fingerprint(files), attached)}


def _readme(source: Source, files: Files) -> Files:
    return {README: readme(source, files).encode()}


PARTS: Sequence[Part] = (
    _journal,
    _checklist,
    _manifest,
    _items,
    _evidence,
    _readme,
    _page,
    # What refers to other files by their hashes comes after them; `report.pdf` is the last.
    _oscal,
    _paper,
)


def bundle(source: Source) -> dict[str, bytes]:
    """The files of the folder by name, their sums among them."""
    files: dict[str, bytes] = {}
    for part in PARTS:
        made = part(source, files)
        if twice := files.keys() & made.keys():
            raise ValueError(f"two parts of the bundle make {sorted(twice)}")
        files |= made
    return {**files, SUMS: sums(files)}


def sums(files: Files) -> bytes:
    """The lines of `sha256sum`, by name."""
    return b"".join(
        sum_line(name, content) for name, content in sorted(files.items()) if name not in OUTSIDE
    )


def sum_line(name: str, content: bytes) -> bytes:
    """The line of `sha256sum` for a file."""
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def fingerprint(files: Files) -> str:
    """One hash for the whole: of the lines of SHA256SUMS without that of `report.pdf`.

    `grep -v '  report.pdf$' SHA256SUMS | sha256sum`
    """
    without = {name: content for name, content in files.items() if name != PDF}
    return hashlib.sha256(sums(without)).hexdigest()
