"""The company's account: what the wizard's dropdowns, plans and checks find on the first day."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.simulator.conftest import Client, clients
from wizard.simulator.process import Simulator

REGIONS = ("us-east-1", "eu-west-1")
ELB_TOPIC = re.compile(r"CloudWatch_?Alarms_?.*_ELB")


def _pages(client: Any, operation: str, field: str, **asked: Any) -> list[list[Any]]:
    return [page[field] for page in client.get_paginator(operation).paginate(**asked)]


def _all(client: Any, operation: str, field: str, **asked: Any) -> list[Any]:
    return [one for page in _pages(client, operation, field, **asked) for one in page]


def _tags(tagged: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tagged.get("Tags", [])}


def _prod_vpc(ec2: Any) -> str:
    vpcs = {_tags(vpc).get("Name"): vpc for vpc in ec2.describe_vpcs()["Vpcs"]}
    assert set(vpcs) == {"prod", "staging"}
    assert vpcs["prod"]["IsDefault"] is True
    return str(vpcs["prod"]["VpcId"])


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("us-east-1", "CloudWatch_Alarms_US_East_1_ELB"),
        ("eu-west-1", "CloudWatchAlarms_EU_West_1_ELB"),
    ],
)
def test_the_elb_topic_is_on_the_second_page_and_confirmed(
    client: Client, region: str, name: str
) -> None:
    sns = client("sns", region)
    pages = [
        [one["TopicArn"].rsplit(":", 1)[1] for one in page]
        for page in _pages(sns, "list_topics", "Topics")
    ]
    assert len(pages) == 2
    assert [topic for topic in pages[0] if ELB_TOPIC.fullmatch(topic)] == []
    assert [topic for topic in pages[1] if ELB_TOPIC.fullmatch(topic)] == [name]
    arn = next(
        one["TopicArn"]
        for one in _all(sns, "list_topics", "Topics")
        if one["TopicArn"].endswith(f":{name}")
    )
    found = _all(sns, "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn)
    assert [(one["Protocol"], one["SubscriptionArn"].startswith(arn)) for one in found] == [
        ("email", True)
    ]
    assert found[0]["Endpoint"].endswith("@supertokens.slack.com")


@pytest.mark.parametrize("region", REGIONS)
def test_zones_are_suitable_for_a_load_balancer_or_not(client: Client, region: str) -> None:
    ec2 = client("ec2", region)
    vpc = _prod_vpc(ec2)
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    public: set[str] = set()
    private: set[str] = set()
    for table in ec2.describe_route_tables(Filters=mine)["RouteTables"]:
        through = any(route.get("GatewayId", "").startswith("igw-") for route in table["Routes"])
        for association in table["Associations"]:
            if not association["Main"]:
                (public if through else private).add(association["SubnetId"])
            else:
                assert through
    subnets = ec2.describe_subnets(Filters=mine)["Subnets"]
    small = [one for one in subnets if one["CidrBlock"].endswith("/28")]
    suitable = [one for one in subnets if one not in small and one["SubnetId"] not in private]
    assert len({one["AvailabilityZone"] for one in suitable}) == len(suitable) >= 3
    assert small
    assert private
    if region == "us-east-1":
        zones = {one["AvailabilityZone"] for one in subnets}
        assert zones - {one["AvailabilityZone"] for one in suitable} == {"us-east-1e", "us-east-1f"}


@pytest.mark.parametrize("region", REGIONS)
def test_every_vpc_has_the_five_security_groups(client: Client, region: str) -> None:
    ec2 = client("ec2", region)
    for vpc in ec2.describe_vpcs()["Vpcs"]:
        groups = ec2.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        )["SecurityGroups"]
        by_name = {group["GroupName"]: group for group in groups}
        assert set(by_name) == {
            "default",
            "ping-ssh",
            "supertokens-nginx-port",
            "ec2-internal-team-access",
            "dev-postgresql",
        }
        ports = by_name["supertokens-nginx-port"]["IpPermissions"][0]
        assert (ports["FromPort"], ports["ToPort"]) == (3567, 3600)


def test_the_apps_of_the_core_run_and_some_are_stopped(client: Client) -> None:
    found = client("ec2", "us-east-1").describe_instances(
        Filters=[{"Name": "tag-key", "Values": ["app"]}]
    )
    seen = {
        _tags(instance)["Name"]: (
            _tags(instance)["app"],
            instance["State"]["Name"],
            instance["Placement"]["AvailabilityZone"],
        )
        for reservation in found["Reservations"]
        for instance in reservation["Instances"]
    }
    assert seen["core-acme-prod-1"] == ("app-acme", "running", "us-east-1a")
    assert seen["core-acme-prod-2"] == ("app-acme", "stopped", "us-east-1b")
    assert len({zone for _, state, zone in seen.values() if state == "running"}) >= 3


@pytest.mark.parametrize("region", REGIONS)
def test_one_certificate_is_right(client: Client, region: str) -> None:
    acm = client("acm", region)
    every = {"keyTypes": ["RSA_2048", "EC_prime256v1"]}
    listed = _all(acm, "list_certificates", "CertificateSummaryList", Includes=every)
    details = [
        acm.describe_certificate(CertificateArn=one["CertificateArn"])["Certificate"]
        for one in listed
    ]
    assert [(one["DomainName"], one["KeyAlgorithm"], one["Status"]) for one in details] == [
        ("*.aws.supertokens.com", "EC_prime256v1", "EXPIRED"),
        ("*.supertokens.io", "RSA_2048", "ISSUED"),
        ("*.aws.supertokens.com", "EC_prime256v1", "ISSUED"),
    ]


def test_todays_records_point_at_instances_or_at_the_load_balancer(client: Client) -> None:
    route53 = client("route53", "us-east-1")
    zones = {zone["Name"]: zone for zone in _all(route53, "list_hosted_zones", "HostedZones")}
    assert {name: zone["Config"]["PrivateZone"] for name, zone in zones.items()} == {
        "aws.supertokens.com.": False,
        "supertokens.com.": False,
        "us-east-1.dns.": True,
        "eu-west-1.dns.": True,
    }
    records = {
        (record["Name"].split(".")[0], record["Type"]): record
        for record in _all(
            route53,
            "list_resource_record_sets",
            "ResourceRecordSets",
            HostedZoneId=zones["aws.supertokens.com."]["Id"],
        )
    }
    instances = client("ec2", "us-east-1").describe_instances(
        Filters=[{"Name": "tag:Name", "Values": ["core-acme-prod-1"]}]
    )["Reservations"][0]["Instances"]
    acme = records["acme", "A"]
    assert acme["ResourceRecords"] == [{"Value": instances[0]["PublicIpAddress"]}]
    assert acme["TTL"] == 300
    assert ("globex", "CNAME") in records
    balancer = client("elbv2", "us-east-1").describe_load_balancers(Names=["initech-prod"])[
        "LoadBalancers"
    ][0]
    alias = records["initech", "A"]["AliasTarget"]
    assert alias["DNSName"].rstrip(".") == f"dualstack.{balancer['DNSName']}".lower()
    assert alias["HostedZoneId"] == balancer["CanonicalHostedZoneId"]


def test_a_finished_load_balancer_is_there_to_learn_from(client: Client) -> None:
    elbv2 = client("elbv2", "us-east-1")
    balancer = elbv2.describe_load_balancers(Names=["initech-prod"])["LoadBalancers"][0]
    assert balancer["State"]["Code"] == "active"
    arn = balancer["LoadBalancerArn"]
    group = elbv2.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"][0]
    health = elbv2.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
    states = [one["TargetHealth"]["State"] for one in health["TargetHealthDescriptions"]]
    assert states == ["healthy", "healthy"]
    listener = elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"][0]
    assert (listener["Protocol"], listener["Port"]) == ("HTTPS", 3567)
    found = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    attributes = {one["Key"]: one["Value"] for one in found}
    bucket = attributes["access_logs.s3.bucket"]
    s3 = client("s3", "us-east-1")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert [key for key in keys if key.endswith("/ELBAccessLogTestFile")]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


@pytest.mark.parametrize("region", REGIONS)
def test_every_alarm_has_data_and_is_well(client: Client, region: str) -> None:
    alarms = _all(client("cloudwatch", region), "describe_alarms", "MetricAlarms")
    assert {alarm["StateValue"] for alarm in alarms} == {"OK"}
    names = {alarm["AlarmName"] for alarm in alarms}
    assert f"db-supertokens-prod-{region} FreeableMemory" in names
    if region == "us-east-1":
        assert {name for name in names if name.startswith("initech-prod ")} == {
            "initech-prod ELB HTTPCode_ELB_5XX_Count",
            "initech-prod ELB TargetResponseTime",
            "initech-prod ELB UnHealthyHostCount",
        }


def test_buckets_have_the_settings_that_a_new_region_copies(client: Client) -> None:
    s3 = client("s3", "eu-west-1")
    rules = s3.get_bucket_replication(Bucket="supertokens-ssl")["ReplicationConfiguration"]
    targets = [rule["Destination"]["Bucket"] for rule in rules["Rules"]]
    assert targets == [f"arn:aws:s3:::supertokens-saas-{region}" for region in REGIONS]
    for region in REGIONS:
        here, bucket = client("s3", region), f"supertokens-saas-{region}"
        logging = here.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
        assert logging["TargetBucket"] == f"supertokens-s3-access-logs-{region}"
        assert "aws:sourceVpc" in here.get_bucket_policy(Bucket=bucket)["Policy"]
        tags = {
            tag["Key"]: tag["Value"] for tag in here.get_bucket_tagging(Bucket=bucket)["TagSet"]
        }
        assert tags["VantaOwner"] == "rishabh@supertokens.com"


def test_databases_functions_documents_and_policies(client: Client) -> None:
    rds = client("rds", "us-east-1")
    cluster = rds.describe_db_clusters()["DBClusters"][0]
    assert (cluster["Engine"], cluster["Status"]) == ("aurora-postgresql", "available")
    assert len(cluster["DBClusterMembers"]) == 2
    functions = _all(client("lambda", "eu-west-1"), "list_functions", "Functions")
    assert len(functions) == 12
    assert {one["State"] for one in functions} == {"Active"}
    assert sum(bool(one.get("Layers")) for one in functions) == 10
    own = [{"Key": "Owner", "Values": ["Self"]}]
    documents = client("ssm", "us-east-1").list_documents(Filters=own)["DocumentIdentifiers"]
    assert len(documents) == 6
    iam = client("iam", "us-east-1")
    versions = {
        policy["PolicyName"]: len(iam.list_policy_versions(PolicyArn=policy["Arn"])["Versions"])
        for policy in _all(iam, "list_policies", "Policies", Scope="Local")
    }
    assert versions["S3SSLUpdater"] == 5
    assert {
        "listBucketItems",
        "s3crr_for_supertokens-ssl_to_supertokens-saas-us-east-1",
    } < set(versions)


@pytest.mark.parametrize("region", REGIONS)
def test_log_groups_have_mixed_retention(client: Client, region: str) -> None:
    groups = _all(client("logs", region), "describe_log_groups", "logGroups")
    assert len(groups) > 100
    days = {group.get("retentionInDays") for group in groups}
    assert {None, 7, 365, 3653} < days


def test_the_account_looks_the_same_in_every_run(client: Client) -> None:
    def names(client: Client) -> tuple[set[str], set[str]]:
        """What was there on the first day; other tests add to the shared account."""
        ec2, elbv2 = client("ec2", "us-east-1"), client("elbv2", "us-east-1")
        core = [{"Name": "tag:Name", "Values": ["core-acme-prod-1", "core-initech-prod-*"]}]
        found = ec2.describe_instances(Filters=core)["Reservations"]
        balancers = elbv2.describe_load_balancers(Names=["initech-prod"])["LoadBalancers"]
        return (
            {reservation["Instances"][0]["InstanceId"] for reservation in found},
            {balancer["LoadBalancerArn"] for balancer in balancers},
        )

    with Simulator(speed=600) as another:
        assert names(client) == names(clients(another.ready))
