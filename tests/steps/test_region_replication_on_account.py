"""Policies, replication and the copy of what was there, on the simulated account."""

from collections.abc import Iterator

import msgspec
import pytest

from steps.iam import PolicyWithBucket
from steps.iam_search import batch_roles, versions
from steps.iam_search import statements as statement_options
from steps.s3_backfill import Backfill
from steps.s3_like import BucketLike
from steps.s3_objects import backfill, report_buckets
from steps.s3_replication import ReplicationRule, rules
from tests.steps.driving import drive
from tests.steps.new_region import REFERENCE, REGION, REPLICATOR, SAAS, SSL, Region, suggested
from wizard.simulator.process import Simulator

EUROPE = "eu-west-1"
"""Where supertokens-ssl is."""
ROLE = "s3-batch-replication-of-supertokens-ssl"


@pytest.fixture(scope="module")
def region() -> Iterator[Region]:
    with Simulator() as simulator:
        subject = Region(simulator.ready)
        yield subject
        subject.gateway.close()


@pytest.fixture(scope="module")
def bucket(region: Region) -> BucketLike:
    """The destination."""
    step = BucketLike(
        bucket=SAAS,
        region=REGION,
        account_id=region.mine,
        like=f"supertokens-saas-{REFERENCE}",
        like_region=REFERENCE,
        copy=(),
    )
    region.make(step)
    return step


@pytest.fixture(scope="module")
def granted(region: Region, bucket: BucketLike) -> list[PolicyWithBucket]:
    """The three policies with the new bucket."""
    assert bucket
    made = []
    for name in ("S3SSLUpdater", "listBucketItems", REPLICATOR):
        goes = suggested(region.account.read(versions(name)))
        picked = suggested(region.account.read(statement_options(name, SAAS)))
        step = PolicyWithBucket(
            policy=name,
            bucket=SAAS,
            statements=tuple(picked),
            removes=goes[0] if goes else None,
        )
        region.make(step)
        made.append(step)
    return made


@pytest.fixture(scope="module")
def replication(region: Region, granted: list[PolicyWithBucket]) -> ReplicationRule:
    """One rule more on supertokens-ssl."""
    assert granted
    (template,) = suggested(region.account.read(rules(SSL, SAAS, region.mine)))
    step = ReplicationRule(
        source=SSL, bucket=SAAS, region=REGION, account_id=region.mine, like=template
    )
    region.make(step)
    return step


def test_policies_name_the_bucket_in_the_forms_of_its_siblings(
    region: Region, granted: list[PolicyWithBucket]
) -> None:
    found, _ = region.account.look(granted[0])
    assert found is not None
    # Version 1 went; the fifth of those that are left is in force.
    assert [one["id"] for one in found["versions"]] == ["v2", "v3", "v4", "v5", "v6"]
    assert found["default"] == "v6"
    (statement,) = found["document"]["Statement"]
    assert statement["Resource"] == [
        f"arn:aws:s3:::supertokens-saas-{name}/*" for name in ("us-east-1", "eu-west-1", REGION)
    ]
    lister, _ = region.account.look(granted[1])
    assert lister is not None
    assert lister["document"]["Statement"][0]["Resource"][-1] == f"arn:aws:s3:::{SAAS}"
    replicator, _ = region.account.look(granted[2])
    assert replicator is not None
    assert replicator["arns"][0].split(":policy")[1] == f"/service-role/{REPLICATOR}"
    assert replicator["document"]["Statement"][0]["Resource"] == [f"arn:aws:s3:::{SSL}"]


def test_a_policy_of_no_such_name_says_so(region: Region) -> None:
    _, (wrong,) = region.account.look(PolicyWithBucket(policy="nothing", bucket=SAAS))
    assert not wrong.fixable
    role = "s3-batch-replication-of-supertokens-ssl"
    found, (wrong,) = region.account.look(PolicyWithBucket(policy=role, bucket=SAAS))
    assert found is not None
    assert found["elsewhere"] == ["a role of that name"]
    assert not wrong.fixable


