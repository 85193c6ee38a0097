"""`st-wizard doctor`: is this machine ready, and what to do where it is not."""

import sys
from collections.abc import Sequence

import click
import msgspec

from wizard.cli import doctor_account, doctor_machine
from wizard.cli.checkup import Finding, Standing
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.safe import safe, safe_line

_LOOKS = {Standing.OK: "✓ ok   ", Standing.NOTE: "! note ", Standing.WRONG: "✗ wrong"}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All findings, and whether the wizard can be used."""

    usable: bool
    checks: tuple[Finding, ...]


def doctor(settings: Settings) -> int:
    """Print what was found; 0 when the wizard can be used here, 1 when not."""
    report = examine(settings)
    if settings.as_json:
        print_json(report)
    else:
        _print(report)
    return 0 if report.usable else 1


def examine(settings: Settings) -> Report:
    """Every check. Asks AWS who the credentials are of; prints and changes nothing."""
    findings = [
        doctor_machine.python(),
        doctor_machine.packages(),
        doctor_machine.home(settings.home),
        doctor_machine.store(settings.home, settings.store)
        if settings.store
        else doctor_machine.journal(settings.home),
        doctor_machine.sqlite(),
        doctor_machine.keyring(),
        *doctor_account.account(settings),
        doctor_machine.terminal(),
        doctor_machine.ssh_keygen(),
        doctor_machine.demo(),
    ]
    return Report(usable=_usable(findings), checks=tuple(findings))


def _usable(findings: Sequence[Finding]) -> bool:
    """Nothing is wrong, and there is an account: a real one, or the demo's."""
    standings = {finding.name: finding.standing for finding in findings}
    reaches = standings.get("Credentials") is Standing.OK
    demo = standings.get("Demo account") is Standing.OK
    return Standing.WRONG not in standings.values() and (reaches or demo)


def _print(report: Report) -> None:
    for one in report.checks:
        _say(f"{_LOOKS[one.standing]}  {one.name:<13} {safe_line(one.found, limit=400)}")
        if one.todo:
            _say(f"{'':24}→ {safe(one.todo)}")
    click.echo()
    click.echo(
        "Ready." if report.usable else "Not ready: mend what is wrong above, then run it again."
    )


def _say(text: str) -> None:
    # A terminal that cannot show every letter is one of the things that the doctor tells about.
    encoding = sys.stdout.encoding or "ascii"
    click.echo(text.encode(encoding, "replace").decode(encoding))
