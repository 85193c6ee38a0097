"""The commands' names, options and help. Each imports what it needs when it is called."""

from pathlib import Path
from typing import Any

import click

from wizard import __version__
from wizard.cli.auditor import review, sessions, verify
from wizard.cli.keeping import keeping
from wizard.cli.options import common
from wizard.cli.settings import Settings
from wizard.cli.vouching import vouching

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(invoke_without_command=True, context_settings=_HELP)
@click.version_option(__version__, prog_name="st-wizard", message="%(prog)s %(version)s")
@click.option("--plain", is_flag=True, help="Questions and lines instead of a full screen.")
@common
@click.pass_context
def cli(context: click.Context, /, settings: Settings, *, plain: bool) -> int:
    """Carry out SuperTokens' AWS runbooks, and hand the auditor proof of it.

    Without a command: the wizard. It shows what it will change before it changes anything,
    survives being killed, and resumes.

    Exit codes: 0 complete, 1 failed, 2 usage, 3 waiting for a person, 4 refused for safety.
    """
    if context.invoked_subcommand is not None:
        return 0
    from wizard.cli.wizard import open_wizard  # noqa: PLC0415

    return open_wizard(settings, plain=plain)


@cli.command()
@click.argument("session", required=False)
@click.option("--plain", is_flag=True, help="Questions and lines instead of a full screen.")
@click.option(
    "--take-over",
    is_flag=True,
    help="Take it from whoever holds it: their wizard hangs, or its machine is lost.",
)
@click.option(
    "--checklist",
    metavar="FILE",
    help="Go on by another copy of its checklist: a file, or `current` for the installed one.",
)
@click.option(
    "--advice",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The advice that goes with --checklist [default: the installed one].",
)
@click.option("--yes", is_flag=True, help="Take over, or change the checklist, without asking.")
@common
def resume(settings: Settings, **given: Any) -> int:
    """Go on with SESSION: its number or id. Without one: the last that is not finished."""
    from wizard.cli.resume import resume_session  # noqa: PLC0415

    return resume_session(settings, **given)


for _command in (review, sessions, verify):
    cli.add_command(_command)

_SCALE = click.option(
    "--scale", is_flag=True, help="With 300 functions and 5,000 log groups in eu-central-2."
)


@cli.command()
@click.option("--auto", metavar="CHECKLIST", help="Run it whole, with a simulated person.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=10000),
    help="Account seconds in a second [default: 20, with --auto 60].",
)
@click.option("--plain", is_flag=True, help="Questions and lines instead of a full screen.")
@_SCALE
@common
def demo(
    settings: Settings, *, auto: str | None, speed: float | None, plain: bool, scale: bool
) -> int:
    """Open the wizard on a simulated account that behaves like AWS. Nothing real is touched."""
    from wizard.cli import demo as room  # noqa: PLC0415

    if auto is not None:
        return room.auto(settings, auto, speed or 60.0, scale=scale)
    return room.interactive(settings, speed or 20.0, plain=plain, scale=scale)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port [default: free].")
@click.option("--speed", type=click.FloatRange(min=0.1, max=10000), default=1.0, show_default=True)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the account there over restarts.",
)
@_SCALE
def simulator(*, port: int, speed: float, state: Path | None, scale: bool) -> int:
    """Run the simulated account alone. Prints one JSON line when ready; stops on SIGTERM."""
    from wizard.simulator.process import main  # noqa: PLC0415

    kept = [f"--state={state}"] if state is not None else []
    grown = ["--seed=scale"] if scale else []
    return main([f"--port={port}", f"--speed={speed}", *grown, *kept])


_ACCOUNT = click.option(
    "--account", metavar="ID", help="The account this must be; needed for a real one."
)
_ANSWERS = click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="YAML file with answers; `st-wizard answers` prints one.",
)
_DEFAULTS = click.option("--defaults", is_flag=True, help="Answer the rest by the defaults.")


@cli.command()
@click.argument("checklist", required=False)
@click.option("--resume", metavar="SESSION", help="Go on with a session, instead of a CHECKLIST.")
@_ANSWERS
@_DEFAULTS
@click.option("--yes", is_flag=True, help="Approve every change.")
@_ACCOUNT
@common
def run(settings: Settings, **given: Any) -> int:
    """Run CHECKLIST without a screen, for scripts and CI."""
    from wizard.cli.unattended import run_checklist  # noqa: PLC0415

    return run_checklist(settings, **given)


