"""A registry with one step and one dropdown, so that these tests need no real ones."""

from typing import Annotated

import msgspec

from wizard.effects import Now
from wizard.step import Option, Options, Registry, Step


class Thing(Step, frozen=True, kw_only=True):
    """A thing with a name."""

    name: str
    size: Annotated[int, msgspec.Meta(ge=1)] = 1
    tags: dict[str, str] = msgspec.field(default_factory=dict)


def zones(name: str, limit: int = 5) -> Options:
    """As many options as `limit` says."""
    yield Now()
    return [Option(value=f"{name}-{place}", label=name) for place in range(limit)]


REGISTRY = Registry({"fake.thing": Thing}, {"fake.zones": zones})
