"""One value is opened by who knows it, and checked with the printed command."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.engine.stage import ACTOR
from tests.engine.world import PIN, JumpingClock
from wizard.cli.reveal import reveal_value
from wizard.cli.settings import Settings
from wizard.effects import Again, Json
from wizard.errors import RefusedError, UsageError
from wizard.gateway.redact import Committed, redact
from wizard.gateway.secrets import Secrets
from wizard.session.calls import CallIntended
from wizard.session.journal import Journal
from wizard.session.stores import FileStore

VALUES = {"api_password": "hunter2", "token": "two\nlines", "secret_map": "x"}
MAP = '{"B": 1, "A": "é"}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A session of three calls; one value was used twice."""
    journal = Journal(FileStore(tmp_path / "home"), JumpingClock())
    writer = journal.create(
        session="s1",
        checklist_id="test",
        checklist_text="",
        advice_text="",
        checklist_sha256="",
        tool_version="0",
        pin=PIN,
        actor=ACTOR,
    )
    commits = Committed(writer.seal, {"map": MAP}.get)
    mapped = {"$redacted": "Variables", **commits.value("Variables", json.loads(MAP))}
    for op, params in enumerate((VALUES, {"api_password": "hunter2"}, {"Variables": mapped})):
        sealed = redact(params, commits=commits) if op < 2 else params
        writer.append(intended(str(op), sealed))
    writer.close()
    return tmp_path / "home"


def intended(op: str, params: Json) -> CallIntended:
    return CallIntended(
        item="a.b",
        op=op,
        title="",
        service="s",
        operation="O",
        region="",
        params=params,
        request_sha256="",
        cli="",
        again=Again.LOOK,
    )


def reveal(
    home: Path, capsys: pytest.CaptureFixture[str], called: str, value: str, **more: object
) -> dict[str, Json]:
    settings = Settings(home=home, as_json=True)
    assert reveal_value(settings, "1", called, read=lambda _: value, **more) == 0  # type: ignore[arg-type]
    shown = capsys.readouterr()
    assert value not in shown.out + shown.err
    told: dict[str, Json] = json.loads(shown.out)
    return told


@pytest.mark.parametrize(
    ("called", "value", "given", "lines"),
    [
        ("api_password", "hunter2", "hunter2\n", [2, 3]),
        ("token", "two\nlines", "", [2]),
        ("Variables", MAP, '{"A":"é","B":1}\n', [4]),
    ],
)
def test_the_printed_command_prints_the_commit(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    called: str,
    value: str,
    given: str,
    lines: list[int],
) -> None:
    told = reveal(home, capsys, called, value)
    (home / "value.txt").write_text(value)
    said = subprocess.run(
        ["bash", "-c", told["check"]],
        input=given,
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.split()[0] == told["commit"]
    assert [place["line"] for place in told["places"]] == lines
    journaled = FileStore(home)
    line = Journal(journaled, JumpingClock()).lines("s1")[lines[0] - 1]
    assert told["commit"] in line
    assert told["salt"] not in line
    # By its commit, and from where secrets are kept, it is the same.
    assert reveal(home, capsys, told["commit"][:12], value) == told
    kept = Secrets({"ST_WIZARD_SECRET_ONE": value}, keyring=object())
    assert reveal(home, capsys, called, value, from_secret="one", secrets=kept) == told


def test_another_value_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ("hunter3", "two\nlines", "hunter2 "):
        with pytest.raises(RefusedError) as refused:
            reveal(home, capsys, "api_password", wrong)
        assert wrong not in str(refused.value)
    assert capsys.readouterr().out == ""


def test_a_name_that_nothing_has_lists_those_there_are(home: Path) -> None:
    for called in ("password", "a"):
        with pytest.raises(UsageError, match="Variables, api_password, secret_map, token"):
            reveal_value(Settings(home=home), "1", called, read=lambda _: "x")


def test_nothing_given_is_said_so(home: Path) -> None:
    with pytest.raises(UsageError, match="no value"):
        reveal_value(Settings(home=home), "1", "token", read=lambda _: "")


def test_in_words_it_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reveal_value(Settings(home=home), "1", "api_password", read=lambda _: "hunter2")
    said = capsys.readouterr().out
    assert "hunter2" not in said
    assert "line 2      call_intended a.b: event.params.api_password" in said
    assert "openssl dgst -sha256 -mac HMAC" in said


def test_the_key_never_leaves_the_store(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(FileStore(home), JumpingClock())
    key = journal.seal("s1").kept()
    reveal(home, capsys, "api_password", "hunter2")
    assert all(key not in line for line in journal.lines("s1"))
