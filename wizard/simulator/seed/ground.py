"""Where the seed is planted: the account, its clock, its company, and the two ways into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from moto import backends

from wizard.simulator.clock import AccountClock
from wizard.simulator.world import World

Client = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """What every planting function is given."""

    account: str
    clock: AccountClock
    world: World
    client: Client

    def backend(self, service: str, region: str) -> Any:
        """moto's own backend, for bulk that would take seconds through a client."""
        # moto types a backend for each literal name; the seed's names are data.
        by_name: Callable[[str], Any] = cast(Any, backends.get_backend)
        return by_name(service)[self.account][region]


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most services take them: [{"Key": ..., "Value": ...}]."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
