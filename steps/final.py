"""The last rows of a new region: what only people do, with what AWS can tell of it beside."""

from typing import Any, ClassVar

from steps.ec2 import in_vpc
from steps.fleet import app_of, deployment_of, state, tag
from wizard.effects import Facts, Json, Read
from wizard.step import Difference, Differences, Patience, Probe, Reads, step


@step("final.dev_instance")
class DevInstance(Probe, frozen=True, kw_only=True):
    """An instance in the VPC that runs, passes its checks and is known to Systems Manager.

    That it is the dev instance is for a person to say: AWS does not know the word.
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("instances",)
    """They come and go; that there is one is a difference."""

    patience: ClassVar[Patience] = Patience(every=30, limit=7 * 86400)

    vpc_id: str

    def observe(self) -> Reads[Facts | None]:
        listed = yield Read(
            "ec2", "DescribeInstances", in_vpc(self.vpc_id), pages="Reservations[].Instances[]"
        )
        running = [one for one in listed if state(one) == "running"]
        ids = sorted(str(one["InstanceId"]) for one in running)
        passed: set[str] = set()
        online: set[str] = set()
        if ids:
            statuses = yield Read(
                "ec2",
                "DescribeInstanceStatus",
                {"InstanceIds": ids},
                pages="InstanceStatuses",
                absent=("InvalidInstanceID.NotFound",),
            )
            passed = {str(one["InstanceId"]) for one in statuses if _ok(one)}
            known = yield Read(
                "ssm",
                "DescribeInstanceInformation",
                {"Filters": [{"Key": "InstanceIds", "Values": ids}]},
                pages="InstanceInformationList",
                absent=("InvalidInstanceId",),
            )
            online = {str(one["InstanceId"]) for one in known if one.get("PingStatus") == "Online"}
        return {
            "vpc_id": self.vpc_id,
            "instances": [
                {
                    "id": one["InstanceId"],
                    "name": tag(one, "Name"),
                    "app": app_of(one),
                    "deployment": deployment_of(one),
                    "type": one.get("InstanceType", ""),
                    "key": one.get("KeyName", ""),
                    "status_ok": one["InstanceId"] in passed,
                    "ssm_online": one["InstanceId"] in online,
                }
                for one in sorted(running, key=lambda one: str(one["InstanceId"]))
            ],
        }

    def differences(self, found: Facts | None) -> Differences:
        instances = found["instances"] if found else []
        if any(one["status_ok"] and one["ssm_online"] for one in instances):
            return ()
        if not instances:
            reason = f"no instance runs in {self.vpc_id}"
            return (Difference("instances", [], "one that runs", reason, person=True),)
        starting = [one for one in instances if not one["status_ok"]]
        if starting:
            reason = f"{_names(starting)}: status checks not passed yet"
            return (Difference("status_ok", False, True, reason, settles=True),)  # noqa: FBT003
        reason = (
            f"{_names(instances)}: Systems Manager does not see it. Its agent, its instance "
            "profile and a way out to the internet are needed"
        )
        return (Difference("ssm_online", False, True, reason, person=True),)  # noqa: FBT003

    def instructions(self, found: Facts | None) -> str:
        return (
            "Start a dev instance with the company's own deployment tool: most likely, create a "
            "development deployment in this region through the production API (E36). The wizard "
            f"looks every 30 seconds for an instance in {self.vpc_id} that runs, passes its "
            "checks and is online in Systems Manager, then asks whether it is the dev instance."
        )

    def waiting_for(self, found: Facts | None) -> str:
        instances = found["instances"] if found else []
        good = sum(one["status_ok"] and one["ssm_online"] for one in instances)
        return f"a dev instance in {self.vpc_id}: {len(instances)} running, {good} ready"

    def outputs(self, found: Facts | None) -> Facts:
        """`instance_ids` of those that are ready."""
        if found is None:
            return {}
        return {
            "instance_ids": [
                one["id"] for one in found["instances"] if one["status_ok"] and one["ssm_online"]
            ]
        }


@step("final.soc2")
class Soc2(Probe, frozen=True, kw_only=True):
    """The region in the SOC 2 software: a person says so; which of its checks go red is read."""

    patience: ClassVar[Patience] = Patience(every=60, limit=30 * 86400)

    region: str
    vpc_id: str
    link: str = ""
    """Where the SOC 2 software is."""

    def observe(self) -> Reads[Facts | None]:
        groups = yield Read(
            "ec2", "DescribeSecurityGroups", in_vpc(self.vpc_id), pages="SecurityGroups"
        )
        return {
            "region": self.region,
            "link": self.link,
            "open_to_the_internet": sorted(
                f"{group['GroupName']}: {opening}"
                for group in groups
                for opening in _openings(group)
            ),
        }

    def differences(self, found: Facts | None) -> Differences:
        return ()

    def instructions(self, found: Facts | None) -> str:
        opened = found["open_to_the_internet"] if found else []
        where = f" at {self.link}" if self.link else ""
        red = "; ".join(opened) or "none"
        return (
            f"Add {self.region} to the regions that the SOC 2 software{where} watches. Its checks "
            f"for unrestricted access will read these openings: {red}. What was opened to "
            "everybody to follow the letter (E9) goes red there."
        )


def _openings(group: Any) -> list[str]:
    """What of the group is open to the whole internet, in words."""
    return [
        f"{_ports(one)} open to everybody"
        for one in group.get("IpPermissions") or ()
        if _everybody(one)
    ]


def _everybody(opening: Any) -> bool:
    addresses = [one.get("CidrIp") for one in opening.get("IpRanges") or ()]
    addresses += [one.get("CidrIpv6") for one in opening.get("Ipv6Ranges") or ()]
    return bool({"0.0.0.0/0", "::/0"} & set(addresses))


def _ports(opening: Any) -> str:
    protocol = str(opening.get("IpProtocol"))
    if protocol == "-1":
        return "all traffic"
    if protocol in {"icmp", "icmpv6"}:
        return protocol
    first, last = opening.get("FromPort"), opening.get("ToPort")
    return f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"


def _names(instances: list[Json]) -> str:
    return ", ".join(f"{one['name'] or 'unnamed'} ({one['id']})" for one in instances)


def _ok(status: Any) -> bool:
    return all(
        (status.get(kind) or {}).get("Status") == "ok"
        for kind in ("InstanceStatus", "SystemStatus")
    )
