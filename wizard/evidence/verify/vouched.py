"""What stands beside SHA256SUMS: the operator's signature, a reviewer's, and a timestamp.

Signatures are checked by `ssh-keygen`, as an auditor does by hand. Whose a key is stands in no
bundle: that is said by a file of allowed signers, which the auditor has from elsewhere.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from wizard.errors import UsageError, WizardError
from wizard.evidence.bundle import SUMS
from wizard.evidence.verify.finding import Check, Finding, Held, absent, failed, passed, unchecked
from wizard.evidence.vouching import OPERATOR, REVIEWER, TIMESTAMP, Role, signer
from wizard.gateway.ssh_format import signature
from wizard.gateway.ssh_programs import Programs
from wizard.gateway.ssh_signatures import is_valid, principals
from wizard.gateway.timestamps import distrust_of, problem_of, told

_SAYS = {
    OPERATOR.who: "Nobody has signed it as its operator: it rests on the word of whoever gave it "
    "to you.",
    REVIEWER.who: "No second person has signed it as its reviewer.",
}


class Trusted(msgspec.Struct, frozen=True, kw_only=True):
    """What an auditor brings along; a bundle cannot say by itself whose its signatures are."""

    allowed_signers: Path | None = None
    """A file in the form of ssh-keygen(1)."""
    tsa_certificate: Path | None = None
    """The root of the timestamp's authority, as PEM."""


def vouching(trusted: Trusted, programs: Programs) -> Sequence[Check]:
    """The checks, with what the auditor trusts."""
    return (
        lambda held: _signatures(held, trusted.allowed_signers, programs),
        lambda held: (_timestamp(held, trusted.tsa_certificate),),
    )


def _signatures(held: Held, allowed: Path | None, programs: Programs) -> Sequence[Finding]:
    by_operator, operators = _signature(held, OPERATOR, allowed, programs)
    by_reviewer, reviewers = _signature(held, REVIEWER, allowed, programs)
    one, other = signer(held.files, OPERATOR), signer(held.files, REVIEWER)
    if one is not None and other is not None and one.bare == other.bare:
        by_reviewer = failed(
            REVIEWER.who,
            "The review is signed with the operator's own key: no second person has seen it.",
            f"both are signed with {one.fingerprint}",
        )
    elif both := sorted(operators & reviewers):
        by_reviewer = failed(
            REVIEWER.who,
            "The operator has reviewed it themselves: no second person has seen it.",
            f"both are signed by {', '.join(both)}",
        )
    elif other is not None and one is None and not by_reviewer.problems:
        says = f"{by_reviewer.says} The operator has not signed: the reviewer may be the operator."
        by_reviewer = msgspec.structs.replace(by_reviewer, says=says)
    return by_operator, by_reviewer


def _signature(
    held: Held, role: Role, allowed: Path | None, programs: Programs
) -> tuple[Finding, frozenset[str]]:
    """What one signature is worth, and whose it is."""
    nobody: frozenset[str] = frozenset()
    armored, sums = held.files.get(role.file), held.files.get(SUMS, b"")
    if armored is None:
        return absent(role.who, _SAYS[role.who]), nobody
    try:
        key = signature(armored).key
        if not is_valid(sums, armored, role.namespace, programs):
            return failed(
                role.who,
                f"{role.file} is no signature of this {SUMS} as its {role.who}'s.",
                f"it names the key {key.fingerprint}",
            ), nobody
        said = f"Signed by the {role.who} with {key.fingerprint} ({key.kind})"
        if allowed is None:
            return passed(
                role.who,
                f"{said}; whose key that is, is not established: name a file of allowed signers "
                "with --allowed-signers.",
            ), nobody
        names = principals(sums, armored, role.namespace, allowed, programs)
    except UsageError as error:
        if allowed is not None and not allowed.is_file():
            raise
        return failed(role.who, f"{role.file} is no signature.", error.what), nobody
    except WizardError as error:
        return unchecked(role.who, f"There is a signature, and it was not checked: {error}"), nobody
    if not names:
        return failed(
            role.who,
            f"It is signed with a key of nobody whom {allowed.name} lets sign so.",
            f"the key is {key.fingerprint}",
        ), nobody
    return passed(role.who, f"{said}, who is {', '.join(names)} by {allowed.name}."), frozenset(
        names
    )


def _timestamp(held: Held, certificate: Path | None) -> Finding:
    reply, sums = held.files.get(TIMESTAMP), held.files.get(SUMS, b"")
    if reply is None:
        return absent("timestamp", "No authority has said since when it exists.")
    problem = problem_of(reply, sums)
    said = told(reply)
    if problem or said is None:
        return failed("timestamp", f"{TIMESTAMP} is no timestamp of this {SUMS}.", problem)
    when = f"It existed at {said.at} by {said.authority or 'an unnamed authority'}"
    if certificate is None:
        return unchecked(
            "timestamp",
            f"{when}, if that is true: name the authority's certificate with --tsa-certificate.",
        )
    try:
        distrust = distrust_of(reply, sums, certificate.read_bytes())
    except OSError as error:
        raise UsageError(
            f"The certificate cannot be read: {error.strerror}.",
            where=str(certificate),
            todo="Give the authority's root certificate as PEM.",
        ) from error
    if distrust:
        return failed("timestamp", f"{TIMESTAMP} is of nobody under {certificate.name}.", distrust)
    return passed("timestamp", f"{when}, whom {certificate.name} vouches for: not a byte is newer.")
