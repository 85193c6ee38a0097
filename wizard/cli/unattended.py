"""Commands without a screen: run, plan and answers."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click

from wizard.checklist.answers import read_answers, write_answers
from wizard.checklist.inputs import check_answer, parse_answer
from wizard.checklist.model import Checklist
from wizard.checklist.pinned import Pinned
from wizard.cli.account import confirm_account, named_account
from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.cli.summaries import pin_of
from wizard.console.autopilot import Autopilot, summary, waiting_for
from wizard.console.plan import as_json, print_plan
from wizard.console.progress import Progress
from wizard.effects import Json
from wizard.errors import UsageError
from wizard.safe import safe, safe_line
from wizard.session.state import Status


def run_checklist(
    settings: Settings,
    *,
    checklist: str | None,
    resume: str | None,
    answers: Path | None,
    defaults: bool,
    yes: bool,
    account: str | None,
) -> int:
    """Run a checklist, or go on with a session, to its end or to where only a person can go on."""
    desk = WizardDesk(settings)
    began = time.monotonic()
    if resume is None and checklist is not None:
        given = given_answers(desk.checklist(checklist), answers)
        running = desk.begin(checklist, named_account(settings, desk, account), {})
    elif resume is not None and checklist is None:
        pinned, state = desk.look(resume)
        given = given_answers(pinned, answers)
        confirm_account(pin_of(state), account)
        running = desk.resume(resume)
    else:
        raise UsageError(
            "Name either a CHECKLIST to begin or, with --resume, a session to go on with.",
            where="run",
            todo="`st-wizard sessions` lists sessions; `st-wizard run --help` has the checklists' "
            "place.",
        )
    pilot = Autopilot(
        running,
        answers=given,
        defaults=defaults,
        approve=yes,
        viewer=Progress(running.pinned.checklist),
        alone=True,
    )
    code = pilot.run()
    done = summary(running, time.monotonic() - began)
    print_json(done)
    for name, problem in pilot.problems.items():
        sys.stderr.write(safe_line(f"No default for {name}: {problem}", limit=2000) + "\n")
    if code == 3:
        state = running.snapshot.state
        why = state.paused or waiting_for(state) or "see its items"
        sys.stderr.write(
            safe(
                f"Session {done.number} waits for a person: {why.rstrip('.')}.\n",
                keep_newlines=True,
            )
            + f"`st-wizard resume {done.number}` goes on.\n"
        )
    return code


def plan_checklist(
    settings: Settings,
    *,
    checklist: str,
    answers: Path | None,
    defaults: bool,  # noqa: ARG001  a plan takes defaults for what is not answered either way
    account: str | None,
) -> int:
    """Show what would be changed; nothing is, and nothing is journaled."""
    desk = WizardDesk(settings)
    given = given_answers(desk.checklist(checklist), answers)
    pin = named_account(settings, desk, account)
    running = desk.preview(checklist, pin, given)
    running.start()
    running.join()
    snapshot = running.snapshot
    if settings.as_json:
        print_json(as_json(running.pinned, snapshot.state))
    else:
        print_plan(running.pinned, snapshot.state, sys.stdout)
    if snapshot.notice:
        sys.stderr.write(safe(snapshot.notice) + "\n")
    failed = any(item.status is Status.FAILED for item in snapshot.state.items.values())
    return 1 if failed or snapshot.error else 0


def print_answers(settings: Settings, *, checklist: str, account: str | None) -> int:
    """Print a file of answers with the defaults that the live account gives."""
    desk = WizardDesk(settings)
    desk.checklist(checklist)  # a wrong name is told before anybody is asked who this is
    pin = named_account(settings, desk, account)
    running = desk.preview(checklist, pin, {})
    running.start()
    running.join()
    known = running.snapshot.state.inputs()
    if settings.as_json:
        print_json(known)
    else:
        click.echo(write_answers(running.pinned, known), nl=False)
    return 0


def given_answers(pinned: Pinned, answers: Path | None) -> Mapping[str, Json]:
    """The answers of the file, as the inputs' types.

    Names and forms are checked before any call; what only the account can say, such as whether a
    certificate is there, the engine checks.
    """
    if answers is None:
        return {}
    given = _typed(pinned.checklist, read_answers(answers, pinned))
    asked = pinned.checklist.inputs
    wrong = [f"{name}: {why}" for name in given if (why := check_answer(asked[name], given[name]))]
    if wrong:
        raise UsageError(
            " ".join(wrong),
            where=str(answers),
            todo="Put it right there. Nothing was called.",
        )
    return given


def _typed(checklist: Checklist, given: Mapping[str, Json]) -> dict[str, Json]:
    return {
        name: parse_answer(checklist.inputs[name], value) if isinstance(value, str) else value
        for name, value in given.items()
    }
