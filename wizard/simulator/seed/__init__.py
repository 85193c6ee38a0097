"""The company that the simulated account belongs to, planted before the first request.

Everything is made as the company would have made it, then the account's clock goes on for a while:
so load balancers are active, databases available, instances booted and alarms have had data.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random

from wizard.simulator.seed.alarms import plant_alarms
from wizard.simulator.seed.balancers import plant_balancer
from wizard.simulator.seed.buckets import plant_buckets
from wizard.simulator.seed.certificates import plant_certificates
from wizard.simulator.seed.company import REGIONS, US
from wizard.simulator.seed.databases import plant_databases
from wizard.simulator.seed.documents import plant_documents
from wizard.simulator.seed.fleet import plant_fleet
from wizard.simulator.seed.flow_logs import plant_flow_logs
from wizard.simulator.seed.functions import plant_functions
from wizard.simulator.seed.ground import Ground
from wizard.simulator.seed.log_groups import plant_log_groups
from wizard.simulator.seed.network import plant_network
from wizard.simulator.seed.policies import plant_policies
from wizard.simulator.seed.scale import plant_scale
from wizard.simulator.seed.topics import plant_topics
from wizard.simulator.seed.zones import plant_zones

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

# Longer than anything here takes to settle: an Aurora instance, or an alarm's period of 15 minutes.
SETTLING_SECONDS = 3600.0
# Ids are drawn from this seed, so the account looks the same in every run.
IDS = 20200714


def plant(
    clock: AccountClock,
    world: World,
    client: Callable[[str, str], Any],
    *,
    grown: bool = False,
) -> None:
    """Plant the company into the account of `client(service, region)`; advances `clock`.

    `grown`: with hundreds of functions and thousands of log groups.

    The services must be installed, the account empty, and the clients those of this process's
    account: most is written past them, straight into moto.
    """
    mock_random.seed(IDS)
    try:
        # The first look at a region makes its default VPC.
        account = str(client("ec2", US).describe_vpcs()["Vpcs"][0]["OwnerId"])
        ground = Ground(account, clock, world, client)
        _plant(ground)
        if grown:
            plant_scale(ground)
    finally:
        # What the account makes from now on must not repeat ids of an earlier run's state.
        mock_random.seed(os.urandom(16))
    clock.advance(SETTLING_SECONDS)


def _plant(ground: Ground) -> None:
    networks = {region: plant_network(ground, region) for region in REGIONS}
    certificates = {region: plant_certificates(ground, region) for region in REGIONS}
    for region in REGIONS:
        plant_topics(ground, region)
        plant_databases(ground, region, networks[region])
    fleet = tuple(
        planted for region in REGIONS for planted in plant_fleet(ground, region, networks[region])
    )
    plant_buckets(ground, networks)
    plant_flow_logs(ground, networks)
    balancer = plant_balancer(ground, networks[US], certificates[US], fleet)
    plant_zones(ground, networks, fleet, balancer)
    plant_functions(ground)
    plant_documents(ground)
    plant_policies(ground)
    plant_log_groups(ground)
    plant_alarms(ground, balancer, fleet)
