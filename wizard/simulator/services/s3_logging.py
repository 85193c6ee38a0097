"""Server access logging: what S3 wants of the bucket that receives the logs.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.s3.exceptions import CrossLocationLoggingProhibited, InvalidTargetBucketForLogging
from moto.s3.models import FakeBucket

from wizard.simulator.services.patching import replace
from wizard.simulator.services.policies import Request, allows
from wizard.simulator.services.s3_refusals import S3Refusal
from wizard.simulator.services.s3_stored import requesters_pay

LOGGING = frozenset({("Service", "logging.s3.amazonaws.com")})


def install() -> None:
    """Check the target as S3 does."""

    @replace(FakeBucket, "set_logging")
    def set_logging(self: Any, logging_config: dict[str, Any] | None, bucket_backend: Any) -> None:
        if not logging_config:
            self.logging = {}
            return
        target = bucket_backend.buckets.get(logging_config["TargetBucket"])
        if target is None:
            raise InvalidTargetBucketForLogging(
                "The target bucket for logging does not exist, is not owned by you, or does not "
                "have the appropriate grants for the log-delivery group."
            )
        if target.region_name != self.region_name:
            raise CrossLocationLoggingProhibited
        if logging_config.get("TargetGrants") and target.ownership_rule == "BucketOwnerEnforced":
            raise S3Refusal(
                "InvalidArgument",
                "TargetGrants are not supported if the target bucket has the bucket owner enforced "
                "setting for S3 Object Ownership.",
            )
        if getattr(target, "object_lock_enabled", False) or requesters_pay(target):
            raise InvalidTargetBucketForLogging(
                "The target bucket for logging may have neither Object Lock nor Requester Pays."
            )
        if not _may_deliver(self, target, logging_config.get("TargetPrefix") or ""):
            raise InvalidTargetBucketForLogging(
                "You must either provide the necessary permissions to the logging service using a "
                "bucket policy or give the log-delivery group WRITE and READ_ACP permissions to "
                "the target bucket"
            )
        self.logging = logging_config


def _may_deliver(source: Any, target: Any, prefix: str) -> bool:
    if target.ownership_rule != "BucketOwnerEnforced" and _acl_lets(target):
        return True
    if not target.policy:
        return False
    request = Request(
        LOGGING,
        "s3:PutObject",
        f"arn:aws:s3:::{target.name}/{prefix}2026-01-01-00-00-00-0123456789ABCDEF",
        {
            "aws:SourceArn": f"arn:aws:s3:::{source.name}",
            "aws:SourceAccount": source.account_id,
            "aws:SecureTransport": "true",
        },
    )
    return allows(json.loads(target.policy), request)


def _acl_lets(target: Any) -> bool:
    """Whether the ACL has the log-delivery group, as buckets of before 2023 do."""
    grants = target.acl.grants if target.acl else ()
    held = {
        permission
        for grant in grants
        for grantee in grant.grantees
        if grantee.uri == "http://acs.amazonaws.com/groups/s3/LogDelivery"
        for permission in grant.permissions
    }
    return {"WRITE", "READ_ACP"} <= held
