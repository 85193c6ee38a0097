"""Checks an exported folder from outside, by the canonical form that it states."""

import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec

from tests.e2e.command import PASSWORD, st_wizard
from wizard.session.events import Entry, WaitStarted
from wizard.session.reduce import reduce
from wizard.session.state import SessionState


def exported(home: Path, session: int, to: Path) -> Path:
    """Export by the command; returns the folder."""
    done = st_wizard("export", str(session), "--to", to, "--json", home=home)
    assert done.code == 0, done.err
    folder = Path(done.line()["folder"])
    assert folder.parent == to
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below it."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def events(folder: Path) -> list[dict[str, Any]]:
    """The journal's events, once its chain was followed from the first line to the last."""
    before = "0" * 64
    found = []
    for number, line in enumerate((folder / "journal.jsonl").read_bytes().splitlines(), start=1):
        entry = json.loads(line)
        assert entry["seq"] == number
        assert entry["previous_sha256"] == before
        before = hashlib.sha256(line).hexdigest()
        found.append(entry["event"])
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["journal"] == {"entries": len(found), "head_sha256": before}
    return found


def waiting_since(folder: Path, item: str) -> list[str]:
    """When the item's wait began, as the journal's fold has it after each of its beginnings."""
    state, found = SessionState(), []
    for line in (folder / "journal.jsonl").read_bytes().splitlines():
        content = {**json.loads(line), "sha256": hashlib.sha256(line).hexdigest()}
        entry = msgspec.convert(content, Entry)
        state = reduce(state, entry)
        if isinstance(entry.event, WaitStarted) and entry.event.item == item:
            wait = state.item(item).wait
            assert wait is not None
            found.append(wait.since)
    return found


def holds_no_secret(folder: Path) -> bool:
    """The password is in no file below it, nor in the name of one."""
    return not any(
        PASSWORD.encode() in content or PASSWORD in name
        for name, content in contents(folder).items()
    )


class _Words(HTMLParser):
    """The rows of the table beside the report's picture, without what stands small."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell = self._small = False
        start = page.index('<h2 id="picture">')
        self.feed(page[start : page.index("<h2", start + 4)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self._cell = self._cell or tag == "td"
        self._small = self._small or (tag == "span" and ("class", "reason") in attrs)
        if tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag != "td"
        self._small = self._small and tag != "span"

    def handle_data(self, data: str) -> None:
        if self._cell and not self._small:
            self.rows[-1][-1] += data


def hangs_together(folder: Path) -> set[str]:
    """What the report's picture says, in words."""
    rows = _Words((folder / "report.html").read_text()).rows
    return {" ".join(row).strip() for row in rows if row}
