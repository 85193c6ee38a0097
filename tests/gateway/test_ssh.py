"""Signatures by SSH keys from files and from the agent, as ssh-keygen makes and checks them."""

import subprocess
from pathlib import Path

import pytest

from tests.gateway.ssh import PASSPHRASE, add_to, agent, make_key, programs
from wizard.errors import LockedKeyError, UsageError, WizardError
from wizard.gateway.ssh_format import public_key, signature
from wizard.gateway.ssh_keys import AGENT, asked_keys, key_of, known_keys
from wizard.gateway.ssh_programs import Programs
from wizard.gateway.ssh_signatures import is_valid, principals, signed

DATA = b"0" * 64 + b"  journal.jsonl\n"
SPACE = "st-wizard-evidence@v1"


def fingerprint(file: Path) -> str:
    said = subprocess.run(["ssh-keygen", "-l", "-f", file], capture_output=True, check=True)
    return said.stdout.decode().split()[1]


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_key_in_a_file_signs(tmp_path: Path, kind: str) -> None:
    run, file = programs(tmp_path), make_key(tmp_path / "key", kind=kind)
    made = signed(DATA, key_of(file, run), SPACE, run, terminal=False)
    told = signature(made)
    assert (told.namespace, told.key.fingerprint) == (SPACE, fingerprint(file))
    assert is_valid(DATA, made, SPACE, run)
    assert not is_valid(DATA + b"x", made, SPACE, run)
    assert not is_valid(DATA, made, "st-wizard-review@v1", run)


def test_every_changed_byte_of_a_signature_is_found(tmp_path: Path) -> None:
    run = programs(tmp_path)
    made = signed(DATA, key_of(make_key(tmp_path / "key"), run), SPACE, run, terminal=False)
    body = [place for place, byte in enumerate(made) if chr(byte).isalnum() and 32 < place < 280]
    for place in body[::16]:
        changed = made[:place] + (b"A" if made[place] != 65 else b"B") + made[place + 1 :]
        assert not is_valid(DATA, changed, SPACE, run), place


def test_a_key_of_which_only_the_agent_has_the_private_half_signs(tmp_path: Path) -> None:
    file = make_key(tmp_path / "key")
    with agent() as socket:
        add_to(socket, file)
        run = programs(tmp_path, SSH_AUTH_SOCK=socket)
        by_file = signed(DATA, key_of(tmp_path / "key.pub", run), SPACE, run, terminal=False)
        (tmp_path / "key.pub").rename(tmp_path / "kept")
        [key] = asked_keys(AGENT, run)
        by_agent = signed(DATA, key, SPACE, run, terminal=False)
        [named] = asked_keys(key.name, run)
    assert (key.in_agent, key.comment, key.file) == (True, "key", "")
    assert named == key
    for made in (by_file, by_agent):
        assert is_valid(DATA, made, SPACE, run)
        assert signature(made).key == key.public


def test_the_keys_there_are(tmp_path: Path) -> None:
    for name in ("one", "two", "alone"):
        make_key(tmp_path / ".ssh" / name)
    (tmp_path / ".ssh" / "alone").unlink()  # its private half is elsewhere
    (tmp_path / ".ssh" / "broken.pub").write_text("ssh-ed25519 AAAA nothing\n")
    held = make_key(tmp_path / "held")
    with agent() as socket:
        add_to(socket, held)
        found = known_keys(programs(tmp_path, SSH_AUTH_SOCK=socket))
    assert [(key.comment, key.in_agent) for key in found] == [
        ("held", True), ("one", False), ("two", False),
    ]  # fmt: skip
    assert known_keys(programs(tmp_path / "nobody")) == []


def test_a_passphrase_is_asked_for_on_a_terminal_only(tmp_path: Path) -> None:
    run, file = programs(tmp_path), make_key(tmp_path / "key", passphrase=PASSPHRASE)
    with pytest.raises(LockedKeyError, match="ssh-add"):
        signed(DATA, key_of(file, run), SPACE, run, terminal=False)


