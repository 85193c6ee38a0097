"""Bundles that tests sign, and review, and hold against the files of an auditor."""

from pathlib import Path

import msgspec

from tests.gateway.ssh import programs
from wizard.cli.signing import sign_folder
from wizard.cli.verify import rereader
from wizard.evidence.verify.finding import Finding
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.verify import verify
from wizard.evidence.verify.vouched import Trusted, vouching
from wizard.evidence.vouching import Role
from wizard.gateway.ssh_keys import key_of

ADA, BOB = "ada@example.com", "bob@example.com"


class Case(msgspec.Struct):
    """A bundle, two people with keys, and an auditor's files."""

    folder: Path
    keys: Path

    def sign(self, role: Role, name: str, *, by: Role | None = None) -> None:
        """As `role`'s file, with the namespace of `by`."""
        run = programs(self.keys)
        made = msgspec.structs.replace(by or role, file=role.file)
        sign_folder(self.folder, made, key_of(self.keys / name, run), run, terminal=False)

    def allowed(self, *lines: tuple[str, str]) -> Path:
        file = self.folder.parent / "allowed_signers"
        text = [f"{who} {(self.keys / f'{name}.pub').read_text()}" for who, name in lines]
        file.write_text("".join(text))
        return file

    def findings(self, **trusted: Path) -> dict[str, Finding]:
        checks = vouching(Trusted(**trusted), programs(self.keys))
        verdict = verify(read(self.folder), rereader(), checks)
        return {one.check: one for one in verdict.findings}

    def outcomes(self, **trusted: Path) -> list[str]:
        found = self.findings(**trusted)
        return [found[name].outcome.value for name in ("operator", "reviewer", "timestamp")]
