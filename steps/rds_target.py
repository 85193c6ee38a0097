"""The cluster that is made, as it is now, and what it gives to other items.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html
"""

from steps.rds_copy import (
    AWS_KEY,
    DEFAULT_GROUP,
    GIVEN,
    MODIFIED,
    SERVERLESS,
    members,
    modification,
    settings,
)
from steps.rds_groups import parameter_field, read_subnet_group
from steps.rds_source import read_groups, read_members, read_source
from wizard.effects import UNKNOWN, Facts, Json, Read, Write
from wizard.step import Differences, Option, Options, Reads, options


def read_cluster(identifier: str) -> Reads[Facts | None]:
    """The cluster in the session's region; None when there is none of that name."""
    found = yield Read(
        "rds",
        "DescribeDBClusters",
        {"DBClusterIdentifier": identifier},
        pages="DBClusters",
        absent=("DBClusterNotFoundFault",),
    )
    if not found:
        return None
    one = found[0]
    key = yield from _key_name(one.get("KmsKeyId"))
    groups = yield from read_groups(one)
    subnets = yield from read_subnet_group(str(one.get("DBSubnetGroup") or "default"))
    managed = one.get("MasterUserSecret") or {}
    return {
        "arn": one["DBClusterArn"],
        "status": one["Status"],
        "progress": one.get("PercentProgress"),
        "endpoint": one.get("Endpoint"),
        "pending": sorted(one.get("PendingModifiedValues") or ()),
        "secret": managed.get("SecretArn"),
        "vpc": subnets["vpc"] if subnets else None,
        "subnets": subnets["subnets"] if subnets else [],
        "groups": groups,
        "settings": {
            **settings(one),
            "EngineVersion": one["EngineVersion"],
            "DeletionProtection": bool(one.get("DeletionProtection")),
            "DBSubnetGroup": one.get("DBSubnetGroup"),
            "DBClusterParameterGroup": _custom(one.get("DBClusterParameterGroup")),
            "VpcSecurityGroups": list(groups),
            "KmsKeyId": key,
            "ManagedMasterPassword": bool(managed),
        },
    }


def _key_name(arn: Json) -> Reads[Json]:
    """`alias/aws/rds` for the key that RDS has of its own, else the ARN."""
    if not arn:
        return None
    aliases = yield Read("kms", "ListAliases", pages="Aliases")
    own = [one.get("TargetKeyId") for one in aliases if one["AliasName"] == AWS_KEY]
    return AWS_KEY if str(arn).rpartition("/")[2] in own else arn


def _custom(group: Json) -> Json:
    """The name of a group of one's own; None for those that AWS makes."""
    return None if not group or str(group).startswith(DEFAULT_GROUP) else group


def outputs(identifier: str, region: str, instance_class: str, found: Facts) -> Facts:
    """What others may refer to: `members` are the instances to be, `instances` these and others
    that are there already, `resources` all of them and the cluster."""
    source, cluster = found["source"], found["cluster"]
    have = cluster["settings"]
    here, there = _account(cluster["arn"]), _account(source["arn"])
    instances = [
        {
            **one,
            "arn": f"{here}:db:{one['key']}",
            "source_arn": f"{there}:db:{one['source']}",
        }
        for one in members(
            source["members"],
            found["instances"],
            source_id=source["id"],
            cluster=identifier,
            source_region=source["region"],
            region=region,
            instance_class=instance_class,
        )
    ]
    itself = {
        "key": identifier,
        "arn": cluster["arn"],
        "source": source["id"],
        "source_arn": source["arn"],
    }
    tagged = [{key: one[key] for key in itself} for one in instances]
    known = {one["key"] for one in instances}
    for name in (str(one["id"]) for one in found["instances"]):
        if name not in known:
            arn = f"{here}:db:{name}"
            tagged.append({"key": name, "arn": arn, "source": name, "source_arn": arn})
    return {
        "id": identifier,
        "arn": cluster["arn"],
        "engine": have["Engine"],
        "engine_version": have["EngineVersion"],
        "endpoint": cluster["endpoint"],
        "secret": cluster["secret"],
        "source_id": source["id"],
        "source_region": source["region"],
        "members": instances,
        "clusters": [itself],
        "instances": tagged,
        "resources": [*tagged, itself],
        # Serverless v2 instances publish no FreeLocalStorage.
        "has_local_storage": any(one["instance_class"] != SERVERLESS for one in instances),
        "kept": found["kept"],
    }


def modified(identifier: str, found: Facts, differences: Differences) -> Write:
    """The call that mends what may be mended of a cluster that is there, at once."""
    wanted = {one.field: one.wanted for one in differences if one.field in MODIFIED}
    asked = modification(found["cluster"]["settings"], wanted)
    if "VpcSecurityGroups" in asked:
        ids = {**found["security_groups"], **found["cluster"]["groups"]}
        asked["VpcSecurityGroupIds"] = [ids[one] for one in asked.pop("VpcSecurityGroups")]
    return Write(
        "rds",
        "ModifyDBCluster",
        {"DBClusterIdentifier": identifier, **asked, "ApplyImmediately": True},
        title=f"Change database {identifier}: {', '.join(sorted(wanted))}",
    )


def compared(found: Facts) -> dict[str, Json]:
    """The cluster's settings, with groups and the AWS key by name, what users set in parameters,
    and of the source itself what stays behind."""
    itself = found["cluster"]["arn"] == found["source"]["arn"]
    left = {key: why for key, why in found["source"]["not_copied"].items() if key not in GIVEN}
    return {
        "Subnets": found["cluster"]["subnets"],
        **parameters(found),
        **found["cluster"]["settings"],
        **({"NotCopied": left} if itself and left else {}),
    }


def parameters(found: Facts) -> dict[str, Json]:
    """What users set in the parameter groups that are here."""
    groups = [found["cluster_parameters"], *found["instance_parameters"].values()]
    return {parameter_field(group["name"]): group["values"] for group in groups if group}


def to_be_made(identifier: str, region: str, wanted: Facts, found: Facts) -> Facts:
    """What will be found once the cluster is there; its endpoint and secret are AWS's to give."""
    if found["cluster"] is not None:
        return found
    parts = str(found["source"]["arn"]).split(":")
    arn = ":".join([*parts[:3], region, *parts[4:6], identifier])
    cluster = {"arn": arn, "settings": wanted, "endpoint": UNKNOWN, "secret": UNKNOWN}
    return {**found, "cluster": cluster}


@options("rds.members")
def to_be(source: str, identifier: str, region: str, instance_class: str) -> Options:
    """The instances that the cluster `identifier` is to have: one for each of the source's."""
    copied = yield from read_source(source)
    if copied is None:
        return []
    present = yield from read_members(identifier)
    found = members(
        copied["members"],
        [{"id": one["DBInstanceIdentifier"]} for one in present],
        source_id=copied["id"],
        cluster=identifier,
        source_region=copied["region"],
        region=region,
        instance_class=instance_class,
    )
    engine = copied["settings"]["Engine"]
    return [
        Option(
            # The first instance that a cluster gets is its writer.
            {**one, "engine": engine, "after": found[0]["key"] if number else None},
            str(one["key"]),
            detail=f"{one['instance_class']}, as {one['source']}",
            suggested=True,
        )
        for number, one in enumerate(found)
    ]


def _account(arn: str) -> str:
    """What stands before `:cluster:` in a cluster's ARN, and before `:db:` in its instances'."""
    return arn.rpartition(":cluster:")[0]
