"""Signatures beside the evidence: made at the export, kept while they fit, never left when not."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.engine.stage import ACTOR, Stage
from tests.gateway.authority import Authority, serving
from tests.gateway.ssh import PASSPHRASE, add_to, agent, make_key, programs
from wizard.cli.desk import WizardDesk
from wizard.cli.export import export_session
from wizard.cli.keeping import Keeping
from wizard.cli.settings import Settings
from wizard.cli.signing import chosen_key, sign_folder
from wizard.cli.vouching import Vouching
from wizard.errors import LockedKeyError, RefusedError, UsageError, WizardError
from wizard.evidence.bundle import SUMS
from wizard.evidence.vouching import OPERATOR, REVIEWER, TIMESTAMP, standing
from wizard.gateway.ssh_keys import AGENT, key_of
from wizard.session.events import SessionPaused

TEXT = """
sections:
  - title: One
    items:
      - {id: a, title: A, letter: "Put one", step: test.put, with: {name: one, value: right}}
"""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A session of one item, which has not ended, and an operator without keys of their own."""
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    stage = Stage(tmp_path / "home", TEXT)
    stage.engine()._record.close()
    return stage


def written(settings: Settings, to: Path, **more: str) -> None:
    vouch = Vouching(**more)
    assert export_session(settings, session="1", to=str(to), keep=Keeping(), vouch=vouch) == 0


def export(
    stage: Stage, capsys: pytest.CaptureFixture[str], to: Path, **more: str
) -> tuple[Path, dict[str, Any]]:
    settings = Settings(home=stage.store.home, as_json=True)
    written(settings, to, **more)
    told = json.loads(capsys.readouterr().out)
    return Path(told["folder"]), told


def go_on(stage: Stage) -> None:
    writer = stage.journal.open("s1", ACTOR)
    writer.append(SessionPaused(reason="lunch"))
    writer.close()


def test_it_is_signed_by_a_key_in_a_file(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = make_key(tmp_path / "key")
    folder, told = export(stage, capsys, tmp_path / "to", sign=str(key))
    assert OPERATOR.file not in (folder / SUMS).read_text()
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ada@example.com {key.with_suffix('.pub').read_text()}")
    said = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "ada@example.com",
         "-n", "st-wizard-evidence@v1", "-s", OPERATOR.file],
        cwd=folder, input=(folder / SUMS).read_bytes(), capture_output=True, check=True,
    )  # fmt: skip
    assert told["signed_by"] == {"operator": said.stdout.decode().split()[-1]}
    # The evidence itself is the same bytes as without.
    other, _ = export(stage, capsys, tmp_path / "unsigned")
    assert (other / SUMS).read_bytes() == (folder / SUMS).read_bytes()
    assert standing(other) == {}


