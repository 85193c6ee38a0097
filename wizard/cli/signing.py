"""The evidence written, and signed with the operator's own SSH key: for commands and the desk."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from wizard.engine.desk import Evidence, SigningKey
from wizard.errors import UsageError
from wizard.evidence.source import Source
from wizard.evidence.vouching import OPERATOR, Role, put, standing, sums_of, vouch
from wizard.gateway.ssh_format import PublicKey
from wizard.gateway.ssh_keys import SshKey, asked_keys, known_keys
from wizard.gateway.ssh_programs import Programs
from wizard.safe import safe_line

Choose = Callable[[Sequence[SshKey]], SshKey]


class SigningDesk(ABC):
    """The desk's part that exports and signs."""

    @abstractmethod
    def source(self, session: str) -> Source:
        """What the evidence of a session is made from."""

    def export(self, session: str, to: Path) -> Evidence:
        from wizard.cli.exported import exported  # noqa: PLC0415  not each command exports

        return exported(self.source(session), to).evidence()

    def signing_keys(self) -> Sequence[SigningKey]:
        return [
            SigningKey(name=key.name, label=label(key), where=where(key))
            for key in known_keys(Programs())
        ]

    def sign(self, folder: Path, key: str, *, terminal: bool) -> str:
        programs = Programs()
        chosen = chosen_key(key, programs, choose=_ambiguous)
        return sign_folder(folder, OPERATOR, chosen, programs, terminal=terminal).fingerprint


def sign_folder(
    folder: Path,
    role: Role,
    key: SshKey,
    programs: Programs,
    *,
    terminal: bool,
    to: Path | None = None,
) -> PublicKey:
    """Sign the folder's SHA256SUMS; the signature goes beside it, or to the file `to`."""
    armored, by = vouch(
        sums_of(folder), role, key, programs, terminal=terminal, beside=standing(folder)
    )
    put(to if to is not None else folder / role.file, armored)
    return by


def chosen_key(asked: str, programs: Programs, *, choose: Choose | None = None) -> SshKey:
    """The key that `asked` means: a file, a fingerprint, or `agent`; of several, one is chosen."""
    keys = asked_keys(asked, programs)
    if len(keys) == 1:
        return keys[0]
    return (choose if choose is not None else _asked_on_terminal)(keys)


def has_terminal() -> bool:
    """Whether there is one to ask for a passphrase on, whatever is piped in and out."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def label(key: SshKey) -> str:
    """`ssh-ed25519 ada@example.com`."""
    kind = key.public.kind if key.public is not None else "private key"
    return safe_line(f"{kind} {key.comment}".strip())


def where(key: SshKey) -> str:
    """Where its private half is."""
    return "in the agent" if key.in_agent else safe_line(key.file.removesuffix(".pub"))


def _asked_on_terminal(keys: Sequence[SshKey]) -> SshKey:
    if not sys.stdin.isatty():
        return _ambiguous(keys)
    for place, key in enumerate(keys, 1):
        click.echo(f"{place:>3}  {key.name}  {label(key)}", err=True)
    numbers = click.IntRange(1, len(keys))
    number: int = click.prompt("Sign with which key?", type=numbers, err=True)
    return keys[number - 1]


def _ambiguous(keys: Sequence[SshKey]) -> SshKey:
    raise UsageError(
        f"The agent holds {len(keys)} keys.",
        where="--sign",
        todo=f"Name one by its fingerprint: {', '.join(key.name for key in keys)}.",
    )
