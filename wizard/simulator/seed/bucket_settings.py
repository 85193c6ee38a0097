"""What the buckets of the first region have gathered over the years: some of it belongs there only.

The access-log bucket is older than April 2023: its objects' owners differ, and an ACL lets S3
deliver logs.
"""

from __future__ import annotations

from typing import Any

from wizard.simulator.seed.company import REGIONS, US
from wizard.simulator.seed.ground import Ground

LIFECYCLE: list[dict[str, Any]] = [
    {
        "ID": "drop-old-versions",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
]
LOG_LIFECYCLE: list[dict[str, Any]] = [
    {
        "ID": "keep-logs-a-year",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": 365},
    }
]
CORS: list[dict[str, Any]] = [
    {
        "AllowedMethods": ["GET"],
        "AllowedOrigins": ["https://supertokens.com"],
        "MaxAgeSeconds": 3600,
    }
]


def plant_settings(ground: Ground) -> None:
    """Give the buckets of every region their rules, and those of the first one the rest."""
    for region in REGIONS:
        s3 = ground.client("s3", region)
        for name, rules in (
            (f"supertokens-saas-{region}", LIFECYCLE),
            (f"supertokens-s3-access-logs-{region}", LOG_LIFECYCLE),
        ):
            s3.put_bucket_lifecycle_configuration(
                Bucket=name, LifecycleConfiguration={"Rules": rules}
            )
    _first_region(ground)


def _first_region(ground: Ground) -> None:
    s3, saas = ground.client("s3", US), f"supertokens-saas-{US}"
    s3.put_bucket_cors(Bucket=saas, CORSConfiguration={"CORSRules": CORS})
    s3.put_bucket_metrics_configuration(
        Bucket=saas, Id="EntireBucket", MetricsConfiguration={"Id": "EntireBucket"}
    )
    queue = ground.client("sqs", US).create_queue(QueueName="certificates-changed")["QueueUrl"]
    s3.put_bucket_notification_configuration(
        Bucket=saas,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "Id": "certificates-changed",
                    "QueueArn": f"arn:aws:sqs:{US}:{ground.account}:{queue.rsplit('/', 1)[-1]}",
                    "Events": ["s3:ObjectCreated:*"],
                }
            ]
        },
    )
    logs = f"supertokens-s3-access-logs-{US}"
    s3.put_bucket_ownership_controls(
        Bucket=logs, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    s3.put_bucket_acl(Bucket=logs, ACL="log-delivery-write")
