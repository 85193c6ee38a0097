"""`compare`: a whole region beside its reference, by a preview that reads and changes nothing."""

import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from wizard.checklist.model import Checklist
from wizard.cli.account import named_account
from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.cli.unattended import given_answers
from wizard.console.comparison import as_json, outcome, print_comparison
from wizard.effects import Json
from wizard.errors import UsageError
from wizard.gateway import profiles
from wizard.safe import safe

SAME, FAILED, DIFFERENT = 0, 1, 2


def compare_regions(
    settings: Settings,
    *,
    here: str,
    reference: str,
    checklist: str,
    answers: Path | None,
    account: str | None,
    whole: bool,
) -> int:
    """Print what differs; 0 when nothing does, 2 when something does, 1 when it could not tell."""
    settings = replace(settings, region=here)
    desk = WizardDesk(settings)
    pinned = desk.checklist(checklist)
    given = {**given_answers(pinned, answers), **_reference(pinned.checklist, reference)}
    _check_regions(here, reference)
    running = desk.preview(checklist, named_account(settings, desk, account), given)
    running.start()
    running.join()
    snapshot = running.snapshot
    if settings.as_json:
        told = as_json(running.pinned, snapshot.state, reference)
        print_json(told)
    else:
        print_comparison(running.pinned, snapshot.state, reference, sys.stdout, whole=whole)
    done = outcome(running.pinned, snapshot.state)
    if snapshot.error or not done.compared:
        sys.stderr.write(safe(snapshot.error or "Nothing could be compared.") + "\n")
        return FAILED
    return DIFFERENT if done.differs else SAME


def _reference(checklist: Checklist, region: str) -> Mapping[str, Json]:
    """The answers that say which region is the reference."""
    if not any(item.reference is not None for item in checklist.items):
        raise UsageError(
            f"{checklist.id} compares nothing with another region.",
            where="--checklist",
            todo="Name a checklist whose items have a reference, such as add-region.",
        )
    # Only where the region is the answer itself: what names one in an ARN is a choice of its own.
    regions = {item.reference.region for item in checklist.items if item.reference is not None}
    asked = [name for name in checklist.inputs if f"${{inputs.{name}}}" in regions]
    return dict.fromkeys(asked, region)


def _check_regions(region: str, reference: str) -> None:
    if region == reference:
        raise UsageError(
            "A region is not compared with itself.", where=region, todo="Name another reference."
        )
    known = {name for name, _ in profiles.regions()}
    if strange := [name for name in (region, reference) if name not in known]:
        raise UsageError(
            f"There is no region called {', '.join(strange)}.",
            where="compare",
            todo="Regions are named like eu-central-2. Nothing was called.",
        )
