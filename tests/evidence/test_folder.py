"""The folder is put in its place as a whole, and never over something else."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.evidence.exported import FILES, contents, exported
from tests.evidence.session import story
from wizard.errors import RefusedError
from wizard.evidence.folder import folder_name
from wizard.session import events


def test_the_folder_holds_its_files_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = exported(story(), tmp_path / "out")
    assert folder == tmp_path / "out" / "st-wizard-7-add-load-balancer-20261122"
    assert set(contents(folder)) == FILES
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]


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
