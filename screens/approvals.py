"""Letting writes happen: of an item, of a section, of everything. Each asks first."""

from typing import TYPE_CHECKING

from screens.item_text import FIRST, calls_of_plan
from screens.member_text import planned_of
from screens.modals import Question
from screens.paint import line, lines
from screens.words import count
from wizard.engine import commands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screens.place import Place
    from screens.run import Run
    from wizard.checklist.model import Item


def approve_item(run: "Place") -> None:
    """Show the calls of the item, and let them happen."""
    item, now = run.item, run.now
    if item is None or now is None:
        return
    planned = planned_of(now)
    rows = calls_of_plan(planned, FIRST if now.members else len(planned))

    def answered(choice: str | None) -> None:
        if choice == "approve":
            run.running.send(commands.Approve(items=(item.id,)))

    run.app.push_screen(
        Question(
            f"Approve: {item.title}",
            lines([line(f"{_account(run)} · {count(len(planned), 'call')}:"), *rows]),
            answers=(("approve", "Approve (a)"),),
            keys={"a": "approve"},
        ),
        answered,
    )


def _account(run: "Place") -> str:
    pin = run.snapshot.state.pin
    return f"{pin.alias or pin.account_id} in {pin.region}" if pin is not None else ""


def approve_section(run: "Run", place: int) -> None:
    """Let all items of the section write, those not planned yet too."""
    section = run.running.pinned.checklist.sections[place]
    _approve_many(run, section.title, section.items, everything=False)


def approve_all(run: "Run") -> None:
    """Let every item write."""
    checklist = run.running.pinned.checklist
    _approve_many(run, "the whole checklist", checklist.items, everything=True)


def _approve_many(run: "Run", what: str, items: "Sequence[Item]", *, everything: bool) -> None:
    state = run.snapshot.state
    open_items = [item for item in items if not state.item(item.id).status.ended]
    planned = sum(len(planned_of(state.item(item.id))) for item in open_items)
    body = lines(
        [
            line(f"In {_account(run)}: {count(len(open_items), 'item')} still open, ",
                 f"{count(planned, 'call')} planned so far."),
            line("Items that are planned later are then done without asking again."),
            line(("Choices, attestations and lost answers still ask you.", "$muted")),
        ]
    )  # fmt: skip

    def answered(choice: str | None) -> None:
        if choice == "approve":
            named = () if everything else tuple(item.id for item in items)
            run.running.send(commands.Approve(items=named))

    key = "A" if everything else "s"
    run.app.push_screen(
        Question(
            f"Approve {what}?",
            body,
            answers=(("approve", f"Approve ({key})"),),
            keys={key: "approve"},
        ),
        answered,
    )
