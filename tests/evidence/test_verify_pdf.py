"""The report as PDF is a whole bundle: what Vanta takes can be checked too."""

from functools import partial
from pathlib import Path

import pytest

from tests.evidence.exported import contents, exported
from tests.evidence.session import story
from wizard.errors import UsageError
from wizard.evidence.bundle import PDF
from wizard.evidence.pdf import attached
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


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\ntrailer <</Root 1 0 R>>\n%%EOF"])
def test_a_document_without_a_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "printed.pdf"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=attached.ATTACHED):
        read(path)
