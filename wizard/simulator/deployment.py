"""The company's deployment tool: starts core instances beside those that an app has already."""

import dataclasses
from collections.abc import Callable
from typing import Any

from wizard.simulator.world import Core, Launch, World

Client = Callable[[str, str], Any]
# From launch to the core's first answer, in account seconds; status checks take about as long.
BOOT_SECONDS = 120.0


class LaunchError(Exception):
    """Nothing tells where the app's instances should go."""


@dataclasses.dataclass(frozen=True, slots=True)
class Placement:
    """Where and how the app's next instances start. `subnets` are ordered, one or more a zone."""

    region: str
    image_id: str
    instance_type: str
    key_name: str | None
    security_groups: tuple[str, ...]
    subnets: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]


def count_cores(world: World, app_id: str) -> int:
    """The core instances that the app has, those still booting included."""
    return sum(core.app_id == app_id for core in world.cores.values())


def placement(client: Client, world: World, app_id: str) -> Placement:
    """Where the next instance goes: as the app's newest core, in the subnets of its VPC.

    Raises LaunchError when the app has no instance to take the settings from.
    """
    cores = [core for core in world.cores.values() if core.app_id == app_id]
    if not cores:
        raise LaunchError(f"no app {app_id!r}: it has no core instance to scale from")
    region = cores[-1].region
    ec2 = client("ec2", region)
    model = ec2.describe_instances(InstanceIds=[cores[-1].instance_id])
    instance = model["Reservations"][0]["Instances"][0]
    vpc = [{"Name": "vpc-id", "Values": [instance["VpcId"]]}]
    subnets = ec2.describe_subnets(Filters=vpc)["Subnets"]
    return Placement(
        region=region,
        image_id=instance["ImageId"],
        instance_type=instance["InstanceType"],
        key_name=instance.get("KeyName"),
        security_groups=tuple(group["GroupId"] for group in instance["SecurityGroups"]),
        subnets=_one_a_zone([s for s in subnets if s["MapPublicIpOnLaunch"]] or subnets),
        tags=tuple(
            (tag["Key"], tag["Value"])
            for tag in instance.get("Tags", [])
            if tag["Key"] != "Name" and not tag["Key"].startswith("aws:")
        ),
    )


def _one_a_zone(subnets: list[dict[str, Any]]) -> tuple[str, ...]:
    roomy = sorted(subnets, key=lambda s: (-int(s["AvailableIpAddressCount"]), s["SubnetId"]))
    by_zone = {s["AvailabilityZone"]: s["SubnetId"] for s in reversed(roomy)}
    return tuple(by_zone[zone] for zone in sorted(by_zone))


class Deployment:
    """Carries out the launches that have become due; a due hook of the world."""

    def __init__(self, world: World, client: Client) -> None:
        self._world = world
        self._client = client
        world.due_hooks.append(self.launch_due)

    def launch_due(self, account_time: float) -> None:
        """Start what is due by then, oldest first."""
        due = sorted((x for x in self._world.launches if x.at <= account_time), key=lambda x: x.at)
        for launch in due:
            self._world.launches.remove(launch)
            for _ in range(launch.count):
                self._start(launch)

    def _start(self, launch: Launch) -> None:
        place = placement(self._client, self._world, launch.app_id)
        number = count_cores(self._world, launch.app_id) + 1
        kind = "prod" if launch.deployment == "production" else "dev"
        tags = [("Name", f"core-{launch.app_id}-{kind}-{number}"), *place.tags]
        wanted: dict[str, Any] = {
            "ImageId": place.image_id,
            "InstanceType": place.instance_type,
            "MinCount": 1,
            "MaxCount": 1,
            "SubnetId": place.subnets[number % len(place.subnets)],
            "SecurityGroupIds": list(place.security_groups),
            "TagSpecifications": [
                {
                    "ResourceType": "instance",
                    "Tags": [{"Key": key, "Value": value} for key, value in tags],
                }
            ],
        }
        if place.key_name:
            wanted["KeyName"] = place.key_name
        started = self._client("ec2", place.region).run_instances(**wanted)
        self._world.register_core(
            Core(
                instance_id=started["Instances"][0]["InstanceId"],
                app_id=launch.app_id,
                region=place.region,
                ready_at=launch.at + BOOT_SECONDS,
            )
        )
