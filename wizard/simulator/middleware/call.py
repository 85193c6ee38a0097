"""One call to the simulated account, its answer, and how layers are stacked around the work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A request to AWS, understood. `operation` is "Unknown" when no model names it."""

    service: str
    operation: str
    region: str
    protocol: str
    access_key: str
    request_id: str
    arrived: float
    environ: dict[str, Any] = field(repr=False)
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `truncate` sends only half of the body that the headers promise."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    error_code: str | None = None
    truncate: bool = False


class Dropped(Exception):  # noqa: N818  not an error of ours: the network's
    """The connection is cut, and the caller gets no answer."""


Handler = Callable[[Call], Answer]
Layer = Callable[[Call, Handler], Answer]


def stack(layers: Sequence[Layer], work: Handler) -> Handler:
    """One handler of them all: the first layer is outermost."""
    handler = work
    for layer in reversed(layers):
        handler = _around(layer, handler)
    return handler


def _around(layer: Layer, inner: Handler) -> Handler:
    def handler(call: Call) -> Answer:
        return layer(call, inner)

    return handler
