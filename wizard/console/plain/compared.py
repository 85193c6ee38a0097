"""An item beside its counterpart in the reference region, and differences let stand."""

from wizard.console.marks import MARKS
from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.paper import Paper
from wizard.console.plain.words import value_text
from wizard.engine.commands import AcceptDifference
from wizard.session.base import ComparedField
from wizard.session.state import Comparison, ItemState


def show_comparison(comparison: Comparison | None, paper: Paper, *, indent: int = 4) -> None:
    """What is not the same, in three lines a field; what is the same is counted."""
    if comparison is None:
        return
    region = comparison.region or "the reference region"
    if comparison.problem:
        paper.line((f"Beside {region}: ", "bold"), comparison.problem, indent=indent)
        return
    rows = [row for row in comparison.rows if row.mark != "same"]
    same = len(comparison.rows) - len(rows)
    paper.line((f"Beside {region}: ", "bold"), f"{same} of {len(comparison.rows)} fields are the "
               "same", indent=indent)  # fmt: skip
    for row in rows:
        _show_row(row, region, paper, indent + 2)


def _show_row(row: ComparedField, region: str, paper: Paper, indent: int) -> None:
    symbol, word, style = MARKS[row.mark]
    paper.line(
        (f"{symbol} {word}", style), f"  {row.field}",
        (f"  ({row.reason})" if row.reason else "", "dim"), indent=indent,
    )  # fmt: skip
    if row.letter:
        paper.line(("the letter: ", "dim"), row.letter, indent=indent + 2)
    paper.line((f"{region}: ", "dim"), value_text(row.reference), indent=indent + 2)
    here = "here, planned: " if row.planned else "here: "
    paper.line((here, "dim"), value_text(row.here), indent=indent + 2)


def differing(now: ItemState) -> list[ComparedField]:
    """The fields that are neither explained nor accepted."""
    rows = now.comparison.rows if now.comparison is not None else ()
    return [row for row in rows if row.mark == "differs"]


def acceptance(now: ItemState, ask: Asker) -> AcceptDifference:
    """Which difference the operator lets stand, and why."""
    field = ask.select(
        "Which difference is as it should be?",
        [
            Choice(row.field, row.field, f"{value_text(row.reference)} there, "
                   f"{value_text(row.here)} here")
            for row in differing(now)
        ],
    )  # fmt: skip
    reason = ask.text(
        "Why it is as it should be", check=lambda text: "" if text else "A reason is needed."
    )
    return AcceptDifference(item=now.id, field=str(field), reason=reason)
