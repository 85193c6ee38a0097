"""Each setting that an S3 bucket has: how it is read, how it is written, what a new bucket has.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from steps.s3 import FLAGS, GONE, owned
from steps.s3_tags import as_mapping
from wizard.effects import Facts, Json, Read
from wizard.step import Reads

Puts = Iterator[tuple[str, dict[str, Json]]]
"""Operations and their parameters besides the bucket and its owner."""

AES256: Mapping[str, Json] = {"SSEAlgorithm": "AES256", "BucketKeyEnabled": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. `take` makes what is shown and compared of the answer; None: it is not set."""

    label: str
    read: str
    take: Callable[[Any], Json]
    puts: Callable[[Json], Puts] | None = None
    absent: tuple[str, ...] = ()
    """Error codes that mean it is not set."""
    pages: str | None = None
    unset: Json = None
    """What it is when it is not set."""
    new: Json = None
    """What a new bucket has, since April 2023."""


def _one(operation: str, field: str) -> Callable[[Json], Puts]:
    return lambda value: iter([(operation, {field: value})])


def _each(operation: str, field: str) -> Callable[[Json], Puts]:
    return lambda value: iter([(operation, {"Id": one["Id"], field: one}) for one in value])


def _encryption(answer: Any) -> Json:
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"]
    rule = rules[0] if rules else {}
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    return {**default, "BucketKeyEnabled": bool(rule.get("BucketKeyEnabled"))}


def _put_encryption(value: Json) -> Puts:
    default = {key: part for key, part in value.items() if key != "BucketKeyEnabled"}
    rule = {
        "ApplyServerSideEncryptionByDefault": default,
        "BucketKeyEnabled": value["BucketKeyEnabled"],
    }
    yield "PutBucketEncryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def _grants(answer: Any) -> Json:
    owner = answer.get("Owner", {}).get("ID")
    others = (one for one in answer.get("Grants", ()) if one["Grantee"].get("ID") != owner)
    return [
        f"{one['Grantee'].get('URI') or one['Grantee'].get('ID')}: {one['Permission']}"
        for one in others
    ] or None


def _picked(*fields: str) -> Callable[[Any], Json]:
    return lambda answer: {name: answer[name] for name in fields if answer.get(name)} or None


_NOTIFIED = (
    "TopicConfigurations",
    "QueueConfigurations",
    "LambdaFunctionConfigurations",
)
_WEBSITE = ("RedirectAllRequestsTo", "IndexDocument", "ErrorDocument", "RoutingRules")


def _notification(answer: Any) -> Json:
    found = _picked(*_NOTIFIED)(answer) or {}
    # Its presence is all that it says.
    events: Facts = {"EventBridgeConfiguration": {}} if "EventBridgeConfiguration" in answer else {}
    return {**found, **events} or None


