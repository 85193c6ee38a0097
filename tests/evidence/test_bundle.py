"""The folder an auditor gets: whole, checkable with coreutils, the same every time, and private."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.engine.stage import Stage
from tests.evidence.exported import FILES, contents, exported, source_of
from tests.evidence.session import ADVICE, CHECKLIST, HOSTILE, PIN, pinned, story
from wizard.checklist.load import load_text
from wizard.errors import RefusedError
from wizard.evidence.bundle import PARTS, PDF, SUMS, bundle, fingerprint, sums
from wizard.evidence.files import Files
from wizard.evidence.folder import export
from wizard.evidence.source import Source, source
from wizard.evidence.table import HEADER
from wizard.evidence.zipped import zipped


def test_two_exports_are_the_same_bytes(tmp_path: Path) -> None:
    one = contents(exported(story(), tmp_path / "one"))
    two = contents(exported(story(), tmp_path / "two"))
    assert one == two


def test_the_checklist_is_the_exact_copy_that_ran() -> None:
    told = story()
    files = bundle(source_of(told))
    assert files["checklist.yaml"] == CHECKLIST.encode()


def test_the_fingerprint_is_of_the_sums_but_that_of_the_pdf(tmp_path: Path) -> None:
    files = bundle(source_of(story()))
    with_pdf = {**files, PDF: b"%PDF"}
    sums_of = {**with_pdf, SUMS: sums(with_pdf)}
    assert PDF in sums_of[SUMS].decode()
    assert fingerprint(files) == fingerprint(sums_of)
    (tmp_path / SUMS).write_bytes(sums_of[SUMS])
    said = subprocess.run(
        ["sh", "-c", "grep -v '  report.pdf$' SHA256SUMS | sha256sum"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split()[0] == fingerprint(files)


def test_two_parts_never_make_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.evidence.bundle.PARTS", (*PARTS, PARTS[0]))
    with pytest.raises(ValueError, match=r"journal\.jsonl"):
        bundle(source_of(story()))


def test_a_part_sees_what_those_before_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []

    def last(_: Source, files: Files) -> Files:
        seen.append(set(files))
        return {"z/last.txt": b"last\n"}

    monkeypatch.setattr("wizard.evidence.bundle.PARTS", (*PARTS, last))
    files = bundle(source_of(story()))
    assert seen == [FILES - {SUMS}]
    assert b"  z/last.txt\n" in files[SUMS]


def test_a_bundle_that_follows_another_names_it() -> None:
    told = story()
    follows = source(pinned(), told.entries, told.state, previous="ab" * 32)
    assert json.loads(bundle(follows)["manifest.json"])["previous"] == "ab" * 32
    assert json.loads(bundle(source_of(told))["manifest.json"])["previous"] == ""


def test_a_zip_is_the_same_bytes_and_opens(tmp_path: Path) -> None:
    files = bundle(source_of(story()))
    assert zipped(files) == zipped(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        archive.extractall(tmp_path)
    assert contents(tmp_path) == files


def test_another_checklist_than_the_one_that_ran_is_refused(tmp_path: Path) -> None:
    told = story()
    other = load_text(CHECKLIST + "# changed since", "other.yaml", advice=ADVICE)
    with pytest.raises(RefusedError, match="is not the one that session 7 ran"):
        export(source(other, told.entries, told.state), tmp_path)
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
    _, said = chain_of(folder)
    assert said.startswith("broken: ")
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
    before = [line.decode() for line in source_of(told).lines]
    line = json.loads(source_of(story()).lines[-1])
    del line["event"]["error"]
    old = json.dumps(line, sort_keys=True, separators=(",", ":"))
    told.entries.append(replace(last, sha256=hashlib.sha256(old.encode()).hexdigest()))
    kept = source(pinned(), told.entries, told.state, lines=[*before, old])
    assert bundle(kept)["journal.jsonl"].decode() == "".join(f"{each}\n" for each in (*before, old))
    with pytest.raises(RefusedError, match=f"Line {last.seq} "):
        source_of(told)


def test_the_journal_is_one_canonical_line_an_event() -> None:
    lines = source_of(story()).lines
    for line in lines:
        plain = json.loads(line)
        again = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert again.encode() == line
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))


def test_the_manifest_says_what_ran_where_and_how_far() -> None:
    told = story()
    manifest = json.loads(bundle(source_of(told))["manifest.json"])
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


def test_the_table_has_a_line_for_each_item_and_no_formula() -> None:
    told = story()
    text = bundle(source_of(told))["items.csv"].decode()
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


def test_hostile_text_stays_text() -> None:
    told = story()
    files = bundle(source_of(told))
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
    folder = export(source(stage.pinned, entries, state), tmp_path / "out")
    assert chain_of(folder) == (0, state.head_sha256)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["complete"] is True
    assert manifest["items"] == {"done": 1}
