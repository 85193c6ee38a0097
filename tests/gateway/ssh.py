"""SSH keys and an agent of a test's own."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wizard.gateway.ssh_programs import Programs

PASSPHRASE = "correct horse"


def make_key(file: Path, *, kind: str = "ed25519", passphrase: str = "") -> Path:
    """A new key pair; the comment is the file's name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    names = [
        "-t",
        kind,
        *(["-b", "2048"] if kind == "rsa" else []),
        "-f",
        str(file),
        "-C",
        file.name,
        "-N",
        passphrase,
    ]
    subprocess.run(["ssh-keygen", "-q", *names], check=True)
    return file


def programs(home: Path, **more: str) -> Programs:
    """Of somebody whose home is there, with no agent but the given one."""
    return Programs({"HOME": str(home), "PATH": os.environ["PATH"], **more})


@contextmanager
def agent() -> Iterator[str]:
    """A running agent's socket."""
    # Its path must be short, which that of a test's own directory is not.
    with tempfile.TemporaryDirectory(prefix="ssh-") as folder:
        socket = f"{folder}/agent"
        running = subprocess.Popen(
            ["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        try:
            assert running.stdout is not None
            running.stdout.readline()  # it says where it listens once it does
            yield socket
        finally:
            running.terminate()
            running.communicate()


def add_to(socket: str, *keys: Path) -> None:
    """Give the agent private keys, and take their files away."""
    for key in keys:
        subprocess.run(
            ["ssh-add", "-q", str(key)], env={**os.environ, "SSH_AUTH_SOCK": socket}, check=True
        )
        key.unlink()
