"""What the engine asks of a gateway, so that tests and previews can stand in for the world."""

from typing import Protocol

import msgspec

from wizard.effects import Effect, Facts, Json
from wizard.session.base import Pin


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. `value` is what the step is sent."""

    value: Json
    redacted: Json = None
    """`value` as it may be written down; None for reads, whose facts the step names."""
    request_id: str = ""
    date: str = ""
    """The service's own Date header."""
    pages: int = 1
    entries: int = 0
    response_sha256: str = ""


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it may be written down and shown."""

    service: str
    """`elbv2`, or `http`, `tls`, `sql`."""
    operation: str
    region: str
    params: Facts
    """Redacted, as it is shown and planned."""
    sha256: str
    """Of the canonical request, secrets left out and without their commits."""
    cli: str
    """The command line that equals it: AWS CLI, curl or SQL."""
    title: str
    sealed: Facts | None = None
    """Redacted, as it is journaled: with the commits of what is left out. None: as `params`."""

    @property
    def journaled(self) -> Facts:
        return self.params if self.sealed is None else self.sealed


class Gateway(Protocol):
    """Thread-safe. `call` blocks its thread and raises `wizard.errors.CallError`s."""

    def call(self, effect: Effect) -> Answer:
        """Make the call: reads are retried with backoff and paged to the end, mutating calls
        leave exactly once."""
        ...

    def describe(self, effect: Effect) -> Described:
        """How the call is written down and shown; makes no call and blocks nobody."""
        ...

    def identity(self) -> Pin:
        """Who and where we are, asked of AWS now (STS GetCallerIdentity)."""
        ...

    def now(self) -> float:
        """The account's time, in seconds since the epoch: the machine's, or that of a simulated
        account, whose time may run faster."""
        ...

    def hold(self, name: str, value: str) -> None:
        """Keep a secret in this process's memory, for the `Secret` of that name, and nowhere
        else."""
        ...

    def scrub(self, text: str) -> str:
        """`text` without any secret that was held or given out."""
        ...

    def reset_credentials(self) -> None:
        """Forget credentials and clients, so that a new log-in is used."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...
