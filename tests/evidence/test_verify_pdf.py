"""The report as PDF is a whole bundle: what Vanta takes can be checked too."""

import re
from functools import partial
from pathlib import Path

import pytest
from fpdf.syntax import PDFContentStream

from tests.evidence.exported import contents, exported
from tests.evidence.session import story
from wizard.errors import UsageError
from wizard.evidence.bundle import PDF
from wizard.evidence.pdf import attached
from wizard.evidence.pdf.recompressed import same_but_for_compression
from wizard.evidence.verify.finding import Outcome
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.reread import reread
from wizard.evidence.verify.verify import verify

again = partial(reread, relate=lambda _pinned, _state: ())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(story(), tmp_path_factory.mktemp("bundle"))


def test_the_document_is_read_as_the_folder_that_it_is_from(folder: Path) -> None:
    held = read(folder / PDF)
    assert held.files == contents(folder)
    assert verify(held, again).outcome is Outcome.PASSED


def test_a_document_that_says_something_else_is_found(folder: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.pdf"
    whole = (folder / PDF).read_bytes()
    # The date of the attachment: the document can still be read, with the same bundle in it.
    assert b"/ModDate (D:2026" in whole
    changed.write_bytes(whole.replace(b"/ModDate (D:2026", b"/ModDate (D:2025"))
    verdict = verify(read(changed), again)
    assert [one.check for one in verdict.findings if one.outcome is Outcome.FAILED] == ["report"]


def compressed_otherwise(folder: Path) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PDFContentStream, "_COMPRESSION_LEVEL", 1)
        return exported(story(), folder).joinpath(PDF).read_bytes()


def test_another_zlib_makes_no_other_document(folder: Path, tmp_path: Path) -> None:
    here, there = (folder / PDF).read_bytes(), compressed_otherwise(tmp_path)
    assert here != there
    assert same_but_for_compression(here, there)
    path = tmp_path / PDF
    path.write_bytes(there)
    assert verify(read(path), again).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/Type /Page\n", b"/Type /Pags\n"),
        (b"%%EOF\n", b"%%EOF\n1 0 obj\n<<>>\nendobj\n%%EOF\n"),
        (b"/Root 2 0 R", b"/Root 3 0 R"),
        (b"\nstartxref\n", b"\nstartxref\n1"),
        (b"\nendstream", b"more\nendstream"),
    ],
)
def test_anything_else_does(folder: Path, tmp_path: Path, old: bytes, new: bytes) -> None:
    here, there = (folder / PDF).read_bytes(), compressed_otherwise(tmp_path)
    assert old in there
    assert not same_but_for_compression(here, there.replace(old, new, 1))


def test_no_object_may_begin_within_a_stream(folder: Path, tmp_path: Path) -> None:
    here, there = (folder / PDF).read_bytes(), compressed_otherwise(tmp_path)
    inside = there.index(b"stream\n") + 20
    table = there.rindex(b"\nxref\n")
    entry = re.compile(rb"\d{10} 00000 n").search(there, table)
    assert entry is not None
    moved = there[: entry.start()] + b"%010d" % inside + there[entry.start() + 10 :]
    assert not same_but_for_compression(here, moved)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\ntrailer <</Root 1 0 R>>\n%%EOF"])
def test_a_document_without_a_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "printed.pdf"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=attached.ATTACHED):
        read(path)
