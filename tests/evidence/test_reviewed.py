"""A bundle shown to its reviewer, and signed by them alone."""

import re
import shutil
from pathlib import Path

import pytest

from tests.evidence.signed import ADA, BOB, Case
from wizard.cli.review import CONSENT, review_bundle
from wizard.cli.settings import Settings
from wizard.errors import RefusedError, WizardError
from wizard.evidence.verify.vouched import Trusted
from wizard.evidence.vouching import OPERATOR, REVIEWER


def review(case: Case, monkeypatch: pytest.MonkeyPatch, name: str = "bob", **more: object) -> int:
    monkeypatch.setattr("wizard.cli.review.has_terminal", lambda: False)
    given = {"sign": str(case.keys / name), "to": None, "trusted": Trusted(), **more}
    asked = given.pop("ask", lambda _: CONSENT)
    settings = Settings(home=case.folder.parent / "home")
    return review_bundle(settings, bundle=case.folder, ask=asked, **given)  # type: ignore[arg-type]


def test_a_reviewer_sees_what_is_to_be_judged_and_signs(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case.sign(OPERATOR, "ada")
    assert review(case, monkeypatch) == 0
    shown = capsys.readouterr().out
    for part in (
        "Deviations from the letter: 1",
        "△ E11 Security Policy",
        "Open points: ",
        "On a person's word, or left out: ",
        "✓ Signed as its reviewer with SHA256:",
    ):
        assert part in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown)
    assert "nothing tells a second person" not in shown
    assert case.outcomes(allowed_signers=case.allowed((ADA, "ada"), (BOB, "bob")))[:2] == [
        "passed", "passed",
    ]  # fmt: skip


def test_without_a_key_it_only_shows(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert review(case, monkeypatch, sign="") == 0
    shown = capsys.readouterr().out
    assert "The operator has not signed it" in shown
    assert "Not signed" in shown
    assert not (case.folder / REVIEWER.file).exists()


@pytest.mark.parametrize("said", ["", "yes", "y", "Reviewed!"])
def test_nothing_is_signed_but_by_the_typed_word(
    case: Case, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    with pytest.raises(RefusedError, match="Nothing was signed"):
        review(case, monkeypatch, ask=lambda _: said)
    assert not (case.folder / REVIEWER.file).exists()


def test_the_operators_own_key_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.sign(OPERATOR, "ada")
    with pytest.raises(RefusedError, match="as its operator"):
        review(case, monkeypatch, "ada", ask=lambda _: pytest.fail("nobody is asked"))
    assert not (case.folder / REVIEWER.file).exists()


def test_what_was_tampered_with_is_not_reviewed(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case.folder / "items.csv").write_bytes(b"all done\n")
    with pytest.raises(RefusedError, match="not what was exported"):
        review(case, monkeypatch, ask=lambda _: pytest.fail("nobody is asked"))


def test_a_copy_that_cannot_be_written_to_is_reviewed_elsewhere(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    before = {file.name: file.read_bytes() for file in case.folder.iterdir() if file.is_file()}
    with monkeypatch.context() as patched:
        patched.setattr("tempfile.mkstemp", full)
        with pytest.raises(WizardError, match="--to"):
            review(case, monkeypatch)
    assert review(case, monkeypatch, to=tmp_path / "bob.sig") == 0
    assert f"as {REVIEWER.file}" in capsys.readouterr().out
    after = {file.name: file.read_bytes() for file in case.folder.iterdir() if file.is_file()}
    assert after == before
    shutil.copy(tmp_path / "bob.sig", case.folder / REVIEWER.file)
    assert case.outcomes()[1] == "passed"


def test_a_zip_is_reviewed_beside_it(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.make_archive(str(tmp_path / "sent"), "zip", case.folder)
    inside = Case(tmp_path / "sent.zip", case.keys)
    assert review(inside, monkeypatch) == 0
    assert (tmp_path / REVIEWER.file).is_file()
