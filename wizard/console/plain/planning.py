"""The plan: what each item would change, field by field and call by call, before anything is."""

from collections import Counter
from collections.abc import Mapping

from wizard.checklist.model import Advice, Checklist, Item
from wizard.console.plain.advise import show_advice
from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.compared import show_comparison
from wizard.console.plain.many import tally
from wizard.console.plain.paper import Paper
from wizard.console.plain.quiet import quiet_keys
from wizard.console.plain.watch import Leave, Watch
from wizard.console.plain.words import LOOKS, count, value_text
from wizard.engine.commands import Approve
from wizard.engine.desk import Desk
from wizard.engine.snapshot import Snapshot
from wizard.session.base import PlannedCall
from wizard.session.state import ItemState, SessionState, Status
from wizard.step import Differences

MOST = 20
"""Calls of one item that are printed; the journal and the report have all of them."""


def plan(desk: Desk, state: SessionState, paper: Paper) -> None:
    """Looks at the account with the answers of a session, and prints what it would do."""
    if state.pin is None:
        return
    running = desk.preview(state.checklist_id, state.pin, state.inputs())
    watch = Watch(running)
    running.start()
    try:
        with (
            quiet_keys(),
            paper.console.status(paper.text("Looking at the account, changing nothing …")),
        ):
            watch.until(lambda snapshot: not snapshot.running or bool(snapshot.state.paused))
    finally:
        watch.stop("the plan is read")
    show_plan(watch.snapshot, running.pinned.checklist, running.pinned.advice, paper)


def show_plan(
    snapshot: Snapshot, checklist: Checklist, advice: Mapping[str, Advice], paper: Paper
) -> None:
    """Every item with what it found, what it would change and what it waits for."""
    state = snapshot.state
    paper.title("The plan")
    shown: set[str] = set()
    for section in checklist.sections:
        paper.title(section.title)
        for item in section.items:
            _show_item(item, state.item(item.id), paper)
            for name in item.advice:
                if name in advice and name not in shown:
                    show_advice(paper, name, advice[name], indent=4)
                shown.add(name)
    calls = sum(len(item.planned) for item in state.items.values())
    statuses = [state.item(item.id).status for item in checklist.items]
    paper.blank()
    paper.line(
        (f"{count(calls, 'change')} to make", "bold"),
        f" · {statuses.count(Status.DONE)} right already",
        f" · {statuses.count(Status.DEFERRED)} known later",
        f" · {statuses.count(Status.FAILED)} failed",
    )
    if state.paused:
        paper.line(("The plan ends here: ", "bold red"), state.paused)
    if snapshot.error:
        paper.line(("The plan ended early: ", "bold red"), snapshot.error)


def _show_item(item: Item, now: ItemState, paper: Paper) -> None:
    symbol, word, style = LOOKS[now.status]
    paper.line((f"{symbol} {word:<10}", style), item.title, (f"  {item.id}", "dim"), indent=1)
    if now.note:
        paper.line((now.note, "dim"), indent=4)
    if now.members:
        paper.line((f"Of {len(now.members)}: ", "dim"), tally(now), indent=4)
    if now.problem is not None:
        paper.problem(now.problem, indent=4)
    if now.planned:
        show_differences(now.differences, paper)
    show_comparison(now.comparison, paper)
    show_calls(now.planned, paper)


def show_differences(differences: Differences, paper: Paper) -> None:
    """Before and after, a field a line."""
    for one in differences:
        paper.line(
            (f"{one.field}: ", "dim"),
            (value_text(one.found), "red"),
            " → ",
            (value_text(one.wanted), "green"),
            (f"  ({one.reason})" if one.reason else "", "dim"),
            indent=4,
        )


def show_calls(calls: tuple[PlannedCall, ...], paper: Paper) -> None:
    """What will be called, each as the AWS CLI command that it equals; of many, the first."""
    if len(calls) > MOST:
        of_each = Counter(f"{call.service}:{call.operation}" for call in calls)
        counted = ", ".join(f"{number} {operation}" for operation, number in of_each.items())
        paper.line((f"{len(calls)} calls: {counted}. The first {MOST}:", "bold"), indent=4)
    for number, call in enumerate(calls[:MOST], 1):
        paper.line(
            f"{number}. {call.title}",
            (f"  {call.service}:{call.operation} {call.region}", "dim"),
            indent=4,
        )
        if call.cli:
            paper.command(call.cli, indent=7)


def consent(watch: Watch, paper: Paper, ask: Asker) -> None:
    """All at once, one by one, or none: then it was a dry run, and `Leave` is raised."""
    chosen = ask.select(
        "Nothing has been changed yet",
        [
            Choice("all", "Approve all", "later items too, without asking again"),
            Choice("one by one", "One by one", "each item is shown before its first call"),
            Choice("dry run", "Dry run only", "leave it here; resume later"),
        ],
    )
    match chosen:
        case "all":
            notice = watch.tell(Approve(), lambda state: state.approved_all)
            if notice:
                paper.line(("✗ ", "red"), notice)
        case "dry run":
            raise Leave
        case _:
            paper.line(("Every item asks before it changes anything.", "dim"))
