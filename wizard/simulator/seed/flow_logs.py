"""The flow logs: each prod VPC's go to the access-logs bucket of its region."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.simulator.seed.ground import Ground
from wizard.simulator.seed.network import Network


def plant_flow_logs(ground: Ground, networks: Mapping[str, Network]) -> None:
    """Switch them on, once the buckets are there."""
    for region, network in networks.items():
        ground.client("ec2", region).create_flow_logs(
            ResourceType="VPC",
            ResourceIds=[network.vpc_id],
            TrafficType="ALL",
            LogDestinationType="s3",
            LogDestination=f"arn:aws:s3:::supertokens-s3-access-logs-{region}/vpc-flow-logs/",
            MaxAggregationInterval=600,
        )
