"""An export with what vouches for it: signed by the operator, given a time by an authority."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wizard.cli.desk import WizardDesk
from wizard.cli.signing import chosen_key, has_terminal, sign_folder
from wizard.cli.vouching import Vouching
from wizard.effects import Json
from wizard.errors import WizardError
from wizard.evidence.folder import export, folder_name
from wizard.evidence.vouching import (
    OPERATOR,
    REVIEWER,
    TIMESTAMP,
    put,
    signer,
    standing,
    sums_of,
)
from wizard.gateway.ssh_programs import Programs
from wizard.gateway.timestamps import fetched, problem_of, told

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
        for role in (OPERATOR, REVIEWER):
            by = signer(self.beside, role)
            if by is not None:
                yield f"✓ Signed by the {role.who} with {by.fingerprint}"
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


def export_vouched(desk: WizardDesk, session: str, to: Path, vouch: Vouching) -> Exported:
    """Write the evidence below `to`, and have it signed and given a time.

    A signature or timestamp that is there stays if the evidence has not changed since, and goes
    if it has: an earlier time says more than a later one. What cannot be signed is written
    nevertheless, and said to be unsigned.
    """
    programs = Programs()
    key = chosen_key(vouch.sign, programs) if vouch.sign else None
    source = desk.source(session)
    had = standing(to / folder_name(source.state))
    folder = export(source, to)
    gone = tuple(_WORDS[name] for name in had if name not in standing(folder))
    if key is not None:
        with _unfinished(folder, "not signed"):
            sign_folder(folder, OPERATOR, key, programs, terminal=has_terminal())
    if vouch.timestamp and problem_of(standing(folder).get(TIMESTAMP, b""), sums_of(folder)):
        with _unfinished(folder, "without a timestamp"):
            put(folder / TIMESTAMP, fetched(sums_of(folder), vouch.timestamp))
    return Exported(folder=folder, beside=standing(folder), gone=gone)


@contextmanager
def _unfinished(folder: Path, how: str) -> Iterator[None]:
    """Says with what went wrong that the evidence itself is there."""
    try:
        yield
    except WizardError as error:
        error.todo = f"{error.todo} The evidence is in {folder}, {how}."
        raise
