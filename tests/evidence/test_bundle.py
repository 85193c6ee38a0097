"""The folder an auditor gets: whole, checkable with coreutils, the same every time, and private."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.engine.stage import Stage
from tests.evidence.session import ADVICE, CHECKLIST, HOSTILE, PIN, Story, pinned, story
from wizard.checklist.load import load_text
from wizard.errors import RefusedError
from wizard.evidence.bundle import bundle, export, folder_name, journal
from wizard.evidence.table import HEADER
from wizard.session import events

FILES = {
    "report.html",
    "items.csv",
    "journal.jsonl",
    "checklist.yaml",
    "manifest.json",
    "SHA256SUMS",
}


def exported(told: Story, to: Path) -> Path:
    return export(pinned(), told.entries, told.state, to)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_folder_holds_its_files_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = exported(story(), tmp_path / "out")
    assert folder == tmp_path / "out" / "st-wizard-7-add-load-balancer-20261122"
    assert set(contents(folder)) == FILES
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]


def test_two_exports_are_the_same_bytes(tmp_path: Path) -> None:
    one = contents(exported(story(), tmp_path / "one"))
    two = contents(exported(story(), tmp_path / "two"))
    assert one == two


def test_the_checklist_is_the_exact_copy_that_ran() -> None:
    told = story()
    files = bundle(pinned(), told.entries, told.state)
    assert files["checklist.yaml"] == CHECKLIST.encode()


def test_another_checklist_than_the_one_that_ran_is_refused(tmp_path: Path) -> None:
    told = story()
    other = load_text(CHECKLIST + "# changed since", "other.yaml", advice=ADVICE)
    with pytest.raises(RefusedError, match="is not the one that session 7 ran"):
        export(other, told.entries, told.state, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_coreutils_verify_the_sums_and_the_chain(tmp_path: Path) -> None:
    told = story()
    folder = exported(told, tmp_path)
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0
    assert chain_of(folder) == (0, told.state.head_sha256)


def test_a_changed_line_breaks_the_chain_where_it_is(tmp_path: Path) -> None:
    told = story()
    folder = exported(told, tmp_path)
    file = folder / "journal.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace("acme", "evil").replace("tls_policy", "tls_policz")
    file.write_text("".join(lines))
    code, said = chain_of(folder)
    assert code == 1
    assert '"seq":5}' in said


def chain_of(folder: Path) -> tuple[int, str]:
    """Runs the commands that the report prints, as the report prints them."""
    from html.parser import HTMLParser

    class Script(HTMLParser):
        inside = False
        text = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.inside = ("id", "chain") in attrs

        def handle_endtag(self, tag: str) -> None:
            self.inside = False

        def handle_data(self, data: str) -> None:
            if self.inside:
                self.text += data

    page = Script()
    page.feed((folder / "report.html").read_text())
    shell = shutil.which("sh")
    assert shell
    assert "sha256sum" in page.text
    done = subprocess.run(
        [shell, "-c", page.text], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_a_journal_whose_chain_is_broken_is_not_exported(tmp_path: Path) -> None:
    told = story()
    del told.entries[4]
    with pytest.raises(RefusedError, match="Line 6 of the journal"):
        exported(told, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_lines_of_an_older_version_are_exported_as_they_are_stored() -> None:
    told = story()
    last = told.entries.pop()
    line = json.loads(journal([*told.entries, last]).splitlines()[-1])
    del line["event"]["error"]
    old = json.dumps(line, sort_keys=True, separators=(",", ":"))
    entries = [*told.entries, replace(last, sha256=hashlib.sha256(old.encode()).hexdigest())]
    stored = [*journal(told.entries).decode().splitlines(), old]
    assert journal(entries, stored).decode() == "".join(f"{each}\n" for each in stored)
    with pytest.raises(RefusedError, match=f"Line {last.seq} "):
        journal(entries)


def test_the_journal_is_one_canonical_line_an_event() -> None:
    lines = journal(story().entries).splitlines()
    for line in lines:
        plain = json.loads(line)
        again = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert again.encode() == line
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))


def test_the_manifest_says_what_ran_where_and_how_far() -> None:
    told = story()
    manifest = json.loads(bundle(pinned(), told.entries, told.state)["manifest.json"])
    assert manifest["session"] == "session-7"
    assert manifest["account"]["account_id"] == PIN.account_id
    assert manifest["account"]["caller_arn"] == PIN.caller_arn
    assert manifest["checklist"]["sha256"] == pinned().sha256
    assert manifest["journal"]["head_sha256"] == told.state.head_sha256
    assert manifest["complete"] is False
    assert manifest["items"] == {
        "done": 3,
        "failed": 1,
        "waiting": 1,
        "skipped": 1,
        "marked done": 1,
    }


def test_a_later_export_of_the_session_replaces_the_folder(tmp_path: Path) -> None:
    told = story()
    folder = exported(told, tmp_path)
    (folder / "report.pdf").write_text("printed from the old one")
    told.tell(events.SessionAborted(reason="the wrong account"))
    assert exported(told, tmp_path) == folder
    assert set(contents(folder)) == FILES
    assert json.loads((folder / "manifest.json").read_text())["aborted"] == "the wrong account"
    assert [each.name for each in tmp_path.iterdir()] == [folder.name]


@pytest.mark.parametrize("kind", ["empty", "other session", "file", "link", "broken"])
def test_what_is_not_this_sessions_folder_is_never_replaced(tmp_path: Path, kind: str) -> None:
    told = story()
    folder = tmp_path / folder_name(told.state)
    match kind:
        case "file":
            folder.write_text("mine")
        case "link":
            real = exported(told, tmp_path / "elsewhere")
            folder.symlink_to(real)
        case _:
            folder.mkdir()
            if kind == "other session":
                (folder / "manifest.json").write_text('{"session": "session-8"}')
            elif kind == "broken":
                (folder / "manifest.json").write_text("[")
    before = sorted(str(each) for each in tmp_path.rglob("*"))
    with pytest.raises(RefusedError, match="Something else has this name"):
        exported(told, tmp_path)
    assert sorted(str(each) for each in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("checklist", ["../../etc/x", "a/b", "..", "A b\n", ""])
def test_the_folder_stays_below_where_it_was_asked_for(tmp_path: Path, checklist: str) -> None:
    name = folder_name(replace(story().state, checklist_id=checklist))
    assert (tmp_path / name).resolve().parent == tmp_path.resolve()
    assert name.startswith("st-wizard-7-")


def test_the_table_has_a_line_for_each_item_and_no_formula() -> None:
    told = story()
    text = bundle(pinned(), told.entries, told.state)["items.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == HEADER
    assert [row["item"] for row in rows] == [item.id for item in pinned().checklist.items]
    by_id = {row["item"]: row for row in rows}
    assert by_id["lb.cover.million"]["note"] == "'=HYPERLINK() done with the region"
    assert by_id["lb.alb.create"]["how"] == "changed"
    assert by_id["lb.alb.create"]["request_ids"] == "11111111-2222-3333-4444-555555555555"
    assert by_id["lb.cover.rps"]["attestation"] == "1,240 requests a second at p99 180 ms"
    for row in rows:
        assert not any(value.startswith(("=", "+", "-", "@", "\t")) for value in row.values())


def test_nothing_of_this_machine_gets_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canaries = {
        "AWS_SECRET_ACCESS_KEY": "canary-secret-key",
        "AWS_SESSION_TOKEN": "canary-token",
        "ST_WIZARD_SECRET": "canary-secret",
        "PGPASSWORD": "canary-database",
    }
    for name, value in canaries.items():
        monkeypatch.setenv(name, value)
    folder = exported(story(), tmp_path / "canary-folder")
    for name, content in contents(folder).items():
        assert b"canary" not in content, name
        assert str(tmp_path).encode() not in content, name


def test_hostile_text_stays_text() -> None:
    told = story()
    files = bundle(pinned(), told.entries, told.state)
    page = files["report.html"].decode()
    assert HOSTILE not in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert "⟨U+202E⟩" in page
    assert "\u202e" not in files["items.csv"].decode()


def test_a_session_that_ran_is_exported_from_its_journal(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path / "home",
        """
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.thing, with: {name: one}}
""",
    )
    stage.run()
    entries = stage.journal.entries(stage.session)
    state = stage.journal.state(stage.session)
    folder = export(stage.pinned, entries, state, tmp_path / "out")
    assert chain_of(folder) == (0, state.head_sha256)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["complete"] is True
    assert manifest["items"] == {"done": 1}
