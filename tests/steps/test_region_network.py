"""The network of a new region on the simulated account: made, found right again, and adopted."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from steps.flow_logs import FlowLog
from steps.route53_zone import PrivateZone
from steps.route53_zone_options import private_zones, zone_vpcs
from steps.security_group_options import reference_sources, reference_vpcs, route_tables
from steps.security_groups import Opening, SecurityGroup
from steps.ssm_document import Document
from steps.ssm_source import documents, region_names
from steps.vpc_endpoint import S3Endpoint
from tests.steps.driving import Account
from wizard.effects import Read, Write
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator
from wizard.step import Action, Difference

NEW, OLD = "eu-central-2", "us-east-1"


class Region:
    """An empty region of a running account, and the gateway to it."""

    def __init__(self, simulator: Simulator) -> None:
        self.ready = simulator.ready
        self.gateway = WorldGateway(
            endpoint_url=self.ready.endpoint_url, region=NEW, secrets=Secrets({})
        )
        self.account = Account(self.gateway, self.now)
        self.account_id = self.ready.account_id
        self.write("account", "EnableRegion", OLD, RegionName=NEW)
        self.advance(4 * 3600)
        self.vpc = self.chosen("ec2.vpcs", reference_vpcs(NEW))[0]
        self.old_vpc = self.chosen("ec2.vpcs", reference_vpcs(OLD))[0]

    def now(self) -> float:
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/network").raise_for_status()
        return float(answer.json()["account_time"])

    def advance(self, seconds: float) -> None:
        where = f"{self.ready.endpoint_url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": seconds}).raise_for_status()

    def chosen(self, what: str, source: Any) -> list[str]:
        suggested = [one.value for one in self.account.read(source) if one.suggested]
        assert suggested, what
        return suggested

    def call(self, service: str, operation: str, region: str = NEW, **params: Any) -> Any:
        return self.gateway.call(Read(service, operation, params, region=region)).value

    def write(self, service: str, operation: str, region: str = NEW, **params: Any) -> Any:
        return self.gateway.call(Write(service, operation, params, region=region)).value

    def settle(self, step: Action) -> list[str]:
        """The operations that made the step right, all of it waited for."""
        before = len(self.account.calls)
        foreseen = step.planned(self.account.look(step)[0])
        for _ in range(8):
            found, differences = self.account.look(step)
            if not differences:
                break
            if all(one.settles for one in differences):
                self.advance(step.patience.every * 4)
            else:
                assert self.account.act(step)
        else:
            pytest.fail(f"{found} still differs: {differences}")
        assert step.compared(found) == foreseen
        made = self.account.calls[before:]
        return [effect.operation for effect in made if isinstance(effect, Write)]

    def wrong(self, step: Action) -> tuple[Difference, ...]:
        return tuple(self.account.look(step)[1])

    def outputs(self, step: Action) -> Any:
        return step.outputs(self.account.look(step)[0])


@pytest.fixture(scope="module")
def region() -> Iterator[Region]:
    with Simulator() as simulator:
        yield Region(simulator)


def zone(region: Region, **more: Any) -> PrivateZone:
    return PrivateZone(
        **{
            "name": f"{NEW}.dns",
            "vpc_id": region.vpc,
            "region": NEW,
            "account_id": region.account_id,
            "session": 1,
            **more,
        }
    )


def test_zone_is_made_once_and_seen_by_whom_the_reference_zone_is_seen(region: Region) -> None:
    (new,) = region.chosen("zone", private_zones(f"{NEW}.dns", region.vpc, NEW))
    also = region.chosen("vpcs", zone_vpcs(region.vpc, NEW, OLD, f"{OLD}.dns", region.old_vpc))
    assert (new, [one.split("/")[0] for one in also]) == ("new", [NEW, "eu-west-1"])
    step = zone(region, also=tuple(also))
    assert region.settle(step) == ["CreateHostedZone", "AssociateVPCWithHostedZone"]
    assert region.settle(step) == []
    out = region.outputs(step)
    found = region.call("route53", "GetHostedZone", Id=out["zone_id"])
    assert found["HostedZone"]["Config"]["PrivateZone"] is True
    assert {one["VPCId"] for one in found["VPCs"]} == {one.split("/")[1] for one in also}
    # Another session adopts it, and its dropdown says so.
    assert region.settle(zone(region, session=2)) == []
    options = region.account.read(private_zones(f"{NEW}.dns", region.vpc, NEW))
    assert [(one.value, one.suggested, bool(one.disabled)) for one in options] == [
        ("new", False, True),
        (out["zone_id"], True, False),
    ]


def test_zone_of_the_name_elsewhere_is_left_or_associated(region: Region) -> None:
    name = "eu-west-1.dns"
    options = region.account.read(private_zones(name, region.vpc, NEW))
    assert [one.value for one in options if one.suggested] == []
    there = next(one.value for one in options if one.value != "new")
    step = zone(region, name=name, zone=there)
    assert region.settle(step) == ["AssociateVPCWithHostedZone"]
    assert region.outputs(step)["zone_id"] == there


def test_endpoint_is_in_every_table_and_a_new_table_is_added(region: Region) -> None:
    tables = region.chosen("tables", route_tables(region.vpc))
    step = S3Endpoint(vpc_id=region.vpc, region=NEW, session=1)
    assert region.settle(step) == ["CreateVpcEndpoint"]
    first = region.outputs(step)
    assert set(first["route_tables"]) == set(tables)
    assert all(route.startswith("pl-") for route in first["route_tables"].values())
    made = region.write("ec2", "CreateRouteTable", VpcId=region.vpc)
    table = made["RouteTable"]["RouteTableId"]
    assert region.settle(step) == ["ModifyVpcEndpoint"]
    assert region.outputs(step)["route_tables"][table].endswith(first["endpoint_id"])
    assert region.settle(step) == []


def test_flow_log_keeps_the_policy_of_the_bucket(region: Region) -> None:
    bucket, source = f"supertokens-s3-access-logs-{NEW}", f"supertokens-saas-{NEW}"
    step = FlowLog(
        vpc_id=region.vpc,
        region=NEW,
        account_id=region.account_id,
        session=1,
        bucket=bucket,
        source=source,
    )
    region.write(
        "s3", "CreateBucket", Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": NEW}
    )
    assert region.settle(step) == ["PutBucketPolicy", "CreateFlowLogs"]
    policy = json.loads(region.call("s3", "GetBucketPolicy", Bucket=bucket)["Policy"])
    assert {one["Sid"] for one in policy["Statement"]} == set(region.outputs(step)["statements"])
    assert region.outputs(step)["delivery"] == "SUCCESS"
    assert region.settle(step) == []
    region.write("s3", "DeleteBucketPolicy", Bucket=bucket)
    assert region.settle(step) == ["PutBucketPolicy"]


def test_groups_are_opened_as_the_reference_region_has_them(region: Region) -> None:
    team = reference_sources(OLD, "ec2-internal-team-access", 22, vpc_id=region.old_vpc)
    sources = region.chosen("team", team)
    assert len(sources) == 3
    step = SecurityGroup(
        name="ec2-internal-team-access",
        vpc_id=region.vpc,
        description="team",
        ingress=(Opening(from_port=22, to_port=22, sources=tuple(sources)),),
        reference=OLD,
        reference_vpc=region.old_vpc,
    )
    made = ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress"]
    assert region.settle(step) == made
    here = step.compared(region.account.look(step)[0])
    there = SecurityGroup(
        name="ec2-internal-team-access", vpc_id=region.old_vpc, description="team"
    )
    old = region.account
    reader = WorldGateway(endpoint_url=region.ready.endpoint_url, region=OLD, secrets=Secrets({}))
    region.account = Account(reader, region.now)
    try:
        assert here == there.compared(region.account.look(there)[0])
    finally:
        region.account = old
    assert region.settle(step) == []
    wider = SecurityGroup(
        name=step.name,
        vpc_id=region.vpc,
        description="other words",
        ingress=(*step.ingress, Opening(from_port=22, to_port=22, sources=("198.51.100.7/32",))),
    )
    assert region.settle(wider) == ["AuthorizeSecurityGroupIngress"]
    assert "cannot change" in region.outputs(wider)["notes"][0]


def test_default_group_keeps_its_own_rule(region: Region) -> None:
    sources = region.chosen(
        "api", reference_sources(OLD, "default", 4243, vpc_id=region.old_vpc, hosts_only=True)
    )
    step = SecurityGroup(
        name="default",
        vpc_id=region.vpc,
        description="default VPC security group",
        ingress=tuple(
            Opening(from_port=port, to_port=port, sources=tuple(sources)) for port in (4243, 5432)
        ),
        reference=OLD,
        reference_vpc=region.old_vpc,
    )
    assert region.settle(step) == ["AuthorizeSecurityGroupIngress"]
    assert "all traffic from self" in region.outputs(step)["rules_of_others"]
    assert len(region.outputs(step)["rules"]) == 5


def test_database_port_open_to_the_world_needs_the_typed_name(region: Region) -> None:
    opened = SecurityGroup(
        name="dev-postgresql",
        vpc_id=region.vpc,
        description="dev postgres server",
        ingress=(Opening(from_port=5432, to_port=5432, sources=("0.0.0.0/0",)),),
    )
    (refused,) = region.wrong(opened)
    assert not refused.fixable
    assert "PostgreSQL" in refused.reason


def test_documents_are_copied_with_all_that_can_be(region: Region) -> None:
    names = region.chosen("documents", documents(OLD))
    assert "HardenInstance" not in names
    assert len(names) == 5
    assert region.chosen("substitute", region_names(OLD, NEW)) == ["yes"]
    for name in names:
        step = Document(name=name, reference=OLD, region=NEW)
        expected = ["CreateDocument"]
        if name == "InstallCloudWatchAgent":
            expected.append("ModifyDocumentPermission")
        assert region.settle(step) == expected
        assert region.settle(step) == []
    text = region.call("ssm", "GetDocument", Name="UpdateSSLCertificates")["Content"]
    assert f'"default": "{NEW}"' in text
    assert OLD not in text
    step = Document(name="StartCoreContainer", reference=OLD, region=NEW)
    assert region.outputs(step)["not_copied"] == ["its history: 2 other versions"]
    about = region.call("ssm", "DescribeDocument", Name="StartCoreContainer")["Document"]
    assert (about["VersionName"], about["DisplayName"]) == (
        "restart-always",
        "Start a core container",
    )
    yaml = region.call("ssm", "GetDocument", Name="RestartCoreContainer", DocumentFormat="YAML")
    assert yaml["Content"].startswith("schemaVersion")


def test_changed_document_gets_a_new_default_version(region: Region) -> None:
    step = Document(name="StartUpdateNginx", reference=OLD, region=NEW)
    region.settle(step)
    text = region.call("ssm", "GetDocument", Name=step.name)["Content"]
    region.write(
        "ssm",
        "UpdateDocument",
        Name=step.name,
        Content=text.replace("nginx -t", "true"),
        DocumentVersion="$LATEST",
    )
    region.write("ssm", "UpdateDocumentDefaultVersion", Name=step.name, DocumentVersion="2")
    # AWS keeps no text twice: the first version becomes the default again.
    assert region.settle(step) == ["UpdateDocumentDefaultVersion"]
    assert region.outputs(step)["default_version"] == "1"


def test_document_with_attachments_is_a_persons(region: Region) -> None:
    step = Document(name="HardenInstance", reference=OLD, region=NEW)
    (wrong,) = region.wrong(step)
    assert (wrong.field, wrong.person, wrong.fixable) == ("attachments", True, False)
    assert "hardening-profile.tar.gz" in wrong.reason
    found, _ = region.account.look(step)
    assert "download its attachments" in step.instructions(found)
