"""An item for each of many, on plain paper: how many stand where, and those that failed."""

from wizard.console.plain.asker import Choice
from wizard.console.plain.paper import Paper
from wizard.console.plain.words import LOOKS
from wizard.session.state import ItemState, Status

MOST = 10
"""Members that are printed; more are counted in one line."""


def tally(item: ItemState) -> str:
    """`297 done, 3 failed`; empty when it does not stand for many."""
    return ", ".join(
        f"{item.tally[status]} {word}"
        for status, (_, word, _) in LOOKS.items()
        if item.tally.get(status)
    )


def failed(item: ItemState) -> list[ItemState]:
    """The members that failed, in the order they are worked through."""
    found = (item.children.get(member.key) for member in item.members)
    return [child for child in found if child is not None and child.status is Status.FAILED]


def in_doubt(item: ItemState) -> ItemState | None:
    """A member of which a call's answer was lost, and only a person can say what became of it."""
    if not item.tally.get(Status.IN_DOUBT):
        return None
    doubtful = (child for child in item.children.values() if child.status is Status.IN_DOUBT)
    return next(doubtful, None)


def show_failed(item: ItemState, paper: Paper) -> None:
    """How many stand where, and the first that failed, each with its reason."""
    if not item.members:
        return
    paper.line((f"Of {len(item.members)}: ", "dim"), tally(item), indent=2)
    children = failed(item)
    for child in children[:MOST]:
        paper.line(("✗ ", "red"), child.id, indent=4)
        if child.problem is not None:
            paper.problem(child.problem, indent=6)
    if len(children) > MOST:
        paper.line((f"… and {len(children) - MOST} more failed", "dim"), indent=4)


def choices(item: ItemState) -> list[Choice]:
    """The members that failed, to be seen to one by one."""
    return [
        Choice(child.id, child.id, child.problem.what if child.problem is not None else "")
        for child in failed(item)
    ]
