"""The steps of log bucket, alarms, name, row and cover list on the simulated account."""

from collections.abc import Iterator
from typing import Any

import pytest

from steps.cloudwatch import Alarm, dimension_of
from steps.cover_capacity import MultiCore, MultiInstance, OneAlive, Pools
from steps.cover_health import Alarms, Health, Slack
from steps.cover_load import Million, RequestsPerSecond
from steps.cover_logs import LogsBucket, LogsEnabled, Tagged
from steps.cover_name import Elastic
from steps.database import Row, columns
from steps.route53 import Alias
from steps.route53_records import names, zones
from steps.s3 import Bucket, Encryption, PublicAccessBlock, Versioning
from steps.s3_elb_policy import ElbLogPolicy
from steps.s3_tags import Tags
from steps.sns import topics
from steps.tagging import owners
from tests.steps.driving import Account
from wizard.effects import Read
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready
from wizard.step import Differences, Option, Probe

BUCKET = "acme-prod-access-logs"
OWNER = "me@example.com"


class Seen:
    """The account, and the load balancer that it has from its beginning."""

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self.gateway = WorldGateway(region="us-east-1", endpoint_url=ready.endpoint_url)
        self.account = Account(self.gateway, self.gateway.now)
        self.balancer = self._one("DescribeLoadBalancers", "LoadBalancers")
        self.arn = self.balancer["LoadBalancerArn"]
        self.group = self._one("DescribeTargetGroups", "TargetGroups")["TargetGroupArn"]
        self.zone = suggested(self.account.read(zones("aws.supertokens.com")))
        self.topic = suggested(self.account.read(topics("ELB")))

    def _one(self, operation: str, entries: str) -> Any:
        return self.gateway.call(Read("elbv2", operation, pages=entries)).value[0]

    def alarm(self) -> Alarm:
        return Alarm(
            name="initech-prod ELB UnHealthyHostCount again",
            namespace="AWS/ApplicationELB",
            metric="UnHealthyHostCount",
            dimensions={
                "LoadBalancer": dimension_of(self.arn),
                "TargetGroup": dimension_of(self.group),
            },
            statistic="Maximum",
            period=300,
            threshold=1,
            comparison="GreaterThanOrEqualToThreshold",
            missing_data="missing",
            topic_arn=self.topic,
        )

    def alias(self, label: str) -> Alias:
        return Alias(
            zone_id=self.zone,
            name=f"{label}.aws.supertokens.com",
            load_balancer_dns=self.balancer["DNSName"],
            load_balancer_zone_id=self.balancer["CanonicalHostedZoneId"],
            target_group_arn=self.group,
        )

    def right(self, step: Probe) -> Any:
        """What is found when nothing differs that time does not mend."""
        found, differences = self.account.look(step)
        assert unsettled(differences) == ()
        return found


def unsettled(differences: Differences) -> Differences:
    return tuple(difference for difference in differences if not difference.settles)


def suggested(options: list[Option]) -> Any:
    (value,) = [option.value for option in options if option.suggested]
    return value


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    with Simulator(speed=600) as simulator:
        subject = Seen(simulator.ready)
        yield subject
        subject.gateway.close()


def test_log_bucket_from_nothing_to_covered(seen: Seen) -> None:
    mine = seen.ready.account_id
    items: list[Probe] = [
        Bucket(bucket=BUCKET, region="us-east-1", account_id=mine),
        ElbLogPolicy(bucket=BUCKET, account_id=mine, region="us-east-1"),
        Versioning(bucket=BUCKET, account_id=mine),
        Encryption(bucket=BUCKET, account_id=mine),
        PublicAccessBlock(bucket=BUCKET, account_id=mine),
        Tags(
            account_id=mine,
            bucket=BUCKET,
            tags={
                "VantaOwner": OWNER,
                "VantaDescription": "logs",
                "VantaContainsUserData": "true",
            },
        ),
    ]
    for item in items:
        seen.account.act(item)
    for item in items:
        seen.right(item)
        assert not seen.account.act(item)
    seen.right(LogsBucket(bucket=BUCKET, account_id=mine))
    seen.right(Tagged(load_balancer_arn=seen.arn, bucket=BUCKET))
    (wrong,) = seen.account.look(Bucket(bucket=BUCKET, region="eu-west-1", account_id=mine))[1]
    assert wrong.field == "region"


def test_alarm_is_put_once_and_is_what_the_cover_list_asks(seen: Seen) -> None:
    alarm = seen.alarm()
    assert seen.account.act(alarm)
    assert not seen.account.act(alarm)
    seen.right(Alarms(alarms=(alarm,)))
    health = seen.right(Health(target_group_arn=seen.group, alarm_names=(alarm.name,)))
    assert health["alarms"] == [alarm.name]
    slack = seen.right(Slack(topic_arn=seen.topic, alarm_names=(alarm.name,)))
    assert slack["confirmed"]


@pytest.mark.parametrize("label", ["acme", "globex", "brand-new"])
def test_a_name_of_any_kind_is_switched_in_one_change(seen: Seen, label: str) -> None:
    alias = seen.alias(label)
    assert seen.account.act(alias)
    found = seen.right(alias)
    assert found["change"] in {"PENDING", "INSYNC"}
    assert not seen.account.act(alias)
    seen.right(
        Elastic(
            zone_id=seen.zone,
            name=alias.name,
            load_balancer_dns=alias.load_balancer_dns,
            connection_uri=f"https://{alias.name}:3567",
        )
    )


def test_row_is_inserted_once(seen: Seen) -> None:
    row = Row(
        database=seen.ready.database_url,
        table="apps_with_load_balancer",
        column=suggested(
            seen.account.read(columns(seen.ready.database_url, "apps_with_load_balancer"))
        ),
        value="app-acme",
    )
    assert seen.account.act(row)
    assert not seen.account.act(row)


def test_cover_list_on_a_load_balancer_that_serves(seen: Seen) -> None:
    instances = seen.right(MultiInstance(target_group_arn=seen.group))
    assert len(instances["zones"]) >= 2
    seen.right(MultiCore(target_group_arn=seen.group, cores_per_instance=1))
    seen.right(
        Pools(
            target_group_arn=seen.group,
            thread_pool_size=10,
            connection_pool_size=10,
            max_connections=100,
        )
    )
    alive = seen.right(
        OneAlive(
            target_group_arn=seen.group,
            load_balancer_dns=seen.balancer["DNSName"],
            name="initech.aws.supertokens.com",
        )
    )
    assert alive["status"] == 200
    assert seen.right(LogsEnabled(load_balancer_arn=seen.arn))["test_file"]
    seen.right(RequestsPerSecond(load_balancer_dimension=seen.arn, mode="attested"))
    (wrong,) = seen.account.look(RequestsPerSecond(load_balancer_dimension=seen.arn))[1]
    assert wrong.reason
    clusters = seen.gateway.call(Read("rds", "DescribeDBClusters", pages="DBClusters")).value
    figures = seen.right(Million(db_cluster=clusters[0]["DBClusterIdentifier"]))
    assert figures["volume_bytes_used"] > 0


def test_dropdowns_suggest_what_the_company_uses(seen: Seen) -> None:
    assert seen.topic.endswith(":CloudWatch_Alarms_US_East_1_ELB")
    assert "@" in suggested(seen.account.read(owners()))
    offered = seen.account.read(names(seen.zone, "aws.supertokens.com", "app-hooli"))
    assert suggested(offered) == "hooli.aws.supertokens.com"
