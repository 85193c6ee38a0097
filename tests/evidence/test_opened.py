"""A bundle is read back only if it holds together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence.exported import contents, exported
from tests.evidence.session import story
from wizard.errors import RefusedError, UsageError
from wizard.evidence.opened import opened


def test_it_tells_the_session_as_its_journal_does(tmp_path: Path) -> None:
    told = story()
    found = opened(exported(told, tmp_path))
    assert found.state == told.state
    assert found.entries == tuple(told.entries)
    assert len(found.sums_sha256) == 64


def _append(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(b" ")

    return change


def _listed_elsewhere(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.write_text("x")
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text() + "0" * 64 + "  ../outside\n")


def _linked(folder: Path) -> None:
    journal = folder / "journal.jsonl"
    kept = folder.parent / "kept"
    journal.rename(kept)
    journal.symlink_to(kept)


def _rewritten(folder: Path) -> None:
    """Both the checklist and its sum: only the journal knows better."""
    import hashlib

    checklist, sums = folder / "checklist.yaml", folder / "SHA256SUMS"
    before = hashlib.sha256(checklist.read_bytes()).hexdigest()
    checklist.write_bytes(checklist.read_bytes().replace(b"source:", b"source: # another\n ", 1))
    after = hashlib.sha256(checklist.read_bytes()).hexdigest()
    sums.write_text(sums.read_text().replace(before, after))


@pytest.mark.parametrize(
    "change",
    [
        _append("journal.jsonl"),
        _append("checklist.yaml"),
        _append("report.html"),
        lambda folder: (folder / "items.csv").unlink(),
        _listed_elsewhere,
        _linked,
        _rewritten,
    ],
)
def test_what_was_changed_is_refused(tmp_path: Path, change: Callable[[Path], None]) -> None:
    folder = exported(story(), tmp_path / "out")
    change(folder)
    with pytest.raises(RefusedError, match="does not hold together"):
        opened(folder)


def test_what_is_no_bundle_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no evidence"):
        opened(tmp_path)


def test_a_signature_beside_the_files_is_no_harm(tmp_path: Path) -> None:
    folder = exported(story(), tmp_path)
    before = contents(folder)
    (folder / "SHA256SUMS.operator.sig").write_text("signature")
    assert opened(folder).state.session
    assert len(contents(folder)) == len(before) + 1
