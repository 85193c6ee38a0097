"""A copy of the project in which one protection at a time is off, and what its tests say there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import msgspec

from tests.protections.protection import ROOT, Protection

LONGEST = 300.0
"""Real seconds after which tests with a protection off are taken to hang."""
_PYTEST = "import os, sys, pytest; os._exit(pytest.main(sys.argv[1:]))"
"""Ends at once: a test that failed may have left an engine that waits for ever."""
_OF_A_MACHINE = re.compile(r"https?://[^\s'\"]+|/(?:tmp|home|root|work|var|usr)/[^\s'\"]*")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".*_cache", "*.png", "dist", "build", "node_modules"
)


class Case(msgspec.Struct, frozen=True):
    """One test case that ran."""

    test: str
    """Node id without parameters."""
    failed: str
    """The first line of what it said; empty when it passed."""


def bad(cases: Sequence[Case]) -> list[Case]:
    """Those that failed."""
    return [case for case in cases if case.failed]


class Copy:
    """The project, copied to a folder of its own, where code may be changed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._root = folder / "project"
        shutil.copytree(ROOT, self._root, ignore=LEFT_OUT)
        self._changes = 0

    def with_on(self, protection: Protection) -> list[Case]:
        """What its tests say with it."""
        return self.run(protection.tests, only=protection.only)

    def with_off(self, protection: Protection) -> list[Case]:
        """What its tests say without it."""
        path = self._root / protection.file
        whole = path.read_text(encoding="utf-8")
        try:
            self._write(path, protection.off(whole))
            return self.run(protection.tests, only=protection.only)
        finally:
            self._write(path, whole)

    def run(self, tests: Sequence[str], *, only: str = "") -> list[Case]:
        """Run them as the copy stands."""
        report = self._root.parent / "report.xml"
        report.unlink(missing_ok=True)
        quiet = ["-p", "no:cacheprovider", "--override-ini=addopts=--strict-markers", "--tb=short"]
        try:
            done = subprocess.run(
                [
                    *(sys.executable, "-c", _PYTEST, "-q", "-n0", *quiet),
                    *(f"--junit-xml={report}", *(["-k", only] if only else []), *tests),
                ],
                cwd=self._root,
                env={**os.environ, "PYTHONPATH": str(self._root)},
                capture_output=True,
                text=True,
                timeout=LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return []
        if not report.is_file():
            raise RuntimeError(f"pytest told nothing: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return list(_cases(report))

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # Python goes by time and size to tell whether what it compiled is outdated.
        self._changes += 1
        later = path.stat().st_mtime + self._changes
        os.utime(path, (later, later))


def _cases(report: Path) -> list[Case]:
    found = []
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  pytest has just made it
        if case.find("skipped") is not None:
            continue
        module, name = case.get("classname", ""), case.get("name", "").partition("[")[0]
        failure = case.find("failure")
        failure = failure if failure is not None else case.find("error")
        said = "" if failure is None else _first_line(failure.get("message") or "it failed")
        found.append(Case(f"{module.replace('.', '/')}.py::{name}", said))
    return found


def _first_line(message: str) -> str:
    """What it said, in a line, and nothing of this machine."""
    line = _OF_A_MACHINE.sub("…", " ".join(message.split()))
    return line if len(line) <= 120 else line[:119] + "…"
