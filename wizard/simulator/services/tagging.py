"""Resource Groups Tagging: each key and each value of tags is told once.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetTagValues.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from wizard.simulator.services.patching import Method, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World


def install(_clock: AccountClock, _world: World) -> None:
    """Take out the repetitions: moto tells a value as often as a resource has it."""

    @wrap(ResourceGroupsTaggingAPIBackend, "_get_tag_values_generator")
    def values(
        original: Method, self: ResourceGroupsTaggingAPIBackend, tag_key: str
    ) -> Iterator[str]:
        return iter(sorted(set(original(self, tag_key))))

    @wrap(ResourceGroupsTaggingAPIBackend, "_get_tag_keys_generator")
    def keys(original: Method, self: ResourceGroupsTaggingAPIBackend) -> Iterator[str]:
        return iter(sorted(set(original(self))))
