"""Hosted zones and change batches of the simulated account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import lay

NAME = "app-1.aws.example.com."


class Zone:
    """A public zone, and changes to it."""

    def __init__(self, account: Account) -> None:
        self.route53 = account.client("route53")
        made = self.route53.create_hosted_zone(Name="aws.example.com", CallerReference="first")
        self.id: str = made["HostedZone"]["Id"]
        self.created_by: str = made["ChangeInfo"]["Id"]

    def change(self, *changes: tuple[str, dict[str, Any]]) -> str:
        asked = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
        made = self.route53.change_resource_record_sets(
            HostedZoneId=self.id, ChangeBatch={"Changes": asked}
        )
        change_id: str = made["ChangeInfo"]["Id"]
        return change_id

    def status(self, change_id: str) -> str:
        return str(self.route53.get_change(Id=change_id)["ChangeInfo"]["Status"])

    def records(self) -> dict[tuple[str, str], dict[str, Any]]:
        pages = self.route53.get_paginator("list_resource_record_sets").paginate(
            HostedZoneId=self.id
        )
        return {
            (one["Name"], one["Type"]): one for page in pages for one in page["ResourceRecordSets"]
        }

    def answer(self, name: str, kind: str = "A") -> Any:
        return self.route53.test_dns_answer(HostedZoneId=self.id, RecordName=name, RecordType=kind)


def record(value: str, kind: str = "A", name: str = NAME) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}


def alias(dns_name: str, zone: str) -> dict[str, Any]:
    target = {"HostedZoneId": zone, "DNSName": dns_name, "EvaluateTargetHealth": True}
    return {"Name": NAME, "Type": "A", "AliasTarget": target}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("elbv2", "route53") as made:
        yield made


@pytest.fixture
def zone(account: Account) -> Zone:
    return Zone(account)


def test_changes_are_pending_for_a_minute(account: Account, zone: Zone) -> None:
    first = zone.change(("CREATE", record("192.0.2.1")))
    account.clock.advance(30)
    second = zone.change(("UPSERT", record("192.0.2.2")))
    assert first != second
    assert zone.status(first) == "PENDING"
    account.clock.advance(30)
    assert [zone.status(first), zone.status(second)] == ["INSYNC", "PENDING"]
    with refused("NoSuchChange"):
        zone.status("C00000000000000000000")


def test_answers_follow_when_in_sync(account: Account, zone: Zone) -> None:
    zone.change(("CREATE", record("192.0.2.1")))
    assert zone.answer(NAME)["ResponseCode"] == "NXDOMAIN"
    account.clock.advance(60)
    assert zone.answer(NAME)["RecordData"] == ["192.0.2.1"]
    zone.change(("UPSERT", record("192.0.2.2")))
    assert zone.answer(NAME)["RecordData"] == ["192.0.2.1"]
    account.clock.advance(60)
    assert zone.answer(NAME)["RecordData"] == ["192.0.2.2"]


def test_wildcards_answer_and_are_stored_escaped(account: Account, zone: Zone) -> None:
    zone.change(("CREATE", record("192.0.2.9", name="*.aws.example.com")))
    account.clock.advance(60)
    assert zone.answer("anything.aws.example.com")["RecordData"] == ["192.0.2.9"]
    assert ("\\052.aws.example.com.", "A") in zone.records()


def test_caller_reference_is_used_once(zone: Zone) -> None:
    with refused("HostedZoneAlreadyExists"):
        zone.route53.create_hosted_zone(Name="other.example.com", CallerReference="first")
    assert zone.status(zone.created_by) == "PENDING"


def test_private_zones_conflict_in_one_vpc(account: Account, zone: Zone) -> None:
    vpc = {"VPCRegion": "us-east-1", "VPCId": lay(account).vpc}
    asked = {"Name": "internal.", "VPC": vpc, "HostedZoneConfig": {"PrivateZone": True}}
    made = zone.route53.create_hosted_zone(CallerReference="a", **asked)
    with refused("ConflictingDomainExists"):
        zone.route53.create_hosted_zone(CallerReference="b", **asked)
    with refused("InvalidInput"):
        zone.route53.test_dns_answer(
            HostedZoneId=made["HostedZone"]["Id"], RecordName="x.internal", RecordType="A"
        )


@pytest.mark.parametrize(
    ("action", "asked", "words"),
    [
        ("CREATE", record("192.0.2.1"), f"[name='{NAME}', type='A'] but it already exists"),
        ("CREATE", record("a.example.com", "CNAME"), "conflicts with other records"),
        ("DELETE", record("192.0.2.7"), "do not match the current values"),
        ("DELETE", record("::1", "AAAA"), "but it was not found"),
        ("CREATE", record("x.y", "CNAME", "aws.example.com."), "not permitted at apex"),
        ("CREATE", record("192.0.2.1", name="www.other.com."), "is not permitted in zone"),
        ("UPSERT", record("not-an-address"), "ARRDATAIllegalIPv4Address"),
        ("UPSERT", record("bare", "TXT"), "enclosed in quotation marks"),
    ],
)
def test_refuses(zone: Zone, action: str, asked: dict[str, Any], words: str) -> None:
    zone.change(("CREATE", record("192.0.2.1")))
    before = zone.records()
    with refused("InvalidChangeBatch", words):
        zone.change(("CREATE", record("192.0.2.3", name="new.aws.example.com.")), (action, asked))
    assert zone.records() == before


def test_a_record_cannot_join_a_cname(zone: Zone) -> None:
    zone.change(("CREATE", record("i.example.com", "CNAME")))
    with refused("InvalidChangeBatch", "a conflicting RRSet of type  CNAME"):
        zone.change(("UPSERT", record("192.0.2.1")))
    # The swap in one batch is how it is done.
    zone.change(("DELETE", record("i.example.com", "CNAME")), ("CREATE", record("192.0.2.1")))
    assert (NAME, "A") in zone.records()
    assert (NAME, "CNAME") not in zone.records()


def test_neither_alias_nor_records_is_invalid(zone: Zone) -> None:
    with refused("InvalidInput", "Expected exactly one of [AliasTarget"):
        zone.change(("CREATE", {"Name": NAME, "Type": "A"}))


def test_alias_must_point_to_a_load_balancer(account: Account, zone: Zone) -> None:
    made = account.client("elbv2").create_load_balancer(Name="lb", Subnets=lay(account).subnets)
    balancer = made["LoadBalancers"][0]
    target, right = f"dualstack.{balancer['DNSName']}", balancer["CanonicalHostedZoneId"]
    with refused("InvalidChangeBatch", "does not lie within the target zone"):
        zone.change(("UPSERT", alias(target, "Z32O12XQLNTSW2")))
    with refused("InvalidChangeBatch", "that target was not found"):
        zone.change(("UPSERT", alias(target.replace("lb-", "no-"), right)))
    zone.change(("UPSERT", alias(target, right)))
    assert zone.records()[NAME, "A"]["AliasTarget"]["DNSName"] == f"{target}."
    account.clock.advance(60)
    assert len(zone.answer(NAME)["RecordData"]) == 2


def test_record_sets_come_in_pages_of_300(zone: Zone) -> None:
    many = [
        ("CREATE", record("192.0.2.1", name=f"host-{number:03}.aws.example.com."))
        for number in range(320)
    ]
    zone.change(*many)
    first = zone.route53.list_resource_record_sets(HostedZoneId=zone.id, MaxItems="1000")
    assert len(first["ResourceRecordSets"]) == 300
    assert first["IsTruncated"]
    assert len(zone.records()) == 322
    asked = zone.route53.list_resource_record_sets(
        HostedZoneId=zone.id, StartRecordName="host-319.aws.example.com.", StartRecordType="A"
    )
    assert asked["ResourceRecordSets"][0]["Name"] == "host-319.aws.example.com."


def test_zones_come_in_pages_of_100(zone: Zone) -> None:
    for number in range(101):
        zone.route53.create_hosted_zone(Name=f"z{number}.example.org", CallerReference=str(number))
    first = zone.route53.list_hosted_zones()
    assert len(first["HostedZones"]) == 100
    rest = zone.route53.list_hosted_zones(Marker=first["NextMarker"])
    assert len(rest["HostedZones"]) == 2
    named = zone.route53.list_hosted_zones_by_name(DNSName="z7.example.org", MaxItems="1")
    assert named["HostedZones"][0]["Name"] == "z7.example.org."
    assert named["IsTruncated"]
