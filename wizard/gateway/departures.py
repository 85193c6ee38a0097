"""The last look at a request before it leaves: who signed it, and whether it is still in time.

The SDK renews credentials by itself in the middle of a run. The owner of keys that were not seen
before is asked for first; only those of the pinned account and caller get any other call out.
"""

import re
import threading
import time
from collections.abc import Callable
from typing import Any

from wizard.errors import CredentialsError, UnreachableError
from wizard.session.base import Pin

LEAVES_WITHIN = 25.0
"""Real seconds, from when it was handed to the gateway, within which a mutating call leaves: one
that a sleeping machine kept longer may belong to a session that somebody else goes on with."""

_IDENTIFYING = {"before-send.sts.GetCallerIdentity", "before-send.iam.ListAccountAliases"}
"""What may be called with keys whose owner is not known yet."""

_SIGNED_BY = re.compile(r"Credential=([^/,\s]+)/")

# The monotonic clock stands still while a machine sleeps.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

Changed = Callable[[Pin, Pin], str]
"""What differs between the account that was pinned and another; empty when nothing does."""


class Here(threading.local):
    """The call that the calling thread makes at this moment."""

    began: float = 0.0
    mutating: bool = False
    sent: bool = False
    """Its request went to the network."""
    key: str = ""
    """The id of the key that signed its last request."""


class Departures:
    """Stands before every request of the SDK's clients. Thread-safe."""

    def __init__(self, now: Callable[[], float] = lambda: time.clock_gettime(_CLOCK)) -> None:
        self.here = Here()
        self._now = now
        self._lock = threading.Lock()
        self._owners: dict[str, Pin] = {}
        """Of each key id; keys never change hands."""
        self._pin: Pin | None = None
        self._changed: Changed = lambda _pinned, _now: ""
        self._identify: Callable[[], object] = lambda: None

    def begin(self, *, mutating: bool) -> None:
        """A call is about to be made on this thread."""
        self.here.began, self.here.mutating = self._now(), mutating
        self.here.sent = False

    def identified(self, owner: Pin) -> None:
        """STS's word on the keys that signed this thread's last request."""
        self._owners[self.here.key] = owner

    def pin_to(self, pin: Pin, changed: Changed, identify: Callable[[], object]) -> None:
        """From now on calls leave for this account and caller only. `identify` asks STS and
        hands its word to `identified`."""
        self._pin, self._changed, self._identify = pin, changed, identify

    def leaves(self, request: Any, event_name: str, **_: Any) -> None:
        """botocore's `before-send`: what is raised here keeps the request from being sent."""
        signed = _SIGNED_BY.search(_text(request.headers.get("Authorization")))
        key = self.here.key = signed[1] if signed else ""
        if self._pin is not None and event_name not in _IDENTIFYING:
            self._refuse_others(self._pin, key)
        late = self._now() - self.here.began
        if self.here.mutating and late > LEAVES_WITHIN:
            raise UnreachableError(
                f"It could not leave for {late:.0f} seconds, so it was not sent.",
                code="TooLate",
                where=event_name.removeprefix("before-send."),
                todo="The machine slept, or it waited for credentials. Retry: it looks again "
                "first.",
            )
        self.here.sent = True

    def _refuse_others(self, pin: Pin, key: str) -> None:
        owner = self._owners.get(key)
        if owner is None:
            with self._lock:
                owner = self._owners.get(key) or self._asked(key)
        if owner is None:
            different = "they were renewed again while STS was asked whose they are."
        else:
            different = self._changed(pin, owner)
        if different:
            raise CredentialsError(
                f"The credentials have changed: {different}",
                code="OtherCredentials",
                where=f"account {pin.account_id}",
                todo="Nothing was sent with them. Log in as before, then go on.",
            )

    def _asked(self, key: str) -> Pin | None:
        """Asks whose the key is, in the middle of another call; None when it is in use no more."""
        here = self.here
        kept = (here.began, here.mutating, here.sent, here.key)
        try:
            self._identify()
        finally:
            here.began, here.mutating, here.sent, here.key = kept
        return self._owners.get(key)


def _text(header: object) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else str(header or "")
