"""`st-wizard resume`: on with a session, taken over if need be."""

import sys
from pathlib import Path

import click

from wizard.cli.desk import WizardDesk
from wizard.cli.moving import move
from wizard.cli.settings import Settings
from wizard.cli.summaries import pin_of
from wizard.errors import RefusedError, UsageError
from wizard.safe import safe_line
from wizard.session.calls import LONGEST_CALL


def resume_session(
    settings: Settings,
    *,
    session: str | None,
    plain: bool,
    take_over: bool,
    yes: bool,
    checklist: str | None,
    advice: Path | None,
) -> int:
    """Go on with a session, by default the last one that is not finished."""
    desk = WizardDesk(settings)
    if session is None:
        session = _last(settings, desk)
    holder = _to_take_from(desk, session, yes=yes) if take_over else ""
    if advice is not None and checklist is None:
        raise UsageError(
            "Advice changes together with its checklist.",
            where="--advice",
            todo="Give --checklist, too: `--checklist current` for the installed one.",
        )
    from wizard.cli.demo import as_demo  # noqa: PLC0415
    from wizard.cli.wizard import open_wizard  # noqa: PLC0415

    with as_demo(settings, pin_of(desk.look(session)[1]), session) as fitted:
        if checklist is not None:
            move(WizardDesk(fitted), session, checklist, advice, yes=yes)
        return open_wizard(fitted, plain=plain, resume=session, take_over=holder)


def _last(settings: Settings, desk: WizardDesk) -> str:
    for one in desk.sessions():
        if one.standing in {"suspended", "running"} and not one.rechecks:
            return one.session
    raise UsageError(
        "There is no session to resume.",
        where=settings.store or str(settings.home),
        todo="`st-wizard` starts one; `st-wizard sessions` lists them all.",
    )


def _to_take_from(desk: WizardDesk, session: str, *, yes: bool) -> str:
    """Who loses the session, as the operator has confirmed; empty when nobody holds it."""
    holder = desk.holder(session)
    if not holder:
        sys.stderr.write("Nobody holds this session: there is nothing to take over.\n")
        return ""
    sys.stderr.write(
        safe_line(f"Session {session} is held by {holder}.") + "\n"
        "Taking it over ends that wizard: nothing that it does counts from then on. Calls that it "
        f"has in flight are awaited for up to {LONGEST_CALL:.0f} seconds before anything is "
        "repeated.\n"
    )
    if not yes and not click.confirm("Take it over?", default=False, err=True):
        raise RefusedError(
            "The session was not taken over.",
            where=session,
            todo="`st-wizard` shows it read-only: choose it, then l.",
        )
    return holder
