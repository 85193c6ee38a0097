"""A gateway that lets reads through and nothing else, whatever the steps ask for."""

from wizard.effects import Effect, Fetch, NewSecret, Request, is_mutating
from wizard.errors import RefusedError
from wizard.gateway.protocol import Answer, Described, Gateway
from wizard.session.base import Pin

SAFE_METHODS = frozenset({"GET", "HEAD"})
"""https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1"""


class ReadOnly:
    """A `Gateway` before another one; `RefusedError` for what could change something."""

    def __init__(self, inner: Gateway) -> None:
        self._inner = inner

    def call(self, effect: Effect) -> Answer:
        """Make the call if it only reads."""
        unsafe = isinstance(effect, Request) and effect.method.upper() not in SAFE_METHODS
        if is_mutating(effect) or unsafe or isinstance(effect, NewSecret | Fetch):
            told = self._inner.describe(effect)
            raise RefusedError(
                f"{told.service}:{told.operation} changes something, and here is only looked.",
                where="read-only",
                todo="No call was made. This is a defect of the step: report it.",
            )
        return self._inner.call(effect)

    def describe(self, effect: Effect) -> Described:
        return self._inner.describe(effect)

    def identity(self) -> Pin:
        return self._inner.identity()

    def now(self) -> float:
        return self._inner.now()

    def hold(self, name: str, value: str) -> None:
        self._inner.hold(name, value)

    def scrub(self, text: str) -> str:
        return self._inner.scrub(text)

    def reset_credentials(self) -> None:
        self._inner.reset_credentials()

    def close(self) -> None:
        self._inner.close()
