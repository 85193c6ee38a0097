"""The subnet group and the parameter groups that a new cluster needs in its region.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wizard.effects import Facts, Json, Read, Write
from wizard.step import Difference, Reads, Writes

AT_ONCE = 20
"""Parameters that one call may change."""
OWN_SUBNET_GROUPS = "default"
"""How subnet groups begin that the console made, each for one VPC."""


def subnet_group_name(source: str, cluster: str) -> str:
    """The source's name, or one of the cluster's own where the source's was made by the console."""
    return f"{cluster}-subnets" if source.startswith(OWN_SUBNET_GROUPS) else source


def read_subnet_group(name: str) -> Reads[Facts | None]:
    """The subnet group: its VPC, subnets and zones; None when it is not there."""
    found = yield Read(
        "rds",
        "DescribeDBSubnetGroups",
        {"DBSubnetGroupName": name},
        pages="DBSubnetGroups",
        absent=("DBSubnetGroupNotFoundFault",),
    )
    if not found:
        return None
    subnets = found[0].get("Subnets") or ()
    return {
        "name": found[0]["DBSubnetGroupName"],
        "vpc": found[0].get("VpcId"),
        "subnets": sorted(str(one["SubnetIdentifier"]) for one in subnets),
        "zones": sorted({str(one["SubnetAvailabilityZone"]["Name"]) for one in subnets}),
    }


def subnet_group_differences(
    found: Facts | None, name: str, vpc: str, subnets: Iterable[str]
) -> Iterator[Difference]:
    """An absent group is to be made; one of another VPC is somebody else's."""
    if found is None:
        yield Difference("Subnets", None, sorted(subnets), f"subnet group {name} is to be made")
    elif found["vpc"] != vpc:
        reason = (
            f"a subnet group {name} exists in {found['vpc']}, not in {vpc}: choose that VPC, or "
            "have the other group deleted"
        )
        yield Difference("Subnets", found["vpc"], vpc, reason, fixable=False)


def create_subnet_group(name: str, cluster: str, subnets: Iterable[str]) -> Write:
    """The call that makes it."""
    return Write(
        "rds",
        "CreateDBSubnetGroup",
        {
            "DBSubnetGroupName": name,
            "DBSubnetGroupDescription": f"Subnets of {cluster}",
            "SubnetIds": list(subnets),
        },
        title=f"Create subnet group {name}",
    )


def parameter_field(group: str) -> str:
    """Under which name the parameters of a group are compared."""
    return f"Parameters of {group}"


def parameter_differences(found: Facts | None, wanted: Facts | None) -> Iterator[Difference]:
    """What a group lacks is to be set; what somebody set otherwise there is theirs."""
    if wanted is None:
        return
    name, values = wanted["name"], dict(wanted["values"])
    field = parameter_field(name)
    if found is None:
        yield Difference(field, None, values, f"parameter group {name} is to be made")
        return
    have: Mapping[str, Json] = found["values"]
    if found["family"] != wanted["family"]:
        reason = f"the group {name} here is of family {found['family']}: have it deleted or renamed"
        yield Difference(field, found["family"], wanted["family"], reason, fixable=False)
        return
    clash = sorted(key for key, value in values.items() if key in have and have[key] != value)
    if clash:
        told = ", ".join(f"{key} is {have[key]}, not {values[key]}" for key in clash)
        reason = (
            f"the group {name} is here already and says otherwise ({told}): other databases may "
            "use it, so set it there by hand, or change the source"
        )
        yield Difference(field, dict(have), values, reason, fixable=False)
        return
    missing = {key: value for key, value in values.items() if key not in have}
    if missing:
        yield Difference(field, dict(have), {**have, **missing}, f"{name} lacks {len(missing)}")


def groups_for_new_members(found: Facts) -> list[Facts]:
    """The parameter groups that are not here, and that instances yet to be made of a cluster that
    is here will name."""
    source = found["source"]
    if len(found["instances"]) >= len(source["members"]):
        return []
    have = found["instance_parameters"]
    return [one for one in source["instance_parameters"] if have[one["name"]] is None]


def write_cluster_parameters(found: Facts | None, wanted: Facts) -> Writes:
    """Makes the cluster parameter group and sets what it lacks."""
    name = wanted["name"]
    if found is None:
        yield Write(
            "rds",
            "CreateDBClusterParameterGroup",
            {"DBClusterParameterGroupName": name, **_made(wanted)},
            title=f"Create cluster parameter group {name}",
        )
    for part in _lacking(found, wanted):
        yield Write(
            "rds",
            "ModifyDBClusterParameterGroup",
            {"DBClusterParameterGroupName": name, "Parameters": part},
            title=f"Set {len(part)} parameters of {name}",
        )


def write_instance_parameters(found: Facts | None, wanted: Facts) -> Writes:
    """Makes the instance parameter group and sets what it lacks."""
    name = wanted["name"]
    if found is None:
        yield Write(
            "rds",
            "CreateDBParameterGroup",
            {"DBParameterGroupName": name, **_made(wanted)},
            title=f"Create parameter group {name}",
        )
    for part in _lacking(found, wanted):
        yield Write(
            "rds",
            "ModifyDBParameterGroup",
            {"DBParameterGroupName": name, "Parameters": part},
            title=f"Set {len(part)} parameters of {name}",
        )


def _made(wanted: Facts) -> dict[str, Json]:
    return {"DBParameterGroupFamily": wanted["family"], "Description": wanted["description"]}


def _lacking(found: Facts | None, wanted: Facts) -> Iterator[list[dict[str, Any]]]:
    """The parameters to set, in portions that one call takes."""
    have = found["values"] if found else {}
    rows = [
        {
            "ParameterName": key,
            "ParameterValue": value,
            "ApplyMethod": "pending-reboot" if key in wanted["static"] else "immediate",
        }
        for key, value in wanted["values"].items()
        if key not in have
    ]
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
