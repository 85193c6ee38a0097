"""The ways between the screens: start, resume, preview, export. Blocking work is in threads."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from screens.counter import the_desk
from screens.looking import Looked
from screens.modals import Message, Question, TextDialog, TypedDialog, Waiting
from screens.paint import line, lines, problem_text
from screens.run import Run
from wizard.errors import HeldError, WizardError
from wizard.session.calls import LONGEST_CALL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from screens.app import WizardApp
    from wizard.effects import Json
    from wizard.session.base import Pin

    T = TypeVar("T")


async def attempt(
    app: "WizardApp",
    doing: str,
    work: "Callable[[], T]",
    refused: "Callable[[WizardError], None] | None" = None,
) -> "T | None":
    """Do `work` in a thread with a sign of life; a `WizardError` gives None, and is shown or
    handed to `refused`."""
    sign = Waiting(doing)
    await app.push_screen(sign)
    failure: WizardError | None = None
    result: T | None = None
    try:
        result = await asyncio.to_thread(work)
    except WizardError as error:
        failure = error
    finally:
        while sign in app.screen_stack:
            await app.pop_screen()
    if failure is not None and refused is not None:
        refused(failure)
    elif failure is not None:
        app.push_screen(Message("This did not work", problem_text(failure)))
    return result


def start_checklist(app: "WizardApp", checklist: str) -> None:
    """Ask for profile, region and account, then begin."""
    from screens.start import Start  # noqa: PLC0415  a screen is imported when it is first shown

    chosen = next(
        (one for one in the_desk(app).checklists() if one.checklist.id == checklist), None
    )
    if chosen is None:
        app.push_screen(
            Message(
                "There is no such checklist",
                line(f"No checklist is called {checklist}. Those that exist are on this screen."),
            )
        )
        return
    app.push_screen(Start(chosen))


def begin(app: "WizardApp", checklist: str, pin: "Pin") -> None:
    """Start a session on the confirmed account, and ask for its inputs."""
    from screens.inputs import Inputs  # noqa: PLC0415  a screen is imported when first shown

    async def go() -> None:
        running = await attempt(
            app, "Opening the session", lambda: the_desk(app).begin(checklist, pin, {})
        )
        if running is not None:
            app.follow(running)
            await app.switch_screen(Inputs(running, pin))
            running.start()

    app.run_worker(go(), group="flow", exclusive=True)


def resume_session(app: "WizardApp", session: str, *, take_over: str = "") -> None:
    """Go on with a session where it stands; `take_over` says from whom, as confirmed."""

    async def go() -> None:
        running = await attempt(
            app,
            "Comparing the account with the session's",
            lambda: the_desk(app).resume(session, take_over=take_over),
            lambda refusal: _offer_look(app, session, refusal),
        )
        if running is not None:
            app.follow(running)
            await app.push_screen(Run(running))
            running.start()

    app.run_worker(go(), group="flow", exclusive=True)


def _offer_look(app: "WizardApp", session: str, refusal: WizardError) -> None:
    """A session that cannot be resumed here can still be read; one that is held, taken over."""
    held = refusal if isinstance(refusal, HeldError) else None

    def answered(choice: str | None) -> None:
        if choice == "look":
            look_at(app, session)
        elif choice == "take" and held is not None:
            take_over(app, session, held.holder)

    answers = (("look", "Look at it (l)"), *([("take", "Take it over (t)")] if held else []))
    app.push_screen(
        Question(
            "This did not work",
            problem_text(refusal),
            answers=answers,
            keys={"l": "look", **({"t": "take"} if held else {})},
        ),
        answered,
    )


def take_over(app: "WizardApp", session: str, holder: str) -> None:
    """Take a session from whoever holds it, once that was typed."""

    def confirmed(yes: bool | None) -> None:  # noqa: FBT001  what a dialog returns
        if yes:
            resume_session(app, session, take_over=holder)

    app.push_screen(
        TypedDialog(
            "Take this session over?",
            lines(
                [
                    line("It is held by ", (holder, "bold"), "."),
                    line("Their wizard ends: nothing that it does counts from then on."),
                    line(
                        "Calls that it has in flight are awaited for up to "
                        f"{LONGEST_CALL:.0f} seconds before anything is repeated."
                    ),
                ]
            ),
            phrase="take over",
            action="Take over",
        ),
        confirmed,
    )


def look_at(app: "WizardApp", session: str) -> None:
    """Show a session as its journal says, read only, and what is added to it."""

    async def go() -> None:
        await app.close_preview()
        looked = await attempt(app, "Reading the journal", lambda: Looked(the_desk(app), session))
        if looked is not None:
            app.follow(looked)
            if looked.snapshot.state.rechecks is not None:
                from screens.recheck import Recheck  # noqa: PLC0415  it imports this module

                await app.push_screen(Recheck(looked))
            else:
                await app.push_screen(Run(looked))

    app.run_worker(go(), group="flow", exclusive=True)


def compare_session(app: "WizardApp", session: str) -> None:
    """Show the region of a session beside its reference region."""
    from screens.compare import Compare, is_compared  # noqa: PLC0415  when it is first shown

    async def go() -> None:
        looked = await attempt(app, "Reading the journal", lambda: Looked(the_desk(app), session))
        if looked is None:
            return
        if is_compared(looked):
            await app.push_screen(Compare(looked))
        else:
            title = looked.pinned.checklist.title
            app.notify(f"{title} compares nothing with another region.", markup=False)

    app.run_worker(go(), group="flow", exclusive=True)


def dry_run(app: "WizardApp", checklist: str, pin: "Pin", answers: "Mapping[str, Json]") -> None:
    """Show what would be done; nothing is changed and nothing is journaled."""

    async def go() -> None:
        await app.close_preview()
        running = await attempt(
            app, "Preparing the dry run", lambda: the_desk(app).preview(checklist, pin, answers)
        )
        if running is not None:
            app.follow(running)
            await app.push_screen(Run(running))
            running.start()

    app.run_worker(go(), group="flow", exclusive=True)


def _quietly(_: WizardError) -> None:
    """Without keys the evidence is there all the same."""


def export_session(app: "WizardApp", session: str) -> None:
    """Ask where to, write the evidence, let it be signed and show the folder."""
    from screens.signing import offer_signing  # noqa: PLC0415  a screen is imported when first shown

    async def write(to: str) -> None:
        evidence = await attempt(
            app,
            "Writing the report",
            lambda: the_desk(app).export(session, Path(to).expanduser()),
        )
        if evidence is None:
            return
        keys = await attempt(app, "Looking for your keys", the_desk(app).signing_keys, _quietly)
        offer_signing(app, evidence, keys or ())

    def chosen(to: str | None) -> None:
        if to:
            app.run_worker(write(to), group="flow", exclusive=True)

    app.push_screen(
        TextDialog(
            "Export the evidence",
            line("A new folder is made below this one."),
            label="Folder",
            value="~/st-wizard-evidence",
            action="Export",
        ),
        chosen,
    )
