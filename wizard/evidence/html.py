"""The report as one HTML file: no script, nothing loaded from elsewhere, the same every time."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from wizard.checklist.criteria import vanta_title
from wizard.evidence import words
from wizard.evidence.figures.chart import charts
from wizard.evidence.figures.picture import pictures
from wizard.evidence.figures.shapes import Drawing
from wizard.evidence.figures.svg import svg
from wizard.evidence.views import Report
from wizard.safe import safe, safe_line

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

LIMIT = 20_000
"""Characters of one value; the journal has the whole."""


MEMBERS_SHOWN = 500
"""Of an item that fans out; items.csv has all."""


def html(report: Report) -> str:
    """The whole page."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            timeline=_figures(charts(report.timeline, titles(report)), "time"),
            pictures=_figures(pictures(report.topology), "made"),
            members_shown=MEMBERS_SHOWN,
        )
    )


def titles(report: Report) -> dict[str, str]:
    """What each item is called in figures."""
    return {
        view.item.id: f"{view.number} {view.item.title}"
        for section in report.sections
        for view in section.items
    }


def _figures(drawings: Sequence[Drawing], name: str) -> list["Markup"]:
    from markupsafe import Markup  # noqa: PLC0415  comes with jinja2

    # All that comes from outside was escaped when it was drawn.
    return [Markup(svg(one, f"{name}-{number}")) for number, one in enumerate(drawings, 1)]  # noqa: S704


def _css(text: str) -> "Markup":
    """A text as a string of CSS, whatever it holds."""
    from markupsafe import Markup  # noqa: PLC0415  comes with jinja2

    plain = (
        one if one.isalnum() or one in " .,:-·…" else f"\\{ord(one):x} " for one in safe_line(text)
    )
    return Markup(f'"{"".join(plain)}"')  # noqa: S704


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
    environment.filters.update(
        when=words.when,
        shown=words.shown,
        who=words.who,
        vanta=vanta_title,
        spoken=words.spoken,
        css=_css,
    )
    return environment


def _visible(value: Any) -> Any:
    """What came from outside cannot hide from the reader, nor reorder what stands around it."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return safe(value, limit=LIMIT)
    return value
