"""What is shown when the wizard itself breaks: where, and nothing of what it held at that moment.

Python's own report repeats the texts of exceptions, and Textual's all local variables besides: what
AWS said, what was typed, secrets among them, and control characters raw.
"""

import sys
import threading
import traceback
from collections.abc import Iterable
from types import TracebackType

from wizard.safe import safe_line

REPORT = (
    "This is a defect of st-wizard: report the lines above. Nothing that it held is in them. "
    "The session is kept: `st-wizard resume` goes on.\n"
)


def report(error: BaseException) -> str:
    """The error's kind and its way through the code, and those of what led to it."""
    lines = ["st-wizard broke."]
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}")
        lines += [
            f"  {frame.filename}, line {frame.lineno}, in {frame.name}"
            for frame in _frames(one.__traceback__)
        ]
        one = one.__cause__ or one.__context__
    return "".join(f"{safe_line(line, limit=500)}\n" for line in lines) + REPORT


def _frames(trace: TracebackType | None) -> Iterable[traceback.FrameSummary]:
    return traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)


def report_threads() -> None:
    """From now on, a thread that breaks says so as `report` does."""

    def told(broke: threading.ExceptHookArgs) -> None:
        if broke.exc_value is not None and not isinstance(broke.exc_value, SystemExit):
            sys.stderr.write(report(broke.exc_value))

    threading.excepthook = told
