"""Signatures, reviews and timestamps checked: by the tool, and as README-VERIFY says by hand."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.evidence.exported import exported
from tests.evidence.session import story
from tests.gateway.authority import Authority, serving
from tests.gateway.ssh import make_key, programs
from wizard.cli.review import CONSENT, review_bundle
from wizard.cli.settings import Settings
from wizard.cli.signing import sign_folder
from wizard.cli.verify import rereader, verify_bundle
from wizard.errors import RefusedError, UsageError, WizardError
from wizard.evidence.bundle import SUMS
from wizard.evidence.verify.finding import Finding, Outcome
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.verify import verify
from wizard.evidence.verify.vouched import Trusted, vouching
from wizard.evidence.vouching import OPERATOR, REVIEWER, TIMESTAMP, Role, put
from wizard.gateway.ssh_keys import key_of
from wizard.gateway.ssh_programs import Programs
from wizard.gateway.timestamps import fetched
from wizard.session.events import SessionPaused

ADA, BOB = "ada@example.com", "bob@example.com"


class Case(msgspec.Struct):
    """A bundle, two people with keys, and an auditor's files."""

    folder: Path
    keys: Path

    def sign(self, role: Role, name: str, *, by: Role | None = None) -> None:
        """As `role`'s file, with the namespace of `by`."""
        run = programs(self.keys)
        made = msgspec.structs.replace(by or role, file=role.file)
        sign_folder(self.folder, made, key_of(self.keys / name, run), run, terminal=False)

    def allowed(self, *lines: tuple[str, str]) -> Path:
        file = self.folder.parent / "allowed_signers"
        text = [f"{who} {(self.keys / f'{name}.pub').read_text()}" for who, name in lines]
        file.write_text("".join(text))
        return file

    def findings(self, **trusted: Path) -> dict[str, Finding]:
        checks = vouching(Trusted(**trusted), programs(self.keys))
        verdict = verify(read(self.folder), rereader(), checks)
        return {one.check: one for one in verdict.findings}

    def outcomes(self, **trusted: Path) -> list[str]:
        found = self.findings(**trusted)
        return [found[name].outcome.value for name in ("operator", "reviewer", "timestamp")]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ada", "bob"):
        make_key(folder / name)
    return folder


@pytest.fixture
def case(tmp_path: Path, keys: Path) -> Case:
    return Case(exported(story(), tmp_path / "to"), keys)


def test_what_is_not_there_is_said_so(case: Case) -> None:
    assert case.outcomes() == ["absent"] * 3


def test_a_signature_without_a_file_of_signers_establishes_nobody(case: Case) -> None:
    case.sign(OPERATOR, "ada")
    case.sign(REVIEWER, "bob")
    assert case.outcomes() == ["passed", "passed", "absent"]
    for found in list(case.findings().values())[-3:-1]:
        assert "not established" in found.says
        assert len(found.says) < 200


def test_who_signed_is_said_by_the_auditors_file(case: Case) -> None:
    case.sign(OPERATOR, "ada")
    case.sign(REVIEWER, "bob")
    found = case.findings(allowed_signers=case.allowed((ADA, "ada"), (BOB, "bob")))
    assert f"who is {ADA} by" in found["operator"].says
    assert f"who is {BOB} by" in found["reviewer"].says
    assert case.outcomes(allowed_signers=case.allowed((ADA, "ada"))) == [
        "passed", "failed", "absent",
    ]  # fmt: skip


