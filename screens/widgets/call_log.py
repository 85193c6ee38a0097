"""The log of calls: one line each, appended as they are answered."""

from typing import TYPE_CHECKING

from textual.widgets import Log

from screens.item_text import call_line

if TYPE_CHECKING:
    from wizard.session.state import Call

Key = tuple[str, str, str, str, str]


def key_of(call: "Call") -> Key:
    """What tells one line of the log from another."""
    return (call.at, call.item, call.op, call.operation, call.outcome)


class CallLog(Log):
    """Shown and hidden by a key; costs nothing while it is hidden."""

    def __init__(self) -> None:
        super().__init__(id="log", highlight=False, max_lines=2000)
        self._seen: dict[Key, None] = {}

    def show_calls(self, calls: "tuple[Call, ...]") -> None:
        """Append what is new among the last calls."""
        fresh = [call for call in calls if key_of(call) not in self._seen]
        if fresh:
            self._seen.update(dict.fromkeys(map(key_of, fresh)))
            for old in list(self._seen)[: max(0, len(self._seen) - 4000)]:
                del self._seen[old]
            self.write_lines([f"{call_line(call).plain}  {call.item}" for call in fresh])
