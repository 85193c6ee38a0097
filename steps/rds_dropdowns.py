"""Dropdowns for a cluster made after one of another region: source, name, version, class, place.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html
"""

from collections.abc import Iterable, Sequence
from typing import Any

from steps.ec2 import in_vpc
from steps.rds_copy import AS_THE_SOURCE, AWS_KEY, renamed
from steps.rds_orderable import ENOUGH_ZONES, orderable
from steps.rds_source import place, read_members
from steps.subnets import leads_out
from wizard.effects import Facts, Read
from wizard.errors import CallError
from wizard.step import Option, Options, Reads, options

ENGINE = "aurora-postgresql"
_OPEN = ["ENABLED", "ENABLED_BY_DEFAULT"]


@options("rds.sources")
def sources(region: str, reference: str = "us-east-1") -> Options:
    """The clusters of every enabled region but `region`, by ARN; prod of `reference` suggested."""
    enabled = yield Read(
        "account", "ListRegions", {"RegionOptStatusContains": _OPEN}, pages="Regions"
    )
    lines: list[Option] = []
    names = sorted(str(one["RegionName"]) for one in enabled)
    for name in sorted(names, key=lambda name: name != reference):
        if name == region:
            continue
        try:
            clusters = yield Read("rds", "DescribeDBClusters", pages="DBClusters", region=name)
        except CallError as error:
            # A region that one may not look into hides no other.
            lines.append(Option(name, name, disabled=f"cannot be read: {error.what}"))
            continue
        for one in sorted(clusters, key=lambda one: str(one["DBClusterIdentifier"])):
            lines.append((yield from _source(one, name)))
    best = _best([one for one in lines if not one.disabled], reference)
    return [
        Option(
            one.value,
            one.label,
            detail=one.detail,
            suggested=one is best,
            disabled=one.disabled,
        )
        for one in lines
    ]


def _source(cluster: Facts, region: str) -> Reads[Option]:
    identifier = str(cluster["DBClusterIdentifier"])
    reason = ""
    if cluster.get("Engine") != ENGINE:
        reason = f"is {cluster.get('Engine')}, and the runbook wants Aurora PostgreSQL"
    elif cluster.get("EngineMode") == "serverless":
        reason = "is Aurora Serverless v1, which AWS makes no more"
    instances = yield from read_members(identifier, region)
    classes = sorted({str(one["DBInstanceClass"]) for one in instances})
    return Option(
        cluster["DBClusterArn"],
        f"{region}  {identifier}",
        detail=(
            f"{cluster.get('Engine')} {cluster.get('EngineVersion', '')}, "
            f"{', '.join(classes) or 'no class'}, {len(instances)} members, "
            f"{cluster.get('Status', '')}"
        ),
        disabled=reason or ("" if instances else "has no member to copy"),
    )


def _best(fit: Sequence[Option], reference: str) -> Option | None:
    """The only prod cluster of the reference region, else the only cluster there."""
    there = [one for one in fit if place(str(one.value))[0] == reference]
    prod = [one for one in there if "prod" in place(str(one.value))[1]]
    for few in (prod, there):
        if len(few) == 1:
            return few[0]
    return None


@options("rds.names")
def names(source: str, region: str) -> Options:
    """What the new cluster may be called: as the source, with the region's name in it."""
    source_region, identifier = place(source)
    suggested = renamed(identifier, source_region, region, f"{identifier}-{region}"[:63])
    found = yield Read("rds", "DescribeDBClusters", pages="DBClusters")
    present = {str(one["DBClusterIdentifier"]): one for one in found}
    lines = [suggested, *sorted(set(present) - {suggested})]
    return [
        Option(
            name,
            name,
            detail=f"is here, {present[name].get('Status')}: it is taken as it is"
            if name in present
            else f"as {identifier} in {source_region}",
            suggested=name == suggested,
        )
        for name in lines
    ]


@options("rds.versions")
def versions(source: str) -> Options:
    """The minors of the source's major that this region offers; the source's, else the nearest."""
    cluster = yield from _cluster(source)
    have, engine = str(cluster["EngineVersion"]), str(cluster["Engine"])
    major = _major(have)
    offered = yield Read(
        "rds", "DescribeDBEngineVersions", {"Engine": engine}, pages="DBEngineVersions"
    )
    fit = sorted(
        {name for one in offered if _major(name := str(one["EngineVersion"])) == major},
        key=_numbers,
    )
    best = have if have in fit else _nearest(fit, have)
    return [
        Option(
            version,
            version,
            detail="as the source" if version == have else _later(version, have),
            suggested=version == best,
        )
        for version in fit
    ]


def _major(version: str) -> str:
    return version.partition(".")[0]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _nearest(fit: Sequence[str], have: str) -> str | None:
    """The next later minor, else the latest: data of the source's version opens in a later one."""
    later = [version for version in fit if _numbers(version) > _numbers(have)]
    return later[0] if later else (fit[-1] if fit else None)


def _later(version: str, have: str) -> str:
    how = "later" if _numbers(version) > _numbers(have) else "earlier"
    return f"{how} than the source's {have}"


