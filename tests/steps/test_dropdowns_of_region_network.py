"""What the dropdowns of a region's network offer, suggest and disable."""

from typing import Any

from steps.route53_zone_options import private_zones
from steps.security_group_options import reference_sources, reference_vpcs, route_tables
from steps.ssm_source import documents, mentions, region_names
from tests.steps.play import found_by
from wizard.step import Option


def shown(options: list[Option]) -> dict[Any, str]:
    """Each value, with `*` when suggested and why not when disabled."""
    return {one.value: one.disabled or ("*" if one.suggested else "") for one in options}


def group(*sources: Any, port: int = 5432) -> list[Any]:
    rule: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    for field, entry in sources:
        rule.setdefault(field, []).append(entry)
    itself = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}
    return [{"GroupId": "sg-1", "GroupName": "g", "IpPermissions": [rule, itself]}]


def cidr(block: str, description: str = "") -> tuple[str, Any]:
    return "IpRanges", {"CidrIp": block, "Description": description}


def test_sources_of_the_reference_region_with_whose_they_are() -> None:
    there = group(
        cidr("203.0.113.7/32", "Office"),
        cidr("0.0.0.0/0"),
        ("Ipv6Ranges", {"CidrIpv6": "::/0"}),
        ("PrefixListIds", {"PrefixListId": "pl-1"}),
        ("UserIdGroupPairs", {"GroupId": "sg-2"}),
    )
    listed = found_by(reference_sources("us-east-1", "g", 5432, vpc_id="vpc-1"), there)
    assert shown(listed) == {
        "203.0.113.7/32": "*",
        "0.0.0.0/0": "",
        "::/0": "opens the port to the internet",
        "pl-1": "a prefix list is of one region: copy it there and give the copy's id",
        "sg-2": "another security group, which is of one VPC",
    }
    assert listed[0].value == "0.0.0.0/0"
    assert "open to the internet" in listed[0].detail
    office = next(one for one in listed if one.suggested)
    assert "Office" in office.label


def test_single_servers_only_where_more_is_root_on_the_host() -> None:
    there = group(cidr("203.0.113.7/32"), cidr("203.0.113.0/24"), port=4243)
    found = reference_sources("us-east-1", "g", 4243, vpc_id="vpc-1", hosts_only=True)
    (wide, host) = found_by(found, there)
    assert "only single servers" in wide.disabled
    assert host.suggested


def test_answer_of_its_own_where_the_reference_region_has_none() -> None:
    found = reference_sources("us-east-1", "g", 22, vpc_id="vpc-1", otherwise="none")
    assert shown(found_by(found, group(cidr("203.0.113.7/32")))) == {"none": "*"}
    found = reference_sources("us-east-1", "g", 5432, vpc_id="vpc-1", otherwise="none")
    there = group(cidr("203.0.113.7/32"))
    assert shown(found_by(found, there)) == {"203.0.113.7/32": "*", "none": ""}


def test_default_vpc_is_the_model_and_two_others_are_nobodys_guess() -> None:
    def vpc(name: str, **more: Any) -> dict[str, Any]:
        return {"VpcId": name, "CidrBlock": "10.0.0.0/16", **more}

    both = found_by(reference_vpcs("us-east-1"), [vpc("vpc-1"), vpc("vpc-2", IsDefault=True)])
    assert shown(both) == {"vpc-2": "*", "vpc-1": ""}
    assert shown(found_by(reference_vpcs("us-east-1"), [vpc("vpc-1")])) == {"vpc-1": "*"}
    two = found_by(reference_vpcs("us-east-1"), [vpc("vpc-1"), vpc("vpc-2")])
    assert shown(two) == {"vpc-1": "", "vpc-2": ""}


def test_all_route_tables_are_ticked() -> None:
    tables = [
        {"RouteTableId": "rtb-1", "Associations": [{"Main": True}]},
        {"RouteTableId": "rtb-2", "Associations": [{"SubnetId": "subnet-1"}]},
    ]
    listed = found_by(route_tables("vpc-1"), tables)
    assert shown(listed) == {"rtb-1": "*", "rtb-2": "*"}
    assert [one.detail for one in listed] == [
        "main: all subnets without one of their own",
        "1 subnets",
    ]


def test_zone_of_other_vpcs_is_left_to_the_operator() -> None:
    page = {
        "HostedZones": [
            {"Id": "/hostedzone/Z1", "Name": "r.dns.", "Config": {"PrivateZone": True}},
        ],
        "IsTruncated": True,
        "NextDNSName": "s.dns.",
        "NextHostedZoneId": "Z2",
    }
    there = {"VPCs": [{"VPCRegion": "us-east-1", "VPCId": "vpc-9"}]}
    listed = found_by(private_zones("r.dns", "vpc-1", "eu-central-2"), page, there)
    assert shown(listed) == {"new": "", "Z1": ""}
    assert listed[1].detail == "seen by us-east-1/vpc-9"


def test_region_names_are_found_where_they_stand() -> None:
    text = 'a: 1\nb: "us-east-1"\nc: us-east-10\nd: us-east-1b'
    assert mentions(text, "us-east-1") == ['2: b: "us-east-1"', "4: d: us-east-1b"]
    own = [{"Name": "One", "DocumentFormat": "YAML"}]
    yes, no = found_by(region_names("us-east-1", "eu-west-2"), own, {"Content": text})
    assert (yes.suggested, no.suggested) == (True, False)
    assert yes.detail == 'One line 2: b: "us-east-1"; One line 4: d: us-east-1b'
    yes, no = found_by(region_names("us-east-1", "eu-west-2"), own, {"Content": "a: 1"})
    assert (yes.suggested, no.suggested) == (False, True)


def test_documents_that_cannot_be_copied_are_not_ticked() -> None:
    about = {"DocumentType": "Command", "DocumentFormat": "JSON", "DefaultVersion": "2"}
    own = [{"Name": name} for name in ("Files", "AWS-Own", "Plain")]
    listed = found_by(
        documents("us-east-1"),
        own,
        {"Document": about},
        {"Document": {**about, "AttachmentsInformation": [{"Name": "a.zip"}]}},
        {"Document": {**about, "LatestVersion": "3"}},
    )
    assert shown(listed) == {
        "AWS-Own": "its name is reserved for AWS",
        "Files": "",
        "Plain": "*",
        "none": "",
    }
    assert "a.zip" in listed[1].detail
    assert "version 2 of 3" in listed[2].detail
    assert shown(found_by(documents("us-east-1"), [])) == {"none": "*"}
