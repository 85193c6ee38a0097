"""What is said before a question or a write: the letter, and where AWS disagrees with it."""

from wizard.checklist.model import Advice, Input
from wizard.console.plain.paper import Paper
from wizard.console.plain.words import value_text

GRAVE = {"BLOCKER", "DANGER", "TRAP"}


def show_advice(paper: Paper, name: str, advice: Advice, *, indent: int = 0) -> None:
    """One erratum: what the letter says, what AWS does, what the wizard does about it."""
    style = "bold red" if advice.severity in GRAVE else "bold yellow"
    paper.line((f"▲ {advice.severity}", style), f"  {name}", indent=indent)
    paper.line(("The letter:  ", "dim"), advice.says, indent=indent + 2)
    paper.line(("AWS:         ", "dim"), advice.fact, indent=indent + 2)
    paper.line(("The wizard:  ", "dim"), advice.wizard, indent=indent + 2)
    if advice.source:
        paper.line(("Source:      ", "dim"), advice.source, indent=indent + 2)


def show_question(paper: Paper, asked: Input, place: str) -> None:
    """The head of a question: its place among all, its label and its help."""
    paper.blank()
    optional = ("  optional: leave it empty if there is none", "dim") if asked.optional else ""
    paper.line((f"{place}  ", "dim"), (asked.label, "bold"), optional)
    if asked.help:
        paper.line((asked.help, "dim"), indent=2)
    if asked.letter is not None:
        paper.line(("The letter says: ", "dim"), value_text(asked.letter), indent=2)
