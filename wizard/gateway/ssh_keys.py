"""The operator's own SSH keys: in files and in the agent. Private halves are never read here."""

import base64
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wizard.errors import UsageError
from wizard.gateway.ssh_format import PublicKey, public_key
from wizard.gateway.ssh_programs import Programs
from wizard.safe import safe_line

_LONGEST = 64 * 1024
"""Bytes of a file that are read to see whether it is a public key."""

AGENT = "agent"
"""What is given for a key to mean one of those in the agent."""


class SshKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that may sign."""

    file: str = ""
    """Of its private or public half; empty for one that only the agent has."""
    public: PublicKey | None = None
    """None when nothing but the private half is there."""
    comment: str = ""
    in_agent: bool = False

    @property
    def name(self) -> str:
        """By which it is told apart: its fingerprint, or its file."""
        return self.public.fingerprint if self.public is not None else self.file


def known_keys(programs: Programs) -> list[SshKey]:
    """Those of the agent, then those in `~/.ssh` that have a private half beside them."""
    agent = {key.public: key for key in agent_keys(programs)}
    found = dict(agent)
    folder = Path(programs.home or "/nonexistent") / ".ssh"
    for file in sorted(folder.glob("*.pub")):
        public, comment = _read(file)
        if public is None or file.name.endswith("-cert.pub"):
            continue
        if public in agent or file.with_suffix("").is_file():
            found[public] = SshKey(
                file=str(file), public=public, comment=comment, in_agent=public in agent
            )
    return list(found.values())


def agent_keys(programs: Programs) -> list[SshKey]:
    """Those that the agent holds; none when there is no agent."""
    if not programs.has("ssh-add"):
        return []
    said = programs.run("ssh-add", ["-L"], longest=10.0)
    if said.code != 0:
        return []
    keys = []
    for line in said.out.decode("utf-8", "replace").splitlines():
        try:
            public, comment = public_key(line)
        except UsageError:
            continue
        keys.append(SshKey(public=public, comment=comment, in_agent=True))
    return keys


def asked_keys(asked: str, programs: Programs) -> Sequence[SshKey]:
    """The keys that `asked` may mean: a file, `agent`, or a fingerprint `SHA256:…`. Several only
    for the agent's; `UsageError` when there is none."""
    if asked == AGENT:
        return agent_keys(programs) or _none(
            "The SSH agent holds no key, or there is none.",
            "Run `ssh-add`, or name the file of a key.",
        )
    if asked.startswith("SHA256:"):
        named = [key for key in known_keys(programs) if key.name == asked]
        return named or _none(
            f"No key has the fingerprint {safe_line(asked)}.",
            "`ssh-add -l` lists those of the agent; or name the file of a key.",
        )
    return [key_of(Path(asked).expanduser(), programs)]


def key_of(file: Path, programs: Programs) -> SshKey:
    """The key in a file: a private one, or a public one whose private half is there too."""
    if not file.is_file():
        raise UsageError(
            "There is no such key.",
            where=safe_line(file),
            todo="Name the file of a private or public key, such as ~/.ssh/id_ed25519.",
        )
    public, comment = _read(file)
    if public is None:
        public, comment = _read(file.with_name(f"{file.name}.pub"))
    in_agent = any(key.public == public for key in agent_keys(programs)) if public else False
    return SshKey(file=str(file), public=public, comment=comment, in_agent=in_agent)


@contextmanager
def as_file(key: SshKey) -> Iterator[str]:
    """Its file for `ssh-keygen`, made for the time being where only the agent has the key."""
    if key.file or key.public is None:
        yield key.file
        return
    with tempfile.TemporaryDirectory(prefix="st-wizard-") as folder:
        file = Path(folder) / "key.pub"
        file.write_text(f"{key.public.kind} {base64.b64encode(key.public.wire).decode()}\n")
        yield str(file)


def _read(file: Path) -> tuple[PublicKey | None, str]:
    """The public key in a file, if that is what it holds."""
    try:
        with file.open("rb") as opened:
            line = opened.read(_LONGEST).decode("utf-8", "replace").partition("\n")[0]
        return public_key(line)
    except (OSError, UsageError):
        return None, ""


def _none(what: str, todo: str) -> Sequence[SshKey]:
    raise UsageError(what, where="--sign", todo=todo)
