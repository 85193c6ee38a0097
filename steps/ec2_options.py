"""Dropdowns read from EC2: apps, VPCs, subnets, security groups and the instances to add."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from steps.ec2 import in_vpc
from steps.fleet import INSTANCES, app_of, cores, state, tag, zone, zones
from steps.ports import openings
from steps.subnets import best_of_zones, unsuitable
from wizard.effects import Facts, Json, Read
from wizard.step import Option, Options, options


@options("ec2.apps")
def apps() -> Options:
    """The apps whose cores run in the region; the first by name is suggested."""
    instances = yield INSTANCES
    names = sorted({app_of(one) for one in instances} - {""})
    running = {name: cores(instances, name) for name in names}
    first = next((name for name in names if running[name]), None)
    return [
        Option(
            name,
            name,
            detail=f"{len(running[name])} in {', '.join(zones(running[name]))}",
            suggested=name == first,
        )
        if running[name]
        else Option(name, name, disabled="has no running instance in this region")
        for name in names
    ]


@options("ec2.vpcs")
def vpcs(app_id: str = "") -> Options:
    """The region's VPCs; the one with most of the app's instances, else the default one."""
    found = yield Read("ec2", "DescribeVpcs", pages="Vpcs")
    instances = yield INSTANCES
    of_app = Counter(str(one.get("VpcId")) for one in cores(instances, app_id))
    everything = Counter(str(one.get("VpcId")) for one in instances if state(one) == "running")
    home = of_app.most_common(1)[0][0] if of_app else None
    default = next((one["VpcId"] for one in found if one.get("IsDefault")), None)
    best = home or default
    return [
        Option(
            one["VpcId"],
            f"{tag(one, 'Name') or 'unnamed'} ({one['VpcId']}, {one['CidrBlock']})",
            detail=_population(
                app_id, of_app[one["VpcId"]], everything[one["VpcId"]], bool(one.get("IsDefault"))
            ),
            suggested=one["VpcId"] == best,
        )
        for one in sorted(found, key=lambda one: (one["VpcId"] != best, str(one["VpcId"])))
    ]


def _population(app_id: str, of_app: int, running: int, default: bool) -> str:  # noqa: FBT001
    words = [f"{of_app} of {app_id}"] if app_id else []
    words.append(f"{running} running instances")
    if default:
        words.append("default VPC")
    return ", ".join(words)


@options("ec2.alb_subnets")
def alb_subnets(vpc_id: str) -> Options:
    """The VPC's subnets; one suitable a zone is suggested, unsuitable ones say why."""
    subnets = yield Read("ec2", "DescribeSubnets", in_vpc(vpc_id), pages="Subnets")
    tables = yield Read("ec2", "DescribeRouteTables", in_vpc(vpc_id), pages="RouteTables")
    available = yield Read(
        "ec2",
        "DescribeAvailabilityZones",
        {"Filters": [{"Name": "zone-type", "Values": ["availability-zone"]}]},
        pages="AvailabilityZones",
    )
    known = [str(one["ZoneName"]) for one in available]
    best = best_of_zones((one for one in subnets if one["AvailabilityZone"] in known), tables)
    lines = []
    for one in sorted(subnets, key=lambda one: (one["AvailabilityZone"], str(one["SubnetId"]))):
        where, name = str(one["AvailabilityZone"]), str(one["SubnetId"])
        reason = unsuitable(one, tables)
        if where not in known:
            reason = f"{where} is no Availability Zone: load balancers of this kind do not go there"
        lines.append(
            Option(
                name,
                f"{where}  {tag(one, 'Name') or 'unnamed'} ({name}, {one['CidrBlock']})",
                detail="" if reason or best[where] == name else f"the zone has {best[where]} too",
                suggested=best.get(where) == name,
                disabled=reason,
            )
        )
    seen = {str(one["AvailabilityZone"]) for one in subnets}
    lines += [
        Option(where, where, disabled="has no subnet in this VPC")
        for where in known
        if where not in seen
    ]
    return lines


@options("ec2.alb_security_groups")
def alb_security_groups(vpc_id: str, names: list[str], port: int) -> Options:
    """The VPC's security groups; those of `names` are suggested, in that order."""
    groups = yield Read("ec2", "DescribeSecurityGroups", in_vpc(vpc_id), pages="SecurityGroups")
    by_name = {str(one["GroupName"]): one for one in groups}
    others = sorted(set(by_name) - set(names))
    lines = []
    for name in (*names, *others):
        if name not in by_name:
            lines.append(Option(name, name, disabled="there is none of this name in the VPC"))
            continue
        group = by_name[name]
        sources = openings(group, port)
        opens = f"opens {port} to {', '.join(sources)}" if sources else f"does not open {port}"
        lines.append(
            Option(
                group["GroupId"],
                f"{name} ({group['GroupId']})",
                detail=opens,
                suggested=name in names,
            )
        )
    return lines


@options("ec2.targets")
def targets(vpc_id: str, app_id: str, subnets: Json = ()) -> Options:
    """The app's instances; those that run in an enabled zone of the VPC are suggested.

    `subnets` are those of the load balancer: a target in any other zone would stay unused.
    """
    instances = yield INSTANCES
    listed = yield Read("ec2", "DescribeSubnets", in_vpc(vpc_id), pages="Subnets")
    enabled = {str(one["AvailabilityZone"]) for one in listed if one["SubnetId"] in subnets}
    mine = [one for one in instances if app_of(one) == app_id]
    judged = [(_unfit(one, vpc_id, enabled), one) for one in mine]
    judged.sort(key=lambda pair: (pair[0] != "", _launched(pair[1]), str(pair[1]["InstanceId"])))
    return [
        Option(
            one["InstanceId"],
            f"{tag(one, 'Name') or 'unnamed'} ({one['InstanceId']})",
            detail=(
                f"{zone(one)}, {one.get('PrivateIpAddress', 'no address')}, "
                f"launched {_launched(one)}"
            ),
            suggested=not reason,
            disabled=reason,
        )
        for reason, one in judged
    ]


def _launched(instance: Facts) -> str:
    return str(instance.get("LaunchTime", ""))[:19]


def _unfit(instance: Facts, vpc_id: str, enabled: Iterable[Any]) -> str:
    if state(instance) != "running":
        return f"is {state(instance)}"
    if instance.get("VpcId") != vpc_id:
        return f"is in {instance.get('VpcId')}, and the target group in {vpc_id}"
    if enabled and zone(instance) not in enabled:
        return f"{zone(instance)} is not enabled on the load balancer: it would stay unused"
    return ""
