"""Signatures, reviews and timestamps checked: by the tool, and as README-VERIFY says by hand."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence.exported import exported
from tests.evidence.session import story
from tests.evidence.signed import ADA, BOB, Case
from tests.gateway.authority import Authority, serving
from wizard.cli.settings import Settings
from wizard.cli.verify import rereader, verify_bundle
from wizard.errors import UsageError
from wizard.evidence.bundle import SUMS
from wizard.evidence.verify.finding import Outcome
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.verify import verify
from wizard.evidence.verify.vouched import Trusted, vouching
from wizard.evidence.vouching import OPERATOR, REVIEWER, TIMESTAMP, put
from wizard.gateway.ssh_programs import Programs
from wizard.gateway.timestamps import fetched
from wizard.session.events import SessionPaused


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