def test_the_only_key_of_the_agent_is_taken_and_of_several_one_is_named(
    stage: Stage,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with agent() as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        add_to(socket, make_key(tmp_path / "one"))
        _, told = export(stage, capsys, tmp_path / "to", sign=AGENT)
        [only] = told["signed_by"].values()
        add_to(socket, make_key(tmp_path / "two"))
        monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: PTH123, SIM115
        with pytest.raises(UsageError, match=re.escape(only)):
            export(stage, capsys, tmp_path / "other", sign=AGENT)
        assert not (tmp_path / "other").exists()
        run = programs(tmp_path, SSH_AUTH_SOCK=socket)
        assert chosen_key(AGENT, run, choose=lambda keys: keys[1]).comment == "two"
        _, told = export(stage, capsys, tmp_path / "to", sign=only)
        assert told["signed_by"] == {"operator": only}


def test_signatures_stay_while_they_fit_and_go_when_not(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, to = programs(tmp_path), tmp_path / "to"
    folder, _ = export(stage, capsys, to, sign=str(make_key(tmp_path / "key")))
    sign_folder(folder, REVIEWER, key_of(make_key(tmp_path / "bob"), run), run, terminal=False)
    before = standing(folder)
    assert list(before) == [OPERATOR.file, REVIEWER.file]
    _, told = export(stage, capsys, to)
    assert (standing(folder), told["taken_away"]) == (before, [])
    go_on(stage)
    _, told = export(stage, capsys, to)
    assert standing(folder) == {}
    assert told["taken_away"] == ["the operator's signature", "the reviewer's signature"]
    assert told["signed_by"] == {}


def test_a_new_signature_takes_the_place_of_the_old_one_alone(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, to = programs(tmp_path), tmp_path / "to"
    folder, first = export(stage, capsys, to, sign=str(make_key(tmp_path / "key")))
    sign_folder(folder, REVIEWER, key_of(make_key(tmp_path / "bob"), run), run, terminal=False)
    reviewed = standing(folder)[REVIEWER.file]
    _, second = export(stage, capsys, to, sign=str(make_key(tmp_path / "new")))
    assert first["signed_by"]["operator"] != second["signed_by"]["operator"]
    assert standing(folder)[REVIEWER.file] == reviewed


@pytest.mark.parametrize("by_agent", [False, True])
def test_nobody_signs_as_both(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, by_agent: bool
) -> None:
    key = make_key(tmp_path / "key")
    folder, _ = export(stage, capsys, tmp_path / "to", sign=str(key))
    other = make_key(tmp_path / "other")
    with agent() as socket:
        run = programs(tmp_path, SSH_AUTH_SOCK=socket)
        if by_agent:
            add_to(socket, key)
            same = chosen_key(AGENT, run)
        else:
            # Only its private half: whose it is shows once it has signed.
            key.with_suffix(".pub").unlink()
            same = key_of(key, run)
            assert same.public is None
        with pytest.raises(RefusedError, match="as its operator"):
            sign_folder(folder, REVIEWER, same, run, terminal=False)
        assert REVIEWER.file not in standing(folder)
        sign_folder(folder, REVIEWER, key_of(other, run), run, terminal=False)
        with pytest.raises(RefusedError, match="as its reviewer"):
            sign_folder(folder, OPERATOR, key_of(other, run), run, terminal=False)


def test_what_cannot_be_signed_is_written_and_said_to_be_unsigned(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.cli.vouched.has_terminal", lambda: False)
    key = make_key(tmp_path / "key", passphrase=PASSPHRASE)
    settings = Settings(home=stage.store.home)
    with pytest.raises(LockedKeyError, match="not signed") as refused:
        written(settings, tmp_path / "to", sign=str(key))
    [folder] = (tmp_path / "to").iterdir()
    assert str(folder) in str(refused.value)
    assert "ssh-add" in str(refused.value)
    assert standing(folder) == {}
    assert (folder / SUMS).is_file()


def test_an_authority_gives_it_a_time_once(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "to"
    with serving(Authority(tmp_path / "tsa")) as authority:
        folder, told = export(stage, capsys, to, timestamp=authority.url)
        first = standing(folder)[TIMESTAMP]
        assert told["timestamp"].endswith("Z")
        # The earlier one says more than a later one would.
        export(stage, capsys, to, timestamp=authority.url)
        assert standing(folder) == {TIMESTAMP: first}
        assert len(authority.queries) == 1
        (folder / TIMESTAMP).write_bytes(b"nothing")
        export(stage, capsys, to, timestamp=authority.url)
        assert len(standing(folder)[TIMESTAMP]) > 100
        go_on(stage)
        _, told = export(stage, capsys, to, timestamp=authority.url)
        assert told["taken_away"] == ["the timestamp"]
        assert standing(folder)[TIMESTAMP] != first
        authority.answer = lambda _: (500, b"")
        go_on(stage)
        with pytest.raises(WizardError, match="without a timestamp"):
            export(stage, capsys, to, timestamp=authority.url)
        assert standing(folder) == {}


def test_in_words_it_says_who_stands_for_it(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, key = Settings(home=stage.store.home), make_key(tmp_path / "key")
    written(settings, tmp_path / "to", sign=str(key))
    assert "✓ Signed by the operator with SHA256:" in capsys.readouterr().out
    go_on(stage)
    written(settings, tmp_path / "to")
    assert "△ The evidence is another one than before" in capsys.readouterr().out


def test_the_desk_says_so_in_the_same_words(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, key = Settings(home=stage.store.home), make_key(tmp_path / "key")
    desk = WizardDesk(settings)
    assert not desk.export("1", tmp_path / "to").signed
    written(settings, tmp_path / "to", sign=str(key))
    kept = desk.export("1", tmp_path / "to")
    assert kept.signed in capsys.readouterr().out.splitlines()
    assert kept.besides == ()
    go_on(stage)
    gone = desk.export("1", tmp_path / "to")
    assert gone.signed == ""
    assert len(gone.besides) == 1
    assert "the operator's signature was taken away" in gone.besides[0]
