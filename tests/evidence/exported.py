"""Bundles of told sessions, in memory and as folders."""

from pathlib import Path

from tests.evidence.session import Story, pinned
from wizard.evidence.folder import export
from wizard.evidence.source import Source, source

FILES = {
    "README-VERIFY.txt",
    "report.html",
    "report.pdf",
    "items.csv",
    "journal.jsonl",
    "checklist.yaml",
    "advice.yaml",
    "manifest.json",
    "oscal-assessment-results.json",
    "SHA256SUMS",
    "evidence/index.csv",
    "evidence/0009-observed-pre.identity.json",
    "evidence/0014-elbv2.CreateLoadBalancer.json",
    "evidence/0018-observed-lb.alb.create.json",
}


def exported(told: Story, to: Path) -> Path:
    return export(source_of(told), to)


def source_of(told: Story) -> Source:
    return source(pinned(), told.entries, told.state)


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by name."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }
