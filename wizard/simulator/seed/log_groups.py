"""The log groups: over a hundred in each region, with mixed retention."""

from __future__ import annotations

from wizard.simulator.seed.company import APPS, EU, REGIONS
from wizard.simulator.seed.databases import CLUSTERS
from wizard.simulator.seed.functions import FUNCTIONS
from wizard.simulator.seed.ground import Ground

# Customers whose cores log; each has three groups.
# fmt: off
CUSTOMERS = (
    "abstergo", "aperture", "blackmesa", "buynlarge", "chotchkie", "cogswell", "cyberdyne",
    "dharma", "dunder", "encom", "gekko", "gringotts", "initrode", "inner-circle",
    "kobayashi", "kruger", "lexcorp", "massive-dynamic", "mckesson", "monarch", "monsters",
    "nakatomi", "octan", "oscorp", "ouroboros", "oyster", "pendant", "pied-piper",
    "planet-express", "prestige", "rekall", "roxxon", "sirius", "soylent", "spacely",
    "tyrell",
)
# fmt: on
KINDS = ("core", "nginx", "postgresql")
# Days by which groups keep their events; None is "never expire". A year is what the runbook wants.
RETENTIONS = (None, 7, 365, 30, None, 90, 365, 14, 3653, None, 180)
COMMON = (
    "/aws/rds/proxy/supertokens-prod",
    "/aws/ssm/commands",
    "/supertokens/api/prod",
    "/supertokens/api/dev",
    "RDSOSMetrics",
)


def names(region: str) -> tuple[str, ...]:
    """The log groups of a region, in the order of their creation."""
    made = [f"/supertokens/{kind}/{slug}" for kind in KINDS for slug in CUSTOMERS]
    made += [f"/supertokens/core/{app.slug}" for app in APPS if app.region == region]
    made += [
        f"/aws/rds/cluster/{cluster.name}/postgresql"
        for cluster in CLUSTERS
        if cluster.region == region
    ]
    if region == EU:
        made += [f"/aws/lambda/{function.name}" for function in FUNCTIONS]
    return (*made, *COMMON)


def plant_log_groups(ground: Ground) -> None:
    """Make the groups of every region."""
    for region in REGIONS:
        logs = ground.backend("logs", region)
        for number, name in enumerate(names(region)):
            # Lambda makes its group at the first invocation, maybe before the seed comes to it.
            logs.ensure_log_group(name)
            days = RETENTIONS[number % len(RETENTIONS)]
            if days is not None:
                logs.put_retention_policy(name, days)
