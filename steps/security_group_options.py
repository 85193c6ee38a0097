"""Dropdowns for security groups: who is let in in the reference region, and which VPC that is."""

import ipaddress

from steps.ec2 import in_vpc
from steps.fleet import tag
from steps.security_group_rules import WORLD, Key, danger, key_of
from steps.security_groups import groups_by_name
from wizard.effects import Read
from wizard.step import Option, Options, options


@options("ec2.reference_vpcs")
def reference_vpcs(region: str) -> Options:
    """The VPCs of the reference region, the default one suggested.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
    """
    found = yield Read("ec2", "DescribeVpcs", pages="Vpcs", region=region)
    default = next((one["VpcId"] for one in found if one.get("IsDefault")), None)
    suggested = default or (found[0]["VpcId"] if len(found) == 1 else None)
    return [
        Option(
            one["VpcId"],
            f"{tag(one, 'Name') or 'unnamed'} ({one['VpcId']}, {one['CidrBlock']})",
            detail="default VPC" if one.get("IsDefault") else "",
            suggested=one["VpcId"] == suggested,
        )
        for one in sorted(found, key=lambda one: (one["VpcId"] != suggested, str(one["VpcId"])))
    ]


@options("ec2.reference_sources")
def reference_sources(
    region: str,
    group: str,
    port: int,
    *,
    vpc_id: str = "",
    hosts_only: bool = False,
    otherwise: str = "",
) -> Options:
    """The sources that the group of that name lets in on a TCP port in the reference region.

    `hosts_only` takes single addresses and nothing wider. `otherwise`, a CIDR or `none`, is
    suggested when the reference region has no such rule.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
    """
    groups = yield from groups_by_name(vpc_id, region)
    listed = []
    for rule in groups.get(group, {}).get("rules", ()):
        key = key_of(rule)
        # The rule of the group for itself covers all ports, and is nobody's choice.
        if key.covers(port) and key.protocol != "-1":
            opened = Key("tcp", port, port, key.source)
            listed.append(_source(opened, str(rule["description"]), hosts_only=hosts_only))
    if otherwise and not any(one.value == otherwise for one in listed):
        none = not any(one.suggested for one in listed)
        detail = f"{region} has no such rule" if none else ""
        label = "none: nobody is let in yet" if otherwise == "none" else otherwise
        listed.append(Option(otherwise, label, detail=detail, suggested=none))
    return listed


def _source(key: Key, description: str, *, hosts_only: bool) -> Option:
    source, why = key.source, ""
    if source.startswith("pl-"):
        why = "a prefix list is of one region: copy it there and give the copy's id"
    elif "/" not in source:
        why = "another security group, which is of one VPC"
    elif hosts_only and ipaddress.ip_network(source).num_addresses > 1:
        why = "more than one address: only single servers are let in on this port"
    elif danger(key) and source != WORLD:
        why = "opens the port to the internet"
    return Option(
        source,
        f"{source}  {description}" if description else source,
        detail="open to the internet in the reference region" if danger(key) else "",
        suggested=not why and not danger(key),
        disabled=why,
    )


@options("ec2.route_tables")
def route_tables(vpc_id: str) -> Options:
    """All route tables of the VPC, ticked: S3 is reached by the endpoint only from their subnets.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
    """
    tables = yield Read("ec2", "DescribeRouteTables", in_vpc(vpc_id), pages="RouteTables")
    listed = []
    for one in tables:
        links = one.get("Associations") or ()
        main = any(link.get("Main") for link in links)
        subnets = sum(1 for link in links if link.get("SubnetId"))
        words = ["main: all subnets without one of their own"] if main else []
        words += [f"{subnets} subnets"] if subnets or not main else []
        listed.append(
            Option(
                one["RouteTableId"],
                f"{tag(one, 'Name') or 'unnamed'} ({one['RouteTableId']})",
                detail=", ".join(words),
                suggested=True,
            )
        )
    return listed
