"""The commands of README-VERIFY.txt, run as they are printed, find what the table says."""

import shutil
from pathlib import Path

import pytest

from tests.evidence.by_hand import by_hand, commands, found_by_hand
from tests.evidence.exported import exported, source_of
from tests.evidence.session import PIN, Story, story
from tests.evidence.tampering import TAMPERINGS, Tampering
from wizard.evidence.bundle import PARTS, bundle, fingerprint
from wizard.evidence.readme import NAME
from wizard.session import events
from wizard.session.rechecks import RecheckStarted


@pytest.fixture(autouse=True)
def _without_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made for each test, report.pdf would take most of their time."""
    monkeypatch.setattr("wizard.evidence.bundle.PARTS", PARTS[:-1])


def rewritten(folder: Path, files: dict[str, bytes]) -> None:
    """The folder holds these files and no others."""
    shutil.rmtree(folder)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_a_whole_bundle_is_checked_by_the_printed_commands_alone(tmp_path: Path) -> None:
    told = story()
    folder = exported(told, tmp_path)
    assert found_by_hand(folder, told.state.head_sha256) == set()
    files = bundle(source_of(told))
    assert by_hand(folder)[-1].split()[0] == fingerprint(files)
    assert told.state.head_sha256 in (folder / NAME).read_text()


def test_a_bundle_with_its_document_is_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.evidence.bundle.PARTS", PARTS)
    folder = exported(Story(), tmp_path)
    assert (folder / "report.pdf").is_file()
    assert found_by_hand(folder, Story().state.head_sha256) == set()


def test_a_recheck_whose_manifest_names_two_heads_is_too(tmp_path: Path) -> None:
    told = Story()
    told.tell(
        RecheckStarted(
            session="session-1",
            number=1,
            head_sha256="ab" * 32,
            caller_arn=PIN.caller_arn,
            tool_version="0.3.0",
        )
    )
    folder = exported(told, tmp_path)
    assert "ab" * 32 in (folder / "manifest.json").read_text()
    assert found_by_hand(folder, told.state.head_sha256) == set()


def test_a_session_that_has_done_nothing_is_checked_too(tmp_path: Path) -> None:
    told = Story()
    folder = exported(told, tmp_path)
    assert found_by_hand(folder, told.state.head_sha256) == set()


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda one: one.kind)
def test_what_the_commands_find(tmp_path: Path, tampering: Tampering) -> None:
    told = story()
    folder = exported(told, tmp_path)
    rewritten(folder, tampering.do(bundle(source_of(told))))
    assert found_by_hand(folder, told.state.head_sha256) == tampering.steps


@pytest.mark.parametrize("kind", ["link", "linked folder", "pipe", "empty folder", "line breaks"])
def test_what_is_no_file_is_found(tmp_path: Path, kind: str) -> None:
    told = story()
    folder = exported(told, tmp_path / "out")
    match kind:
        case "link":
            (folder / "items.csv").rename(tmp_path / "items.csv")
            (folder / "items.csv").symlink_to(tmp_path / "items.csv")
        case "linked folder":
            (folder / "evidence").rename(tmp_path / "evidence")
            (folder / "evidence").symlink_to(tmp_path / "evidence")
        case "pipe":
            import os

            os.mkfifo(folder / "extra")
        case "empty folder":
            (folder / "extra").mkdir()
        case _:
            (folder / "items.csv\nreport.html").write_bytes(b"")
    assert found_by_hand(folder, told.state.head_sha256) == {2}


def test_how_it_ended_stands_in_its_second_line() -> None:
    told = story()
    lines = bundle(source_of(told))[NAME].decode().splitlines()
    assert lines[0] == ("EVIDENCE OF SESSION 7: Adding Load Balancer for production deployment")
    assert lines[1].startswith("INCOMPLETE. The session is not finished. 5 of 7 items have ended")
    told.tell(events.SessionAborted(reason="wrong\n    rm -rf /"))
    text = bundle(source_of(told))[NAME].decode()
    assert text.splitlines()[1].startswith("ABORTED. The session was aborted: wrong")
    assert not any("rm -rf" in block for block in commands(text))


def test_its_lines_fit_a_terminal() -> None:
    lines = bundle(source_of(story()))[NAME].decode().splitlines()[3:]
    assert [line for line in lines if len(line) > 84] == []
