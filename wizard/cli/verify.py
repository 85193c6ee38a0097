"""The command `verify`: a bundle checked, on any machine, without a session or an account."""

from functools import partial
from pathlib import Path

import click
import msgspec

import steps
from wizard.cli import FAILED, WAITING
from wizard.cli.settings import Settings
from wizard.engine.related import related
from wizard.evidence.verify.finding import Finding, Outcome
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.reread import Rereader, reread
from wizard.evidence.verify.verify import Verdict, verify
from wizard.evidence.verify.vouched import Trusted, vouching
from wizard.gateway.ssh_programs import Programs
from wizard.safe import json_safe, safe_line
from wizard.step import Registry

MARKS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.UNCHECKED: "?",
    Outcome.ABSENT: "–",
}
SHOWN = 10
"""Places of one failed check that are printed; `--json` has all."""

CODES = {Outcome.PASSED: 0, Outcome.FAILED: FAILED, Outcome.UNCHECKED: WAITING}

LIMIT = (
    "This shows that the bundle is one and that nothing in it was changed alone. Whoever writes "
    "all of it anew passes too: only a signature, a timestamp, a copy kept early, or CloudTrail "
    "tells that."
)


def verify_bundle(settings: Settings, *, bundle: Path, trusted: Trusted) -> int:
    """Check it and say what each check means, a line each."""
    verdict = verify(read(bundle.expanduser()), rereader(), vouching(trusted, Programs()))
    if settings.as_json:
        told = {"outcome": verdict.outcome, **msgspec.structs.asdict(verdict)}
        click.echo(json_safe(msgspec.json.encode(told).decode()))
    else:
        for line in _lines(verdict):
            click.echo(line)
    return CODES[verdict.outcome]


def rereader() -> Rereader:
    """Reads a bundle back with the steps that are installed."""
    registry = Registry.of(steps)
    return partial(reread, relate=lambda pinned, state: related(pinned.checklist, state, registry))


def finding_lines(verdict: Verdict) -> list[str]:
    """What each check found, a line each, and where it failed."""
    lines = []
    for finding in verdict.findings:
        lines.append(safe_line(f"{MARKS[finding.outcome]} {finding.check:<10} {finding.says}"))
        lines += _places(finding)
    return lines


def _lines(verdict: Verdict) -> list[str]:
    lines = finding_lines(verdict)
    lines += ["", f"Fingerprint {verdict.fingerprint}", LIMIT, "", _in_short(verdict)]
    return lines


def _places(finding: Finding) -> list[str]:
    shown = [safe_line(f"    {place}") for place in finding.problems[:SHOWN]]
    more = len(finding.problems) - SHOWN
    return [*shown, f"    and {more} more; --json has all"] if more > 0 else shown


def _in_short(verdict: Verdict) -> str:
    match verdict.outcome:
        case Outcome.FAILED:
            return "FAILED: this is not what was exported."
        case Outcome.UNCHECKED:
            return "NOT DECIDED: what is marked ? could not be checked here."
        case _:
            return "VERIFIED: every check passed."
