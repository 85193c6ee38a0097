"""A region as its account shows it, without what is new each time: ids, dates, random parts.

Two runs that did the same leave the same picture, whatever was lost or killed on the way.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.simulator.conftest import Client

Picture = dict[str, Any]

POLICIES = (
    "S3SSLUpdater",
    "listBucketItems",
    "s3crr_for_supertokens-ssl_to_supertokens-saas-us-east-1",
)
_IDS = re.compile(
    r"\b(?P<kind>vpc|subnet|sgr|sg|rtb|igw|vpce|fl|eni|i|r|key|pl|acl|eigw|dopt)-[0-9a-f]{8,17}\b"
)
_RANDOM = re.compile(
    r"(?<=\.cluster-)[a-z0-9]{12}|(?<=\.cluster-ro-)[a-z0-9]{12}|(?<=<id>-)\w{6}\b"
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\d[T ][0-9:.]+(Z|\+00:00)?")
_ADDRESS = re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b(?!/)")
_NEW_EACH_TIME = {
    "ResponseMetadata",
    "RevisionId",
    "CallerReference",
    "DbClusterResourceId",
    "DbiResourceId",
    "HostedZoneId",
    "EventSourceToken",
    "StateTransitionReason",
    "StateReason",
    "StateReasonData",
    "StateValue",
    "LastModified",
    "LastUpdateStatus",
    "FunctionUrl",
    "RoleId",
    "storedBytes",
    "arn",
    "NetworkInterfaceIds",
    "KeyFingerprint",
    "AssociationId",
    "NotBefore",
    "NotAfter",
}
"""What AWS makes up, and what a clock brings about by itself."""
_TIMES = re.compile(r"(?i)(time|date|timestamp|edat|issuedat)$")


def picture(client: Client, region: str) -> Picture:
    """What the runbook makes in this region, and what it changes elsewhere for it."""
    here: Callable[[str], Any] = lambda service: client(service, region)  # noqa: E731
    found = _settled(
        {
            "topics": _topics(here("sns")),
            "buckets": list(_buckets(here("s3"), region)),
            "replication": client("s3", "us-east-1").get_bucket_replication(
                Bucket="supertokens-ssl"
            )["ReplicationConfiguration"],
            "policies": list(_policies(here("iam"))),
            "zones": list(_zones(here("route53"))),
            "groups": here("ec2").describe_security_groups()["SecurityGroups"],
            "endpoints": here("ec2").describe_vpc_endpoints()["VpcEndpoints"],
            "flow_logs": here("ec2").describe_flow_logs()["FlowLogs"],
            "vpcs": here("ec2").describe_vpcs()["Vpcs"],
            "keys": here("ec2").describe_key_pairs()["KeyPairs"],
            "databases": _databases(here("rds")),
            "alarms": _pages(here("cloudwatch"), "describe_alarms", "MetricAlarms"),
            "documents": list(_documents(here("ssm"))),
            "functions": list(_functions(here("lambda"))),
            "layers": here("lambda").list_layers()["Layers"],
            "sources": here("lambda").list_event_source_mappings()["EventSourceMappings"],
            "rules": here("events").list_rules()["Rules"],
            "schedules": here("scheduler").list_schedules()["Schedules"],
            "log_groups": _pages(here("logs"), "describe_log_groups", "logGroups"),
            "certificates": here("acm").list_certificates(
                Includes={"keyTypes": ["RSA_2048", "EC_prime256v1"]}
            )["CertificateSummaryList"],
        }
    )
    assert isinstance(found, dict)
    return found


def differing(one: Picture, other: Picture) -> dict[str, tuple[Any, Any]]:
    """What two pictures do not share, by part: only here, only there."""
    found = {}
    for part in one:
        ours, theirs = one[part], other[part]
        if ours != theirs:
            if isinstance(ours, list):
                ours, theirs = (
                    [entry for entry in ours if entry not in other[part]],
                    [entry for entry in theirs if entry not in one[part]],
                )
            found[part] = (ours, theirs)
    return found


def _topics(sns: Any) -> list[Picture]:
    return [
        {
            "arn_": topic["TopicArn"],
            "attributes": sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"],
            "subscriptions": [
                (one["Protocol"], one["Endpoint"], one["SubscriptionArn"] == "PendingConfirmation")
                for one in sns.list_subscriptions_by_topic(TopicArn=topic["TopicArn"])[
                    "Subscriptions"
                ]
            ],
        }
        for topic in sns.list_topics()["Topics"]
    ]


BUCKET_PARTS = {
    "policy": "get_bucket_policy",
    "versioning": "get_bucket_versioning",
    "tags": "get_bucket_tagging",
    "encryption": "get_bucket_encryption",
    "closed": "get_public_access_block",
    "logging": "get_bucket_logging",
    "lifecycle": "get_bucket_lifecycle_configuration",
    "ownership": "get_bucket_ownership_controls",
    "cors": "get_bucket_cors",
}


def _buckets(s3: Any, region: str) -> Iterator[Picture]:
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        if not name.endswith(region):
            continue
        found: Picture = {"name": name}
        for part, operation in BUCKET_PARTS.items():
            try:
                found[part] = getattr(s3, operation)(Bucket=name)
            except s3.exceptions.ClientError as error:
                found[part] = error.response["Error"]["Code"]
        if isinstance(found["policy"], dict):
            found["policy"] = json.loads(found["policy"]["Policy"])
        yield found


def _policies(iam: Any) -> Iterator[Picture]:
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        if policy["PolicyName"] in POLICIES:
            versions = iam.list_policy_versions(PolicyArn=policy["Arn"])["Versions"]
            at = {"PolicyArn": policy["Arn"], "VersionId": policy["DefaultVersionId"]}
            document = iam.get_policy_version(**at)["PolicyVersion"]["Document"]
            yield {
                "name": policy["PolicyName"],
                "versions": sorted(version["VersionId"] for version in versions),
                "document": document,
            }
    for role in iam.list_roles()["Roles"]:
        names = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        yield {
            "role": role["RoleName"],
            "inline": [
                iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
                for name in names
            ],
        }


def _zones(route53: Any) -> Iterator[Picture]:
    for zone in route53.list_hosted_zones()["HostedZones"]:
        known = route53.get_hosted_zone(Id=zone["Id"])
        yield {
            "name": zone["Name"],
            "private": zone["Config"],
            "vpcs": known.get("VPCs", []),
            "records": sorted(
                (one["Name"], one["Type"])
                for one in route53.list_resource_record_sets(HostedZoneId=zone["Id"])[
                    "ResourceRecordSets"
                ]
            ),
        }


def _databases(rds: Any) -> Picture:
    return {
        "clusters": rds.describe_db_clusters()["DBClusters"],
        "instances": rds.describe_db_instances()["DBInstances"],
        "subnets": rds.describe_db_subnet_groups()["DBSubnetGroups"],
        "cluster_parameters": rds.describe_db_cluster_parameter_groups()[
            "DBClusterParameterGroups"
        ],
        "parameters": rds.describe_db_parameter_groups()["DBParameterGroups"],
    }


def _documents(ssm: Any) -> Iterator[Picture]:
    mine = [{"Key": "Owner", "Values": ["Self"]}]
    for one in ssm.list_documents(Filters=mine)["DocumentIdentifiers"]:
        yield {**one, "content": ssm.get_document(Name=one["Name"])["Content"]}


def _functions(functions: Any) -> Iterator[Picture]:
    for one in _pages(functions, "list_functions", "Functions"):
        name = one["FunctionName"]
        found = functions.get_function(FunctionName=name)
        try:
            policy = json.loads(functions.get_policy(FunctionName=name)["Policy"])
        except functions.exceptions.ResourceNotFoundException:
            policy = None
        yield {
            **found["Configuration"],
            "tags": found.get("Tags"),
            "concurrency": found.get("Concurrency"),
            "policy": policy,
            "aliases": functions.list_aliases(FunctionName=name)["Aliases"],
            "urls": functions.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"],
        }


def _pages(client: Any, operation: str, key: str) -> list[Any]:
    return [one for page in client.get_paginator(operation).paginate() for one in page[key]]


def _settled(value: Any, key: str = "") -> Any:
    """The same value without what is new each time, with lists in an order of their own."""
    if isinstance(value, dict):
        return {
            name: _settled(part, name)
            for name, part in sorted(value.items())
            if name not in _NEW_EACH_TIME and not _TIMES.search(name)
        }
    if isinstance(value, list | tuple):
        return sorted((_settled(part, key) for part in value), key=repr)
    if isinstance(value, str):
        shown = _IDS.sub(lambda found: f"<{found['kind']}>", value)
        shown = _RANDOM.sub("<random>", _UUID.sub("<id>", shown))
        return _ADDRESS.sub("<address>", _MOMENT.sub("<moment>", shown))
    return value if isinstance(value, bool | int | float | type(None)) else str(value)
