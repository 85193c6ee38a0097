"""Puts hostile texts wherever a session or a checklist has room for one."""

from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Any, TypeVar

import msgspec

from tests.hostile.payloads import PAYLOADS
from wizard.checklist.pinned import Pinned
from wizard.effects import UNKNOWN
from wizard.safe import whole

T = TypeVar("T")

KEPT = frozenset(
    # What the wizard itself makes up, or what a checklist's loading has checked.
    {
        "event", "session", "number", "checklist_id", "checklist_sha256", "item", "op", "how",
        "input", "again", "mark", "at", "id", "needs", "step", "schema", "type", "advice", "lines",
        "items", "inputs", "source", "when", "foreach", "key", "partition", "started_at", "choices",
        "pattern", "after", "severity", "after_writes", "account_id", "request_sha256",
        "response_sha256", "controls", "vanta", "updated_at", "read_at", "standing", "kind",
    }
)  # fmt: skip


class Poison:
    """Replaces texts by payloads, one after another, and remembers which were used."""

    def __init__(self, payloads: Iterable[str] = PAYLOADS) -> None:
        self._next: Iterator[str] = cycle(payloads)
        self.used: set[str] = set()

    def text(self) -> str:
        """The next payload."""
        one = next(self._next)
        self.used.add(one)
        return one

    def struct(self, value: T) -> T:
        """A struct like this one, hostile wherever it holds a text of others."""
        plain = msgspec.to_builtins(value, enc_hook=_plain)
        return msgspec.convert(self._poisoned(plain, ""), type(value))

    def checklist(self, pinned: Pinned) -> Pinned:
        """The checklist and its advice, hostile in titles, letters, labels and all other texts."""
        return msgspec.structs.replace(
            pinned,
            checklist=self._within(pinned.checklist),
            advice={name: self._within(advice) for name, advice in pinned.advice.items()},
        )

    def _within(self, value: T) -> T:
        """As `struct`, within the lengths that the model of checklists sets."""
        plain = msgspec.to_builtins(value, enc_hook=_plain)
        return msgspec.convert(self._poisoned(plain, "", short=True), type(value))

    def _poisoned(self, value: Any, name: str, *, short: bool = False) -> Any:
        match value:
            case str() if name in KEPT or not value or value == str(UNKNOWN):
                return value
            case str() if short:
                # A file with half a character is refused before.
                return whole(self.text())[:60] or "x"
            case str():
                return self.text()
            case dict():
                return {key: self._poisoned(part, key, short=short) for key, part in value.items()}
            case list() | tuple():
                return [self._poisoned(part, name, short=short) for part in value]
            case _:
                return value


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(type(value))
