"""The evidence is written into its folder and nowhere else, whoever has been there before."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.evidence.exported import contents, exported
from tests.evidence.session import story
from tests.hostile.payloads import PAYLOADS
from wizard.errors import RefusedError, UsageError
from wizard.evidence import folder as room
from wizard.evidence.folder import folder_name

NAME = folder_name(story().state)


def victim(tmp_path: Path) -> Path:
    made = tmp_path / "victim"
    made.mkdir()
    (made / "precious").write_text("untouched")
    return made


def untouched(made: Path) -> bool:
    return contents(made) == {"precious": b"untouched"}


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    made, to = victim(tmp_path), tmp_path / "to"
    to.mkdir()
    (to / NAME).symlink_to(made)
    with pytest.raises(RefusedError, match="Something else"):
        exported(story(), to)
    assert untouched(made)
    assert [one.name for one in to.iterdir()] == [NAME]


def test_a_link_that_comes_after_the_look_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, to = victim(tmp_path), tmp_path / "to"
    to.mkdir()
    look = room._refuse_foreign

    def race(folder: Path, session: str) -> None:
        look(folder, session)
        folder.symlink_to(made)

    monkeypatch.setattr(room, "_refuse_foreign", race)
    written = exported(story(), to)
    assert untouched(made)
    assert not written.is_symlink()
    assert "report.html" in contents(written)


@pytest.mark.parametrize("what", ["pipe", "deep", "large", "link", "number", "folder"])
def test_a_manifest_that_is_none_is_somebody_elses(what: str, tmp_path: Path) -> None:
    there = tmp_path / NAME
    there.mkdir()
    manifest = there / "manifest.json"
    match what:
        case "pipe":
            os.mkfifo(manifest)
        case "deep":
            manifest.write_text("[" * 200_000)
        case "large":
            with manifest.open("wb") as file:
                file.truncate(10**12)
        case "link":
            manifest.symlink_to("/dev/zero")
        case "number":
            manifest.write_text("9" * 5000)
        case _:
            manifest.mkdir()
    with pytest.raises(RefusedError):
        exported(story(), tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [NAME]


def test_no_session_gives_its_folder_a_name_that_leads_elsewhere() -> None:
    state = story().state
    for payload in PAYLOADS:
        name = folder_name(replace(state, checklist_id=payload, started_at=payload))
        assert name.startswith("st-wizard-7-")
        assert name.isascii()
        assert name.isprintable()
        assert not set(name) & set('/\\:*?"<>| .')
        assert len(name) < 120


@pytest.mark.parametrize("to", ["/dev/null/x", "/proc/nowhere", "file", "nul\0l"])
def test_where_nothing_can_be_written_it_says_so(to: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        exported(story(), tmp_path / to)
    assert contents(tmp_path) == {"file": b""}


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    assert exported(story(), tmp_path).stat().st_mode & 0o077 == 0
