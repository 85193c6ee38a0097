"""The evidence as it was written: what stands for it, and what did and was taken away."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from wizard.effects import Json
from wizard.engine.desk import Evidence
from wizard.evidence.folder import export, folder_name
from wizard.evidence.source import Source
from wizard.evidence.vouching import OPERATOR, REVIEWER, TIMESTAMP, Role, signer, standing
from wizard.gateway.timestamps import told

_WORDS = {
    OPERATOR.file: "the operator's signature",
    REVIEWER.file: "the reviewer's signature",
    TIMESTAMP: "the timestamp",
}


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence as it was written."""

    folder: Path
    beside: Mapping[str, bytes]
    """What vouches for it now."""
    gone: tuple[str, ...]
    """What did until now, in words, and was taken away since the evidence is another one."""

    def lines(self) -> Iterator[str]:
        """Who and what stands for the evidence, and what does no more."""
        if signed := self._signed(OPERATOR):
            yield signed
        yield from self._besides()

    def evidence(self) -> Evidence:
        """The same for the front ends, which may have it signed yet."""
        return Evidence(
            folder=self.folder, signed=self._signed(OPERATOR), besides=tuple(self._besides())
        )

    def _signed(self, role: Role) -> str:
        by = signer(self.beside, role)
        return f"✓ Signed by the {role.who} with {by.fingerprint}" if by is not None else ""

    def _besides(self) -> Iterator[str]:
        if signed := self._signed(REVIEWER):
            yield signed
        if TIMESTAMP in self.beside:
            said = told(self.beside[TIMESTAMP])
            if said is not None:
                yield f"✓ Timestamp of {said.at}, {said.authority}"
        for one in self.gone:
            yield f"△ The evidence is another one than before, so {one} was taken away."

    def told(self) -> dict[str, Json]:
        """The same for scripts."""
        signers = {role.who: signer(self.beside, role) for role in (OPERATOR, REVIEWER)}
        said = told(self.beside[TIMESTAMP]) if TIMESTAMP in self.beside else None
        return {
            "signed_by": {who: key.fingerprint for who, key in signers.items() if key is not None},
            "timestamp": said.at if said is not None else "",
            "taken_away": self.gone,
        }


def exported(source: Source, to: Path) -> Exported:
    """Write the evidence below `to`. What vouches for it stays if it has not changed since."""
    had = standing(to / folder_name(source.state))
    folder = export(source, to)
    there = standing(folder)
    gone = tuple(_WORDS[name] for name in had if name not in there)
    return Exported(folder=folder, beside=there, gone=gone)
