"""Which IAM actions AWS asks for when it gets a request, by what the request carries.

This is the account's side: it shares nothing with what the wizard believes it needs.
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_plus

from wizard.simulator.middleware.call import Call


class Needed(NamedTuple):
    """One action. `context` is what a condition may ask for: the key and its value."""

    action: str
    context: tuple[str, str] = ("", "")


_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "service-quotas": "servicequotas",
    "tagging": "tag",
}
_FREE = {("sts", "GetCallerIdentity")}
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_OF_S3 = {
    "CopyObject": "PutObject",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListBuckets": "ListAllMyBuckets",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
_RENAMED = {
    **{("s3", operation): f"s3:{action}" for operation, action in _OF_S3.items()},
    ("lambda", "GetLayerVersionByArn"): "lambda:GetLayerVersion",
    ("lambda", "Invoke"): "lambda:InvokeFunction",
}
_PASSED = "iam:PassedToService"
_VIA = "kms:ViaService"
_LINKED = "iam:AWSServiceName"
_CREATES_LAMBDA = ("CreateFunction", "UpdateFunctionConfiguration")


def needed(call: Call) -> list[Needed]:
    """All actions that the caller must be allowed, the call's own first."""
    key = (call.service, call.operation)
    if key in _FREE:
        return []
    prefix = _PREFIXES.get(call.service, call.service)
    own = _RENAMED.get(key, f"{prefix}:{call.operation}")
    return [Needed(own), *_besides(call, _text(call))]


def _text(call: Call) -> str:
    """Everything that the request says, form fields and JSON alike."""
    body = call.body[:200_000].decode("utf-8", "replace")
    headers = " ".join(
        f"{name}={value}" for name, value in call.environ.items() if name.startswith("HTTP_X_AMZ_")
    )
    return f"{unquote_plus(body) if call.protocol in {'query', 'ec2'} else body} {headers}"


def _besides(call: Call, text: str) -> list[Needed]:
    """What AWS does in the caller's name, or hands on, with this request."""
    via = f"{call.service}.{call.region}.amazonaws.com"
    match call.service, call.operation:
        case "ec2", "CreateFlowLogs":
            found = ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"]
            return [*map(Needed, found), *_passed(text, "DeliverLogs", "vpc-flow-logs")]
        case "ec2", _ if "TagSpecification.1.Tag" in text and call.operation.startswith("Cre"):
            return [Needed("ec2:CreateTags")]
        case "elbv2", ("CreateLoadBalancer" | "CreateTargetGroup" | "CreateListener"):
            return _tagged(text, "Tags.member.1", "elasticloadbalancing:AddTags")
        case "lambda", "PublishLayerVersion":
            return _tagged(text, '"S3Bucket"', "s3:GetObject")
        case "lambda", ("CreateFunction" | "UpdateFunctionConfiguration" | "UpdateFunctionCode"):
            return _function(call.operation, text, via)
        case "rds", (
            "CreateDBCluster" | "CreateDBInstance" | "ModifyDBCluster" | "ModifyDBInstance"
        ):
            return _database(text, via)
        case "rds", _ if call.operation.startswith("Create"):
            return _tagged(text, "Tags.", "rds:AddTagsToResource")
        case "s3", "CreateBucket":
            return _bucket(text)
        case "s3", "PutBucketReplication":
            return _passed(text, "<Role>", "s3")
        case "s3", "PutObject":
            return _tagged(text, "HTTP_X_AMZ_OBJECT_LOCK_MODE", "s3:PutObjectRetention")
        case "s3control", "CreateJob":
            return _passed(text, "<RoleArn>", "batchoperations.s3")
        case "scheduler", ("CreateSchedule" | "UpdateSchedule"):
            return _passed(text, "RoleArn", "scheduler")
        case "events", "PutTargets":
            return _passed(text, "RoleArn", "events")
        case "service-quotas", "GetServiceQuota":
            return _limits(text)
        case "sns", "CreateTopic":
            return _tagged(text, "Tags.member.1", "sns:TagResource")
        case "ssm", ("CreateDocument" | "UpdateDocument"):
            automation = '"Automation"' in text and "assumeRole" in text
            passed = [Needed("iam:PassRole", (_PASSED, "ssm.amazonaws.com"))] if automation else []
            return [*_tagged(text, '"Tags"', "ssm:AddTagsToResource"), *passed]
        case "cloudwatch", "PutMetricAlarm":
            return _tagged(text, "Tags", "cloudwatch:TagResource")
        case "logs", "CreateLogGroup":
            return _tagged(text, '"tags"', "logs:TagResource")
        case "acm", "RequestCertificate":
            return _tagged(text, '"Tags"', "acm:AddTagsToCertificate")
        case "route53", (
            "CreateHostedZone" | "AssociateVPCWithHostedZone" | "ListHostedZonesByVPC"
        ):
            return [Needed("ec2:DescribeVpcs")]
        case _:
            return []