SETTINGS: Mapping[str, Setting] = {
    "versioning": Setting(
        label="Versioning",
        read="GetBucketVersioning",
        take=lambda answer: answer.get("Status"),
        puts=lambda value: iter(
            [("PutBucketVersioning", {"VersioningConfiguration": {"Status": value}})]
        ),
    ),
    "encryption": Setting(
        label="Default encryption",
        read="GetBucketEncryption",
        absent=("ServerSideEncryptionConfigurationNotFoundError",),
        take=_encryption,
        puts=_put_encryption,
        new=AES256,
    ),
    "ownership": Setting(
        label="Object ownership",
        read="GetBucketOwnershipControls",
        absent=("OwnershipControlsNotFoundError",),
        take=lambda answer: answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
        puts=lambda value: iter(
            [
                (
                    "PutBucketOwnershipControls",
                    {"OwnershipControls": {"Rules": [{"ObjectOwnership": value}]}},
                )
            ]
        ),
        unset="ObjectWriter",
        new="BucketOwnerEnforced",
    ),
    "acl": Setting(label="ACL", read="GetBucketAcl", take=_grants),
    "public_access_block": Setting(
        label="Block public access",
        read="GetPublicAccessBlock",
        absent=("NoSuchPublicAccessBlockConfiguration",),
        take=lambda answer: {
            flag: bool(answer["PublicAccessBlockConfiguration"].get(flag)) for flag in FLAGS
        },
        puts=_one("PutPublicAccessBlock", "PublicAccessBlockConfiguration"),
        unset=dict.fromkeys(FLAGS, False),
        new=dict.fromkeys(FLAGS, True),
    ),
    "lifecycle": Setting(
        label="Lifecycle rules",
        read="GetBucketLifecycleConfiguration",
        absent=("NoSuchLifecycleConfiguration",),
        take=lambda answer: answer["Rules"],
        puts=lambda value: iter(
            [
                (
                    "PutBucketLifecycleConfiguration",
                    {"LifecycleConfiguration": {"Rules": value}},
                )
            ]
        ),
    ),
    "cors": Setting(
        label="CORS",
        read="GetBucketCors",
        absent=("NoSuchCORSConfiguration",),
        take=lambda answer: answer["CORSRules"],
        puts=lambda value: iter([("PutBucketCors", {"CORSConfiguration": {"CORSRules": value}})]),
    ),
    "tagging": Setting(
        label="Tags",
        read="GetBucketTagging",
        absent=("NoSuchTagSet",),
        take=lambda answer: as_mapping(answer["TagSet"]),
        puts=lambda value: iter(
            [
                (
                    "PutBucketTagging",
                    {"Tagging": {"TagSet": [{"Key": k, "Value": v} for k, v in value.items()]}},
                )
            ]
        ),
    ),
    "website": Setting(
        label="Website",
        read="GetBucketWebsite",
        absent=("NoSuchWebsiteConfiguration",),
        take=_picked(*_WEBSITE),
        puts=_one("PutBucketWebsite", "WebsiteConfiguration"),
    ),
    "request_payment": Setting(
        label="Who pays for requests",
        read="GetBucketRequestPayment",
        take=lambda answer: answer.get("Payer", "BucketOwner"),
        puts=lambda value: iter(
            [("PutBucketRequestPayment", {"RequestPaymentConfiguration": {"Payer": value}})]
        ),
        unset="BucketOwner",
        new="BucketOwner",
    ),
    "accelerate": Setting(
        label="Transfer acceleration",
        read="GetBucketAccelerateConfiguration",
        # What regions without acceleration say.
        absent=("UnsupportedArgument", "MethodNotAllowed"),
        take=lambda answer: answer.get("Status"),
        puts=lambda value: iter(
            [("PutBucketAccelerateConfiguration", {"AccelerateConfiguration": {"Status": value}})]
        ),
    ),
    "logging": Setting(
        label="Server access logging",
        read="GetBucketLogging",
        take=lambda answer: answer.get("LoggingEnabled"),
    ),
    "notification": Setting(
        label="Event notifications",
        read="GetBucketNotificationConfiguration",
        take=_notification,
        puts=_one("PutBucketNotificationConfiguration", "NotificationConfiguration"),
    ),
    "replication": Setting(
        label="Replication",
        read="GetBucketReplication",
        absent=("ReplicationConfigurationNotFoundError",),
        take=lambda answer: answer["ReplicationConfiguration"],
    ),
    "policy": Setting(
        label="Bucket policy",
        read="GetBucketPolicy",
        absent=("NoSuchBucketPolicy",),
        take=lambda answer: json.loads(answer["Policy"]),
    ),
    "object_lock": Setting(
        label="Object Lock",
        read="GetObjectLockConfiguration",
        absent=("ObjectLockConfigurationNotFoundError",),
        take=lambda answer: answer["ObjectLockConfiguration"],
        puts=_one("PutObjectLockConfiguration", "ObjectLockConfiguration"),
    ),
    "inventory": Setting(
        label="Inventory",
        read="ListBucketInventoryConfigurations",
        pages="InventoryConfigurationList",
        take=lambda found: list(found) or None,
    ),
    "metrics": Setting(
        label="Request metrics",
        read="ListBucketMetricsConfigurations",
        pages="MetricsConfigurationList",
        take=lambda found: list(found) or None,
        puts=_each("PutBucketMetricsConfiguration", "MetricsConfiguration"),
    ),
    "analytics": Setting(
        label="Storage class analysis",
        read="ListBucketAnalyticsConfigurations",
        pages="AnalyticsConfigurationList",
        take=lambda found: list(found) or None,
        puts=_each("PutBucketAnalyticsConfiguration", "AnalyticsConfiguration"),
    ),
    "intelligent_tiering": Setting(
        label="Intelligent-Tiering",
        read="ListBucketIntelligentTieringConfigurations",
        pages="IntelligentTieringConfigurationList",
        take=lambda found: list(found) or None,
        puts=_each("PutBucketIntelligentTieringConfiguration", "IntelligentTieringConfiguration"),
    ),
}

NEW: Facts = {name: setting.new for name, setting in SETTINGS.items()}
"""The settings of a bucket that was just created."""


def read_settings(bucket: str, account_id: str, region: str) -> Reads[dict[str, Json]]:
    """All settings of a bucket of ours, as `SETTINGS` shows them."""
    found: dict[str, Json] = {}
    for name, setting in SETTINGS.items():
        answer = yield Read(
            "s3",
            setting.read,
            owned(bucket, account_id),
            pages=setting.pages,
            absent=(*setting.absent, GONE),
            region=region,
        )
        found[name] = setting.unset if answer is None else setting.take(answer)
    return found
