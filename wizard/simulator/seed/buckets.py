"""The S3 buckets, each with the settings it has had for years."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from wizard.simulator.seed.bucket_settings import plant_settings
from wizard.simulator.seed.company import APPS, EU, OWNER, REGIONS, US
from wizard.simulator.seed.ground import Ground, tag_list
from wizard.simulator.seed.network import Network

ROLE = "s3crr_role_for_supertokens-ssl_to_supertokens-saas-us-east-1"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and its settings; `logs_to` is (target bucket, prefix)."""

    name: str
    region: str
    description: str
    versioned: bool = True
    user_data: bool = False
    logs_to: tuple[str, str] | None = None


SSL = "supertokens-ssl"
# The load balancer that is there already logs here.
BALANCER_LOGS = "initech-prod-access-logs"
BUCKETS = (
    Bucket("supertokens-s3-access-logs-us-east-1", US, "S3 access logs and VPC flow logs"),
    Bucket("supertokens-s3-access-logs-eu-west-1", EU, "S3 access logs and VPC flow logs"),
    Bucket(
        "supertokens-saas-us-east-1",
        US,
        "store SSL certificates for saas instances",
        logs_to=("supertokens-s3-access-logs-us-east-1", "saas"),
    ),
    Bucket(
        "supertokens-saas-eu-west-1",
        EU,
        "store SSL certificates for saas instances",
        logs_to=("supertokens-s3-access-logs-eu-west-1", "saas"),
    ),
    Bucket(
        SSL,
        EU,
        "source of SSL certificates - replicated to every region",
        logs_to=("supertokens-s3-access-logs-eu-west-1", "ssl"),
    ),
    Bucket(BALANCER_LOGS, US, "store initech-prod loadbalancer logs", user_data=True),
    Bucket("supertokens-lambda-artifacts", EU, "code of the functions", versioned=False),
)


def plant_buckets(ground: Ground, networks: dict[str, Network]) -> None:
    """Make every bucket with its settings, then what refers from one to another."""
    for bucket in BUCKETS:
        _make(ground, bucket)
    for region in REGIONS:
        s3 = ground.client("s3", region)
        _policy(s3, f"supertokens-saas-{region}", _saas_policy(region, networks[region].vpc_id))
        _policy(s3, f"supertokens-s3-access-logs-{region}", _delivery_policy(ground, region))
    _policy(ground.client("s3", US), BALANCER_LOGS, _balancer_policy(ground.account))
    for bucket in BUCKETS:
        if bucket.logs_to is not None:
            target, prefix = bucket.logs_to
            ground.client("s3", bucket.region).put_bucket_logging(
                Bucket=bucket.name,
                BucketLoggingStatus={
                    "LoggingEnabled": {"TargetBucket": target, "TargetPrefix": prefix}
                },
            )
    plant_settings(ground)
    _replicate(ground)
    _put_certificates(ground)


def _make(ground: Ground, bucket: Bucket) -> None:
    """A new bucket has all public access blocked and SSE-S3, as the company wants it."""
    s3 = ground.client("s3", bucket.region)
    place = (
        {}
        if bucket.region == US
        else {"CreateBucketConfiguration": {"LocationConstraint": bucket.region}}
    )
    s3.create_bucket(Bucket=bucket.name, ObjectOwnership="BucketOwnerEnforced", **place)
    if bucket.versioned:
        s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    tags = {"VantaDescription": bucket.description, "VantaOwner": OWNER}
    if bucket.user_data:
        tags["VantaContainsUserData"] = "true"
    s3.put_bucket_tagging(Bucket=bucket.name, Tagging={"TagSet": tag_list(tags)})


def _policy(s3: Any, bucket: str, statements: list[dict[str, Any]]) -> None:
    document = {"Version": "2012-10-17", "Id": "Policy1594127151493", "Statement": statements}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def _saas_policy(region: str, vpc_id: str) -> list[dict[str, Any]]:
    bucket = f"arn:aws:s3:::supertokens-saas-{region}"
    return [
        {
            "Sid": "Stmt1594127148960",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": [f"{bucket}/*", bucket],
            "Condition": {"StringEquals": {"aws:sourceVpc": vpc_id}},
        }
    ]


def _delivery_policy(ground: Ground, region: str) -> list[dict[str, Any]]:
    """Who may deliver: S3's server access logs under each source's prefix."""
    name = f"supertokens-s3-access-logs-{region}"
    return [
        {
            "Sid": f"S3ServerAccessLogs-{prefix}",
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{name}/{prefix}*",
            "Condition": {"StringEquals": {"aws:SourceAccount": ground.account}},
        }
        for prefix in (
            entry.logs_to[1] for entry in BUCKETS if entry.logs_to and entry.logs_to[0] == name
        )
    ]


def _balancer_policy(account: str) -> list[dict[str, Any]]:
    return [
        {
            "Sid": "AWSLogDelivery",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{BALANCER_LOGS}/AWSLogs/{account}/*",
        }
    ]


def _replicate(ground: Ground) -> None:
    """Replicate supertokens-ssl to the bucket of each region, one rule with a priority each."""
    rules = [
        {
            "ID": f"to-supertokens-saas-{region}",
            "Priority": priority,
            "Status": "Enabled",
            "Filter": {"Prefix": "ssl/"},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {"Bucket": f"arn:aws:s3:::supertokens-saas-{region}"},
        }
        for priority, region in enumerate(REGIONS)
    ]
    role = f"arn:aws:iam::{ground.account}:role/service-role/{ROLE}"
    ground.client("s3", EU).put_bucket_replication(
        Bucket=SSL, ReplicationConfiguration={"Role": role, "Rules": rules}
    )


def _put_certificates(ground: Ground) -> None:
    """Put the certificate of each app, which S3 then copies to the bucket of each region."""
    s3 = ground.client("s3", EU)
    for app in APPS:
        for name in ("fullchain", "privkey", "chain", "cert"):
            key = f"ssl/{app.slug}/{name}.pem"
            s3.put_object(Bucket=SSL, Key=key, Body=f"{key} of the demo\n".encode())
