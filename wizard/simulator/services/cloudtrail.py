"""CloudTrail's event history, made of what the account itself recorded.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import ActionResult
from moto.sts.models import sts_backends

from wizard.simulator.account import ACCOUNT_ID
from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import Recorded, World

DELIVERED = 300.0
"""Account seconds until an event shows: CloudTrail delivers in about five minutes on average.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html"""

LARGEST = 50
_READING = ("BatchGet", "Describe", "Get", "Head", "List", "Lookup", "Simulate", "Test", "Validate")
_SOURCES = {
    "accessanalyzer": "access-analyzer",
    "cloudwatch": "monitoring",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tagging",
    "s3control": "s3",
    "service-quotas": "servicequotas",
}
_S3_NAMES = {
    "DeleteBucketLifecycle": "DeleteBucketLifecycle",
    "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html"""
_LAMBDA_NAMES = {
    "AddPermission": "AddPermission20150331v2",
    "CreateEventSourceMapping": "CreateEventSourceMapping20150331",
    "CreateFunction": "CreateFunction20150331",
    "DeleteEventSourceMapping": "DeleteEventSourceMapping20150331",
    "DeleteFunction": "DeleteFunction20150331",
    "PublishLayerVersion": "PublishLayerVersion20181031",
    "PutFunctionConcurrency": "PutFunctionConcurrency20171031",
    "RemovePermission": "RemovePermission20150331v2",
    "TagResource": "TagResource20170331v2",
    "UpdateEventSourceMapping": "UpdateEventSourceMapping20150331",
    "UpdateFunctionCode": "UpdateFunctionCode20150331v2",
    "UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
}
"""https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html"""


def install(clock: AccountClock, world: World) -> None:
    """Answer LookupEvents, which moto lacks."""

    @replace(CloudTrailResponse, "lookup_events")
    def lookup_events(self: Any) -> ActionResult:
        given = json.loads(self.body or "{}")
        fits = _filter(given.get("LookupAttributes") or [])
        now = clock.now()
        since, until = given.get("StartTime", now - 90 * 86400), given.get("EndTime", now)
        if since > until:
            raise refusal("InvalidTimeRangeException", "StartTime is after EndTime.")
        size = given.get("MaxResults", LARGEST)
        if not 1 <= size <= LARGEST:
            raise refusal("InvalidMaxResultsException", "MaxResults must be between 1 and 50.")
        with world.lock:
            trail = list(world.trail)
        found = [
            event
            for one in reversed(trail)
            if one.region == self.region
            and since <= int(one.account_time) <= until
            and one.account_time + DELIVERED <= now
            and fits(event := _event(one))
        ]
        try:
            shown, token = page(found, given.get("NextToken"), size)
        except BadTokenError as error:
            raise refusal("InvalidNextTokenException", f"Invalid NextToken: {error}") from error
        return ActionResult({"Events": shown, **({"NextToken": token} if token else {})})


def _filter(attributes: list[dict[str, str]]) -> Callable[[dict[str, Any]], bool]:
    if len(attributes) > 1:
        raise refusal("InvalidLookupAttributesException", "You can use only one lookup attribute.")
    if not attributes:
        return lambda _event: True
    key, value = attributes[0].get("AttributeKey", ""), attributes[0].get("AttributeValue", "")
    known = {"AccessKeyId", "EventId", "EventName", "EventSource", "ReadOnly", "Username"}
    if key not in known:
        raise refusal("InvalidLookupAttributesException", f"{key} is no lookup attribute.")
    return lambda event: str(event.get(key)) == value


def _event(one: Recorded) -> dict[str, Any]:
    identity = _identity(one.access_key)
    name = _name(one)
    read_only = one.operation.startswith(_READING)
    source = f"{_SOURCES.get(one.service, one.service)}.amazonaws.com"
    at = datetime.fromtimestamp(int(one.account_time), UTC)
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source,
        "eventName": name,
        "awsRegion": one.region,
        "sourceIPAddress": "127.0.0.1",
        "userAgent": "simulated",
        "requestID": one.request_id,
        "eventID": one.event_id,
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT_ID,
        "eventCategory": "Management",
    }
    if one.error_code:
        record["errorCode"] = one.error_code
    return {
        "EventId": one.event_id,
        "EventName": name,
        "ReadOnly": "true" if read_only else "false",
        "AccessKeyId": one.access_key,
        "EventTime": at.timestamp(),
        "EventSource": source,
        "Username": identity["arn"].rpartition("/")[2],
        "CloudTrailEvent": json.dumps(record),
    }


def _name(one: Recorded) -> str:
    names = {"s3": _S3_NAMES, "lambda": _LAMBDA_NAMES}.get(one.service, {})
    return names.get(one.operation, one.operation)


def _identity(access_key: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""
    backend = sts_backends[ACCOUNT_ID]["aws"]
    identifier, arn, account = backend.get_caller_identity(access_key, "us-east-1")
    kind = "AssumedRole" if ":assumed-role/" in arn else "IAMUser"
    return {
        "type": kind,
        "principalId": identifier,
        "arn": arn,
        "accountId": account,
        "accessKeyId": access_key,
    }
