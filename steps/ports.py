"""Which sources a security group lets in on a TCP port. Pure.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""

from wizard.effects import Facts


def openings(group: Facts, port: int) -> list[str]:
    """The sources that the group lets in on that TCP port, as CIDRs, lists and group ids."""
    sources: list[str] = []
    for rule in group.get("IpPermissions") or ():
        if _covers(rule, port):
            sources += [str(one["CidrIp"]) for one in rule.get("IpRanges") or ()]
            sources += [str(one["CidrIpv6"]) for one in rule.get("Ipv6Ranges") or ()]
            sources += [str(one["PrefixListId"]) for one in rule.get("PrefixListIds") or ()]
            sources += [str(one["GroupId"]) for one in rule.get("UserIdGroupPairs") or ()]
    return sources


def opened_to_addresses(group: Facts, port: int) -> bool:
    """Whether anybody outside AWS gets in: members of a security group are not outside."""
    return any(not source.startswith("sg-") for source in openings(group, port))


def _covers(rule: Facts, port: int) -> bool:
    protocol = str(rule.get("IpProtocol"))
    if protocol == "-1":
        return True
    first, last = rule.get("FromPort"), rule.get("ToPort")
    if protocol not in {"tcp", "6"} or first is None or last is None:
        return False
    return int(first) <= port <= int(last)
