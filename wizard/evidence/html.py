"""The report as one HTML file: no script, nothing loaded from elsewhere, the same every time."""

from functools import cache
from typing import TYPE_CHECKING, Any

from wizard.checklist.criteria import vanta_title
from wizard.evidence import words
from wizard.evidence.views import Report
from wizard.safe import safe

if TYPE_CHECKING:
    from jinja2 import Environment

LIMIT = 20_000
"""Characters of one value; the journal has the whole."""


def html(report: Report) -> str:
    """The whole page."""
    return _environment().get_template("report.html").render(report=report)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  30 ms

    environment = Environment(
        loader=PackageLoader("wizard.evidence"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters.update(when=words.when, shown=words.shown, who=words.who, vanta=vanta_title)
    return environment


def _visible(value: Any) -> Any:
    """What came from outside cannot hide from the reader, nor reorder what stands around it."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return safe(value, limit=LIMIT)
    return value
