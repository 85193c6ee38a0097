"""Ways to tamper with a bundle, and which checks find each. The table in `docs/` says the same."""

import hashlib
import json
from collections.abc import Callable, Mapping

import msgspec

from wizard.evidence.bundle import SUMS, sums

CHECKS = (
    "files",
    "sums",
    "chain",
    "checklist",
    "manifest",
    "items",
    "evidence",
    "report",
    "others",
)
"""The checks of `st-wizard verify`, in their order."""

Files = dict[str, bytes]


class Tampering(msgspec.Struct, frozen=True, kw_only=True):
    """One way, done to the files of a bundle."""

    kind: str
    do: Callable[[Files], Files]
    steps: frozenset[int]
    """The steps of README-VERIFY that find it."""
    checks: frozenset[str]
    """The checks of `st-wizard verify` that find it."""


def _edit(name: str, old: bytes, new: bytes) -> Callable[[Files], Files]:
    def do(files: Files) -> Files:
        assert old in files[name], name
        return {**files, name: files[name].replace(old, new, 1)}

    return do


def _then_sums(do: Callable[[Files], Files]) -> Callable[[Files], Files]:
    """As one who knows does it: the list is written anew."""

    def both(files: Files) -> Files:
        changed = do(files)
        return {**changed, SUMS: sums(changed)}

    return both


def _without(name: str) -> Callable[[Files], Files]:
    return lambda files: {key: value for key, value in files.items() if key != name}


def _renamed(files: Files) -> Files:
    return {("items-2.csv" if name == "items.csv" else name): c for name, c in files.items()}


def _added(files: Files) -> Files:
    return {**files, "evidence/0099-elbv2.CreateListener.json": b"{}\n"}


def _line_out(files: Files) -> Files:
    lines = files["journal.jsonl"].splitlines(keepends=True)
    return {**files, "journal.jsonl": b"".join([*lines[:5], *lines[6:]])}


def _last_lines_out(files: Files) -> Files:
    lines = files["journal.jsonl"].splitlines(keepends=True)
    return {**files, "journal.jsonl": b"".join(lines[:-2])}


def rechained(files: Files, old: bytes, new: bytes) -> Files:
    """The journal changed, and every hash after it written anew."""
    previous, lines = "0" * 64, []
    for line in files["journal.jsonl"].replace(old, new).splitlines():
        told: Mapping[str, object] = json.loads(line)
        again = {**told, "previous_sha256": previous}
        text = json.dumps(again, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(text.encode()).hexdigest()
        lines.append(text.encode() + b"\n")
    assert b"".join(lines) != files["journal.jsonl"]
    return {**files, "journal.jsonl": b"".join(lines)}


def _rechained(files: Files) -> Files:
    return rechained(files, b"acme-prod", b"acme-test")


_CALL = "evidence/0014-elbv2.CreateLoadBalancer.json"
_REQUEST = (b"11111111-2222-3333-4444-555555555555", b"11111111-2222-3333-4444-555555555556")

TAMPERINGS = (
    Tampering(
        kind="a byte of a file changed",
        do=_edit("report.html", b"Summary", b"Summery"),
        steps=frozenset({1}),
        checks=frozenset({"sums", "report"}),
    ),
    Tampering(
        kind="a file changed, SHA256SUMS written anew",
        do=_then_sums(_edit("report.html", b"Summary", b"Summery")),
        steps=frozenset(),
        checks=frozenset({"report"}),
    ),
    Tampering(
        kind="a cell of items.csv changed, SHA256SUMS written anew",
        do=_then_sums(_edit("items.csv", b'"failed"', b'"done"')),
        steps=frozenset(),
        checks=frozenset({"items"}),
    ),
    Tampering(
        kind="manifest.json says complete, SHA256SUMS written anew",
        do=_then_sums(_edit("manifest.json", b'"complete": false', b'"complete": true')),
        steps=frozenset(),
        checks=frozenset({"manifest"}),
    ),
    Tampering(
        kind="a request id of a call changed, SHA256SUMS written anew",
        do=_then_sums(_edit(_CALL, *_REQUEST)),
        steps=frozenset(),
        checks=frozenset({"evidence"}),
    ),
    Tampering(
        kind="a file added",
        do=_added,
        steps=frozenset({2}),
        checks=frozenset({"files", "evidence"}),
    ),
    Tampering(
        kind="a file added, SHA256SUMS written anew",
        do=_then_sums(_added),
        steps=frozenset(),
        checks=frozenset({"evidence"}),
    ),
    Tampering(
        kind="a file removed",
        do=_without("evidence/index.csv"),
        steps=frozenset({1, 2}),
        checks=frozenset({"files", "evidence"}),
    ),
    Tampering(
        kind="a file removed, SHA256SUMS written anew",
        do=_then_sums(_without("evidence/index.csv")),
        steps=frozenset(),
        checks=frozenset({"evidence"}),
    ),
    Tampering(
        kind="a file renamed",
        do=_renamed,
        steps=frozenset({1, 2}),
        checks=frozenset({"files", "items", "others"}),
    ),
    Tampering(
        kind="a line of SHA256SUMS taken out",
        do=lambda files: {**files, SUMS: files[SUMS].split(b"\n", 1)[1]},
        steps=frozenset({2}),
        checks=frozenset({"files"}),
    ),
    Tampering(
        kind="a line of the journal changed, SHA256SUMS written anew",
        do=_then_sums(_edit("journal.jsonl", b"acme-prod", b"acme-test")),
        steps=frozenset({3}),
        checks=frozenset({"chain", "checklist"}),
    ),
    Tampering(
        kind="a line of the journal taken out, SHA256SUMS written anew",
        do=_then_sums(_line_out),
        steps=frozenset({3}),
        checks=frozenset({"chain", "checklist"}),
    ),
    Tampering(
        kind="the journal's last lines cut off, SHA256SUMS written anew",
        do=_then_sums(_last_lines_out),
        steps=frozenset({3}),
        checks=frozenset({"manifest", "items", "report", "others"}),
    ),
    Tampering(
        kind="the journal changed and chained anew, SHA256SUMS written anew",
        do=_then_sums(_rechained),
        steps=frozenset({3, 5}),
        checks=frozenset({"manifest", "evidence", "report", "others"}),
    ),
    Tampering(
        kind="another checklist, SHA256SUMS written anew",
        do=_then_sums(_edit("checklist.yaml", b"internet-facing", b"internal")),
        steps=frozenset({4}),
        checks=frozenset({"checklist"}),
    ),
)
