"""A region half done by hand: what is there is taken over, told field by field, and kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import half_done
from tests.e2e.account import Account
from tests.e2e.command import st_wizard, states
from tests.e2e.half_done import CLUSTER, REGION, SAAS
from tests.e2e.region import Picture, differing, picture
from tests.e2e.unwatched import Closing, begin, carry_out
from wizard.session.state import SessionState, Status
from wizard.simulator.process import Simulator

IMPORT = "region.lambda.import"


@pytest.fixture(scope="module")
def by_hand() -> Iterator[Account]:
    with Simulator(speed=600) as running:
        account = Account(running.ready)
        there = account.client("sns", "us-east-1").list_subscriptions()["Subscriptions"]
        (address, *_) = (one["Endpoint"] for one in there if one["Protocol"] == "email")
        half_done.make(account, address)
        yield account


def fields(item: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {one["field"]: (one["found"], one["wanted"]) for one in item["differences"]}


def test_a_region_half_done_is_planned_then_completed(by_hand: Account, home: Path) -> None:
    account = by_hand
    before = picture(account.client, REGION)
    plan(account, home)
    assert differing(before, picture(account.client, REGION)) == {}

    running = begin(account, home, REGION)
    person = Closing(account, "region.ec2.sg.ping", half_done.close_ssh)
    assert carry_out(running, account, person, alone=True) == 1
    assert "tcp 22 from 0.0.0.0/0" in person.told
    assert "removes no rule that it did not make" in person.told
    refused(running.snapshot.state)
    kept(before, picture(account.client, REGION))


def plan(account: Account, home: Path) -> None:
    """What is right is shown as right, what differs with its fields."""
    where = ("--endpoint-url", account.ready.endpoint_url)
    done = st_wizard("plan", "add-region", "--region", REGION, "--json", *where, home=home)
    assert done.code == 0, done.err
    items = {item["id"]: item for item in done.line()["items"]}
    state = states(list(items.values()))
    right = (
        *("region.sns.topic.ec2", "region.sns.topic.elb", "region.sns.sub.ec2"),
        *("region.sns.confirm.elb", "region.s3.saas.bpa", "region.iam.listbucketitems"),
    )
    assert {state[name] for name in right} == {"done"}
    assert fields(items["region.rds.cluster"])["BackupRetentionPeriod"] == (1, 14)
    assert fields(items["region.rds.alarm.cpu"])["Threshold"] == (95.0, 80.0)
    assert fields(items["region.ec2.sg.ping"])["tcp 22 from 0.0.0.0/0"] == ("allowed", None)
    assert "versioning" in fields(items["region.s3.saas.create"])
    assert [name.split()[0] for name in fields(items["region.vpc.s3endpoint"])] == ["route"]
    members = items[IMPORT]["members"]
    assert members[half_done.SAME] == "done"
    assert members[half_done.OTHER_CODE] == members[half_done.OTHER_MEMORY] == "deferred"


def refused(state: SessionState) -> None:
    """Only what is somebody's work of other code, with the reason and the way out."""
    failed = {item.id for item in state.items.values() if item.status is Status.FAILED}
    assert failed == {IMPORT}
    problems = {
        key: child.problem
        for key, child in state.item(IMPORT).children.items()
        if child.problem is not None
    }
    assert set(problems) == {half_done.OTHER_CODE, half_done.OTHER_MEMORY}
    told = problems[half_done.OTHER_MEMORY]
    assert "already with other MemorySize, Layers" in told.what
    assert "change the inputs" in told.todo


def kept(before: Picture, after: Picture) -> None:
    """Everything that was there is there once, with what the runbook adds."""
    (saas,) = (one for one in after["buckets"] if one["name"] == SAAS)
    sids = {one["Sid"]: one for one in saas["policy"]["Statement"]}
    assert {"BackupsOfAnotherTeam", "Stmt1594127148960"} == set(sids)
    assert sids["BackupsOfAnotherTeam"] == half_done.FOREIGN
    assert half_done.TAG in saas["tags"]["TagSet"]
    assert {tag["Key"] for tag in saas["tags"]["TagSet"]} > {"VantaOwner", "VantaDescription"}
    assert saas["versioning"]["Status"] == "Enabled"

    topics = [topic["arn_"].rpartition(":")[2] for topic in after["topics"]]
    assert sorted(topics) == [
        half_done.ELB_TOPIC,
        half_done.EC2_TOPIC,
        *(f"CloudWatch_Alarms_AP_Southeast_2_{what}" for what in ("Lambda", "RDS")),
    ]
    assert [len(topic["subscriptions"]) for topic in after["topics"]] == [1, 1, 1, 1]

    groups = {group["GroupName"]: group for group in after["groups"]}
    assert len(groups) == len(after["groups"])
    (extra,) = (rule for rule in groups["default"]["IpPermissions"] if rule.get("FromPort") == 8080)
    assert [block["CidrIp"] for block in extra["IpRanges"]] == ["10.1.0.0/16"]

    assert len(after["endpoints"]) == 1
    assert len(after["endpoints"][0]["RouteTableIds"]) == 2
    assert [zone["name"] for zone in after["zones"]].count(f"{REGION}.dns.") == 1
    (policy,) = (one for one in after["policies"] if one.get("name") == "listBucketItems")
    assert policy == next(one for one in before["policies"] if one.get("name") == policy["name"])

    (cluster,) = after["databases"]["clusters"]
    assert (cluster["DBClusterIdentifier"], cluster["BackupRetentionPeriod"]) == (CLUSTER, 14)
    assert cluster["DBSubnetGroup"] == "by-hand"
    assert len(after["databases"]["instances"]) == 2
    cpu = [one for one in after["alarms"] if one["AlarmName"] == half_done.ALARM]
    assert [one["Threshold"] for one in cpu] == [80.0]

    mine = {half_done.SAME, half_done.OTHER_CODE, half_done.OTHER_MEMORY}
    then, now = (
        {one["FunctionName"]: one for one in part["functions"] if one["FunctionName"] in mine}
        for part in (before, after)
    )
    assert then == now
    # Retention comes after the functions, which wait for a person's decision.
    assert before["log_groups"] == after["log_groups"]
