"""What an operator can do with the selected item, and the dialogs that ask before it is done."""

from typing import TYPE_CHECKING

from screens.answers import inputs_of
from screens.approvals import approve_item
from screens.ask import Ask
from screens.member_text import counted
from screens.modals import Question, TextDialog
from screens.paint import line, problem_text
from screens.pause import PauseDialog, SettleDialog
from wizard.engine import commands
from wizard.session.state import Status

if TYPE_CHECKING:
    from screens.place import Place
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import ItemState

DEEDS = frozenset(
    [
        "approve",
        "approve_section",
        "approve_all",
        "edit",
        "attest",
        "retry",
        "skip",
        "mark",
        "pause",
        "finish",
        "abort",
        "dry_run",
    ]
)
"""Actions that are offered only when they can do something."""

STOPPED = {Status.FAILED, Status.NEEDS_PERSON, Status.NEEDS_ANSWER, Status.NEEDS_APPROVAL}


def possible(now: "ItemState | None", snapshot: "Snapshot", *, preview: bool) -> frozenset[str]:
    """Which of `DEEDS` can do something now."""
    state = snapshot.state
    if preview:
        return frozenset()
    if state.finished_at or state.aborted or not snapshot.running:
        return frozenset({"finish"})
    deeds = {"pause", "abort", "finish", "dry_run"}
    if not state.approved_all:
        deeds |= {"approve_all", "approve_section"}
    if now is None:
        return frozenset(deeds)
    if now.status is Status.NEEDS_APPROVAL:
        deeds.add("approve")
    if now.status in {Status.NEEDS_PERSON, Status.IN_DOUBT}:
        deeds.add("attest")
    if now.status in {Status.NEEDS_ANSWER, Status.FAILED, Status.WAITING, Status.NEEDS_APPROVAL}:
        deeds.add("edit")
    if now.members and (now.status is Status.DONE or counted(now)[2]):
        # All that failed; of one that is done, its list.
        deeds.add("retry")
    if now.status in {Status.FAILED, Status.SKIPPED, Status.SETTLING, Status.NEEDS_PERSON}:
        deeds.add("retry")
    if now.status in STOPPED | {Status.WAITING}:
        deeds |= {"skip", "mark"}
    return frozenset(deeds)


def asks(now: "ItemState") -> bool:
    """Whether Enter opens what it asks; what failed of many is rather listed."""
    return now.status.wants_operator and now.status is not Status.FAILED


def attend(run: "Place") -> None:
    """Open what the selected item wants of the operator."""
    now = run.now
    if now is None or run.preview:
        return
    match now.status:
        case Status.NEEDS_APPROVAL:
            approve_item(run)
        case Status.NEEDS_ANSWER:
            edit(run)
        case Status.NEEDS_PERSON | Status.IN_DOUBT:
            tell(run)
        case Status.FAILED:
            failed(run)
        case _:
            pass


def edit(run: "Place") -> None:
    """Answer what the item asks, or answer its inputs again and try again."""
    item, now = run.item, run.now
    if item is None or now is None:
        return
    all_inputs = tuple(run.running.pinned.checklist.inputs)
    asked = now.needed_inputs if now.status is Status.NEEDS_ANSWER else ()
    names = asked or inputs_of(item, all_inputs)
    if not names:
        run.app.notify("This item has no inputs.", markup=False)
        return

    def answered(sent: bool | None) -> None:  # noqa: FBT001  what a dialog returns
        if sent and now.status is Status.FAILED:
            run.running.send(commands.Retry(item=item.id))

    run.app.push_screen(Ask(run.running, item.title, names), answered)


def tell(run: "Place") -> None:
    """Open the pause of the item, or ask whether its lost call happened."""
    item, now = run.item, run.now
    if item is None or now is None:
        return
    if now.status is Status.IN_DOUBT:
        doubtful = next((call for call in now.calls if call.outcome == "in doubt"), None)
        if doubtful is not None:
            run.app.push_screen(SettleDialog(run.running, item, doubtful))
        return
    run.app.push_screen(PauseDialog(run.running, item))


def failed(run: "Place") -> None:
    """What can be done about a failure."""
    item, now = run.item, run.now
    if item is None or now is None or now.problem is None:
        return
    choices = (
        ("retry", "Try again"),
        ("edit", "Edit inputs"),
        ("skip", "Skip"),
        ("mark", "By hand"),
    )

    def answered(choice: str | None) -> None:
        match choice:
            case "retry":
                retry(run)
            case "edit":
                edit(run)
            case "skip":
                skip(run)
            case "mark":
                mark(run)
            case _:
                pass

    run.app.push_screen(
        Question(
            f"Failed: {item.title}",
            problem_text(now.problem),
            answers=choices,
            keys={"r": "retry", "e": "edit", "k": "skip", "m": "mark"},
        ),
        answered,
    )


def retry(run: "Place") -> None:
    """Try the item again, or look at once."""
    if run.item is not None:
        run.running.send(commands.Retry(item=run.item.id))


def skip(run: "Place") -> None:
    """End the item without doing it, with a reason."""
    item = run.item
    if item is None:
        return

    def given(reason: str | None) -> None:
        if reason:
            run.running.send(commands.Skip(item=item.id, reason=reason))

    run.app.push_screen(
        TextDialog(
            f"Skip: {item.title}",
            line("It is not done; the report says so, with your reason. Later items go on."),
            label="Reason",
            action="Skip",
            danger=True,
        ),
        given,
    )


def mark(run: "Place") -> None:
    """End the item as done by hand, with a note."""
    item = run.item
    if item is None:
        return

    def given(note: str | None) -> None:
        if note:
            run.running.send(commands.MarkDone(item=item.id, note=note))

    run.app.push_screen(
        TextDialog(
            f"Done by hand: {item.title}",
            line("Nothing is verified; the report says that you did it, with your note."),
            label="Note",
            action="Mark done",
            danger=True,
        ),
        given,
    )


def pause(run: "Place") -> None:
    """Stop starting calls, or go on."""
    paused = run.snapshot.state.paused
    run.running.send(commands.Continue() if paused else commands.Pause())


def preview(run: "Place") -> None:
    """A dry run with the answers of this session."""
    from screens.flow import dry_run  # noqa: PLC0415  flow opens this screen

    state = run.snapshot.state
    if state.pin is not None:
        dry_run(run.app, state.checklist_id, state.pin, state.inputs())