FORGERIES: dict[str, tuple[Callable[[Case], object], list[str]]] = {
    "other sums": (lambda c: (c.folder / SUMS).write_bytes(b"x"), ["failed", "failed", "absent"]),
    "the review as the operator's": (
        lambda c: c.sign(OPERATOR, "ada", by=REVIEWER),
        ["failed", "passed", "absent"],
    ),
    "the operator's as the review": (
        lambda c: shutil.copy(c.folder / OPERATOR.file, c.folder / REVIEWER.file),
        ["passed", "failed", "absent"],
    ),
    "no signature": (
        lambda c: (c.folder / OPERATOR.file).write_bytes(b"signed, Ada"),
        ["failed", "passed", "absent"],
    ),
    "a timestamp that is none": (
        lambda c: (c.folder / TIMESTAMP).write_bytes(b"noon"),
        ["passed", "passed", "failed"],
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_forged_fails(case: Case, forgery: str) -> None:
    case.sign(OPERATOR, "ada")
    case.sign(REVIEWER, "bob")
    forge, outcomes = FORGERIES[forgery]
    forge(case)
    assert case.outcomes() == outcomes


def test_one_key_or_one_person_for_both_fails(case: Case, keys: Path) -> None:
    case.sign(OPERATOR, "ada")
    # By hand, as the tool refuses it.
    names = ["-f", str(keys / "ada"), "-n", REVIEWER.namespace]
    made = subprocess.run(
        ["ssh-keygen", "-Y", "sign", *names],
        input=(case.folder / SUMS).read_bytes(),
        capture_output=True,
        check=True,
    )
    put(case.folder / REVIEWER.file, made.stdout)
    assert case.outcomes() == ["passed", "failed", "absent"]
    assert "operator's own key" in case.findings()["reviewer"].says
    (case.folder / REVIEWER.file).unlink()
    case.sign(REVIEWER, "bob")
    both = case.allowed((ADA, "ada"), (ADA, "bob"))
    assert case.outcomes(allowed_signers=both) == ["passed", "failed", "absent"]


def test_a_review_without_the_operators_signature_says_so(case: Case) -> None:
    case.sign(REVIEWER, "bob")
    found = case.findings()["reviewer"]
    assert found.outcome is Outcome.PASSED
    assert "may be the operator" in found.says


def test_without_ssh_keygen_nothing_is_decided(case: Case, tmp_path: Path) -> None:
    case.sign(OPERATOR, "ada")
    checks = vouching(Trusted(), Programs({"PATH": str(tmp_path)}))
    verdict = verify(read(case.folder), rereader(), checks)
    assert verdict.outcome is Outcome.UNCHECKED


def test_a_timestamp_is_believed_by_certificate(case: Case, tmp_path: Path) -> None:
    with serving(Authority(tmp_path / "tsa")) as authority:
        put(case.folder / TIMESTAMP, fetched((case.folder / SUMS).read_bytes(), authority.url))
        assert case.outcomes() == ["absent", "absent", "unchecked"]
        assert case.outcomes(tsa_certificate=authority.root) == ["absent", "absent", "passed"]
        other = Authority(tmp_path / "other").root
        assert case.outcomes(tsa_certificate=other) == ["absent", "absent", "failed"]


def test_the_readmes_commands_check_them_too(case: Case, tmp_path: Path) -> None:
    case.sign(OPERATOR, "ada")
    case.sign(REVIEWER, "bob")
    case.allowed((ADA, "ada"), (BOB, "bob"))
    with serving(Authority(tmp_path / "tsa")) as authority:
        put(case.folder / TIMESTAMP, fetched((case.folder / SUMS).read_bytes(), authority.url))
        shutil.copy(authority.root, case.folder.parent / "tsa.pem")
    readme = (case.folder / "README-VERIFY.txt").read_text()
    blocks = re.findall(r"^  (?:ssh-keygen|openssl)(?:.*\\\n)*.*$", readme, re.MULTILINE)
    assert len(blocks) == 5
    names = iter([ADA, BOB])

    def codes(commands: list[str]) -> list[int]:
        return [
            subprocess.run(
                ["sh", "-c", command], cwd=case.folder, capture_output=True, check=False
            ).returncode
            for command in commands
        ]

    printed = [re.sub(r"\bNAME\b", lambda _: next(names), block) for block in blocks]
    assert codes(printed) == [0] * 5
    with (case.folder / SUMS).open("ab") as sums:
        sums.write(b"0" * 64 + b"  added.txt\n")
    assert all(codes(printed))


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


def test_verify_tells_them_in_its_exit_code(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.sign(OPERATOR, "ada")
    settings = Settings(home=case.folder.parent / "home", as_json=True)

    def code(**trusted: Path) -> int:
        return verify_bundle(settings, bundle=case.folder, trusted=Trusted(**trusted))

    assert code() == 0
    assert code(allowed_signers=case.allowed((BOB, "bob"))) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["outcome"] for one in told] == ["passed", "failed"]
    with pytest.raises(UsageError, match="allowed signers"):
        code(allowed_signers=case.folder / "none")


def test_an_old_signature_is_never_left_beside_new_evidence(case: Case) -> None:
    case.sign(OPERATOR, "ada")
    told = story()
    told.tell(SessionPaused(reason="lunch"))
    again = exported(told, case.folder.parent)
    assert again == case.folder
    assert case.outcomes() == ["absent"] * 3
