"""Opens the wizard: full screen, or plain."""

import sys
from typing import TYPE_CHECKING

from wizard.cli import FAILED, REFUSED
from wizard.cli.broken import report
from wizard.cli.settings import Settings
from wizard.errors import UsageError
from wizard.safe import safe

if TYPE_CHECKING:
    from wizard.engine.desk import Desk


def open_wizard(
    settings: Settings,
    *,
    plain: bool,
    start: str | None = None,
    resume: str | None = None,
    take_over: str = "",
) -> int:
    """The home screen, or straight to a checklist or a session; `take_over` says from whom."""
    # The full screen is drawn on standard error: sent to a file, the terminal would stay blank.
    drawn_on = sys.stdout if plain else sys.stderr
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, drawn_on)):
        raise UsageError(
            "The wizard needs a terminal on its input, its output and its error output.",
            where="st-wizard",
            todo="Redirect none of them; or, without a screen, use "
            + (
                f"`st-wizard run --resume {resume}`; see --help."
                if resume
                else "`st-wizard run CHECKLIST --answers FILE`; see --help."
            ),
        )
    if plain:
        from wizard.cli.desk import WizardDesk  # noqa: PLC0415
        from wizard.console.plain import plain as ask  # noqa: PLC0415

        return ask(WizardDesk(settings), start=start, resume=resume, take_over=take_over)
    from screens.app import WizardApp  # noqa: PLC0415

    def desk() -> "Desk":
        # Imported once the first screen is painted: boto3, SQLAlchemy and YAML take their time.
        from wizard.cli.desk import WizardDesk  # noqa: PLC0415

        return WizardDesk(settings)

    app = WizardApp(desk, start=start, resume=resume, take_over=take_over, report=report)
    session = app.run()
    if app.return_code:
        return FAILED
    if app.fenced:
        sys.stderr.write(safe(app.fenced, keep_newlines=True) + "\n")
        return REFUSED
    return _code(settings, session or "")


def _code(settings: Settings, session: str) -> int:
    """How the session stands that was open when the wizard was left."""
    if not session:
        return 0
    from wizard.cli.desk import WizardDesk  # noqa: PLC0415
    from wizard.session.state import Status  # noqa: PLC0415

    _, state = WizardDesk(settings).look(session)
    if state.aborted or any(item.status is Status.FAILED for item in state.items.values()):
        return 1
    if state.finished_at:
        return 0
    sys.stderr.write(f"Session {state.number} is kept: `st-wizard resume {state.number}`.\n")
    return 3
