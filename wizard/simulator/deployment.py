"""The company's deployment tool: starts core instances beside those that an app has already."""

import dataclasses
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

from wizard.simulator.world import Core, Launch, World

Client = Callable[[str, str], Any]
# From launch to the core's first answer, in account seconds; status checks take about as long.
BOOT_SECONDS = 120.0
# What an instance of the core carries, as far as its VPC has it.
GROUPS = frozenset({"default", "ping-ssh", "supertokens-nginx-port", "ec2-internal-team-access"})


class LaunchError(ValueError):
    """Nothing tells where the app's instances should go."""


@dataclasses.dataclass(frozen=True, slots=True)
class Placement:
    """Where and how the app's next instance starts, and its name."""

    region: str
    image_id: str
    instance_type: str
    key_name: str | None
    security_groups: tuple[str, ...]
    subnet: str
    name: str
    tags: tuple[tuple[str, str], ...]


def running_cores(client: Client, world: World, app_id: str) -> list[dict[str, Any]]:
    """The app's core instances that run or boot, oldest first, as DescribeInstances shows them.

    One that has only just been started and is not to be seen yet stands there by its id alone.
    """
    cores = [core for core in world.cores.values() if core.app_id == app_id]
    seen: dict[str, dict[str, Any]] = {}
    for region in {core.region for core in cores}:
        ids = [core.instance_id for core in cores if core.region == region]
        wanted = [{"Name": "instance-id", "Values": ids}]
        for page in (
            client("ec2", region).get_paginator("describe_instances").paginate(Filters=wanted)
        ):
            for reservation in page["Reservations"]:
                seen.update({one["InstanceId"]: one for one in reservation["Instances"]})
    return [
        found
        for core in cores
        if (found := seen.get(core.instance_id, {"InstanceId": core.instance_id})).get(
            "State", {"Name": "pending"}
        )["Name"]
        in {"pending", "running"}
    ]


def placement(client: Client, world: World, app_id: str) -> Placement:
    """Where the next instance goes: as the app's newest core, in the subnets of its VPC.

    Raises LaunchError when the app has no instance to take the settings from.
    """
    settled = [one for one in running_cores(client, world, app_id) if "VpcId" in one]
    if not settled:
        raise LaunchError(f"no app {app_id!r}: it has no running core instance to scale from")
    instance = settled[-1]
    region = world.cores[instance["InstanceId"]].region
    ec2 = client("ec2", region)
    vpc = [{"Name": "vpc-id", "Values": [instance["VpcId"]]}]
    subnets = ec2.describe_subnets(Filters=vpc)["Subnets"]
    used = [one["Placement"]["AvailabilityZone"] for one in settled]
    tags = {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])}
    return Placement(
        region=region,
        image_id=instance["ImageId"],
        instance_type=instance["InstanceType"],
        key_name=instance.get("KeyName"),
        security_groups=tuple(group["GroupId"] for group in instance["SecurityGroups"]),
        subnet=_emptiest_zone([s for s in subnets if s["MapPublicIpOnLaunch"]] or subnets, used),
        name=_next_name(ec2, tags.get("Name", f"core-{app_id}-prod-1")),
        tags=tuple(
            (key, value)
            for key, value in tags.items()
            if key != "Name" and not key.startswith("aws:")
        ),
    )


def _next_name(ec2: Any, name: str) -> str:
    """The name with the number after the highest that an instance, stopped or not, has."""
    stem = re.sub(r"\d+$", "", name)
    wanted = [{"Name": "tag:Name", "Values": [f"{stem}*"]}]
    taken = [0]
    for page in ec2.get_paginator("describe_instances").paginate(Filters=wanted):
        for instance in (one for each in page["Reservations"] for one in each["Instances"]):
            for tag in instance["Tags"]:
                number = tag["Value"].removeprefix(stem)
                if tag["Key"] == "Name" and number.isdecimal():
                    taken.append(int(number))
    return f"{stem}{max(taken) + 1}"


def _emptiest_zone(subnets: list[dict[str, Any]], used: list[str]) -> str:
    """A subnet in the zone with the fewest of the app's cores, the roomiest one of it."""

    def order(subnet: dict[str, Any]) -> tuple[int, int, str]:
        zone = subnet["AvailabilityZone"]
        return used.count(zone), -int(subnet["AvailableIpAddressCount"]), zone

    return str(min(subnets, key=order)["SubnetId"])


def start_development(
    client: Client, world: World, regions: Iterable[str], vpc_id: str, now: float
) -> str:
    """Start a core of the development deployment in a VPC, as the production API does.

    Returns the instance's id; raises LaunchError when no region has the VPC or a subnet in it.
    """
    for region in regions:
        ec2 = client("ec2", region)
        wanted = [{"Name": "vpc-id", "Values": [vpc_id]}]
        subnets = ec2.describe_subnets(Filters=wanted)["Subnets"]
        if not subnets:
            continue
        groups = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
        pairs = ec2.describe_key_pairs()["KeyPairs"]
        app_id = next(iter(core.app_id for core in world.cores.values()), "app-acme")
        name = _next_name(ec2, f"core-{app_id.removeprefix('app-')}-dev-1")
        tags = {"Name": name, "app": app_id, "deployment": "development"}
        started = ec2.run_instances(
            ImageId=_image(client, world, region),
            InstanceType="t3.medium",
            MinCount=1,
            MaxCount=1,
            SubnetId=_emptiest_zone(subnets, []),
            SecurityGroupIds=[one["GroupId"] for one in groups if one["GroupName"] in GROUPS],
            TagSpecifications=[
                {
                    "ResourceType": "instance",
                    "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
                }
            ],
            **({"KeyName": pairs[0]["KeyName"]} if pairs else {}),
        )
        instance_id = str(started["Instances"][0]["InstanceId"])
        world.register_core(Core(instance_id, app_id, region, now + BOOT_SECONDS))
        return instance_id
    raise LaunchError(f"no region has a subnet in {vpc_id!r}")


def _image(client: Client, world: World, region: str) -> str:
    """The image of the cores, copied from a region that has it where this one does not."""
    ec2 = client("ec2", region)
    for one in ec2.describe_images(Owners=["self"])["Images"]:
        return str(one["ImageId"])
    for source in sorted({core.region for core in world.cores.values()} - {region}):
        for one in client("ec2", source).describe_images(Owners=["self"])["Images"]:
            copied = ec2.copy_image(
                Name=one["Name"], SourceImageId=one["ImageId"], SourceRegion=source
            )
            return str(copied["ImageId"])
    raise LaunchError("no region has an image of the core")


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
            try:
                for _ in range(launch.count):
                    self._start(launch)
            except LaunchError as problem:  # its last instance has been terminated meanwhile
                sys.stderr.write(f"simulated company: nothing launched: {problem}\n")

    def _start(self, launch: Launch) -> None:
        place = placement(self._client, self._world, launch.app_id)
        tags = [("Name", place.name), *place.tags]
        wanted: dict[str, Any] = {
            "ImageId": place.image_id,
            "InstanceType": place.instance_type,
            "MinCount": 1,
            "MaxCount": 1,
            "SubnetId": place.subnet,
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
