"""What a chain of lives is told to do, and tells when it has ended."""

from typing import Literal

import msgspec

KINDS = ("before intent", "intent, not sent", "sent, no result", "after result")
Kind = Literal[
    "before intent", "intent, not sent", "sent, no result", "after result", "in turn", "random", ""
]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a chain of lives is to do."""

    checklist: str
    home: str
    endpoint_url: str
    inbox_url: str
    answers: str
    """File of answers."""
    cores: int
    """Instances of the company before the first life."""
    region: str
    kind: Kind = ""
    """Where it dies; empty: nowhere."""
    only: tuple[str, ...] = ()
    """Operations (`service:Operation`) at which it dies; none: at all."""
    seed: int = 0
    lives: int = 1000
    forgiving: bool = False
    """Whether the person logs in again at a pause, and tries again what failed."""
    read_timeout: float = 0.0
    """Real seconds to wait for an answer, instead of the wizard's own."""
    longest: float = 5.0
    """Seconds of the processor that a life has at most before it is killed at random."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How a chain of lives went."""

    code: int
    """Exit code of the last life; -1 when there were too many."""
    lives: int
    killed: tuple[str, ...]
    """The points, in order."""
    stuck: int = 0
    """Lives that ended of themselves before the session was finished."""
