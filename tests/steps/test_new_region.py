"""What a new region starts from, on the simulated account: enabled, DNS, certificate, last rows."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from steps.account_fit import Fit
from steps.account_reference import ReferenceRegion
from steps.account_region import RegionEnabled
from steps.acm_requested import Requested
from steps.ec2_region_vpc import DefaultVpc, RegionVpc, region_vpcs
from steps.final import DevInstance, Soc2
from steps.keys import KeyPairs, key_pairs
from steps.regions import regions
from steps.sns import addresses
from tests.steps.driving import Account, drive
from wizard.effects import Read, Write
from wizard.errors import StepError
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator
from wizard.step import Action, Probe

NEW = "eu-central-2"
DOMAIN = "*.aws.supertokens.com"


class Place:
    """A new region of a running account, and a way to act and let time pass there."""

    def __init__(self, simulator: Simulator) -> None:
        self.ready = simulator.ready
        self.gateway = WorldGateway(
            endpoint_url=self.ready.endpoint_url, region=NEW, secrets=Secrets({})
        )
        self.account = Account(self.gateway, self.now)

    def now(self) -> float:
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/network").raise_for_status()
        return float(answer.json()["account_time"])

    def advance(self, seconds: float) -> None:
        where = f"{self.ready.endpoint_url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": seconds}).raise_for_status()

    def call(self, effect: Read | Write) -> Any:
        return self.gateway.call(effect).value

    def until_right(self, step: Probe, every: float = 60) -> list[str]:
        """Acts and waits until nothing differs; returns the operations it took."""
        before = len(self.account.calls)
        for _ in range(60):
            found, differences = self.account.look(step)
            if not differences:
                break
            todo = [one for one in differences if not one.settles]
            assert all(one.fixable for one in todo), todo
            if todo and isinstance(step, Action):
                drive(step.converge(found, differences), self.account.answers(step))
            self.advance(every if not todo else 1)
        assert not differences
        made = self.account.calls[before:]
        return [one.operation for one in made if isinstance(one, Write)]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with Simulator() as simulator:
        made = Place(simulator)
        assert made.until_right(RegionEnabled(region=NEW)) == ["EnableRegion"]
        yield made
        made.gateway.close()


@pytest.fixture(scope="module")
def vpc(place: Place) -> str:
    found, differences = place.account.look(DefaultVpc())
    assert differences == ()
    assert found is not None
    return str(found["default"])


def test_an_enabled_region_is_left_alone(place: Place) -> None:
    step = RegionEnabled(region=NEW)
    found, differences = place.account.look(step)
    assert differences == ()
    assert step.outputs(found)["zones"] == [f"{NEW}a", f"{NEW}b", f"{NEW}c"]


def test_somebody_else_who_enables_it_at_the_same_time_is_waited_for(place: Place) -> None:
    other = RegionEnabled(region="eu-south-2")
    found, differences = place.account.look(other)
    place.call(Write("account", "EnableRegion", {"RegionName": "eu-south-2"}))
    drive(other.converge(found, differences), place.account.answers(other))
    assert [one.settles for one in place.account.look(other)[1]] == [True]


def test_the_dropdown_of_regions_tells_status_name_and_zones(place: Place) -> None:
    lines = {one.value: one for one in place.account.read(regions(suggested="us-east-1"))}
    assert lines["us-east-1"].label == "us-east-1  US East (N. Virginia)"
    assert lines["us-east-1"].suggested
    assert lines["us-east-1"].detail.startswith("enabled by default, ")
    assert lines[NEW].detail == "enabled, 3 zones"
    assert lines["il-central-1"].disabled == "is disabled for this account"
    everything = place.account.read(regions(enabled=False))
    assert not any(one.disabled for one in everything)


def test_the_channels_address_is_the_one_on_most_alarm_topics(place: Place) -> None:
    lines = place.account.read(addresses(region=NEW))
    assert [one.suggested for one in lines] == [True]
    assert lines[0].value == "aws-alarms-aaaaf3xq7d2w@supertokens.slack.com"
    assert lines[0].detail == "alarm topics: 4 in eu-west-1, 4 in us-east-1"


def test_the_default_vpc_is_as_aws_makes_it(place: Place, vpc: str) -> None:
    step = RegionVpc(vpc_id=vpc)
    found, differences = place.account.look(step)
    assert differences == ()
    assert found is not None
    assert len(found["public_subnets"]) == 3
    assert len(found["internet_gateways"]) == 1
    lines = place.account.read(region_vpcs())
    assert [(one.value, one.suggested) for one in lines] == [(vpc, True)]


def test_dns_is_switched_on_where_it_is_off(place: Place) -> None:
    made = place.call(Write("ec2", "CreateVpc", {"CidrBlock": "10.9.0.0/16"}))["Vpc"]["VpcId"]
    for zone in "ab":
        cidr = f"10.9.{'ab'.index(zone)}.0/24"
        params = {"VpcId": made, "CidrBlock": cidr, "AvailabilityZone": NEW + zone}
        place.call(Write("ec2", "CreateSubnet", params))
    assert place.until_right(RegionVpc(vpc_id=made)) == ["ModifyVpcAttribute"]
    found, _ = place.account.look(RegionVpc(vpc_id=made))
    assert found is not None
    assert (found["enableDnsSupport"], found["enableDnsHostnames"]) == (True, True)


def test_the_certificate_is_requested_proved_and_issued_once(place: Place) -> None:
    step = Requested(domain=DOMAIN, region=NEW)
    assert place.until_right(step) == ["RequestCertificate", "ChangeResourceRecordSets"]
    found, _ = place.account.look(step)
    assert found is not None
    assert found["status"] == "ISSUED"
    assert place.until_right(step) == []
    # In the next region the record stands already.
    other = Requested(domain=DOMAIN, region="eu-west-1")
    assert place.account.look(other)[0] is not None


def test_it_fits_and_where_it_does_not_the_increase_is_requested_once(place: Place) -> None:
    step = Fit(region=NEW, reference="us-east-1")
    found, differences = place.account.look(step)
    assert differences == ()
    assert found is not None
    assert found["services_missing"] == []
    assert {entry["code"] for entry in found["quotas"]} == {
        "L-53DA6B97",
        "L-B22855CB",
        "L-0EA8095F",
        "L-2AFB9258",
        "L-1B52E74A",
        "L-952B80B8",
        "L-7B6409FD",
        "L-B99A9384",
        "L-1216C47A",
    }
    arn = f"arn:aws:rds:eu-west-1:{place.ready.account_id}:cluster:supertokens-prod-eu-west-1"
    chosen = Fit(region=NEW, reference="us-east-1", cluster=arn, database_class="db.nothing.large")
    _, differences = place.account.look(chosen)
    assert [(one.field, one.found) for one in differences] == [
        ("database_classes", "aurora-postgresql db.nothing.large")
    ]
    full = {**found, "quotas": [{**found["quotas"][5], "used": 40, "limit": 40.0}]}
    assert [deed.name for deed in step.deeds(full)] == ["increase"]
    drive(step.act("increase", full, {}, None), place.account.answers("deed"))
    entry = {**full["quotas"][0], "requested": 41.0}
    assert step.deeds({**full, "quotas": [entry]}) == ()
    with pytest.raises(StepError, match="nothing to request"):
        drive(step.act("increase", found, {}, None), place.account.answers("deed"))


def test_the_reference_region_is_told(place: Place) -> None:
    step = ReferenceRegion(
        reference="us-east-1",
        lambda_reference="eu-west-1",
        account_id=place.ready.account_id,
    )
    found, differences = place.account.look(step)
    assert differences == ()
    assert found is not None
    assert len(found["alarm_topics"]) == 4
    assert found["buckets"] == {
        "supertokens-saas-us-east-1": True,
        "supertokens-s3-access-logs-us-east-1": True,
    }
    assert found["private_zone"] is True
    assert found["functions"]["eu-west-1"] > 0


def test_a_public_key_is_brought_over(place: Place, vpc: str) -> None:
    lines = place.account.read(key_pairs("us-east-1"))
    assert [one.value for one in lines] == ["supertokens-us-east-1"]
    step = KeyPairs(vpc_id=vpc, reference="us-east-1", source=lines[0].value, name="team")
    assert place.until_right(step) == ["ImportKeyPair"]
    wanted = {"IncludePublicKey": True}
    ours, theirs = (
        place.call(Read("ec2", "DescribeKeyPairs", wanted, region=where))["KeyPairs"][0]
        for where in (NEW, "us-east-1")
    )
    assert (ours["KeyName"], ours["PublicKey"]) == ("team", theirs["PublicKey"])
    gone = KeyPairs(vpc_id=vpc, reference="us-east-1", source="nobody's")
    with pytest.raises(StepError, match="no public key"):
        place.account.act(gone)


def test_the_dev_instance_is_seen_when_the_company_starts_it(place: Place, vpc: str) -> None:
    step = DevInstance(vpc_id=vpc, attest="it is")
    assert [one.field for one in place.account.look(step)[1]] == ["instances"]
    where = f"{place.ready.endpoint_url}/_st-wizard/dev-instance"
    started = httpx.post(where, json={"vpc_id": vpc}).raise_for_status().json()["instance_id"]
    place.advance(30)
    assert [one.settles for one in place.account.look(step)[1]] == [True]
    place.advance(120)
    found, differences = place.account.look(step)
    assert differences == ()
    assert step.outputs(found) == {"instance_ids": [started]}
    assert found is not None
    assert found["instances"][0]["deployment"] == "development"
    refused = httpx.post(where, json={"vpc_id": "vpc-none"})
    assert (refused.status_code, "no region has a subnet" in refused.text) == (400, True)


def test_soc2_reads_what_is_open_to_everybody(place: Place, vpc: str) -> None:
    step = Soc2(region=NEW, vpc_id=vpc, attest="done")
    found, _ = place.account.look(step)
    assert found is not None
    assert found["open_to_the_internet"] == []
    assert "none" in step.instructions(found)
