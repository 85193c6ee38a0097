"""The load balancer that is there already: what a finished run of the runbook looks like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wizard.simulator.seed.buckets import BALANCER_LOGS
from wizard.simulator.seed.company import OWNER, US
from wizard.simulator.seed.fleet import Planted
from wizard.simulator.seed.ground import Ground, tag_list
from wizard.simulator.seed.network import CORE_GROUPS, Network

NAME = "initech-prod"
APP_SLUG = "initech"
PORT = 3567
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
TAGS = {"VantaDescription": "load balancer for app-initech production", "VantaOwner": OWNER}


@dataclass(frozen=True, slots=True)
class Balancer:
    """The load balancer `initech-prod`; dimensions are CloudWatch's names for it."""

    host_name: str
    dns_name: str
    zone_id: str
    dimension: str
    target_group_dimension: str


def plant_balancer(
    ground: Ground, network: Network, certificate: str, fleet: Iterable[Planted]
) -> Balancer:
    """Make target group, load balancer and listener as the runbook says, with access logs."""
    elbv2 = ground.client("elbv2", US)
    hosts = [planted for planted in fleet if planted.app.slug == APP_SLUG]
    group = _target_group(elbv2, network, hosts)
    made = elbv2.create_load_balancer(
        Name=NAME,
        Type="application",
        Scheme="internet-facing",
        IpAddressType="ipv4",
        Subnets=[network.subnets[zone] for zone in sorted(network.subnets)],
        SecurityGroups=[network.groups[name] for name in CORE_GROUPS],
        Tags=tag_list(TAGS),
    )["LoadBalancers"][0]
    arn = str(made["LoadBalancerArn"])
    elbv2.create_listener(
        LoadBalancerArn=arn,
        Protocol="HTTPS",
        Port=PORT,
        SslPolicy=TLS_POLICY,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=arn,
        Attributes=[
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "access_logs.s3.bucket", "Value": BALANCER_LOGS},
            {"Key": "deletion_protection.enabled", "Value": "true"},
        ],
    )
    return Balancer(
        hosts[0].app.host_name,
        str(made["DNSName"]),
        str(made["CanonicalHostedZoneId"]),
        arn.split(":loadbalancer/")[1],
        group.rsplit(":", 1)[1],
    )


def _target_group(elbv2: Any, network: Network, hosts: list[Planted]) -> str:
    made = elbv2.create_target_group(
        Name=f"{NAME}-tg",
        Protocol="HTTPS",
        ProtocolVersion="HTTP1",
        Port=PORT,
        VpcId=network.vpc_id,
        TargetType="instance",
        IpAddressType="ipv4",
        HealthCheckProtocol="HTTPS",
        HealthCheckPort="traffic-port",
        HealthCheckPath="/hello",
        HealthCheckIntervalSeconds=30,
        HealthCheckTimeoutSeconds=10,
        HealthyThresholdCount=5,
        UnhealthyThresholdCount=2,
        Matcher={"HttpCode": "200"},
        Tags=tag_list(TAGS),
    )["TargetGroups"][0]
    arn = str(made["TargetGroupArn"])
    elbv2.register_targets(
        TargetGroupArn=arn,
        Targets=[
            {"Id": planted.instance_id, "Port": port}
            for planted in hosts
            for port in planted.host.ports
        ],
    )
    return arn