@options("rds.classes")
def classes(source: str, version: str) -> Options:
    """Instance classes that this region offers; the source's is suggested if two zones have it."""
    cluster = yield from _cluster(source)
    region, identifier = place(source)
    members = yield from read_members(identifier, region)
    have = list(dict.fromkeys(str(one["DBInstanceClass"]) for one in members))
    offered = yield from orderable(str(cluster["Engine"]), version)
    lines = []
    if len(have) > 1:
        short = [name for name in have if len(offered.get(name, ())) < ENOUGH_ZONES]
        lines.append(
            Option(
                AS_THE_SOURCE,
                f"each as the source's: {', '.join(have)}",
                suggested=not short,
                disabled=f"{', '.join(short)} cannot be had in two zones here" if short else "",
            )
        )
    for name in sorted({*offered, *have}, key=lambda name: (name not in have, name)):
        zones = offered.get(name, [])
        few = f"is offered in {', '.join(zones) or 'no zone'}: a cluster wants two"
        lines.append(
            Option(
                name,
                name,
                detail=f"{'as the source, ' if name in have else ''}{', '.join(zones)}",
                suggested=[name] == have and len(zones) >= ENOUGH_ZONES,
                disabled="" if len(zones) >= ENOUGH_ZONES else few,
            )
        )
    return lines


@options("rds.subnets")
def subnets(source: str, vpc_id: str) -> Options:
    """The VPC's subnets. One a zone is suggested, private ones if the source's are private."""
    listed = yield Read("ec2", "DescribeSubnets", in_vpc(vpc_id), pages="Subnets")
    tables = yield Read("ec2", "DescribeRouteTables", in_vpc(vpc_id), pages="RouteTables")
    private = yield from _source_is_private(source)
    public = {str(one["SubnetId"]): _public(one, tables) for one in listed}
    matching = [one for one in listed if public[str(one["SubnetId"])] != private]
    zones = {str(one["AvailabilityZone"]) for one in matching}
    # The source's intention, where this VPC can follow it.
    chosen = _one_a_zone(matching if len(zones) >= ENOUGH_ZONES else listed)
    return [
        Option(
            one["SubnetId"],
            f"{one['AvailabilityZone']}  {one['SubnetId']} ({one['CidrBlock']})",
            detail=_kind(public[str(one["SubnetId"])], private),
            suggested=one["SubnetId"] in chosen,
        )
        for one in sorted(listed, key=lambda one: (one["AvailabilityZone"], one["SubnetId"]))
    ]


def _kind(public: bool, source_private: bool) -> str:  # noqa: FBT001
    words = "public" if public else "private"
    other = "private" if source_private else "public"
    return f"{words}, as the source's" if words == other else f"{words}; the source's are {other}"


def _one_a_zone(subnets: Iterable[Any]) -> set[str]:
    best: dict[str, str] = {}
    roomy = sorted(
        subnets,
        key=lambda one: (-int(one.get("AvailableIpAddressCount", 0)), str(one["SubnetId"])),
    )
    for one in roomy:
        best.setdefault(str(one["AvailabilityZone"]), str(one["SubnetId"]))
    return set(best.values())


def _public(subnet: Facts, tables: Iterable[Any]) -> bool:
    return leads_out(str(subnet["SubnetId"]), str(subnet["VpcId"]), tables)


def _source_is_private(source: str) -> Reads[bool]:
    """Whether none of the source's subnets has a route to an internet gateway."""
    region, _ = place(source)
    cluster = yield from _cluster(source)
    groups = yield Read(
        "rds",
        "DescribeDBSubnetGroups",
        {"DBSubnetGroupName": cluster.get("DBSubnetGroup") or "default"},
        pages="DBSubnetGroups",
        absent=("DBSubnetGroupNotFoundFault",),
        region=region,
    )
    if not groups:
        return False
    vpc = str(groups[0]["VpcId"])
    tables = yield Read(
        "ec2", "DescribeRouteTables", in_vpc(vpc), pages="RouteTables", region=region
    )
    ids = [str(one["SubnetIdentifier"]) for one in groups[0].get("Subnets") or ()]
    return not any(leads_out(one, vpc, tables) for one in ids)


@options("rds.keys")
def keys(source: str) -> Options:
    """Keys of this region: RDS's own, and customers'. Suggested is what the source has: RDS's
    own, or a key with the same alias."""
    region, _ = place(source)
    cluster = yield from _cluster(source)
    there = yield Read("kms", "ListAliases", pages="Aliases", region=region)
    key = str(cluster.get("KmsKeyId") or "").rpartition("/")[2]
    aliases = {str(one["AliasName"]) for one in there if key and one.get("TargetKeyId") == key}
    here = yield Read("kms", "ListAliases", pages="Aliases")
    own = AWS_KEY in aliases or not cluster.get("StorageEncrypted")
    lines = [
        Option(
            AWS_KEY,
            f"{AWS_KEY} (AWS's own for RDS)",
            detail="as the source" if own else f"the source has {_names(aliases, key)}",
            suggested=own,
        )
    ]
    for one in sorted(here, key=lambda one: str(one["AliasName"])):
        name = str(one["AliasName"])
        if name.startswith("alias/aws/") or not one.get("TargetKeyId"):
            continue
        arn = f"{str(one['AliasArn']).rpartition(':alias/')[0]}:key/{one['TargetKeyId']}"
        same = name in aliases
        detail = "called as the source's" if same else "a customer's key"
        lines.append(Option(arn, name, detail=detail, suggested=same and not own))
    return lines


def _names(aliases: Iterable[str], key: str) -> str:
    return ", ".join(sorted(aliases)) or f"the key {key}"


def _cluster(source: str) -> Reads[Facts]:
    """The source cluster; an empty one when it is gone, so that a list is short and not broken."""
    region, identifier = place(source)
    found = yield Read(
        "rds",
        "DescribeDBClusters",
        {"DBClusterIdentifier": identifier},
        pages="DBClusters",
        absent=("DBClusterNotFoundFault",),
        region=region,
    )
    return found[0] if found else {"EngineVersion": "", "Engine": ENGINE}
