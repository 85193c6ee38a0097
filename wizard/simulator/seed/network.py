"""The networks: two VPCs a region, public and other subnets, gateways, routes, security groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizard.simulator.seed.company import EU, US
from wizard.simulator.seed.ground import Ground


@dataclass(frozen=True, slots=True)
class Extra:
    """A subnet beside the default ones. `alone`: its zone has no other subnet in the VPC."""

    name: str
    zone: str
    cidr: str
    public: bool
    alone: bool = False


# Not suitable for a load balancer: a /28 (ELB wants a /27 with 8 free addresses), and one without
# a route to the internet. Zones e and f of us-east-1 have nothing else.
EXTRA = {
    US: (
        Extra("prod-nat-1e", "e", "172.31.128.0/28", public=True, alone=True),
        Extra("prod-private-1f", "f", "172.31.144.0/20", public=False, alone=True),
        Extra("prod-nat-1a", "a", "172.31.128.16/28", public=True),
    ),
    EU: (
        Extra("prod-nat-1a", "a", "172.31.128.0/28", public=True),
        Extra("prod-private-1c", "c", "172.31.144.0/20", public=False),
    ),
}
STAGING_CIDR = {US: "10.20.0.0/16", EU: "10.30.0.0/16"}
STAGING_ZONES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Rule:
    """One ingress rule; `source` is a CIDR."""

    protocol: str
    first: int | None
    last: int | None
    source: str
    why: str = ""


API_SERVERS = (("52.4.17.90/32", "API server prod"), ("54.88.201.13/32", "API server dev"))
TEAM = (
    ("49.36.121.7/32", "Rishabh, home"),
    ("103.21.58.66/32", "Office Mumbai"),
    ("81.2.69.160/32", "Nemi, home"),
)
GROUPS: dict[str, tuple[str, tuple[Rule, ...]]] = {
    "default": (
        "default VPC security group",
        (
            *(Rule("tcp", 4243, 4243, cidr, why) for cidr, why in API_SERVERS),
            *(Rule("tcp", 5432, 5432, cidr, why) for cidr, why in API_SERVERS),
        ),
    ),
    "ping-ssh": (
        "allow ping to the instance (no ssh, the name is outdated)",
        (Rule("icmp", 8, -1, "0.0.0.0/0", "ping"),),
    ),
    "supertokens-nginx-port": (
        "nginx ports of the core containers",
        (Rule("tcp", 3567, 3600, "0.0.0.0/0", "customers call the core"),),
    ),
    "ec2-internal-team-access": (
        "SSH for internal team members",
        tuple(Rule("tcp", 22, 22, cidr, why) for cidr, why in TEAM),
    ),
    "dev-postgresql": (
        "dev postgres server",
        tuple(Rule("tcp", 5432, 5432, cidr, why) for cidr, why in (*API_SERVERS, *TEAM)),
    ),
}
# What instances of the core and their load balancers carry.
CORE_GROUPS = ("default", "ping-ssh", "supertokens-nginx-port", "ec2-internal-team-access")


@dataclass(frozen=True, slots=True)
class Network:
    """The prod VPC of a region: what instances, load balancers and databases are put into."""

    vpc_id: str
    subnets: dict[str, str]
    """Zone letter → its suitable public subnet."""
    groups: dict[str, str]
    """Group name → group id."""


def plant_network(ground: Ground, region: str) -> Network:
    """Make the VPCs `prod` (the default one) and `staging`; returns the prod one."""
    ec2 = ground.backend("ec2", region)
    vpc = ec2.default_vpc
    ec2.create_tags([vpc.id], {"Name": "prod"})
    main = next(table for table in ec2.route_tables.values() if table.vpc_id == vpc.id)
    ec2.create_tags([main.id], {"Name": "prod-public"})
    gateway = next(one for one in ec2.internet_gateways.values() if one.vpc is vpc)
    ec2.create_tags([gateway.id], {"Name": "prod"})
    subnets = _default_subnets(ec2, region, vpc.id)
    _extra_subnets(ec2, region, vpc.id)
    groups = _groups(ec2, vpc.id)
    _endpoint(ec2, region, vpc.id)
    _staging(ec2, region)
    return Network(vpc.id, subnets, groups)


def _open(ec2: Any, vpc_id: str, table_id: str, name: str) -> None:
    gateway = ec2.create_internet_gateway(tags=[{"Key": "Name", "Value": name}])
    ec2.attach_internet_gateway(gateway.id, vpc_id)
    ec2.create_route(table_id, "0.0.0.0/0", gateway_id=gateway.id)


def _default_subnets(ec2: Any, region: str, vpc_id: str) -> dict[str, str]:
    """Name the default subnets, and take those away whose zone has only an unsuitable one."""
    gone = {extra.zone for extra in EXTRA[region] if extra.alone}
    kept = {}
    for subnet in [*ec2.describe_subnets(filters={"vpc-id": vpc_id})]:
        zone = subnet.availability_zone.removeprefix(region)
        if zone in gone:
            ec2.delete_subnet(subnet.id)
            continue
        ec2.create_tags([subnet.id], {"Name": f"prod-public-1{zone}"})
        kept[zone] = subnet.id
    return kept


def _extra_subnets(ec2: Any, region: str, vpc_id: str) -> None:
    private = ec2.create_route_table(vpc_id, tags=[{"Key": "Name", "Value": "prod-private"}])
    for extra in EXTRA[region]:
        subnet = ec2.create_subnet(vpc_id, extra.cidr, availability_zone=region + extra.zone)
        ec2.create_tags([subnet.id], {"Name": extra.name})
        # Instances without a public address: the deployment tool starts no core here.
        subnet.map_public_ip_on_launch = False
        subnet.default_for_az = False
        if not extra.public:
            ec2.associate_route_table(private.id, subnet_id=subnet.id)


def _groups(ec2: Any, vpc_id: str) -> dict[str, str]:
    ids = {}
    for name, (description, rules) in GROUPS.items():
        group = ec2.get_security_group_from_name(name, vpc_id=vpc_id)
        if group is None:
            group = ec2.create_security_group(name, description, vpc_id=vpc_id)
        ids[name] = group.id
        for rule in rules:
            ranges = [{"CidrIp": rule.source, "Description": rule.why}]
            ec2.authorize_security_group_ingress(
                group.id, rule.protocol, rule.first, rule.last, ranges, vpc_id=vpc_id
            )
    return ids


def _endpoint(ec2: Any, region: str, vpc_id: str) -> None:
    """The gateway to S3, in the routes of every table of the prod VPC."""
    ec2.create_vpc_endpoint(
        vpc_id=vpc_id,
        service_name=f"com.amazonaws.{region}.s3",
        endpoint_type="Gateway",
        policy_document=None,
        route_table_ids=[t.id for t in ec2.route_tables.values() if t.vpc_id == vpc_id],
        tags={"Name": "s3"},
    )


def _staging(ec2: Any, region: str) -> None:
    vpc = ec2.create_vpc(STAGING_CIDR[region], tags=[{"Key": "Name", "Value": "staging"}])
    table = next(table for table in ec2.route_tables.values() if table.vpc_id == vpc.id)
    _open(ec2, vpc.id, table.id, "staging")
    _groups(ec2, vpc.id)
    prefix = STAGING_CIDR[region].removesuffix(".0.0/16")
    for number, zone in enumerate(STAGING_ZONES):
        subnet = ec2.create_subnet(
            vpc.id, f"{prefix}.{number}.0/24", availability_zone=region + zone
        )
        subnet.map_public_ip_on_launch = True
        subnet.default_for_az = False
        ec2.create_tags([subnet.id], {"Name": f"staging-public-1{zone}"})
