"""Signatures by SSH keys over bytes, made and checked by `ssh-keygen -Y`.

https://man.openbsd.org/ssh-keygen.1#Y
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wizard.errors import LockedKeyError, UsageError, WizardError
from wizard.gateway.ssh_keys import SshKey, as_file
from wizard.gateway.ssh_programs import Programs
from wizard.safe import safe_line


def signed(
    data: bytes, key: SshKey, namespace: str, programs: Programs, *, terminal: bool
) -> bytes:
    """The armored signature over `data`; `LockedKeyError` when the key wants a passphrase and
    there is no `terminal` to ask for it on."""
    with as_file(key) as file:
        ran = programs.run(
            "ssh-keygen",
            ["-Y", "sign", "-q", "-f", file, "-n", namespace],
            given=data,
            terminal=terminal,
        )
    if ran.code == 0 and ran.out.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        return ran.out
    where = safe_line(key.file or key.name)
    if not terminal and "passphrase" in ran.said:
        raise LockedKeyError(
            "The key has a passphrase, and there is no terminal here to ask for it on.",
            where=where,
            todo="Run `ssh-add` with this key first, then sign again.",
        )
    said = ran.said.strip().splitlines()
    raise WizardError(
        f"ssh-keygen did not sign: {safe_line(said[-1])}." if said else "ssh-keygen did not sign.",
        where=where,
        todo="Check that the private key is there or in the agent, readable by you alone, and "
        "that its passphrase is right.",
    )


def is_valid(data: bytes, armored: bytes, namespace: str, programs: Programs) -> bool:
    """Whether the signature is over these bytes by the key that it names; not whose key it is."""
    with _as_file(armored) as file:
        ran = programs.run(
            "ssh-keygen", ["-Y", "check-novalidate", "-n", namespace, "-s", file], given=data
        )
    return ran.code == 0


def principals(
    data: bytes, armored: bytes, namespace: str, allowed: Path, programs: Programs
) -> list[str]:
    """Who may sign so, according to a file of allowed signers; none when nobody may."""
    if not allowed.is_file():
        raise UsageError(
            "There is no such file of allowed signers.",
            where=safe_line(allowed),
            todo='One line each: a name, namespaces="…", and the public key; see `man ssh-keygen`.',
        )
    with _as_file(armored) as file:
        found = programs.run(
            "ssh-keygen", ["-Y", "find-principals", "-s", file, "-f", str(allowed)], given=data
        )
        names = found.out.decode("utf-8", "replace").splitlines() if found.code == 0 else []
        return [
            name
            for name in names
            if programs.run(
                "ssh-keygen",
                ["-Y", "verify", "-f", str(allowed), "-I", name, "-n", namespace, "-s", file],
                given=data,
            ).code
            == 0
        ]


@contextmanager
def _as_file(armored: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="st-wizard-") as folder:
        file = Path(folder) / "signature"
        file.write_bytes(armored)
        yield str(file)
