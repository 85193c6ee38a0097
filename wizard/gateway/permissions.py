"""Which IAM actions an API call needs: for denials, and for a least-privilege policy.

Most actions carry the operation's own name behind the service's prefix; what departs from that is
data here. Source: Service Authorization Reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

import json
from collections.abc import Iterable

PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "service-quotas": "servicequotas",
    "stepfunctions": "states",
}
"""IAM's prefix where it is not boto3's name of the service."""

EXCEPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("lambda", "CreateFunction"): (
        "lambda:CreateFunction",
        "lambda:GetLayerVersion",
        "iam:PassRole",
    ),
    ("lambda", "GetLayerVersionByArn"): ("lambda:GetLayerVersion",),
    ("lambda", "Invoke"): ("lambda:InvokeFunction",),
    ("scheduler", "CreateSchedule"): ("scheduler:CreateSchedule", "iam:PassRole"),
    ("s3", "CopyObject"): ("s3:GetObject", "s3:PutObject"),
    ("s3", "CreateMultipartUpload"): ("s3:PutObject",),
    ("s3", "DeleteBucketEncryption"): ("s3:PutEncryptionConfiguration",),
    ("s3", "DeleteBucketLifecycle"): ("s3:PutLifecycleConfiguration",),
    ("s3", "DeleteBucketReplication"): ("s3:PutReplicationConfiguration",),
    ("s3", "DeleteBucketTagging"): ("s3:PutBucketTagging",),
    ("s3", "DeleteObjects"): ("s3:DeleteObject",),
    ("s3", "DeletePublicAccessBlock"): ("s3:PutBucketPublicAccessBlock",),
    ("s3", "GetBucketAccelerateConfiguration"): ("s3:GetAccelerateConfiguration",),
    ("s3", "GetBucketCors"): ("s3:GetBucketCORS",),
    ("s3", "GetBucketEncryption"): ("s3:GetEncryptionConfiguration",),
    ("s3", "GetBucketLifecycleConfiguration"): ("s3:GetLifecycleConfiguration",),
    ("s3", "GetBucketNotificationConfiguration"): ("s3:GetBucketNotification",),
    ("s3", "GetBucketReplication"): ("s3:GetReplicationConfiguration",),
    ("s3", "GetObjectLockConfiguration"): ("s3:GetBucketObjectLockConfiguration",),
    ("s3", "GetPublicAccessBlock"): ("s3:GetBucketPublicAccessBlock",),
    ("s3", "HeadBucket"): ("s3:ListBucket",),
    ("s3", "HeadObject"): ("s3:GetObject",),
    ("s3", "ListBucketAnalyticsConfigurations"): ("s3:GetAnalyticsConfiguration",),
    ("s3", "ListBucketIntelligentTieringConfigurations"): (
        "s3:GetIntelligentTieringConfiguration",
    ),
    ("s3", "ListBucketInventoryConfigurations"): ("s3:GetInventoryConfiguration",),
    ("s3", "ListBucketMetricsConfigurations"): ("s3:GetMetricsConfiguration",),
    ("s3", "ListBuckets"): ("s3:ListAllMyBuckets",),
    ("s3", "ListObjectVersions"): ("s3:ListBucketVersions",),
    ("s3", "ListObjects"): ("s3:ListBucket",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "PutBucketAccelerateConfiguration"): ("s3:PutAccelerateConfiguration",),
    ("s3", "PutBucketAnalyticsConfiguration"): ("s3:PutAnalyticsConfiguration",),
    ("s3", "PutBucketCors"): ("s3:PutBucketCORS",),
    ("s3", "PutBucketEncryption"): ("s3:PutEncryptionConfiguration",),
    ("s3", "PutBucketIntelligentTieringConfiguration"): ("s3:PutIntelligentTieringConfiguration",),
    ("s3", "PutBucketLifecycleConfiguration"): ("s3:PutLifecycleConfiguration",),
    ("s3", "PutBucketMetricsConfiguration"): ("s3:PutMetricsConfiguration",),
    ("s3", "PutBucketNotificationConfiguration"): ("s3:PutBucketNotification",),
    # PutBucketReplication also hands its role to S3.
    ("s3", "PutBucketReplication"): ("s3:PutReplicationConfiguration", "iam:PassRole"),
    ("s3", "PutObjectLockConfiguration"): ("s3:PutBucketObjectLockConfiguration",),
    ("s3", "PutPublicAccessBlock"): ("s3:PutBucketPublicAccessBlock",),
    # CreateJob also hands its role to S3 Batch Operations.
    ("s3control", "CreateJob"): ("s3:CreateJob", "iam:PassRole"),
    # It tells who asks, and no policy can forbid that.
    ("sts", "GetCallerIdentity"): (),
}
"""Operations whose actions have other names, or are several."""

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
_RDS_KEY = ("kms:CreateGrant", "kms:DescribeKey")
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html
_RDS_SECRET = ("secretsmanager:CreateSecret", "secretsmanager:TagResource")
_RDS_ROLE = ("iam:CreateServiceLinkedRole",)
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
# https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
_FUNCTION = (
    "lambda:GetLayerVersion",
    "iam:PassRole",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_CODE = (
    "s3:GetObject",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetRepositoryPolicy",
    "ecr:SetRepositoryPolicy",
)

ALONG: dict[tuple[str, str], tuple[str, ...]] = {
    ("ec2", "CreateFlowLogs"): ("logs:CreateLogDelivery", "logs:DeleteLogDelivery"),
    ("ec2", "CreateVpcEndpoint"): ("ec2:CreateTags",),
    # The first load balancer of an account.
    ("elbv2", "CreateLoadBalancer"): (
        "elasticloadbalancing:AddTags",
        "iam:CreateServiceLinkedRole",
    ),
    ("lambda", "CreateFunction"): (*_FUNCTION, *_CODE, "lambda:TagResource"),
    # Without kms:Decrypt the environment does not come, without lambda:ListTags the tags do not.
    ("lambda", "GetFunction"): ("kms:Decrypt", "lambda:ListTags"),
    ("lambda", "PublishLayerVersion"): ("s3:GetObject",),
    ("lambda", "UpdateFunctionCode"): _CODE,
    ("lambda", "UpdateFunctionConfiguration"): _FUNCTION,
    ("rds", "CreateDBCluster"): (*_RDS_KEY, *_RDS_SECRET, *_RDS_ROLE),
    ("rds", "CreateDBInstance"): ("iam:PassRole", *_RDS_KEY, *_RDS_ROLE),
    ("rds", "ModifyDBCluster"): (*_RDS_KEY, *_RDS_SECRET),
    ("rds", "ModifyDBInstance"): ("iam:PassRole", *_RDS_KEY),
    # What Object Lock asks for besides is needed by the steps that set it, and theirs.
    ("s3", "CreateBucket"): ("s3:PutBucketOwnershipControls",),
    # It asks these services, and in the caller's name.
    ("service-quotas", "GetServiceQuota"): (
        "elasticloadbalancing:DescribeAccountLimits",
        "rds:DescribeAccountAttributes",
    ),
    # The role is that of an automation which assumes one.
    ("ssm", "CreateDocument"): ("ssm:AddTagsToResource", "iam:PassRole"),
    ("ssm", "UpdateDocument"): ("iam:PassRole",),
}
"""What AWS asks for besides, with the parameters that steps give. Some of it only where a thing has
tags, a key of its own, a role, a network."""


def actions(service: str, operation: str) -> tuple[str, ...]:
    """The IAM actions that allow `operation`, the principal one first; none where none is asked."""
    known = EXCEPTIONS.get((service, operation))
    return known if known is not None else (f"{PREFIXES.get(service, service)}:{operation}",)


def everything(service: str, operation: str) -> tuple[str, ...]:
    """All actions that the operation may ask for, whatever its parameters."""
    along = ALONG.get((service, operation), ())
    return tuple(dict.fromkeys((*actions(service, operation), *along)))


def policy(allowed: Iterable[str], resource: str = "*") -> str:
    """An IAM policy document that allows exactly these actions, ready to be pasted."""
    statement = {"Effect": "Allow", "Action": sorted(set(allowed)), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
