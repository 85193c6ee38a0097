"""Text on its way to the screen: always safe, never markup."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual.content import Content

from wizard.safe import safe, safe_line

if TYPE_CHECKING:
    from wizard.errors import WizardError
    from wizard.session.state import Problem

Part = tuple[str, str]
"""Text and its style."""


def line(*parts: str | Part) -> Content:
    """One line of styled parts; control characters and line breaks are made visible."""
    return Content.assemble(*_clean(parts, _one_line))


def block(*parts: str | Part) -> Content:
    """Text of several lines; control characters other than line breaks are made visible."""
    return Content.assemble(*_clean(parts, _many_lines))


def lines(rows: Iterable[Content]) -> Content:
    """The rows, one below the other."""
    return Content("\n").join(rows)


def _one_line(text: str) -> str:
    return safe_line(text, limit=4000)


def _many_lines(text: str) -> str:
    return safe(text, limit=40000)


def _clean(parts: Iterable[str | Part], clean: Callable[[str], str]) -> list[str | Part]:
    return [clean(part) if isinstance(part, str) else (clean(part[0]), part[1]) for part in parts]


def value_text(value: Any) -> str:
    """A JSON value as people read it, on one line."""
    match value:
        case None:
            return "(nothing)"
        case bool():
            return "yes" if value else "no"
        case str():
            return str.__str__(value) or "(empty)"
        case int() | float():
            return str(value)
        case list() | tuple() if all(isinstance(part, str | int | float) for part in value):
            return ", ".join(str(part) for part in value) or "(none)"
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def problem_text(problem: "Problem | WizardError") -> Content:
    """Where, what, and what to do next."""
    rows = [line(("✗ ", "bold $error"), (problem.what, "bold $error"))]
    if problem.where:
        rows.append(line(("Where  ", "$muted"), problem.where))
    if problem.todo:
        rows.append(line(("Next   ", "$muted"), problem.todo))
    return lines(rows)


def heading(text: str) -> Content:
    """A quiet title above a part."""
    return line((text, "bold $primary"))


def bar(done: int, total: int, width: int) -> Content:
    """A progress bar of `width` cells."""
    full = round(width * done / total) if total else 0
    return Content.assemble(("━" * full, "$success"), ("─" * (width - full), "$border-blurred"))
