"""How CloudTrail calls what botocore calls otherwise: sources, names, and what it leaves out.

The source is the service's endpoint prefix, as botocore's own model has it, before
`.amazonaws.com`; the exceptions are those of AWS's documentation.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import re

from wizard.gateway.redact import service_model

DATA_EVENTS: dict[str, frozenset[str]] = {
    "lambda": frozenset({"Invoke", "InvokeAsync"}),
    "s3": frozenset(
        {
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjectTagging",
            "DeleteObjects",
            "PutObject",
            "PutObjectAcl",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "RestoreObject",
            "UploadPart",
            "UploadPartCopy",
        }
    ),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "cloudwatch": frozenset({"PutMetricData"}),
}
"""Calls on what is stored or sent: the event history does not record them.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

_OTHER_NAMES = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
    ("s3", "DeletePublicAccessBlock"): "DeleteBucketPublicAccessBlock",
    ("s3", "PutBucketLifecycleConfiguration"): "PutBucketLifecycle",
    ("s3", "PutBucketNotificationConfiguration"): "PutBucketNotification",
    ("s3", "PutPublicAccessBlock"): "PutBucketPublicAccessBlock",
    # https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
    ("lambda", "AddLayerVersionPermission"): "AddLayerVersionPermission20181031",
    ("lambda", "AddPermission"): "AddPermission20150331v2",
    ("lambda", "CreateAlias"): "CreateAlias20150331",
    ("lambda", "CreateEventSourceMapping"): "CreateEventSourceMapping20150331",
    ("lambda", "CreateFunction"): "CreateFunction20150331",
    ("lambda", "DeleteFunction"): "DeleteFunction20150331",
    ("lambda", "PublishLayerVersion"): "PublishLayerVersion20181031",
    ("lambda", "PublishVersion"): "PublishVersion20150331",
    ("lambda", "PutFunctionConcurrency"): "PutFunctionConcurrency20171031",
    ("lambda", "TagResource"): "TagResource20170331v2",
    ("lambda", "UpdateFunctionCode"): "UpdateFunctionCode20150331v2",
    ("lambda", "UpdateFunctionConfiguration"): "UpdateFunctionConfiguration20150331v2",
}
_OTHER_SOURCES = {"s3control": "s3.amazonaws.com"}
_VERSION = re.compile(r"20\d{6}(v\d+)?$")

HOME = frozenset({"account", "cloudfront", "iam", "route53"})
"""Services whose events all stand in one region, whatever they are about.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html"""


def event_source(service: str) -> str:
    """`elasticloadbalancing.amazonaws.com` of `elbv2`; empty for what is no AWS service."""
    if service in _OTHER_SOURCES:
        return _OTHER_SOURCES[service]
    model = service_model(service)
    return f"{model.endpoint_prefix}.amazonaws.com" if model is not None else ""


def event_name(service: str, operation: str) -> str:
    """The name to look an operation up by."""
    return _OTHER_NAMES.get((service, operation), operation)


def same_operation(service: str, operation: str, name: str) -> bool:
    """Whether an event of this name is of that operation: API versions at its end do not count."""
    return _VERSION.sub("", name) in {
        operation,
        _VERSION.sub("", event_name(service, operation)),
    }


def is_recorded(service: str, operation: str) -> bool:
    """Whether the event history has such calls at all."""
    return bool(event_source(service)) and operation not in DATA_EVENTS.get(service, ())