@cli.command()
@click.argument("checklist")
@_ANSWERS
@_DEFAULTS
@_ACCOUNT
@common
def plan(settings: Settings, **given: Any) -> int:
    """Show what CHECKLIST would change, field by field and call by call. Reads only."""
    from wizard.cli.unattended import plan_checklist  # noqa: PLC0415

    return plan_checklist(settings, **given)


@cli.command()
@click.argument("here", metavar="REGION")
@click.argument("reference")
@click.option("--checklist", default="add-region", show_default=True, help="What is compared.")
@_ANSWERS
@click.option("--all", "whole", is_flag=True, help="Show what is the same, too.")
@_ACCOUNT
@common
def compare(settings: Settings, **given: Any) -> int:
    """Compare REGION with region REFERENCE, setting by setting. Reads only.

    Exits with 0 when nothing differs and 2 when something does.
    """
    from wizard.cli.compare import compare_regions  # noqa: PLC0415

    return compare_regions(settings, **given)


@cli.command()
@click.argument("checklist")
@_ACCOUNT
@common
def answers(settings: Settings, **given: Any) -> int:
    """Print a file of answers for CHECKLIST, with the live account's defaults."""
    from wizard.cli.unattended import print_answers  # noqa: PLC0415

    return print_answers(settings, **given)


@cli.command()
@click.argument("checklist")
@click.option(
    "--read-only", is_flag=True, help="Only what plan, compare, recheck and the dropdowns read."
)
@click.option("--corroborate", is_flag=True, help="Also what corroborate reads of CloudTrail.")
@common
def policy(settings: Settings, **given: Any) -> int:
    """Print the IAM policy that CHECKLIST needs. With --region, changes are allowed there only."""
    from wizard.cli.policy import print_policies  # noqa: PLC0415

    return print_policies(settings, **given)


@cli.command()
@click.argument("session")
@click.option(
    "--to",
    metavar="DIR|s3://BUCKET/PREFIX",
    required=True,
    help="Folder to write the evidence below, or where in S3 to keep it.",
)
@keeping
@vouching
@common
def export(settings: Settings, **given: Any) -> int:
    """Write the evidence of SESSION: a report, the items, the journal, the checklist that ran."""
    from wizard.cli.export import export_session  # noqa: PLC0415

    return export_session(settings, **given)


@cli.command()
@click.argument("session")
@click.argument("called", metavar="NAME|COMMIT")
@click.option(
    "--from-secret", metavar="NAME", default="", help="Take the value from the keyring or variable."
)
@common
def reveal(settings: Settings, *, session: str, called: str, from_secret: str) -> int:
    """Open one value that SESSION leaves out: prints the salt by which an auditor checks it.

    NAME|COMMIT is the value's name or the beginning of its commit, as the journal has them. You
    are asked for the value itself, which is neither shown nor stored.
    """
    from wizard.cli.reveal import reveal_value  # noqa: PLC0415

    return reveal_value(settings, session, called, from_secret=from_secret)


@cli.command()
@click.argument("evidence", metavar="SESSION|BUNDLE")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write the recheck's own evidence below.",
)
@common
def recheck(settings: Settings, **given: Any) -> int:
    """Read again, from the live account, what a session or its bundle asserts. Reads only.

    Exits with 0 when all is as it was, 2 when something drifted or is gone, 1 when something could
    not be read, and 4 when it was refused: another account, a broken bundle.
    """
    from wizard.cli.recheck import recheck_evidence  # noqa: PLC0415

    return recheck_evidence(settings, **given)


@cli.command()
@click.argument("evidence", metavar="SESSION|BUNDLE")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write the result below [default: beside the bundle].",
)
@common
def corroborate(settings: Settings, **given: Any) -> int:
    """Find the calls of a session or its bundle in CloudTrail, which the account keeps by itself.

    Exits with 0 when every call has its event, 2 when one is missing or the same caller changed
    something else, 3 when CloudTrail may still deliver it, 1 when it could not be read, 4 when it
    was refused.
    """
    from wizard.cli.corroborate import corroborate_evidence  # noqa: PLC0415

    return corroborate_evidence(settings, **given)


@cli.group()
def secret() -> None:
    """Secrets that checklists need."""


@secret.command("set")
@click.argument("name")
@common
def set_(settings: Settings, *, name: str) -> int:
    """Ask for secret NAME and keep it in the keyring."""
    from wizard.cli.secret import set_secret  # noqa: PLC0415

    return set_secret(settings, name)


@cli.command()
@common
def doctor(settings: Settings) -> int:
    """Check this machine: Python, keyring, AWS profiles and credentials, journal, terminal."""
    from wizard.cli import doctor as room  # noqa: PLC0415

    return room.doctor(settings)
