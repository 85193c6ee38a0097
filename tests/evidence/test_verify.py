"""Whatever is done to a bundle is found, and told by the check that its table names."""

import json
import os
import zipfile
from functools import partial
from pathlib import Path

import pytest

from tests.evidence.exported import FILES, contents, exported, source_of
from tests.evidence.session import Story, story
from tests.evidence.tampering import CHECKS, TAMPERINGS, Tampering, rechained
from wizard.errors import UsageError
from wizard.evidence.bundle import OUTSIDE, PARTS, PDF, SUMS, bundle, fingerprint, sums
from wizard.evidence.verify import listed, reading
from wizard.evidence.verify.finding import Held, Outcome
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.reread import reread
from wizard.evidence.verify.verify import Verdict, verify

again = partial(reread, relate=lambda _pinned, _state: ())

EVERY_BYTE = 40_000
"""Size of a file up to which each of its bytes is changed; of a larger one every 97th is."""


@pytest.fixture(autouse=True)
def _without_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made for each test, report.pdf would take most of their time."""
    monkeypatch.setattr("wizard.evidence.bundle.PARTS", PARTS[:-1])


def held(files: dict[str, bytes]) -> Held:
    return Held(where="bundle", files=files)


def verdict_on(files: dict[str, bytes]) -> Verdict:
    return verify(held(files), again)


def wrong(verdict: Verdict) -> set[str]:
    return {one.check for one in verdict.findings if one.outcome is not Outcome.PASSED}


def test_a_whole_bundle_passes_and_has_its_fingerprint() -> None:
    files = bundle(source_of(story()))
    verdict = verdict_on(files)
    assert wrong(verdict) == set()
    assert verdict.outcome is Outcome.PASSED
    assert verdict.fingerprint == fingerprint(files)
    assert tuple(one.check for one in verdict.findings) == CHECKS


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda one: one.kind)
def test_what_verify_finds(tampering: Tampering) -> None:
    verdict = verdict_on(tampering.do(bundle(source_of(story()))))
    assert {one.check for one in verdict.findings if one.outcome is Outcome.FAILED} == (
        tampering.checks
    )
    assert verdict.outcome is Outcome.FAILED


@pytest.fixture(scope="module")
def small() -> dict[str, bytes]:
    """A whole bundle, its document included, of a session that did nothing."""
    return bundle(source_of(Story()))


@pytest.mark.parametrize("name", sorted(name for name in FILES if "/0" not in name))
def test_every_byte_of_every_file_counts(
    name: str, small: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {id(content): listed.sha256_of(content) for content in small.values()}
    plain = listed.sha256_of
    monkeypatch.setattr(listed, "sha256_of", lambda one: known.get(id(one)) or plain(one))
    assert {one.outcome for one in listed.check_list(held(small))} == {Outcome.PASSED}
    changed = bytearray(small[name])
    for place in range(0, len(changed), 1 if len(changed) <= EVERY_BYTE else 97):
        for bit in range(8) if name == SUMS else (place % 8,):
            changed[place] ^= 1 << bit
            found = listed.check_list(held({**small, name: bytes(changed)}))
            changed[place] ^= 1 << bit
            assert Outcome.FAILED in {one.outcome for one in found}, (place, bit)


@pytest.mark.parametrize("name", sorted(FILES - {SUMS, PDF}))
@pytest.mark.parametrize("what", ["changed", "removed", "renamed", "emptied", "longer"])
def test_every_file_counts_also_when_the_sums_are_written_anew(name: str, what: str) -> None:
    files = bundle(source_of(story()))
    content = files.pop(name)
    match what:
        case "changed":
            middle = len(content) // 2
            files[name] = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        case "renamed":
            files[f"{name}.bak"] = content
        case "emptied":
            files[name] = b""
        case "longer":
            files[name] = content + b"\n"
        case _:
            pass
    assert verdict_on({**files, SUMS: sums(files)}).outcome is Outcome.FAILED


def test_report_pdf_counts_too(monkeypatch: pytest.MonkeyPatch, small: dict[str, bytes]) -> None:
    monkeypatch.setattr("wizard.evidence.bundle.PARTS", PARTS)
    assert verdict_on(small).outcome is Outcome.PASSED
    changed = {**small, PDF: small[PDF] + b"\n"}
    assert wrong(verdict_on({**changed, SUMS: sums(changed)})) == {"report"}


@pytest.mark.parametrize("end", ["", "\n\n", "x"])
def test_the_list_itself_has_one_form(end: str) -> None:
    files = bundle(source_of(story()))
    for text in (
        files[SUMS].rstrip(b"\n") + end.encode(),
        files[SUMS].replace(b"  ", b" *"),
        b"\n".join(reversed(files[SUMS].splitlines())) + b"\n",
        files[SUMS].splitlines()[0] + b"\n" + files[SUMS],
        files[SUMS].replace(b"\n", b"\r\n"),
        b"",
    ):
        assert "files" in wrong(verdict_on({**files, SUMS: text}))


def test_a_bundle_written_anew_as_a_whole_passes() -> None:
    """The limit that is told with every verdict."""
    files = rechained(bundle(source_of(story())), b"acme-prod", b"acme-test")
    forged = again(files, "forged")
    assert verdict_on(bundle(forged)).outcome is Outcome.PASSED
    assert fingerprint(bundle(forged)) != fingerprint(bundle(source_of(story())))


def test_what_another_version_words_otherwise_is_not_decided() -> None:
    def older(files: dict[str, bytes], old: bytes, new: bytes) -> dict[str, bytes]:
        manifest = json.loads(files["manifest.json"])
        manifest["tool"]["exported_with"] = "0.0.1"
        changed = {
            **files,
            "manifest.json": json.dumps(manifest, indent=2, sort_keys=True).encode() + b"\n",
        }
        changed = {**changed, "report.html": files["report.html"].replace(old, new)}
        return {**changed, SUMS: sums(changed)}

    files = bundle(source_of(story()))
    verdict = verdict_on(older(files, b"Summary", b"In short"))
    assert verdict.outcome is Outcome.UNCHECKED
    assert wrong(verdict) <= {"report", "others"}
    forged = older(files, b"", b"")
    forged["manifest.json"] = forged["manifest.json"].replace(b'"number": 7', b'"number": 8')
    assert "manifest" in wrong(verdict_on({**forged, SUMS: sums(forged)}))
    assert verdict_on({**forged, SUMS: sums(forged)}).outcome is Outcome.FAILED


@pytest.mark.parametrize("name", OUTSIDE[1:])
def test_what_vouches_for_the_list_may_stand_beside_it(name: str) -> None:
    files = {**bundle(source_of(story())), name: b"a signature"}
    assert "files" not in wrong(verdict_on(files))


@pytest.mark.parametrize("junk", [b"", b"\xff\xfe", b"{}", b"[]\n", b"null\n", b'{"a":\n' * 3])
def test_no_content_ends_a_check_early(junk: bytes) -> None:
    files = bundle(source_of(story()))
    for name in ("journal.jsonl", "checklist.yaml", "advice.yaml", "manifest.json", SUMS):
        verdict = verdict_on({**files, name: junk})
        assert verdict.outcome is Outcome.FAILED
        assert len(verdict.findings) > 3


def test_a_folder_and_its_zip_read_the_same(tmp_path: Path) -> None:
    folder = exported(story(), tmp_path)
    assert read(folder).files == contents(folder)
    for name, top in (("plain.zip", ""), ("in a folder.zip", f"{folder.name}/")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in contents(folder).items():
                archive.writestr(top + file, content)
        assert read(tmp_path / name).files == contents(folder)


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    folder = exported(story(), tmp_path / "out")
    (folder / "items.csv").rename(tmp_path / "items.csv")
    (folder / "items.csv").symlink_to(tmp_path / "items.csv")
    (folder / "evidence").rename(tmp_path / "evidence")
    (folder / "evidence").symlink_to(tmp_path / "evidence")
    os.mkfifo(folder / "pipe")
    (folder / "empty").mkdir()
    found = read(folder)
    assert found.odd == {
        "items.csv": "a link",
        "evidence": "a link",
        "pipe": "no regular file",
        "empty": "an empty folder",
    }
    verdict = verify(found, again)
    [files] = [one for one in verdict.findings if one.check == "files"]
    assert files.outcome is Outcome.FAILED
    assert "items.csv is a link" in files.problems


def test_a_zip_that_leads_elsewhere_is_told(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in bundle(source_of(story())).items():
            archive.writestr(name, content)
        archive.writestr("../outside", b"")
        archive.writestr("manifest.json", b"{}")
    assert read(path).odd == {
        "../outside": "a name that leads elsewhere",
        "manifest.json": "in the zip twice",
    }


@pytest.mark.parametrize("kind", ["nothing", "empty", "text"])
def test_what_is_no_evidence_is_a_usage_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "it"
    match kind:
        case "empty":
            path.mkdir()
        case "text":
            path.write_text("hello")
        case _:
            pass
    with pytest.raises(UsageError):
        read(path)


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = exported(story(), tmp_path)
    monkeypatch.setattr(reading, "LARGEST", 10_000)
    with pytest.raises(UsageError, match="too large"):
        read(folder)
