"""A passphrase is typed to ssh-keygen itself, from the full screen and from the command."""

import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.e2e.command import COMMAND, environment
from tests.e2e.terminal import Terminal
from tests.engine.stage import Stage
from tests.gateway.ssh import PASSPHRASE, make_key
from wizard.evidence.vouching import OPERATOR

NOWHERE = ["--endpoint-url", "http://127.0.0.1:9"]

TEXT = """
sections:
  - title: One
    items:
      - {id: a, title: A, letter: "Put one", step: test.put, with: {name: one, value: right}}
"""


@pytest.fixture
def key(home: Path, tmp_path: Path) -> Path:
    """A locked key in the operator's `~/.ssh`, and a session that can be exported."""
    Stage(home, TEXT).engine()._record.close()
    return make_key(tmp_path / ".ssh" / "id_ed25519", passphrase=PASSPHRASE)


def signed_by(folder: Path, key: Path) -> bool:
    allowed = folder / "allowed"
    allowed.write_text(f"ada {key.with_suffix('.pub').read_text()}")
    names = ["-n", OPERATOR.namespace, "-s", OPERATOR.file]
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", allowed.name, "-I", "ada", *names],
        cwd=folder,
        input=(folder / "SHA256SUMS").read_bytes(),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def test_the_full_screen_steps_aside_for_the_passphrase(
    home: Path, tmp_path: Path, key: Path
) -> None:
    with Terminal(NOWHERE, home, HOME=str(tmp_path)) as terminal:
        terminal.until("Test")
        terminal.press("e")
        terminal.until("Export the evidence")
        terminal.press("enter")
        terminal.until("Sign the evidence with your key?")
        terminal.press("down", "enter")
        terminal.until("Enter passphrase")
        terminal.press(PASSPHRASE, "enter")
        text = terminal.until("Signed with SHA256:")
        assert PASSPHRASE not in text
        terminal.press("enter")
        terminal.until(lambda shown: "Signed with" not in shown)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.restored()
    [folder] = (tmp_path / "st-wizard-evidence").iterdir()
    assert signed_by(folder, key)


@pytest.mark.parametrize(("typed", "code"), [(PASSPHRASE, 0), ("wrong", 1)])
def test_the_command_lets_ssh_keygen_ask(
    home: Path, tmp_path: Path, key: Path, typed: str, code: int
) -> None:
    command = ["export", "1", "--to", str(tmp_path / "to"), "--sign", str(key)]
    child = pexpect.spawn(
        COMMAND, command, env=environment(ST_WIZARD_HOME=str(home)), timeout=30, encoding="utf-8"
    )
    child.delaybeforesend = None
    child.expect("Enter passphrase.*: ")
    child.sendline(typed)
    child.expect(pexpect.EOF)
    child.close()
    shown = str(child.before)
    assert child.exitstatus == code, shown
    assert PASSPHRASE not in shown
    [folder] = (tmp_path / "to").iterdir()
    assert signed_by(folder, key) == (code == 0)
    assert "Traceback" not in shown


def test_without_a_terminal_it_is_refused_with_the_way_out(
    home: Path, tmp_path: Path, key: Path
) -> None:
    done = subprocess.run(
        [COMMAND, "export", "1", "--to", str(tmp_path / "to"), "--sign", str(key)],
        env=environment(ST_WIZARD_HOME=str(home)),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 4
    assert "ssh-add" in done.stderr
    [folder] = (tmp_path / "to").iterdir()
    assert not (folder / OPERATOR.file).exists()
