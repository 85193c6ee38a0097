"""RDS: clusters and instances take minutes, names are unique, and parameters have defaults.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.rds.models import DBCluster, DBInstance

from wizard.simulator.services import rds_changes, rds_creation, rds_offers, rds_parameters
from wizard.simulator.services.patching import put

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World


def install(clock: AccountClock, _world: World) -> None:
    """Make creation take account time, and answer what moto does not."""
    _patch_states(clock)
    rds_creation.install(clock)
    rds_changes.install()
    rds_parameters.install()
    rds_offers.install()


def _patch_states(clock: AccountClock) -> None:
    def instance_status(self: Any) -> str:
        kept: str = self.__dict__["status"]
        return "creating" if kept == "available" and clock.now() < self.available_at else kept

    def set_instance_status(self: Any, value: str) -> None:
        self.__dict__["status"] = value

    def cluster_status(self: Any) -> str:
        kept: str = self.__dict__["_status"]
        if kept not in {"creating", "available"}:
            return kept
        return "creating" if clock.now() < self.available_at else "available"

    def set_cluster_status(self: Any, value: str) -> None:
        self.__dict__["_status"] = value

    put(DBInstance, "status", property(instance_status, set_instance_status))
    put(DBInstance, "available_at", 0.0)
    put(DBCluster, "status", property(cluster_status, set_cluster_status))
    put(DBCluster, "available_at", 0.0)
