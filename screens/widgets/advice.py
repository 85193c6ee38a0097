"""Where the letter and AWS disagree: severity, letter, fact, and what the wizard does."""

from typing import TYPE_CHECKING

from textual.content import Content

from screens.answers import is_empty
from screens.paint import line, lines, value_text
from screens.words import SEVERITY
from wizard.checklist.inputs import deviation

if TYPE_CHECKING:
    from wizard.checklist.model import Advice, Input
    from wizard.effects import Json


def advice_text(name: str, advice: "Advice") -> Content:
    """An advice in full."""
    symbol, style = SEVERITY[advice.severity]
    rows = [
        line((f"{symbol} {advice.severity} ", style), (name, "$muted")),
        line(("Letter  ", "$muted"), advice.says),
        line(("Fact    ", "$muted"), advice.fact),
        line(("Wizard  ", "$muted"), advice.wizard),
    ]
    if advice.source:
        rows.append(line(("Source  ", "$muted"), advice.source))
    return lines(rows)


def about(question: "Input", advice: "Advice | None") -> Content:
    """What an input is, and what is to be known before it is answered."""
    rows = [line((question.help, "$muted"))] if question.help else []
    if question.advice is not None and advice is not None:
        rows.append(advice_text(question.advice, advice))
    return lines(rows)


def departs(question: "Input", value: "Json") -> bool:
    """Whether an answer is another than the letter's, where the letter says one."""
    return not is_empty(value) and deviation(question, value)


def letter_line(question: "Input", value: "Json", letter_label: str) -> Content:
    """What the letter says, and whether the answer follows it."""
    said = letter_label or value_text(question.letter)
    if departs(question, value):
        return line(
            ("△ departs from the letter ", "bold $warning"),
            (f"({said})", "$warning"),
            (": a deviation will be recorded, because", "$muted"),
        )
    return line(("✓ as the letter says ", "$success"), (f"({said})", "$muted"))
