"""Leaving a session for now, and ending it for good."""

from typing import TYPE_CHECKING

from screens.modals import Question, TextDialog, TypedDialog
from screens.paint import line, lines
from wizard.engine import commands

if TYPE_CHECKING:
    from screens.run import Run


def abort(run: "Run") -> None:
    """End the session for good: typed, and with a reason."""
    number = run.snapshot.state.number

    def reasoned(reason: str | None) -> None:
        if reason:
            run.running.send(commands.Abort(reason=reason))

    def confirmed(yes: bool | None) -> None:  # noqa: FBT001  what a dialog returns
        if yes:
            run.app.push_screen(
                TextDialog(
                    "Abort",
                    line("The reason is part of the evidence."),
                    label="Reason",
                    action="Abort",
                    danger=True,
                ),
                reasoned,
            )

    run.app.push_screen(
        TypedDialog(
            "Abort this session for good?",
            lines(
                [
                    line("It cannot be resumed. What was done in AWS stays as it is."),
                    line(
                        "To leave and go on later, press q instead.",
                    ),
                ]
            ),
            phrase=f"abort {number}",
            action="Abort",
        ),
        confirmed,
    )


def leave(run: "Run") -> None:
    """Leave the wizard; the session stays resumable."""
    state = run.snapshot.state
    if state.finished_at or state.aborted:
        run.app.leave()
        return

    def answered(choice: str | None) -> None:
        if choice == "leave":
            run.app.leave("the operator left the wizard")

    run.app.push_screen(
        Question(
            "Leave the wizard?",
            lines(
                [
                    line("Calls in flight are finished and journaled; timers keep their start."),
                    line(f"`st-wizard resume {state.number}` goes on from here."),
                ]
            ),
            answers=(("leave", "Leave (q)"),),
            keys={"q": "leave"},
        ),
        answered,
    )
