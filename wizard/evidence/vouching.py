"""What vouches for a bundle, beside SHA256SUMS: signatures over it, and a timestamp.

Each is of the very bytes of SHA256SUMS, and so of every file that it lists. It is not listed there
itself, and is taken away as soon as SHA256SUMS is another one.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from wizard.errors import RefusedError, UsageError, WizardError
from wizard.evidence.bundle import OUTSIDE, SUMS
from wizard.evidence.whole_file import write_whole
from wizard.gateway.ssh_format import PublicKey, signature
from wizard.gateway.ssh_keys import SshKey
from wizard.gateway.ssh_programs import Programs
from wizard.gateway.ssh_signatures import signed


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs, and as what."""

    who: str
    file: str
    namespace: str


OPERATOR = Role(who="operator", file=f"{SUMS}.operator.sig", namespace="st-wizard-evidence@v1")
REVIEWER = Role(who="reviewer", file=f"{SUMS}.reviewer.sig", namespace="st-wizard-review@v1")
TIMESTAMP = f"{SUMS}.tsr"


def vouch(
    sums: bytes,
    role: Role,
    key: SshKey,
    programs: Programs,
    *,
    terminal: bool,
    beside: Mapping[str, bytes],
) -> tuple[bytes, PublicKey]:
    """The signature over SHA256SUMS, and the key that made it.

    `RefusedError` when that key, whatever file or agent it came from, is the one of the other
    role's signature among the files `beside`.
    """
    if key.public is not None:
        refuse_same(key.public, role, beside)
    armored = signed(sums, key, role.namespace, programs, terminal=terminal)
    by = signature(armored).key
    refuse_same(by, role, beside)
    return armored, by


def signer(files: Mapping[str, bytes], role: Role) -> PublicKey | None:
    """The key that a role's signature names; None when there is no signature that can be read."""
    try:
        return signature(files[role.file]).key if role.file in files else None
    except UsageError:
        return None


def refuse_same(key: PublicKey, role: Role, beside: Mapping[str, bytes]) -> None:
    """`RefusedError` when the key has signed in the other role, under a certificate or without."""
    other = OPERATOR if role is REVIEWER else REVIEWER
    theirs = signer(beside, other)
    if theirs is not None and key.bare == theirs.bare:
        raise RefusedError(
            f"This key has signed the evidence as its {other.who}.",
            where=key.fingerprint,
            todo="Nothing was signed. A review is a second person's, with a key of their own.",
        )


def sums_of(folder: Path) -> bytes:
    """SHA256SUMS of a folder; `UsageError` when it is no bundle."""
    try:
        return (folder / SUMS).read_bytes()
    except OSError as error:
        raise UsageError(
            f"There is no bundle here: {SUMS} cannot be read ({error.strerror}).",
            where=str(folder),
            todo="Name the folder that `st-wizard export` has written.",
        ) from error


def fitting(folder: Path, sums: bytes) -> dict[str, bytes]:
    """What vouches for a bundle that is there already, if it is over these very sums."""
    try:
        if (folder / SUMS).read_bytes() != sums:
            return {}
    except OSError:
        return {}
    return standing(folder)


def standing(folder: Path) -> dict[str, bytes]:
    """The files that stand beside SHA256SUMS in a folder."""
    return {
        name: (folder / name).read_bytes()
        for name in OUTSIDE
        if name != SUMS and (folder / name).is_file() and not (folder / name).is_symlink()
    }


def put(file: Path, content: bytes) -> None:
    """Write a file beside SHA256SUMS, as a whole or not at all."""
    try:
        write_whole(file, content, mode=0o644)
    except OSError as error:
        raise WizardError(
            f"It cannot be written: {error.strerror}.",
            where=str(file),
            todo="Make a copy of the evidence that you may write to, or say where with --to.",
        ) from error
