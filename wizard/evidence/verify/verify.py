"""All checks of a bundle, in the order in which they are told."""

from collections.abc import Sequence

import msgspec

from wizard.evidence.bundle import fingerprint
from wizard.evidence.verify.finding import Check, Finding, Held, Outcome
from wizard.evidence.verify.listed import check_list
from wizard.evidence.verify.reread import Rereader
from wizard.evidence.verify.told import check_chain, follows


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What all checks say together."""

    findings: tuple[Finding, ...]
    fingerprint: str
    """Of what is there, which is that of the bundle if `files` and `sums` passed."""

    @property
    def outcome(self) -> Outcome:
        """The worst of them; what is absent counts as passed."""
        found = {one.outcome for one in self.findings}
        worst = (one for one in (Outcome.FAILED, Outcome.UNCHECKED) if one in found)
        return next(worst, Outcome.PASSED)


def verify(held: Held, reread: Rereader, vouching: Sequence[Check] = ()) -> Verdict:
    """Every check, whatever the others say. `vouching` checks what stands beside the sums:
    signatures and the timestamp."""
    checks = (check_list, check_chain, follows(reread), *vouching)
    return Verdict(
        findings=tuple(finding for check in checks for finding in check(held)),
        fingerprint=fingerprint(held.files),
    )
