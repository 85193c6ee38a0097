"""What the engine shows its listeners: the state, and what is under way at this moment."""

import msgspec

from wizard.session.state import SessionState


class InFlight(msgspec.Struct, frozen=True, kw_only=True):
    """A call that left and has not answered yet."""

    item: str
    service: str
    operation: str
    region: str
    mutating: bool
    since: float
    """Seconds of the engine's monotonic clock."""


class NextLook(msgspec.Struct, frozen=True, kw_only=True):
    """A wait: how long it lasts, what for, and when the wizard looks next."""

    item: str
    waiting_for: str
    elapsed: float
    """Account seconds since the wait began; real seconds when a person is waited for."""
    limit: float
    """Account seconds; 0 when a person is waited for without limit."""
    next_look_in: float
    """Real seconds."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of one operation that wait because AWS takes only so many a second."""

    service: str
    operation: str
    waiting: int
    per_second: float
    throttled: bool
    """True once AWS itself asked to slow down."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One consistent picture for a front end. Cheap to make, safe to keep."""

    state: SessionState
    in_flight: tuple[InFlight, ...] = ()
    looks: tuple[NextLook, ...] = ()
    held: tuple[Held, ...] = ()
    handled: int = 0
    """Commands carried out, or refused with a notice, since the engine started."""
    notice: str = ""
    """Why the last command was not taken, in the operator's words; empty when it was."""
    running: bool = True
    """False once the engine's thread has ended."""
    error: str = ""
    """Why it ended, when it did not end by itself."""
    fenced: bool = False
    """It ended because somebody else has taken the session over: nothing is left to do here."""