def test_all_old_rules_stay_beside_the_new_one(
    region: Region, replication: ReplicationRule
) -> None:
    found, _ = region.account.look(replication)
    assert found is not None
    assert found["region"] == "eu-west-1"
    assert [rule["ID"] for rule in found["rules"]] == [
        "to-supertokens-saas-us-east-1",
        "to-supertokens-saas-eu-west-1",
        f"to-{SAAS}",
    ]
    assert len({rule["Priority"] for rule in found["rules"]}) == 3
    assert {str(rule["Filter"]) for rule in found["rules"]} == {"{'Prefix': 'ssl/'}"}


def test_existing_objects_are_copied_by_one_job(
    region: Region, replication: ReplicationRule
) -> None:
    assert replication
    options = region.account.read(backfill(SSL, SAAS, REGION, region.mine))
    assert suggested(options) == ["yes"]
    (role,) = suggested(region.account.read(batch_roles()))
    (report,) = suggested(region.account.read(report_buckets(SSL, region.mine)))
    assert report == "supertokens-s3-access-logs-eu-west-1"
    step = Backfill(
        source=SSL,
        bucket=SAAS,
        region=REGION,
        account_id=region.mine,
        now="yes",
        role=role,
        report_bucket=report,
    )
    assert region.account.act(step)
    found, (waiting,) = region.account.look(step)
    assert waiting.settles
    assert "0 of" in step.waiting_for(found)
    assert not region.account.act(step)
    region.advance(120)
    found, differences = region.account.look(step)
    assert differences == ()
    assert found is not None
    assert found["copied"] == found["objects"] > 20
    jobs = region.read("s3control", "ListJobs", "eu-west-1", AccountId=region.mine)["Jobs"]
    assert [job["Status"] for job in jobs] == ["Complete"]


def test_a_job_that_fails_pauses_for_a_person_who_has_another_made(
    region: Region, granted: list[PolicyWithBucket], replication: ReplicationRule
) -> None:
    assert granted
    assert replication
    key = "ssl/late/cert.pem"
    region.write("PutObject", EUROPE, Bucket=SSL, Key=key, Body="x")
    region.advance(30)
    # S3 has copied it by the rule; somebody deletes the copy.
    region.write("DeleteObject", "us-east-1", Bucket="supertokens-saas-us-east-1", Key=key)
    step = Backfill(
        source=SSL,
        bucket="supertokens-saas-us-east-1",
        region="us-east-1",
        account_id=region.mine,
        now="yes",
        role=f"arn:aws:iam::{region.mine}:role/nobody",
        report_bucket=f"supertokens-s3-access-logs-{EUROPE}",
    )
    assert region.account.act(step)
    region.advance(120)
    found, (failed,) = region.account.look(step)
    assert found is not None
    assert (found["job"]["status"], failed.person) == ("Failed", True)
    assert "cannot be assumed" in failed.reason
    mended = msgspec.structs.replace(step, role=f"arn:aws:iam::{region.mine}:role/{ROLE}")
    (deed,) = mended.deeds(found)
    drive(mended.act(deed.name, found, {}, None), region.account.answers(mended))
    found, (waiting,) = region.account.look(mended)
    assert found is not None
    assert (found["jobs"], waiting.settles) == (2, True)


def test_new_objects_come_by_the_rule(region: Region, replication: ReplicationRule) -> None:
    assert replication
    region.write("PutObject", EUROPE, Bucket=SSL, Key="ssl/new/cert.pem", Body="x")
    seen = region.read("s3", "HeadObject", EUROPE, Bucket=SSL, Key="ssl/new/cert.pem")
    assert seen["ReplicationStatus"] == "PENDING"
    region.advance(30)
    seen = region.read("s3", "HeadObject", EUROPE, Bucket=SSL, Key="ssl/new/cert.pem")
    assert seen["ReplicationStatus"] == "COMPLETED"
    copy = region.read("s3", "HeadObject", Bucket=SAAS, Key="ssl/new/cert.pem")
    assert copy["ReplicationStatus"] == "REPLICA"
