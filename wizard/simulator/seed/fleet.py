"""The instances that run the core, and the few others that a company has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizard.simulator.seed.company import APPS, EU, US, App, Host
from wizard.simulator.seed.ground import Ground, tag_list
from wizard.simulator.seed.network import CORE_GROUPS, Network
from wizard.simulator.world import Core

BOOTING_SECONDS = 600.0
SERVER_GROUPS = ("default", "ping-ssh", "ec2-internal-team-access")
KEY_NAMES = {US: "supertokens-us-east-1", EU: "supertokens-eu-west-1"}


@dataclass(frozen=True, slots=True)
class Server:
    """An instance that is not a core: it must not be taken for a target."""

    name: str
    region: str
    zone: str
    type: str


SERVERS = (
    Server("api-prod-1", US, "a", "t3.large"),
    Server("api-dev-1", US, "b", "t3.small"),
    Server("bastion", US, "a", "t3.micro"),
    Server("api-prod-eu-1", EU, "a", "t3.large"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """An instance of an app, as it was started."""

    app: App
    host: Host
    instance_id: str
    public_ip: str | None
    public_dns: str | None


def plant_fleet(ground: Ground, region: str, network: Network) -> tuple[Planted, ...]:
    """Start the instances of a region; the stopped ones are stopped again."""
    ec2 = ground.client("ec2", region)
    ec2.create_key_pair(KeyName=KEY_NAMES[region], KeyType="ed25519")
    image = ground.backend("ec2", region).register_image(
        name="supertokens-core-host-2024-11", description="Ubuntu 22.04, docker, nginx, SSM agent"
    )
    started: list[tuple[App, Host, str]] = []
    for app in (app for app in APPS if app.region == region):
        for number, host in enumerate(app.hosts, start=1):
            tags = {"Name": app.instance_name(number), "app": app.id, "deployment": "production"}
            groups = [network.groups[name] for name in CORE_GROUPS]
            subnet = network.subnets[host.zone]
            instance_id = _run(ec2, image.id, region, subnet, host.type, groups, tags)
            started.append((app, host, instance_id))
    for server in (server for server in SERVERS if server.region == region):
        groups = [network.groups[name] for name in SERVER_GROUPS]
        subnet = network.subnets[server.zone]
        _run(ec2, image.id, region, subnet, server.type, groups, {"Name": server.name})
    # New instances are not found at once, and only a running one can be stopped.
    ground.clock.advance(BOOTING_SECONDS)
    found = ec2.describe_instances(InstanceIds=[instance_id for _, _, instance_id in started])
    running = {
        instance["InstanceId"]: instance
        for reservation in found["Reservations"]
        for instance in reservation["Instances"]
    }
    ec2.stop_instances(InstanceIds=[one for _, host, one in started if not host.running])
    now = ground.clock.now()
    for app, host, one in started:
        if host.running:
            ground.world.register_core(Core(one, app.id, app.region, now, host.ports))
    return tuple(
        Planted(
            app,
            host,
            one,
            running[one].get("PublicIpAddress"),
            running[one].get("PublicDnsName"),
        )
        for app, host, one in started
    )


def _run(  # noqa: PLR0917  one call's parameters
    ec2: Any,
    image: str,
    region: str,
    subnet: str,
    kind: str,
    groups: list[str],
    tags: dict[str, str],
) -> str:
    started = ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType=kind,
        KeyName=KEY_NAMES[region],
        SubnetId=subnet,
        SecurityGroupIds=groups,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tag_list(tags)}],
    )
    return str(started["Instances"][0]["InstanceId"])