def test_the_askpass_program_of_a_desktop_is_not_called(tmp_path: Path) -> None:
    asked = tmp_path / "askpass"
    asked.write_text(f"#!/bin/sh\ntouch {tmp_path}/called\necho {PASSPHRASE}\n")
    asked.chmod(0o755)
    run = programs(tmp_path, SSH_ASKPASS=str(asked), DISPLAY=":0")
    file = make_key(tmp_path / "key", passphrase=PASSPHRASE)
    with pytest.raises(LockedKeyError):
        signed(DATA, key_of(file, run), SPACE, run, terminal=False)
    assert not (tmp_path / "called").exists()


def test_who_may_sign_is_said_by_a_file(tmp_path: Path) -> None:
    run, file = programs(tmp_path), make_key(tmp_path / "key")
    other = make_key(tmp_path / "other").with_suffix(".pub").read_text()
    made = signed(DATA, key_of(file, run), SPACE, run, terminal=False)
    allowed = tmp_path / "allowed"

    def named(line: str) -> list[str]:
        allowed.write_text(line)
        return principals(DATA, made, SPACE, allowed, run)

    mine = file.with_suffix(".pub").read_text()
    assert named(f"ada@example.com {mine}") == ["ada@example.com"]
    assert named(f'ada@example.com namespaces="{SPACE}" {mine}') == ["ada@example.com"]
    assert named(f'ada@example.com namespaces="git" {mine}') == []
    assert named(f'ada@example.com valid-before="20200101" {mine}') == []
    assert named(f"bob@example.com {other}") == []
    assert named("") == []
    with pytest.raises(UsageError, match="allowed signers"):
        principals(DATA, made, SPACE, tmp_path / "none", run)


def test_a_certificate_is_of_the_key_that_it_certifies(tmp_path: Path) -> None:
    run = programs(tmp_path)
    for kind in ("ed25519", "rsa", "ecdsa"):
        file = make_key(tmp_path / kind, kind=kind)
        subprocess.run(
            ["ssh-keygen", "-q", "-s", file, "-I", "id", "-n", "ada", f"{file}.pub"], check=True
        )
        plain, certified = key_of(file, run).public, key_of(Path(f"{file}-cert.pub"), run).public
        assert plain is not None
        assert certified is not None
        assert certified != plain
        assert certified.bare == plain.bare == plain


@pytest.mark.parametrize("asked", ["missing", AGENT, "SHA256:nothing", "-oProxyCommand=x"])
def test_what_is_no_key_is_said_so(tmp_path: Path, asked: str) -> None:
    with pytest.raises(UsageError):
        asked_keys(asked, programs(tmp_path))


def test_a_file_that_is_no_key_does_not_sign(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("not a key\n")
    run = programs(tmp_path)
    with pytest.raises(WizardError, match="ssh-keygen did not sign"):
        signed(DATA, key_of(tmp_path / "key", run), SPACE, run, terminal=False)


def test_without_openssh_it_says_what_to_install(tmp_path: Path) -> None:
    none = Programs({"PATH": str(tmp_path), "HOME": str(tmp_path)})
    file = make_key(tmp_path / "key")
    with pytest.raises(WizardError, match="no ssh-keygen on this machine"):
        signed(DATA, key_of(file, none), SPACE, none, terminal=False)
    assert known_keys(none) == []


def test_a_program_that_does_not_end_is_ended(tmp_path: Path) -> None:
    slow = tmp_path / "ssh-keygen"
    slow.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    slow.chmod(0o755)
    with pytest.raises(WizardError, match="did not end"):
        programs(tmp_path, PATH=f"{tmp_path}:/usr/bin:/bin").run("ssh-keygen", [], longest=0.2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAf////8=\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n****\n-----END SSH SIGNATURE-----",
        "-----BEGIN PGP SIGNATURE-----",
    ],
)
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        signature(text.encode())


@pytest.mark.parametrize(
    "line", ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA", "a AAAA"]
)
def test_what_is_no_public_key_is_refused(line: str) -> None:
    with pytest.raises(UsageError):
        public_key(line)