def _tagged(text: str, sign: str, action: str) -> list[Needed]:
    return [Needed(action)] if sign in text else []


def _passed(text: str, sign: str, service: str) -> list[Needed]:
    return [Needed("iam:PassRole", (_PASSED, f"{service}.amazonaws.com"))] if sign in text else []


def _bucket(text: str) -> list[Needed]:
    found = []
    if "HTTP_X_AMZ_OBJECT_OWNERSHIP" in text:
        found.append(Needed("s3:PutBucketOwnershipControls"))
    if "HTTP_X_AMZ_BUCKET_OBJECT_LOCK_ENABLED" in text:
        found.append(Needed("s3:PutBucketObjectLockConfiguration"))
        found.append(Needed("s3:PutBucketVersioning"))
    return found


def _function(operation: str, text: str, via: str) -> list[Needed]:
    found = []
    if operation in _CREATES_LAMBDA:
        found += _passed(text, '"Role"', "lambda")
        if re.search(r'"Layers":\s*\["', text):
            found.append(Needed("lambda:GetLayerVersion"))
        if re.search(r'"SubnetIds":\s*\["', text):
            network = ("SecurityGroups", "Subnets", "Vpcs")
            found += [Needed(f"ec2:Describe{one}") for one in network]
        if re.search(r'"KMSKeyArn":\s*"arn', text):
            uses = ("CreateGrant", "Decrypt", "DescribeKey", "Encrypt")
            found += [Needed(f"kms:{one}", (_VIA, via)) for one in uses]
    if operation == "CreateFunction" and re.search(r'"Tags":\s*\{"', text):
        found.append(Needed("lambda:TagResource"))
    if '"S3Bucket"' in text:
        found.append(Needed("s3:GetObject"))
    if '"ImageUri"' in text:
        image = (
            "BatchGetImage",
            "GetDownloadUrlForLayer",
            "GetRepositoryPolicy",
            "SetRepositoryPolicy",
        )
        found += [Needed(f"ecr:{one}") for one in image]
    return found


def _database(text: str, via: str) -> list[Needed]:
    found = _passed(text, "MonitoringRoleArn=", "monitoring.rds")
    if "KmsKeyId=" in text or "KMSKeyId=" in text:
        found += [Needed(f"kms:{one}", (_VIA, via)) for one in ("CreateGrant", "DescribeKey")]
    if "ManageMasterUserPassword=true" in text:
        found += [Needed("secretsmanager:CreateSecret"), Needed("secretsmanager:TagResource")]
    return [*found, *_tagged(text, "Tags.", "rds:AddTagsToResource")]


def _limits(text: str) -> list[Needed]:
    """Service Quotas asks some services in the caller's name."""
    asked = {
        "elasticloadbalancing": "elasticloadbalancing:DescribeAccountLimits",
        "rds": "rds:DescribeAccountAttributes",
    }
    return [Needed(action) for code, action in asked.items() if f'"{code}"' in text]
