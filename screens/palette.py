"""The command palette: what can be done here, by name."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.markup import escape

from screens.compare import Compare
from screens.counter import the_desk
from screens.deeds import DEEDS
from screens.flow import compare_session, export_session, resume_session, start_checklist
from screens.help import MORE
from screens.home import Home
from screens.run import Run
from wizard.safe import safe_line

if TYPE_CHECKING:
    from textual.screen import Screen

    from screens.app import WizardApp

NAMES = {
    "approve": "Approve the item",
    "approve_section": "Approve the section",
    "approve_all": "Approve everything",
    "edit": "Answer the item's inputs",
    "attest": "Attest, or settle a lost call",
    "retry": "Try the item again",
    "skip": "Skip the item",
    "mark": "Mark the item done by hand",
    "pause": "Pause or go on",
    "finish": "Summary and export",
    "dry_run": "Dry run",
    "abort": "Abort the session",
}


def _shown(text: str) -> str:
    """The palette interprets markup: outside text is escaped as well as made safe."""
    return escape(safe_line(text))


def commands(app: "WizardApp", screen: "Screen[Any]") -> Iterator[SystemCommand]:
    """Commands of the present screen first, then those of the wizard."""
    if isinstance(screen, Run):
        for name, title in NAMES.items():
            if name in DEEDS and screen.check_action(name, ()):
                yield SystemCommand(title, MORE[name], _act(screen, name))
        if screen.check_action("compare", ()):
            title = "Compare with the reference region"
            yield SystemCommand(title, MORE["compare"], screen.action_compare)
        yield SystemCommand("Call log", MORE["log"], screen.action_log)
        yield SystemCommand("Copy as AWS CLI", MORE["copy"], screen.action_copy)
        yield SystemCommand("Next item for me", MORE["next"], screen.action_next)
    if isinstance(screen, Compare):
        yield SystemCommand("Compare all now", MORE["refresh"], screen.action_refresh)
        yield SystemCommand("Accept the difference", MORE["accept"], screen.action_accept)
        yield SystemCommand("Show others", MORE["show"], screen.action_show)
    if isinstance(screen, Home) and app.desk is not None:
        desk = the_desk(app)
        for session in desk.sessions():
            named = _shown(f"#{session.number} {session.title}")
            where = _shown(f"{session.alias or session.account_id} {session.region}")
            yield SystemCommand(
                f"Resume {named}", where, _with(resume_session, app, session.session)
            )
            yield SystemCommand(
                f"Export {named}", where, _with(export_session, app, session.session)
            )
            yield SystemCommand(
                f"Compare {named}", where, _with(compare_session, app, session.session)
            )
        for pinned in desk.checklists():
            checklist = pinned.checklist
            yield SystemCommand(
                f"Start {_shown(checklist.title)}",
                _shown(checklist.source),
                _with(start_checklist, app, checklist.id),
            )
    yield SystemCommand("Light or dark", "Change the look", app.action_toggle_look)
    yield SystemCommand("Keys", "The keys of this screen", app.action_help)
    yield SystemCommand("Quit", "Leave; a session can be resumed", app.action_leave)


def _act(screen: Run, name: str) -> Callable[[], None]:
    def act() -> None:
        getattr(screen, f"action_{name}")()

    return act


def _with(
    do: "Callable[[WizardApp, str], None]", app: "WizardApp", argument: str
) -> Callable[[], None]:
    def act() -> None:
        do(app, argument)

    return act
